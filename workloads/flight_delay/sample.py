"""A few held-out flights in the form of requests, so that anyone can ask the endpoint and check its answers."""

from typing import TYPE_CHECKING, Any

from flight_delay.columns import FEATURE_NAMES, TARGET

if TYPE_CHECKING:
    import pandas as pd

ROWS = 100


def sample_of(test: "pd.DataFrame") -> dict[str, Any]:
    """At most 100 flights, evenly spread over time: `instances` as a request takes them, and their true `labels`."""
    import numpy as np

    chosen = test.iloc[np.linspace(0, len(test) - 1, min(ROWS, len(test)), dtype=np.int64)]
    features = chosen[FEATURE_NAMES].astype("object")
    return {
        "instances": features.where(features.notna(), None).to_dict("records"),
        "labels": chosen[TARGET].astype("int64").tolist(),
    }
