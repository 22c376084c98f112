"""The model as the peers run it: the same graph and runtime settings as our server, and no validation of the rows."""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

# What stands for a gap in a tensor of words.
GAP = ""


class OnnxSession:
    """Predicts columns of values."""

    def __init__(self) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        graph = Path(os.environ["SAGEMAKER_BASE_DIR"]) / "model" / "model.onnx"
        self._session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
        described = json.loads(self._session.get_modelmeta().custom_metadata_map["columns"])
        self._words = {column["name"]: column["kind"] == "category" for column in described}
        for _ in range(20):
            self.predict({name: [None] for name in self._words})

    def predict_rows(self, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
        """A prediction a row, as our server writes it."""
        return self.predict({name: [row.get(name) for row in rows] for name in self._words})

    def predict(self, columns: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
        """Columns by name; None is a gap."""
        feeds = {name: _tensor(columns[name], words=words) for name, words in self._words.items()}
        probability, label = self._session.run(["probability", "label"], feeds)
        return [
            {"probability": p, "label": y}
            for p, y in zip(probability[:, 0].tolist(), label[:, 0].tolist(), strict=True)
        ]


def _tensor(values: Sequence[Any], *, words: bool) -> Any:  # noqa: ANN401 - an array of either type
    if words:
        return np.array([GAP if value is None else value for value in values], dtype=object)[:, None]
    return np.array(values, dtype=np.float64)[:, None]
