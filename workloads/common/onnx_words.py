"""From words to the numbers that the trees were trained on, as a part of an ONNX graph."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from onnx import NodeProto, TensorProto, helper

from common.errors import WorkloadError

# What stands for a gap in a tensor of words, which has no null.
GAP = ""


def codes_of(outer: Sequence[Any], inner: Sequence[float]) -> dict[str, float]:
    """The number of each word, by the categories of the pipeline's encoder and of the boosting's own behind it.

    A gap in training is either a word of its own (None) or no number (NaN), which isn't in the answer.
    """
    if GAP in outer:
        raise WorkloadError("encoder", "can't tell an empty word from a gap, got both", "replace empty words")
    places = {float(code): float(place) for place, code in enumerate(inner)}
    return {
        GAP if word is None else str(word): places[float(code)]
        for code, word in enumerate(outer)
        if not (isinstance(word, float) and np.isnan(word)) and float(code) in places
    }


def encode_words(name: str, codes: dict[str, float], unknown: float) -> tuple[list[NodeProto], str]:
    """Nodes, and the name of what they give: the number as a double, `unknown` for a word that is none of these."""
    encode = helper.make_node(
        "LabelEncoder",
        [name],
        [f"{name} code"],
        domain="ai.onnx.ml",
        keys_strings=list(codes),
        # Whole numbers: single precision has them all up to 16 million.
        values_floats=list(codes.values()),
        default_float=unknown,
    )
    widen = helper.make_node("Cast", [f"{name} code"], [f"{name} number"], to=TensorProto.DOUBLE)
    return [encode, widen], f"{name} number"
