"""What of an ONNX graph differs by the estimator."""

from dataclasses import dataclass
from typing import Any

import numpy.typing as npt
from onnx import NodeProto

from common.errors import WorkloadError

FIX = "let the Python server have it"


@dataclass(frozen=True)
class Part:
    """From `features`, a [rows, columns] tensor of doubles, to `probability`, one of [rows, 1].

    codes: by which number each word of each column stands in `features`; unknown: that of any other.
    constants: by the names that the nodes have for them.
    """

    codes: list[dict[str, float]]
    nodes: list[NodeProto]
    constants: dict[str, npt.NDArray[Any]]
    unknown: float = float("nan")


def no_form(got: object) -> WorkloadError:
    """What there is to say of an estimator that isn't known."""
    return WorkloadError("estimator", f"has no exact ONNX form, got {type(got).__name__}", FIX)
