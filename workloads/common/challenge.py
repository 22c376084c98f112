"""Does a new model beat the one that serves?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from common.arrays import Integers
from common.bootstrap import Bootstrap
from common.errors import WorkloadError
from common.metrics import ClassifierMetrics

DIRECTIONS = {"maximize": 1.0, "minimize": -1.0}
LEAST_CONFIDENCE = 0.5


@dataclass(frozen=True)
class Challenge:
    """How sure one has to be that the new model is better by a metric, and by how much at least."""

    metric: str
    direction: str
    confidence: float
    margin: float


def parse_challenges(text: str) -> list[Challenge]:
    """From `METRIC:DIRECTION:CONFIDENCE:MARGIN`, separated by commas; none from an empty text."""
    challenges = []
    for part in filter(None, text.split(",")):
        try:
            metric, direction, confidence, margin = part.split(":")
            challenge = Challenge(metric, direction, float(confidence), float(margin))
        except ValueError:
            raise WorkloadError(
                "--beats-champion", f"must read METRIC:DIRECTION:CONFIDENCE:MARGIN, got {part}", "correct it"
            ) from None
        fair = direction in DIRECTIONS and LEAST_CONFIDENCE <= challenge.confidence < 1 and challenge.margin >= 0
        if not (fair and np.isfinite(challenge.margin)):
            problem = f"needs a direction, a confidence from 0.5 to below 1 and a margin from 0, got {part}"
            raise WorkloadError("--beats-champion", problem, "correct it")
        challenges.append(challenge)
    return challenges


def challenge_champion(
    challenger: ClassifierMetrics,
    champion: ClassifierMetrics,
    group_of_row: Integers,
    bootstrap: Bootstrap,
    challenges: Sequence[Challenge],
) -> dict[str, dict[str, Any]]:
    """By metric: the difference in the better direction, and its lower bound with the confidence that is asked for.

    Both are measured on the same resamples of whole groups of rows, so that what makes a month hard for both cancels
    out. The bound is one-sided: nobody asks whether the champion is better. Equal models don't beat each other.
    """
    groups = int(group_of_row.max()) + 1
    random = np.random.default_rng(bootstrap.seed)
    drawn: dict[str, list[float]] = {challenge.metric: [] for challenge in challenges}
    for _ in range(bootstrap.resamples):
        times = np.bincount(random.integers(0, groups, groups), minlength=groups).astype(np.float64)[group_of_row]
        ours, theirs = challenger.measure(times), champion.measure(times)
        for metric, values in drawn.items():
            values.append(ours[metric] - theirs[metric])
    ours, theirs = challenger.measure(), champion.measure()
    return {
        each.metric: _judge(each, ours[each.metric] - theirs[each.metric], drawn[each.metric]) for each in challenges
    }


def _judge(challenge: Challenge, difference: float, drawn: Sequence[float]) -> dict[str, Any]:
    sign = DIRECTIONS[challenge.direction]
    low = float(np.nanpercentile(sign * np.array(drawn), 100 * (1 - challenge.confidence)))
    return {**_asked(challenge), "difference": sign * difference, "low": low, "beaten": int(low > challenge.margin)}


def without_champion(challenges: Sequence[Challenge]) -> dict[str, dict[str, Any]]:
    """Nobody serves yet: nothing to compare with, and nothing that stands against the first release."""
    return {each.metric: {**_asked(each), "difference": None, "low": None, "beaten": 1} for each in challenges}


def _asked(challenge: Challenge) -> Mapping[str, float]:
    return {"confidence": challenge.confidence, "margin": challenge.margin}
