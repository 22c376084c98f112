"""The ONNX form of a network, where PyTorch isn't: test/pytorch has it against PyTorch itself."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pytest

from common.container_paths import ContainerPaths
from common.model_directory import TrainedModel
from common.onnx_classifier import to_onnx
from common.onnx_proof import Tolerance, prove
from common.split_table import read_split
from common.tabular_network import Encoding, Layer, TabularNetwork
from flight_delay.columns import FEATURES


@dataclass
class _InNumpy(TabularNetwork):
    """The same arithmetic in double precision."""

    def predict_proba(self, frame: pd.DataFrame) -> Any:  # noqa: ANN401
        codes = self.encoding.codes(frame)
        parts = [table[codes[:, place]] for place, table in enumerate(self.embeddings)]
        values = np.concatenate([*parts, self.encoding.values(frame)], axis=1).astype("float64")
        for place, layer in enumerate(self.layers):
            values = np.maximum(values, 0) if place else values
            values = values @ layer.weights.T + layer.biases
        probability = 1 / (1 + np.exp(-values[:, 0]))
        return np.stack([1 - probability, probability], axis=1)


@pytest.fixture(scope="module")
def held_out(prepared: ContainerPaths) -> pd.DataFrame:
    return read_split(prepared.processing_output("test"))


@pytest.fixture(scope="module")
def model(prepared: ContainerPaths) -> TrainedModel:
    words = [column.name for column in FEATURES if column.kind == "category"]
    numbers = [column.name for column in FEATURES if column.kind == "number"]
    encoding = Encoding.of(read_split(prepared.processing_output("train")), words, numbers)
    random = np.random.default_rng(7)

    def drawn(*shape: int) -> Any:  # noqa: ANN401
        return random.normal(scale=0.5, size=shape).astype("float32")

    embeddings = [drawn(len(known) + 1, 3) for known in encoding.words.values()]
    inputs = 3 * len(words) + 2 * len(numbers)
    layers = [Layer(drawn(8, inputs), drawn(8)), Layer(drawn(4, 8), drawn(4)), Layer(drawn(1, 4), drawn(1))]
    return TrainedModel(_InNumpy(encoding, embeddings, layers), list(FEATURES), {"threshold": 0.5})


def test_answers_as_the_network_does_on_all_held_out_rows(model: TrainedModel, held_out: pd.DataFrame) -> None:
    assert prove(model, to_onnx(model).SerializeToString(), held_out, Tolerance(1e-5, 0)).holds


def test_gaps_and_words_never_seen_are_predicted_alike(model: TrainedModel, held_out: pd.DataFrame) -> None:
    rows = held_out.iloc[:500].copy()
    rows.loc[rows.index[::2], "manufacturer"] = None
    rows.loc[rows.index[::3], "dest"] = "nowhere"
    rows.loc[rows.index[::5], ["temp", "seats", "plane_age", "wind_gust"]] = np.nan
    assert prove(model, to_onnx(model).SerializeToString(), rows, Tolerance(1e-5, 0)).holds
    changed = np.abs(model.probability(rows) - model.probability(held_out.iloc[:500])) > 1e-4
    assert changed[::2].mean() > 0.5


def test_a_column_that_is_the_same_everywhere_is_divided_by_one() -> None:
    frame = pd.DataFrame({"seats": [2.0, 2.0, np.nan], "carrier": ["AA", None, "AA"]})
    encoding = Encoding.of(frame, ["carrier"], ["seats"])
    assert encoding.words == {"carrier": ["", "AA"]}
    assert encoding.values(frame).tolist() == [[0, 0], [0, 0], [0, 1]]
    assert encoding.codes(frame).tolist() == [[2], [1], [2]]
    assert encoding.codes(frame.assign(carrier="ZZ")).tolist() == [[0], [0], [0]]
