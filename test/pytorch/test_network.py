"""The PyTorch workload and its ONNX form."""

import shutil
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from common.container_paths import ContainerPaths
from common.errors import WorkloadError
from common.export import export_onnx
from common.model_directory import ModelDirectory, TrainedModel
from common.onnx_classifier import to_onnx
from common.onnx_proof import Tolerance, prove
from common.split_table import read_split, sha256_of
from common.tabular_network import Layer, TabularNetwork
from flight_delay.columns import FEATURE_NAMES
from flight_delay_pytorch import train

# The last digits of single precision, added up over the layers.
EXACT = Tolerance(1e-5, 0)


@pytest.fixture
def model(trained_pytorch: ContainerPaths) -> TrainedModel:
    return ModelDirectory(trained_pytorch.model).load()


@pytest.fixture
def held_out(trained_pytorch: ContainerPaths) -> pd.DataFrame:
    return read_split(trained_pytorch.processing_output("test"))


def test_learns_more_than_the_rate_of_late_flights(model: TrainedModel) -> None:
    metrics = model.card["metrics"]
    assert metrics["validation_roc_auc"] > 0.6
    assert {"torch", "numpy"} <= set(model.card["libraries"])


def test_the_same_data_code_and_seed_give_the_same_model(
    prepared: ContainerPaths,
    trained_pytorch: ContainerPaths,
    tmp_path: Any,  # noqa: ANN401
) -> None:
    paths = ContainerPaths(tmp_path)
    shutil.copytree(prepared.channel("train").parent, paths.channel("train").parent)
    train.main(["--seed=1"], paths)
    again, before = (sha256_of([one.model / "model.joblib"]) for one in (paths, trained_pytorch))
    assert again == before
    train.main(["--seed=2"], paths)
    assert sha256_of([paths.model / "model.joblib"]) != before


def test_is_exported_with_the_proof_on_all_held_out_rows(trained_pytorch: ContainerPaths, tmp_path: Any) -> None:  # noqa: ANN401
    shutil.copytree(trained_pytorch.model, tmp_path / "model")
    outcome = export_onnx(ModelDirectory(tmp_path / "model"), trained_pytorch.processing_output("test"), Tolerance())
    assert (outcome["exact"], outcome["proof"]["labels_that_differ"], outcome["proof"]["exceptions"]) == (True, 0, 0)
    assert outcome["proof"]["largest_difference"] < 1e-5


def test_gaps_and_words_never_seen_are_predicted_alike(model: TrainedModel, held_out: pd.DataFrame) -> None:
    rows = held_out[FEATURE_NAMES].iloc[:500].copy()
    rows.loc[rows.index[::2], "manufacturer"] = None
    rows.loc[rows.index[::3], "dest"] = "nowhere"
    rows.loc[rows.index[::5], ["temp", "seats", "plane_age", "wind_gust"]] = np.nan
    assert prove(model, to_onnx(model).SerializeToString(), rows, EXACT).holds
    # They matter: most are another answer than the row that it was, but for planes nobody knew before either.
    changed = np.abs(model.probability(rows) - model.probability(held_out.iloc[:500])) > 1e-4
    assert changed[::2].mean() > 0.5


@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_weight_that_is_another_is_refused(model: TrainedModel, held_out: pd.DataFrame, place: int) -> None:
    layers = list(model.estimator.layers)
    weights = layers[place].weights.copy()
    # One of those that say most.
    weights[np.unravel_index(np.abs(weights).argmax(), weights.shape)] *= 1.5
    layers[place] = Layer(weights, layers[place].biases)
    other = replace(model, estimator=replace(model.estimator, layers=layers))
    proof = prove(model, to_onnx(other).SerializeToString(), held_out, Tolerance())
    assert (proof.holds, proof.exceptions > 0) == (False, True)


def test_another_network_has_no_form_and_stays_on_the_python_server(model: TrainedModel) -> None:
    other = replace(model, estimator=_Other(model.estimator))
    with pytest.raises(WorkloadError, match="no exact ONNX form, got _Other; let the Python server have it"):
        to_onnx(other)


class _Other:
    """Not of the kind that the writer knows, though it answers alike."""

    def __init__(self, network: TabularNetwork) -> None:
        self.predict_proba = network.predict_proba
