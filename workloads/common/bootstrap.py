"""How sure can one be of a metric?"""

from dataclasses import dataclass

import numpy as np

from common.arrays import Integers
from common.metrics import ClassifierMetrics


@dataclass(frozen=True)
class Estimate:
    """A measured value with its percentile interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Bootstrap:
    """Settings of the intervals."""

    resamples: int = 500
    confidence: float = 0.95
    seed: int = 0


def estimate(metrics: ClassifierMetrics, group_of_row: Integers, bootstrap: Bootstrap) -> dict[str, Estimate]:
    """Each metric with its interval, from resamples of whole groups of rows.

    Flights of one day share its weather, so they aren't independent: drawing single rows would promise too much.
    Give each row a group of its own where rows are independent.

    An interval is widened to hold the value where it misses it: resampling adds to the calibration error.

    group_of_row: the number of each row's group, from 0, without gaps.
    """
    groups = int(group_of_row.max()) + 1
    random = np.random.default_rng(bootstrap.seed)
    drawn: dict[str, list[float]] = {}
    for _ in range(bootstrap.resamples):
        times = np.bincount(random.integers(0, groups, groups), minlength=groups).astype(np.float64)
        for name, value in metrics.measure(times[group_of_row]).items():
            drawn.setdefault(name, []).append(value)
    tail = 50 * (1 - bootstrap.confidence)
    found: dict[str, Estimate] = {}
    for name, value in metrics.measure().items():
        low, high = np.nanpercentile(drawn[name], [tail, 100 - tail])
        found[name] = Estimate(value, min(float(low), value), max(float(high), value))
    return found
