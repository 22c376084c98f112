"""The intervals."""

import time

import numpy as np
import pytest

from common.bootstrap import Bootstrap, estimate
from common.metrics import ClassifierMetrics

random = np.random.default_rng(4)
ROWS = 4000
PROBABILITY = random.random(ROWS)
TRUTH = (random.random(ROWS) < PROBABILITY).astype(np.float64)
METRICS = ClassifierMetrics(TRUTH, PROBABILITY, 0.5)
EACH_ROW = np.arange(ROWS)


def test_intervals_are_the_same_for_the_same_seed_and_others_for_another() -> None:
    assert estimate(METRICS, EACH_ROW, Bootstrap(20, seed=1)) == estimate(METRICS, EACH_ROW, Bootstrap(20, seed=1))
    assert estimate(METRICS, EACH_ROW, Bootstrap(20, seed=1)) != estimate(METRICS, EACH_ROW, Bootstrap(20, seed=2))


def test_the_interval_of_a_share_has_the_width_that_theory_gives() -> None:
    accuracy = estimate(METRICS, EACH_ROW, Bootstrap(2000))["accuracy"]
    expected = 2 * 1.96 * np.sqrt(accuracy.value * (1 - accuracy.value) / ROWS)
    assert accuracy.high - accuracy.low == pytest.approx(expected, rel=0.1)


def test_more_confidence_makes_wider_intervals() -> None:
    narrow, wide = (estimate(METRICS, EACH_ROW, Bootstrap(200, confidence=c))["roc_auc"] for c in (0.5, 0.99))
    assert wide.low < narrow.low <= narrow.high < wide.high


def test_rows_that_depend_on_each_other_make_wider_intervals() -> None:
    # Forty days; on half of them the model is always right, on the others never.
    days = EACH_ROW % 40
    right = days % 2 == 0
    metrics = ClassifierMetrics(TRUTH, np.where(right, TRUTH, 1 - TRUTH), 0.5)
    single, whole = (estimate(metrics, groups, Bootstrap(200))["accuracy"] for groups in (EACH_ROW, days))
    assert whole.high - whole.low > 5 * (single.high - single.low)


def test_every_interval_holds_its_value() -> None:
    # Well calibrated, so that resampling can only add to the calibration error.
    for name, found in estimate(METRICS, EACH_ROW, Bootstrap(50)).items():
        assert found.low <= found.value <= found.high, name


def test_as_many_rows_as_the_test_months_take_seconds() -> None:
    rows = 110_000
    scores = random.random(rows)
    metrics = ClassifierMetrics((random.random(rows) < scores).astype(np.float64), scores, 0.5)
    start = time.process_time()
    estimate(metrics, np.arange(rows) // 900, Bootstrap(200))
    assert time.process_time() - start < 5
