"""Metrics of a binary classifier, of weighted rows.

A weight is how often a row counts, so that one object measures all resamples of a bootstrap without copying rows.
"""

import numpy as np

from common.arrays import Floats
from common.calibration import assign_bins
from common.errors import WorkloadError


def require_both_classes(where: str, truth: Floats) -> None:
    """Raises a WorkloadError unless there are a 0 and a 1: nothing can be learned from or measured on one class."""
    positive = int(truth.sum())
    if not 0 < positive < truth.size:
        problem = f"must hold both 0 and 1, got {positive} of 1 in {truth.size} rows"
        raise WorkloadError(where, problem, "choose other rows")


class ClassifierMetrics:
    """Measures predictions against the truth.

    truth: 0 or 1 for each row; probability: of a 1, from 0 to 1; threshold: the least probability that is
    labelled 1. Sorts the rows once, so that each measurement takes linear time.
    """

    def __init__(self, truth: Floats, probability: Floats, threshold: float) -> None:
        self._order = np.argsort(probability, kind="stable")
        scores = probability[self._order]
        self._truth = truth[self._order]
        self._labelled = scores >= threshold
        self._correct = (self._labelled == (self._truth == 1)).astype(np.float64)
        self._true_positive = (self._labelled & (self._truth == 1)).astype(np.float64)
        clipped = np.clip(scores, np.finfo(np.float64).eps, 1 - np.finfo(np.float64).eps)
        self._loss = -np.where(self._truth == 1, np.log(clipped), np.log1p(-clipped))
        self._gap = self._truth - scores
        # Where each run of equal values begins; rows lie in the order of their scores.
        self._ties = _run_starts(scores)
        self._bins = _run_starts(assign_bins(scores).astype(np.float64))

    def measure(self, weights: Floats | None = None) -> dict[str, float]:
        """All metrics by name; those that the rows leave undefined are NaN, precision without a label 1 is 0.

        weights: non-negative, in the order in which the rows were given; each row counts once by default.
        """
        w = np.ones_like(self._truth) if weights is None else weights[self._order]
        total = float(w.sum())
        positive = float(w @ self._truth)
        labelled = float(w @ self._labelled)
        hits = float(w @ self._true_positive)
        return {
            "accuracy": float(w @ self._correct / total),
            "precision": _ratio(hits, labelled),
            "recall": _ratio(hits, positive),
            "f1": _ratio(2 * hits, labelled + positive),
            "roc_auc": self._roc_auc(w, positive, total - positive),
            "log_loss": float(w @ self._loss / total),
            "expected_calibration_error": float(np.abs(np.add.reduceat(w * self._gap, self._bins)).sum() / total),
        }

    def _roc_auc(self, w: Floats, positive: float, negative: float) -> float:
        """Share of pairs of a 1 and a 0 in which the 1 scores higher; a tie counts half."""
        if positive == 0 or negative == 0:
            return float("nan")
        ones = np.add.reduceat(w * self._truth, self._ties)
        zeros = np.add.reduceat(w, self._ties) - ones
        below = np.cumsum(zeros) - zeros
        return float(ones @ (below + zeros / 2) / (positive * negative))


def _run_starts(values: Floats) -> np.ndarray:
    return np.concatenate(([0], np.flatnonzero(np.diff(values)) + 1))


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole > 0 else 0.0
