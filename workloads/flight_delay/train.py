"""Training job: fits the classifier on the channel `train` and measures it on `validation`."""

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial

from common.arguments import Arguments, number, whole_number
from common.container_paths import ContainerPaths
from common.script import run_training
from flight_delay.estimator import Settings, fit
from flight_delay.training_job import train_and_save


def main(argv: Sequence[str], paths: ContainerPaths) -> None:
    """Writes `model.joblib` and `model.json`; prints the validation metrics as `name=value`."""
    arguments = Arguments("train.py", __doc__)
    arguments.add_argument("--learning-rate", type=number(0.0001, 1), default=0.1)
    arguments.add_argument("--max-iter", type=whole_number(1, 10_000), default=60)
    arguments.add_argument("--max-leaf-nodes", type=whole_number(2, 4096), default=15)
    arguments.add_argument("--min-samples-leaf", type=whole_number(1, 100_000), default=100)
    arguments.add_argument("--l2-regularization", type=number(0, 1_000_000), default=10.0)
    arguments.add_argument("--seed", type=whole_number(0, 2**32 - 1), default=0)
    arguments.add_argument("--threshold", type=number(0, 1), default=0.5, help="least probability labelled late")
    options = vars(arguments.parse_args(argv))
    threshold = options.pop("threshold")
    settings = Settings(**options)

    train_and_save(paths, "flight_delay", asdict(settings), threshold, partial(fit, settings))


if __name__ == "__main__":
    run_training(main)
