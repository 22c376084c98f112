"""Bad releases on purpose: a model that fails in one way, to see the guards of a release catch it.

A rehearsal packs such a model like any other version, so nothing in the model server knows of it.
"""

import time
from dataclasses import dataclass
from typing import Any, Literal

from common.framework import framework_of

Fault = Literal["errors", "slow", "wrong"]
FAULTS: tuple[Fault, ...] = ("errors", "slow", "wrong")


class RehearsalError(Exception):
    """What a model of the fault `errors` raises; the server answers 500."""


@dataclass(frozen=True)
class FaultyEstimator:
    """A binary classifier with a fault of its own around a sound one.

    errors: every prediction raises. slow: every prediction takes `seconds` longer. wrong: the probabilities of both
    classes change places, so answers look sound and aren't.

    Rows of nothing but gaps are predicted soundly: the server warms up with one, and a version that can't even start
    would never meet traffic.
    """

    estimator: Any
    fault: Fault
    seconds: float = 0

    @property
    def framework(self) -> str:
        """Of the sound one."""
        return framework_of(self.estimator)

    def predict_proba(self, frame: Any) -> Any:  # noqa: ANN401 - a pandas DataFrame in, an array out
        """As scikit-learn's: one column a class."""
        probability = self.estimator.predict_proba(frame)
        if frame.isna().to_numpy().all():
            return probability
        if self.fault == "errors":
            raise RehearsalError("this version fails on purpose: it rehearses a bad release")
        if self.fault == "slow":
            time.sleep(self.seconds)
            return probability
        return probability[:, ::-1]
