"""From probabilities to the body of an answer."""

import json

from common.arrays import Floats
from common.request import CSV, INVOCATION_TYPES, JSON, JSON_LINES


def encode_predictions(probability: Floats, threshold: float, media_type: str) -> str:
    """CSV: a probability a line. JSON: `{"predictions": [{"probability": …, "label": 0 or 1}, …]}`.

    JSON lines: one such prediction a line.
    """
    values = probability.tolist()
    if media_type == CSV:
        return "".join(f"{value!r}\n" for value in values)
    predictions = [{"probability": p, "label": int(p >= threshold)} for p in values]
    if media_type == JSON_LINES:
        return "".join(f"{json.dumps(prediction)}\n" for prediction in predictions)
    return json.dumps({"predictions": predictions})


def choose_media_type(accept: str, fallback: str) -> str | None:
    """The first type of an Accept header that can be answered with; None if there is none."""
    for part in accept.split(","):
        wanted = part.partition(";")[0].strip().lower()
        if wanted in {"", "*/*"}:
            return fallback
        if wanted in {JSON, *INVOCATION_TYPES}:
            return wanted
    return None
