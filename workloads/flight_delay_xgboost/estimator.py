"""The classifier: preprocessing and XGBoost in one scikit-learn pipeline."""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from flight_delay.columns import FEATURE_NAMES, FEATURES, TARGET
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
    import numpy as np
    from sklearn.compose import ColumnTransformer
    from sklearn.pipeline import Pipeline
    from sklearn.preprocessing import OrdinalEncoder
    from xgboost import XGBClassifier

    words = [column.name for column in FEATURES if column.kind == "category"]
    numbers = [column.name for column in FEATURES if column.kind == "number"]
    encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan)
    hyperparameters = asdict(settings)
    boosting = XGBClassifier(
        objective="binary:logistic",
        random_state=hyperparameters.pop("seed"),
        **hyperparameters,
        # Words come first in what the encoder hands on.
        feature_types=["c"] * len(words) + ["float"] * len(numbers),
        enable_categorical=True,
        tree_method="hist",
        # More add up in another order, and the model is another one in its last digits.
        n_jobs=1,
    )
    encode = ColumnTransformer([("words", encoder, words), ("numbers", "passthrough", numbers)])
    return Pipeline([("encode", encode), ("boosting", boosting)])
