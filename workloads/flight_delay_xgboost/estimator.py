"""The classifier: preprocessing and XGBoost in one scikit-learn pipeline."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from flight_delay.columns import FEATURE_NAMES, NUMBERS, TARGET, WORDS
from flight_delay.encoding import words_as_codes
from flight_delay.training_job import require_learnable

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Settings:
    """Hyperparameters, named as XGBClassifier names them."""

    learning_rate: float
    n_estimators: int
    max_depth: int
    min_child_weight: float
    reg_lambda: float
    seed: int


def fit(settings: Settings, train: "pd.DataFrame") -> Any:  # noqa: ANN401 - scikit-learn has no types
    """A classifier fitted to the prepared rows. Raises a WorkloadError for a column or a target that says nothing."""
    require_learnable(train)
    return _build(settings).fit(train[FEATURE_NAMES], train[TARGET])


def _build(settings: Settings) -> Any:  # noqa: ANN401
    """Gaps, and words never seen in training, are values of their own to the trees."""
    from sklearn.pipeline import Pipeline
    from xgboost import XGBClassifier

    hyperparameters = asdict(settings)
    boosting = XGBClassifier(
        objective="binary:logistic",
        random_state=hyperparameters.pop("seed"),
        **hyperparameters,
        # Words come first in what the encoder hands on.
        feature_types=["c"] * len(WORDS) + ["float"] * len(NUMBERS),
        enable_categorical=True,
        tree_method="hist",
        # More add up in another order, and the model is another one in its last digits.
        n_jobs=1,
    )
    return Pipeline([("encode", words_as_codes()), ("boosting", boosting)])
