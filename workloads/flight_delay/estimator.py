"""The classifier: preprocessing and gradient boosting in one scikit-learn pipeline."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flight_delay.columns import FEATURE_NAMES, TARGET, WORDS
from flight_delay.encoding import words_as_codes
from flight_delay.training_job import require_learnable

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Settings:
    """Hyperparameters, named as HistGradientBoostingClassifier names them."""

    learning_rate: float
    max_iter: int
    max_leaf_nodes: int
    min_samples_leaf: int
    l2_regularization: float
    seed: int


def fit(settings: Settings, train: "pd.DataFrame") -> Any:  # noqa: ANN401 - scikit-learn has no types
    """A classifier fitted to the prepared rows. Raises a WorkloadError for a column or a target that says nothing."""
    require_learnable(train)
    return _build(settings).fit(train[FEATURE_NAMES], train[TARGET])


def _build(settings: Settings) -> Any:  # noqa: ANN401
    """Gaps, and words never seen in training, are values of their own to the trees."""
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.pipeline import Pipeline

    # Words come first in what the encoder hands on, so their places are the first.
    boosting = HistGradientBoostingClassifier(
        learning_rate=settings.learning_rate,
        max_iter=settings.max_iter,
        max_leaf_nodes=settings.max_leaf_nodes,
        min_samples_leaf=settings.min_samples_leaf,
        l2_regularization=settings.l2_regularization,
        categorical_features=list(range(len(WORDS))),
        # Held-back random rows are no stand-in for later months, so they don't decide when to stop.
        early_stopping=False,
        random_state=settings.seed,
    )
    return Pipeline([("encode", words_as_codes()), ("boosting", boosting)])
