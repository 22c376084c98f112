"""What a training job does with the flights, whichever estimator it fits."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from common.container_paths import ContainerPaths
from common.errors import WorkloadError, raise_together
from common.metrics import ClassifierMetrics, require_both_classes
from common.model_directory import ModelDirectory
from common.split_table import read_split
from common.tracking import Tracking
from flight_delay import baseline
from flight_delay.columns import FEATURE_NAMES, FEATURES, TARGET

if TYPE_CHECKING:
    import pandas as pd


def train_and_save(
    paths: ContainerPaths,
    experiment: str,
    hyperparameters: Mapping[str, Any],
    threshold: float,
    fit: "Callable[[pd.DataFrame], Any]",
) -> None:
    """Fits on the channel `train`, measures on `validation`, writes the model, and prints the metrics as `name=value`.

    experiment: where the run is tracked. hyperparameters: what to remember of how `fit` fits.
    """
    train, validation = read_split(paths.channel("train")), read_split(paths.channel("validation"))
    truth = validation[TARGET].to_numpy("float64")
    require_both_classes(f"validation.{TARGET}", truth)
    model = fit(train)
    probability = model.predict_proba(validation[FEATURE_NAMES])[:, 1].astype("float64")
    metrics = {
        f"validation_{name}": value
        for name, value in ClassifierMetrics(truth, probability, threshold).measure().items()
    }
    tracking = Tracking.from_environment(experiment)
    facts = {
        "target": TARGET,
        "threshold": threshold,
        "hyperparameters": dict(hyperparameters),
        "metrics": metrics,
        "baseline": baseline.learn_rates(train),
        "tracking_run_id": tracking.run_id,
    }
    sha256 = ModelDirectory(paths.model).save(model, FEATURES, facts)
    tracking.finish(parameters={**hyperparameters, "threshold": threshold}, metrics=metrics, tags={"sha256": sha256})
    for name, value in metrics.items():
        print(f"{name}={value:.6f}")


def require_learnable(train: "pd.DataFrame") -> None:
    """Raises a WorkloadError for a column or a target that says nothing."""
    require_both_classes(f"train.{TARGET}", train[TARGET].to_numpy("float64"))
    raise_together(
        "train",
        (
            WorkloadError(
                f"train.{name}", f"must have a value in some row, got {len(train)} gaps", "look at the source"
            )
            for name in FEATURE_NAMES
            if train[name].isna().all()
        ),
    )
