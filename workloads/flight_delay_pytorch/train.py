"""Training job: fits a network in PyTorch on the channel `train` and measures it on `validation`."""

from collections.abc import Sequence
from dataclasses import asdict
from functools import partial

from common.arguments import Arguments, number, whole_number
from common.container_paths import ContainerPaths
from common.script import run_training
from flight_delay.training_job import train_and_save
from flight_delay_pytorch.estimator import Settings, fit


def main(argv: Sequence[str], paths: ContainerPaths) -> None:
    """Writes `model.joblib` and `model.json`; prints the validation metrics as `name=value`."""
    arguments = Arguments("train.py", __doc__)
    arguments.add_argument("--learning-rate", type=number(0.00001, 1), default=0.002)
    arguments.add_argument("--epochs", type=whole_number(1, 1000), default=4)
    arguments.add_argument("--batch-size", type=whole_number(1, 1_000_000), default=512)
    arguments.add_argument("--width", type=whole_number(2, 4096), default=64)
    arguments.add_argument("--weight-decay", type=number(0, 1000), default=0.01)
    arguments.add_argument("--seed", type=whole_number(0, 2**32 - 1), default=0)
    arguments.add_argument("--threshold", type=number(0, 1), default=0.5, help="least probability labelled late")
    options = vars(arguments.parse_args(argv))
    threshold = options.pop("threshold")
    settings = Settings(**options)
    train_and_save(paths, "flight_delay_pytorch", asdict(settings), threshold, partial(fit, settings))


if __name__ == "__main__":
    run_training(main)
