"""Do predicted probabilities come true as often as they say?"""

from dataclasses import dataclass

import numpy as np

from common.arrays import Floats, Integers

BINS = 10


@dataclass(frozen=True)
class CalibrationBin:
    """One point of a reliability diagram."""

    predicted: float
    observed: float
    rows: int


def assign_bins(probability: Floats, bins: int = BINS) -> Integers:
    """The bin of each row, from 0, in the order of the probabilities.

    Bins hold equal counts, but that rows of one probability share a bin; so there can be fewer than asked for.
    """
    edges = np.unique(np.quantile(probability, np.linspace(0, 1, bins + 1)[1:-1]))
    raw = np.searchsorted(edges, probability, side="right")
    _, dense = np.unique(raw, return_inverse=True)
    return np.asarray(dense, dtype=np.int64)


def calibration_bins(truth: Floats, probability: Floats, bins: int = BINS) -> list[CalibrationBin]:
    """Mean prediction and observed rate in each bin, from the least to the most probable."""
    index = assign_bins(probability, bins)
    rows = np.bincount(index)
    predicted = np.bincount(index, probability) / rows
    observed = np.bincount(index, truth) / rows
    return [CalibrationBin(*point) for point in zip(predicted.tolist(), observed.tolist(), rows.tolist(), strict=True)]
