"""Our metrics against scikit-learn's."""

import math

import numpy as np
import pytest
from sklearn import metrics as reference

from common.calibration import assign_bins, calibration_bins
from common.errors import WorkloadError
from common.metrics import ClassifierMetrics, require_both_classes

random = np.random.default_rng(1)
# Two digits, so that many rows tie.
PROBABILITY = random.random(2000).round(2)
TRUTH = (random.random(2000) < PROBABILITY**2).astype(np.float64)
WEIGHTS = random.integers(0, 4, 2000).astype(np.float64)

REFERENCES = {
    "accuracy": lambda y, p, w: reference.accuracy_score(y, p >= 0.3, sample_weight=w),
    "precision": lambda y, p, w: reference.precision_score(y, p >= 0.3, sample_weight=w),
    "recall": lambda y, p, w: reference.recall_score(y, p >= 0.3, sample_weight=w),
    "f1": lambda y, p, w: reference.f1_score(y, p >= 0.3, sample_weight=w),
    "roc_auc": lambda y, p, w: reference.roc_auc_score(y, p, sample_weight=w),
    "log_loss": lambda y, p, w: reference.log_loss(y, p, sample_weight=w),
}


@pytest.mark.parametrize("name", REFERENCES)
@pytest.mark.parametrize("weights", [None, WEIGHTS], ids=["unweighted", "weighted"])
def test_metric_is_scikit_learns(name: str, weights: np.ndarray | None) -> None:
    measured = ClassifierMetrics(TRUTH, PROBABILITY, 0.3).measure(weights)[name]
    assert measured == pytest.approx(REFERENCES[name](TRUTH, PROBABILITY, weights), abs=1e-12)


def test_a_weight_counts_like_as_many_rows() -> None:
    times = WEIGHTS.astype(int)
    repeated = ClassifierMetrics(np.repeat(TRUTH, times), np.repeat(PROBABILITY, times), 0.3).measure()
    weighted = ClassifierMetrics(TRUTH, PROBABILITY, 0.3).measure(WEIGHTS)
    # The bins of the calibration error are those of the unweighted rows.
    del repeated["expected_calibration_error"], weighted["expected_calibration_error"]
    assert weighted == pytest.approx(repeated)


def test_the_calibration_error_is_the_mean_gap_of_the_bins_by_their_rows() -> None:
    bins = calibration_bins(TRUTH, PROBABILITY)
    expected = sum(abs(point.observed - point.predicted) * point.rows for point in bins) / TRUTH.size
    assert ClassifierMetrics(TRUTH, PROBABILITY, 0.3).measure()["expected_calibration_error"] == pytest.approx(expected)


def test_the_order_of_rows_does_not_matter() -> None:
    shuffled = np.random.default_rng(2).permutation(TRUTH.size)
    here = ClassifierMetrics(TRUTH, PROBABILITY, 0.3).measure(WEIGHTS)
    there = ClassifierMetrics(TRUTH[shuffled], PROBABILITY[shuffled], 0.3).measure(WEIGHTS[shuffled])
    assert here == pytest.approx(there)


def test_equal_scores_say_nothing() -> None:
    measured = ClassifierMetrics(np.array([0.0, 1.0, 1.0]), np.array([0.2, 0.2, 0.2]), 0.5).measure()
    assert measured["roc_auc"] == 0.5
    assert (measured["precision"], measured["recall"], measured["f1"]) == (0, 0, 0)


def test_a_score_at_the_threshold_is_labelled_1() -> None:
    assert ClassifierMetrics(np.array([0.0, 1.0]), np.array([0.1, 0.5]), 0.5).measure()["recall"] == 1


def test_certain_mistakes_have_a_finite_loss() -> None:
    loss = ClassifierMetrics(np.array([0.0, 1.0]), np.array([1.0, 0.0]), 0.5).measure()["log_loss"]
    assert loss == pytest.approx(reference.log_loss([0, 1], [1.0, 0.0]))


@pytest.mark.parametrize("truth", [[0.0, 0.0], [1.0, 1.0]])
def test_one_class_leaves_the_roc_auc_undefined(truth: list[float]) -> None:
    assert math.isnan(ClassifierMetrics(np.array(truth), np.array([0.1, 0.9]), 0.5).measure()["roc_auc"])
    with pytest.raises(WorkloadError, match=r"^test: must hold both 0 and 1, got \d of 1 in 2 rows; "):
        require_both_classes("test", np.array(truth))


def test_calibration_bins_are_those_of_scikit_learn() -> None:
    from sklearn.calibration import calibration_curve

    smooth = random.random(1000)
    truth = (random.random(1000) < smooth).astype(np.float64)
    observed, predicted = calibration_curve(truth, smooth, n_bins=10, strategy="quantile")
    bins = calibration_bins(truth, smooth)
    assert [point.observed for point in bins] == pytest.approx(observed.tolist())
    assert [point.predicted for point in bins] == pytest.approx(predicted.tolist())
    assert [point.rows for point in bins] == [100] * 10


@pytest.mark.parametrize("scores", [[0.5] * 7, [0.1, 0.9], [0.1] * 50 + [0.9] * 3, [0.1] * 3 + [0.9] * 50])
def test_rows_of_one_score_share_a_bin_and_bins_are_numbered_without_gaps(scores: list[float]) -> None:
    bins = assign_bins(np.array(scores)).tolist()
    assert len(set(zip(scores, bins, strict=True))) == len(set(scores))
    assert sorted(set(bins)) == list(range(max(bins) + 1))
