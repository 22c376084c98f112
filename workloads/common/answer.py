"""From probabilities to the body of an answer."""

import json

from common.arrays import Floats
from common.request import CSV, JSON


def encode_predictions(probability: Floats, threshold: float, media_type: str) -> str:
    """CSV: a probability a line. JSON: `{"predictions": [{"probability": …, "label": 0 or 1}, …]}`."""
    values = probability.tolist()
    if media_type == CSV:
        return "".join(f"{value!r}\n" for value in values)
    return json.dumps({"predictions": [{"probability": p, "label": int(p >= threshold)} for p in values]})


def choose_media_type(accept: str, fallback: str) -> str | None:
    """The first type of an Accept header that can be answered with; None if there is none."""
    for part in accept.split(","):
        wanted = part.partition(";")[0].strip().lower()
        if wanted in {"", "*/*"}:
            return fallback
        if wanted in {JSON, CSV}:
            return wanted
    return None
