"""The ONNX form of the model: exact, or not used."""

import json
import shutil
import tarfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import joblib
import numpy as np
import onnx
import pytest
from sklearn.base import clone

from common import export
from common.container_paths import ContainerPaths
from common.errors import WorkloadError
from common.model_archive import extract, pack_model
from common.model_directory import ModelDirectory, TrainedModel
from common.onnx_classifier import to_onnx
from common.onnx_proof import Proof, Tolerance, prove
from common.onnx_words import codes_of
from common.rehearsal import FaultyEstimator
from common.split_table import read_split, sha256_of
from flight_delay.columns import FEATURE_NAMES, TARGET

IMAGES = ["--python-image=repository:python", "--onnx-image=repository:onnx"]


@pytest.fixture
def job(evaluated: ContainerPaths, tmp_path: Path) -> ContainerPaths:
    paths = ContainerPaths(tmp_path)
    shutil.copytree(evaluated.processing_input("test"), paths.processing_input("test"))
    pack_model(evaluated.model, paths.processing_input("model"))
    return paths


def _outcome(paths: ContainerPaths) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((paths.processing_output("export") / "export.json").read_text())
    return content


def _packed(paths: ContainerPaths, target: Path) -> ModelDirectory:
    with tarfile.open(paths.processing_output("model") / "model.tar.gz") as files:
        extract(files, target)
    return ModelDirectory(target)


def test_an_exact_model_is_packed_with_its_graph_and_the_proof(job: ContainerPaths, tmp_path: Path) -> None:
    export.main(IMAGES, job)
    outcome = _outcome(job)
    assert (outcome["exact"], outcome["image"]) == (True, "repository:onnx")
    assert outcome["proof"]["rows"] == len(read_split(job.processing_input("test")))
    assert outcome["proof"]["labels_that_differ"] == outcome["proof"]["exceptions"] == 0
    assert outcome["proof"]["largest_difference"] < 1e-12
    directory = _packed(job, tmp_path / "packed")
    card = directory.load().card
    assert card["onnx"] == {"sha256": sha256_of([directory.onnx_file]), "proof": outcome["proof"]}
    assert outcome["onnx_sha256"] == card["onnx"]["sha256"]


def test_the_graph_tells_its_columns(trained: ContainerPaths) -> None:
    graph = to_onnx(ModelDirectory(trained.model).load())
    assert [value.name for value in graph.graph.input] == FEATURE_NAMES
    described = {column["name"]: column for column in json.loads(graph.metadata_props[0].value)}
    assert {"EWR", "JFK", "LGA"} == set(described["origin"]["categories"])
    assert (described["departure_minute"]["maximum"], described["temp"]["required"]) == (1439, False)
    assert "" not in described["manufacturer"]["categories"]


def test_gaps_and_words_never_seen_are_predicted_alike(trained: ContainerPaths) -> None:
    model = ModelDirectory(trained.model).load()
    rows = read_split(trained.processing_output("test"))[FEATURE_NAMES].iloc[:200].copy()
    rows["manufacturer"] = None
    rows.loc[rows.index[::2], "dest"] = "nowhere"
    rows.loc[rows.index[::3], ["temp", "seats", "plane_age"]] = np.nan
    proof = prove(model, to_onnx(model).SerializeToString(), rows, Tolerance(1e-12, 0))
    assert proof.holds, proof


def test_a_tree_that_learned_nothing_is_a_leaf(trained: ContainerPaths) -> None:
    model = ModelDirectory(trained.model).load()
    rows = read_split(trained.processing_output("test"))
    estimator = clone(model.estimator).set_params(boosting__min_samples_leaf=len(rows), boosting__max_iter=2)
    stumps = replace(model, estimator=estimator.fit(rows[FEATURE_NAMES], rows[TARGET]))
    assert stumps.estimator[-1]._predictors[0][0].nodes.size == 1  # noqa: SLF001
    assert prove(stumps, to_onnx(stumps).SerializeToString(), rows, Tolerance(1e-12, 0)).holds


def test_a_model_without_an_exact_form_stays_on_the_python_server(job: ContainerPaths, tmp_path: Path) -> None:
    folder = tmp_path / "faulty"
    with tarfile.open(job.processing_input("model") / "model.tar.gz") as files:
        extract(files, folder)
    directory = ModelDirectory(folder)
    model = directory.load()
    card = {name: value for name, value in model.card.items() if name not in {"sha256", "features", "libraries"}}
    directory.save(FaultyEstimator(model.estimator, "wrong"), model.columns, card)
    pack_model(folder, job.processing_input("model"))
    export.main(IMAGES, job)
    outcome = _outcome(job)
    assert (outcome["exact"], outcome["image"], outcome["proof"]) == (False, "repository:python", None)
    assert outcome["onnx_sha256"] == "none"
    assert outcome["because"] == (
        "estimator: has no exact ONNX form, got FaultyEstimator; let the Python server have it"
    )
    assert not _packed(job, tmp_path / "packed").onnx_file.exists()


def test_a_form_that_answers_otherwise_is_refused(
    job: ContainerPaths, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def off(model: TrainedModel) -> onnx.ModelProto:
        graph = to_onnx(model)
        baseline = next(value for value in graph.graph.initializer if value.name == "baseline")
        baseline.CopyFrom(onnx.numpy_helper.from_array(onnx.numpy_helper.to_array(baseline) + 0.01, "baseline"))
        return graph

    monkeypatch.setattr(export, "to_onnx", off)
    export.main(IMAGES, job)
    outcome = _outcome(job)
    assert (outcome["exact"], outcome["image"]) == (False, "repository:python")
    assert outcome["onnx_sha256"] == "none"
    assert outcome["proof"]["exceptions"] > outcome["proof"]["rows"] / 2
    assert not _packed(job, tmp_path / "packed").onnx_file.exists()


@pytest.mark.parametrize(
    ("change", "holds"),
    [
        ({}, True),
        ({"exceptions": 10}, True),
        ({"exceptions": 11}, False),
        ({"labels_that_differ": 1}, False),
        ({"largest_difference": float("nan")}, False),
        ({"rows": 0}, False),
    ],
)
def test_a_proof_bounds_the_exceptions_and_lets_no_label_differ(change: dict[str, Any], holds: bool) -> None:
    proof = replace(Proof(100_000, 0, 0.02, 0, Tolerance(1e-4, 1e-4)), **change)
    assert proof.holds is holds
    assert proof.to_json()["holds"] is holds


def test_codes_follow_both_encoders_and_an_empty_word_is_no_gap() -> None:
    assert codes_of(["AA", "B6", None], [0.0, 2.0]) == {"AA": 0.0, "": 1.0}
    assert codes_of(["AA", float("nan")], [0.0]) == {"AA": 0.0}
    with pytest.raises(WorkloadError, match="can't tell an empty word from a gap"):
        codes_of(["", "AA"], [0.0, 1.0])


def test_an_estimator_that_is_no_pipeline_has_no_form(trained: ContainerPaths) -> None:
    model = ModelDirectory(trained.model).load()
    estimator = joblib.load(trained.model / "model.joblib")
    with pytest.raises(WorkloadError, match="no exact ONNX form, got HistGradientBoostingClassifier"):
        to_onnx(replace(model, estimator=estimator[-1]))
