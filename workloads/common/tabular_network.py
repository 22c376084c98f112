"""A binary classifier of tables: a neural network with an embedding for each column of words, in PyTorch.

What it has learned is kept as plain arrays, so that neither a pickle nor the ONNX form depends on PyTorch's own format.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import numpy.typing as npt

from common.arrays import Floats

if TYPE_CHECKING:
    import pandas as pd

Singles = npt.NDArray[np.float32]

# The place of words that training never saw.
UNKNOWN = 0
GAP = ""


@dataclass(frozen=True)
class Encoding:
    """From a table's columns to what the network takes.

    words: those of each column that training saw; a gap is the word "". A word's code is its place, from 1.
    means, scales: of each column of numbers, gaps left out.
    """

    words: dict[str, list[str]]
    numbers: list[str]
    means: Floats
    scales: Floats

    @classmethod
    def of(cls, frame: "pd.DataFrame", words: Sequence[str], numbers: Sequence[str]) -> "Encoding":
        """Learns from the training rows."""
        table = frame[list(numbers)].to_numpy("float64")
        scales = np.nanstd(table, axis=0)
        return cls(
            {name: sorted(frame[name].fillna(GAP).unique().tolist()) for name in words},
            list(numbers),
            np.nanmean(table, axis=0),
            # A column that is the same everywhere says nothing, whatever it is divided by.
            np.where(scales > 0, scales, 1.0),
        )

    def codes(self, frame: "pd.DataFrame") -> npt.NDArray[np.int64]:
        """A column of words each."""
        columns = []
        for name, known in self.words.items():
            places = {word: place for place, word in enumerate(known, 1)}
            columns.append(frame[name].fillna(GAP).map(places).fillna(UNKNOWN).to_numpy("int64"))
        return np.stack(columns, axis=1)

    def values(self, frame: "pd.DataFrame") -> Singles:
        """The numbers, 0 where there is none, and behind them whether there is none: 1 or 0."""
        table = frame[self.numbers].to_numpy("float64")
        gaps = np.isnan(table)
        scaled = (np.where(gaps, self.means, table) - self.means) / self.scales
        return np.concatenate([scaled, gaps], axis=1).astype("float32")


@dataclass(frozen=True)
class Layer:
    """Of the network: weights of [outputs, inputs], and one bias an output."""

    weights: Singles
    biases: Singles


@dataclass
class TabularNetwork:
    """A trained network: embeddings and values side by side, then layers with ReLU between them, then a sigmoid."""

    framework: ClassVar[str] = "pytorch"

    encoding: Encoding
    embeddings: list[Singles]
    layers: list[Layer]

    def predict_proba(self, frame: "pd.DataFrame") -> Any:  # noqa: ANN401 - as scikit-learn's: one column a class
        """Of a 0 and of a 1, for each row."""
        import torch

        with torch.inference_mode():
            codes = torch.from_numpy(self.encoding.codes(frame))
            parts = [
                torch.nn.functional.embedding(codes[:, place], torch.from_numpy(table))
                for place, table in enumerate(self.embeddings)
            ]
            values = torch.cat([*parts, torch.from_numpy(self.encoding.values(frame))], dim=1)
            for place, layer in enumerate(self.layers):
                values = torch.relu(values) if place else values
                values = torch.nn.functional.linear(
                    values, torch.from_numpy(layer.weights), torch.from_numpy(layer.biases)
                )
            probability = torch.sigmoid(values[:, 0]).numpy()
        return np.stack([1 - probability, probability], axis=1)
