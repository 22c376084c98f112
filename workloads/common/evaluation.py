"""evaluation.json: what gates and reports read. Its schema is core/evaluation.ts."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from common.arrays import Floats, Integers
from common.bootstrap import Bootstrap, estimate
from common.calibration import calibration_bins
from common.errors import WorkloadError
from common.metrics import ClassifierMetrics, require_both_classes
from common.slices import slice_by

DIGITS = 6


@dataclass(frozen=True)
class HeldOut:
    """Rows that the model never saw, and what was predicted for them.

    group_of_row: see bootstrap.estimate. slices: the columns, by name, whose values make slices.
    """

    truth: Floats
    probability: Floats
    threshold: float
    group_of_row: Integers
    slices: Mapping[str, Any]

    def __post_init__(self) -> None:
        require_both_classes("test data", self.truth)
        if not np.isfinite(self.probability).all():
            raise WorkloadError("model", "must predict finite probabilities, got NaN or infinity", "train again")


@dataclass(frozen=True)
class Baseline:
    """Predictions, for the same rows, of what anyone would write first."""

    description: str
    probability: Floats


@dataclass(frozen=True)
class Identity:
    """Which model was evaluated on which data; hashes are SHA-256 in hex."""

    model: str
    model_sha256: str
    data_sha256: str


def evaluate(
    identity: Identity,
    held_out: HeldOut,
    baseline: Baseline,
    bootstrap: Bootstrap,
    champion: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The content of evaluation.json."""
    metrics = ClassifierMetrics(held_out.truth, held_out.probability, held_out.threshold)
    others = ClassifierMetrics(held_out.truth, baseline.probability, held_out.threshold).measure()
    content = {
        "model": identity.model,
        "rows": int(held_out.truth.size),
        "positive_rate": float(held_out.truth.mean()),
        "confidence": bootstrap.confidence,
        "resamples": bootstrap.resamples,
        "metrics": {name: asdict(value) for name, value in estimate(metrics, held_out.group_of_row, bootstrap).items()},
        "baseline": {"description": baseline.description, "metrics": others},
        "calibration": [asdict(point) for point in calibration_bins(held_out.truth, held_out.probability)],
        "slices": {
            column: {
                value: asdict(part) for value, part in slice_by(values, held_out.truth, held_out.probability).items()
            }
            for column, values in held_out.slices.items()
        },
        "model_sha256": identity.model_sha256,
        "data_sha256": identity.data_sha256,
    }
    if champion is not None:
        content["champion"] = champion
    rounded: dict[str, Any] = _round(content)
    return rounded


def _round(content: Any) -> Any:  # noqa: ANN401 - any JSON
    if isinstance(content, float):
        return round(content, DIGITS)
    if isinstance(content, dict):
        return {key: _round(value) for key, value in content.items()}
    if isinstance(content, list):
        return [_round(value) for value in content]
    return content
