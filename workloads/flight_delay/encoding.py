"""What boosted trees are given: words as codes, then the numbers as they are."""

from typing import Any

from flight_delay.columns import NUMBERS, WORDS


def words_as_codes() -> Any:  # noqa: ANN401 - scikit-learn has no types
    """A ColumnTransformer whose columns are WORDS, then NUMBERS. Gaps, and words never seen in training, are NaN."""
    import numpy as np
    from sklearn.compose import ColumnTransformer
    from sklearn.preprocessing import OrdinalEncoder

    encoder = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=np.nan)
    return ColumnTransformer([("words", encoder, WORDS), ("numbers", "passthrough", NUMBERS)])
