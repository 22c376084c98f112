"""Does the ONNX form answer as the trained model does?"""

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from common.arrays import Floats, Integers
from common.model_directory import TrainedModel
from common.onnx_words import GAP

if TYPE_CHECKING:
    import pandas as pd

CHUNK = 20_000


@dataclass(frozen=True)
class Tolerance:
    """How far the two may be apart.

    probability: a row that differs by more is an exception. exceptions: largest share of them, 0 to 1.
    """

    probability: float = 1e-4
    exceptions: float = 1e-4


@dataclass(frozen=True)
class Proof:
    """What was found on the held-out rows."""

    rows: int
    exceptions: int
    largest_difference: float
    labels_that_differ: int
    tolerance: Tolerance

    @property
    def holds(self) -> bool:
        """Labels must be equal; of probabilities as many may differ as the tolerance lets. NaN never holds."""
        return (
            self.rows > 0
            and self.labels_that_differ == 0
            and self.exceptions <= self.tolerance.exceptions * self.rows
            and bool(np.isfinite(self.largest_difference))
        )

    def to_json(self) -> dict[str, Any]:
        """Figures and verdict; a difference that is no number is null."""
        finite = bool(np.isfinite(self.largest_difference))
        return {**asdict(self), "largest_difference": self.largest_difference if finite else None, "holds": self.holds}


def prove(model: TrainedModel, graph: bytes, rows: "pd.DataFrame", tolerance: Tolerance) -> Proof:
    """Runs both on all rows."""
    probability, label = _run(model, graph, rows)
    expected = model.probability(rows)
    difference = np.abs(probability - expected)
    # Not "greater than": a difference that is NaN is an exception.
    exceptions = int(np.count_nonzero(~(difference <= tolerance.probability)))
    labels = int(np.count_nonzero(label != (expected >= model.threshold)))
    return Proof(len(rows), exceptions, float(difference.max()), labels, tolerance)


def _run(model: TrainedModel, graph: bytes, rows: "pd.DataFrame") -> tuple[Floats, Integers]:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    inputs = {
        column.name: rows[column.name].fillna(GAP).to_numpy(object)[:, None]
        if column.kind == "category"
        else rows[column.name].to_numpy("float64")[:, None]
        for column in model.columns
    }
    parts = [
        session.run(["probability", "label"], {name: cells[at : at + CHUNK] for name, cells in inputs.items()})
        for at in range(0, len(rows), CHUNK)
    ]
    probability, label = (np.concatenate([part[place][:, 0] for part in parts]) for place in (0, 1))
    return probability, label
