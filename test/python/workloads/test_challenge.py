"""The comparison with the model that serves."""

from typing import Any

import numpy as np
import pytest

from common.bootstrap import Bootstrap
from common.challenge import Challenge, challenge_champion, parse_challenges, without_champion
from common.errors import WorkloadError
from common.metrics import ClassifierMetrics

random = np.random.default_rng(3)
ROWS = 6000
SIGNAL = random.normal(size=ROWS)
TRUTH = (random.random(ROWS) < 1 / (1 + np.exp(-SIGNAL))).astype(np.float64)
GROUPS = np.arange(ROWS) // 50
BOOTSTRAP = Bootstrap(resamples=200, seed=5)


def model(noise: float, seed: int = 1) -> ClassifierMetrics:
    """Knows the signal but for some noise: the more, the worse."""
    seen = SIGNAL + noise * np.random.default_rng(seed).normal(size=ROWS)
    return ClassifierMetrics(TRUTH, 1 / (1 + np.exp(-seen)), 0.5)


def judged(
    challenger: float, champion: float, metric: str = "roc_auc", direction: str = "maximize", **asked: float
) -> dict[str, Any]:
    challenge = Challenge(metric, direction, asked.get("confidence", 0.95), asked.get("margin", 0.0))
    return challenge_champion(model(challenger), model(champion, 2), GROUPS, BOOTSTRAP, [challenge])[metric]


@pytest.mark.parametrize(("metric", "direction"), [("roc_auc", "maximize"), ("log_loss", "minimize")])
def test_a_better_model_beats_a_worse_one_and_not_the_other_way_round(metric: str, direction: str) -> None:
    better, worse = judged(0.3, 2.0, metric, direction), judged(2.0, 0.3, metric, direction)
    assert (better["beaten"], worse["beaten"]) == (1, 0)
    assert 0 < better["low"] < better["difference"]
    assert worse["low"] < worse["difference"] < 0


@pytest.mark.parametrize("confidence", [0.5, 0.95])
def test_a_model_does_not_beat_itself(confidence: float) -> None:
    same = model(0.5)
    challenge = Challenge("roc_auc", "maximize", confidence, 0.0)
    found = challenge_champion(same, same, GROUPS, BOOTSTRAP, [challenge])["roc_auc"]
    assert found == {"confidence": confidence, "margin": 0.0, "difference": 0.0, "low": 0.0, "beaten": 0}


def test_a_margin_asks_for_more() -> None:
    low = judged(0.3, 2.0)["low"]
    assert judged(0.3, 2.0, margin=low - 1e-6)["beaten"] == 1
    assert judged(0.3, 2.0, margin=low)["beaten"] == 0


def test_more_confidence_asks_for_more() -> None:
    assert judged(0.3, 2.0, confidence=0.99)["low"] < judged(0.3, 2.0, confidence=0.8)["low"]


def test_pairs_make_a_small_difference_visible_that_two_intervals_hide() -> None:
    seen = SIGNAL + 0.5 * np.random.default_rng(1).normal(size=ROWS)
    slightly_worse = SIGNAL + 0.58 * np.random.default_rng(1).normal(size=ROWS)
    ours, theirs = (ClassifierMetrics(TRUTH, 1 / (1 + np.exp(-each)), 0.5) for each in (seen, slightly_worse))
    challenge = Challenge("roc_auc", "maximize", 0.95, 0.0)
    assert challenge_champion(ours, theirs, GROUPS, BOOTSTRAP, [challenge])["roc_auc"]["beaten"] == 1


def test_the_first_release_has_nothing_to_beat() -> None:
    found = without_champion(parse_challenges("roc_auc:maximize:0.9:0.01"))
    expected = {"confidence": 0.9, "margin": 0.01, "difference": None, "low": None, "beaten": 1}
    assert found == {"roc_auc": expected}


def test_challenges_are_read_from_one_option() -> None:
    assert parse_challenges("") == []
    assert parse_challenges("a:maximize:0.95:0,b:minimize:0.5:1.5") == [
        Challenge("a", "maximize", 0.95, 0.0),
        Challenge("b", "minimize", 0.5, 1.5),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "roc_auc",
        "a:b:0.95:0",
        "a:maximize:0.49:0",
        "a:maximize:1:0",
        "a:maximize:0.95:-1",
        "a:maximize:nan:0",
        "a:maximize:0.9:nan",
    ],
)
def test_what_is_no_challenge_is_refused(text: str) -> None:
    with pytest.raises(WorkloadError, match="--beats-champion"):
        parse_challenges(text)
