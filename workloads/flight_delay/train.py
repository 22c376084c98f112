"""Training job: fits the classifier on the channel `train` and measures it on `validation`."""

from collections.abc import Sequence
from dataclasses import asdict

from common.arguments import Arguments, number, whole_number
from common.container_paths import ContainerPaths
from common.metrics import ClassifierMetrics, require_both_classes
from common.model_directory import ModelDirectory
from common.script import run_training
from common.split_table import read_split
from common.tracking import Tracking
from flight_delay import baseline
from flight_delay.columns import FEATURE_NAMES, FEATURES, TARGET
from flight_delay.estimator import Settings, fit


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

    train, validation = read_split(paths.channel("train")), read_split(paths.channel("validation"))
    truth = validation[TARGET].to_numpy("float64")
    require_both_classes(f"validation.{TARGET}", truth)
    model = fit(settings, train)
    probability = model.predict_proba(validation[FEATURE_NAMES])[:, 1]
    metrics = {
        f"validation_{name}": value
        for name, value in ClassifierMetrics(truth, probability, threshold).measure().items()
    }
    tracking = Tracking.from_environment(experiment="flight_delay")
    facts = {
        "target": TARGET,
        "threshold": threshold,
        "hyperparameters": asdict(settings),
        "metrics": metrics,
        "baseline": baseline.learn_rates(train),
        "tracking_run_id": tracking.run_id,
    }
    sha256 = ModelDirectory(paths.model).save(model, FEATURES, facts)
    tracking.finish(parameters={**asdict(settings), "threshold": threshold}, metrics=metrics, tags={"sha256": sha256})
    for name, value in metrics.items():
        print(f"{name}={value:.6f}")


if __name__ == "__main__":
    run_training(main)
