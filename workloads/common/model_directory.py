"""What a training job leaves in `/opt/ml/model`: `model.joblib` and `model.json`, which describes it.

The export may add `model.onnx`.
"""

import platform
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import joblib

from common.columns import Column
from common.errors import WorkloadError
from common.json_file import read_json, write_json
from common.split_table import sha256_of

# Those of them that are there: each framework has an image of its own.
LIBRARIES = ("numpy", "pandas", "scikit-learn", "joblib", "xgboost-cpu", "torch")


@dataclass(frozen=True)
class ModelDirectory:
    """The folder of a trained model."""

    path: Path

    @property
    def model_file(self) -> Path:
        """The pickled estimator."""
        return self.path / "model.joblib"

    @property
    def card_file(self) -> Path:
        """What it is, what it takes in and how it was made."""
        return self.path / "model.json"

    def save(self, estimator: Any, columns: Sequence[Column], facts: dict[str, Any]) -> str:  # noqa: ANN401
        """Writes both files and returns the model file's SHA-256, in hex.

        facts: threshold, hyperparameters and whatever else the workload wants to know again.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        joblib.dump(estimator, self.model_file)
        sha256 = sha256_of([self.model_file])
        card = {
            "sha256": sha256,
            "features": [column.to_json() for column in columns],
            "libraries": {"python": platform.python_version(), **_versions()},
            **facts,
        }
        write_json(self.card_file, card)
        return sha256

    @property
    def onnx_file(self) -> Path:
        """The same model as a graph, where it is exact."""
        return self.path / "model.onnx"

    def add_onnx(self, graph: bytes, proof: dict[str, Any]) -> str:
        """Writes the graph, and into the card the proof that it answers as the estimator does, and its SHA-256.

        Returns that, in hex.
        """
        self.onnx_file.write_bytes(graph)
        sha256 = sha256_of([self.onnx_file])
        card = read_json(self.card_file, "train again")
        write_json(self.card_file, {**card, "onnx": {"sha256": sha256, "proof": proof}})
        return sha256

    def drop_onnx(self) -> None:
        """Removes the graph: the estimator isn't the one that it was made of."""
        self.onnx_file.unlink(missing_ok=True)

    def load(self) -> "TrainedModel":
        """Raises a WorkloadError if a file is missing or the model isn't the one that the card describes."""
        fix = "train again, or unpack the right model.tar.gz"
        card = read_json(self.card_file, fix)
        if not self.model_file.is_file():
            raise WorkloadError(str(self.model_file), "is missing, got no such file", fix)
        # Unpickling runs code, so nothing but the very file that the card names is opened.
        found = sha256_of([self.model_file])
        if found != card.get("sha256"):
            raise WorkloadError(str(self.model_file), f"must have the SHA-256 {card.get('sha256')}, got {found}", fix)
        columns = [Column.from_json(column) for column in card["features"]]
        return TrainedModel(joblib.load(self.model_file), columns, card)


def _versions() -> dict[str, str]:
    found: dict[str, str] = {}
    for name in LIBRARIES:
        with suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


@dataclass(frozen=True)
class TrainedModel:
    """A binary classifier and what is known about it."""

    estimator: Any
    columns: list[Column]
    card: dict[str, Any]

    @property
    def threshold(self) -> float:
        """The least probability that is labelled 1."""
        return float(self.card["threshold"])

    def probability(self, frame: Any) -> Any:  # noqa: ANN401 - a pandas DataFrame in, an array out
        """Of a 1, for each row."""
        probability = self.estimator.predict_proba(frame[[column.name for column in self.columns]])[:, 1]
        # Some estimators answer in single precision, in which a threshold isn't the number that the card says.
        return probability.astype("float64")

    def warm_up(self) -> None:
        """Predicts a row of gaps: the first prediction takes ten times as long as those after it."""
        import numpy as np
        import pandas as pd

        gap = {"number": np.array([np.nan]), "category": np.array([None], dtype=object)}
        self.probability(pd.DataFrame({column.name: gap[column.kind] for column in self.columns}))
