"""Does the model serve every group of rows alike?"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from common.arrays import Floats
from common.metrics import ClassifierMetrics

# Below it the ROC-AUC of a group is mostly chance.
MINIMUM_ROWS = 30


@dataclass(frozen=True)
class Slice:
    """One group; its ROC-AUC is None below 30 rows and for rows of a single class."""

    rows: int
    positive_rate: float
    roc_auc: float | None


def slice_by(values: Any, truth: Floats, probability: Floats) -> dict[str, Slice]:  # noqa: ANN401 - a pandas Series
    """A slice for each value of a column, in the order of the values; rows without a value make the group `none`."""
    names = values.astype("object").where(values.notna(), "none").astype(str).to_numpy()
    return {str(name): _slice(truth[names == name], probability[names == name]) for name in np.unique(names)}


def _slice(truth: Floats, probability: Floats) -> Slice:
    roc_auc = None
    if truth.size >= MINIMUM_ROWS and 0 < truth.sum() < truth.size:
        roc_auc = ClassifierMetrics(truth, probability, 0.5).measure()["roc_auc"]
    return Slice(int(truth.size), float(truth.mean()), roc_auc)
