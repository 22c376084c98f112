"""evaluation.json."""

import json
import math
import re
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from common.bootstrap import Bootstrap
from common.container_paths import ContainerPaths
from common.errors import WorkloadError
from common.evaluation import Baseline, HeldOut, Identity, evaluate
from common.json_file import read_json, write_json
from common.slices import slice_by
from flight_delay.evaluate import main

random = np.random.default_rng(5)
ROWS = 300
PROBABILITY = random.random(ROWS)
TRUTH = (random.random(ROWS) < PROBABILITY).astype(np.float64)
COLOUR = pd.Series(np.where(np.arange(ROWS) % 10 == 0, "red", "blue"))
HELD_OUT = HeldOut(TRUTH, PROBABILITY, 0.5, np.arange(ROWS), {"colour": COLOUR})
IDENTITY = Identity("m", "a" * 64, "b" * 64)


def _evaluate(held_out: HeldOut = HELD_OUT) -> dict:
    return evaluate(IDENTITY, held_out, Baseline("half", np.full(ROWS, 0.5)), Bootstrap(20))


def test_holds_exactly_the_fields_of_the_schema() -> None:
    content = _evaluate()
    assert list(content) == [
        "model",
        "rows",
        "positive_rate",
        "confidence",
        "resamples",
        "metrics",
        "baseline",
        "calibration",
        "slices",
        "model_sha256",
        "data_sha256",
    ]
    assert set(content["metrics"]) == set(content["baseline"]["metrics"])
    assert {tuple(estimate) for estimate in content["metrics"].values()} == {("value", "low", "high")}
    assert {tuple(point) for point in content["calibration"]} == {("predicted", "observed", "rows")}
    assert {tuple(part) for part in content["slices"]["colour"].values()} == {("rows", "positive_rate", "roc_auc")}


def test_the_baseline_is_measured_on_the_same_rows() -> None:
    assert _evaluate()["baseline"]["metrics"]["roc_auc"] == 0.5
    assert _evaluate()["baseline"]["metrics"]["log_loss"] == pytest.approx(math.log(2), abs=1e-6)


def test_slices_add_up_to_all_rows() -> None:
    slices = _evaluate()["slices"]["colour"]
    assert sum(part["rows"] for part in slices.values()) == ROWS
    assert sum(part["rows"] * part["positive_rate"] for part in slices.values()) == pytest.approx(TRUTH.sum(), abs=1e-3)


@pytest.mark.parametrize(("rows", "defined"), [(29, False), (30, True)])
def test_a_slice_below_30_rows_has_no_roc_auc(rows: int, defined: bool) -> None:
    truth = np.array([0.0, 1.0] * 15)[:rows]
    part = slice_by(pd.Series(["x"] * rows), truth, truth)["x"]
    assert (part.roc_auc == 1.0) is defined


def test_a_slice_of_one_class_has_no_roc_auc() -> None:
    assert slice_by(pd.Series(["x"] * 40), np.zeros(40), np.zeros(40))["x"].roc_auc is None


def test_rows_without_a_value_are_a_slice_of_their_own() -> None:
    assert set(slice_by(pd.Series(["x", None]), np.zeros(2), np.zeros(2))) == {"x", "none"}


def test_one_class_can_not_be_evaluated() -> None:
    with pytest.raises(WorkloadError, match="must hold both 0 and 1, got 0 of 1"):
        replace(HELD_OUT, truth=np.zeros(ROWS))


def test_a_prediction_that_is_not_a_number_can_not_be_evaluated() -> None:
    with pytest.raises(WorkloadError, match="must predict finite probabilities"):
        replace(HELD_OUT, probability=np.full(ROWS, np.nan))


def test_numbers_that_json_lacks_are_never_written(tmp_path) -> None:  # noqa: ANN001
    with pytest.raises(ValueError, match="not JSON compliant"):
        write_json(tmp_path / "x.json", {"x": math.nan})


@pytest.mark.parametrize(("content", "what"), [("{", "must be JSON"), ("[]", "must hold an object, got list")])
def test_a_damaged_file_is_named(tmp_path, content: str, what: str) -> None:  # noqa: ANN001
    file = tmp_path / "profile.json"
    file.write_text(content)
    with pytest.raises(WorkloadError, match=re.escape(f"{file}: {what}")):
        read_json(file, "prepare again")


def test_the_real_model_beats_the_table_on_later_months(evaluated: ContainerPaths) -> None:
    content = json.loads((evaluated.processing_output("evaluation") / "evaluation.json").read_text())
    profile = json.loads((evaluated.processing_output("profile") / "profile.json").read_text())
    card = json.loads((evaluated.model / "model.json").read_text())
    assert content["model"] == "flight-delay"
    assert content["rows"] == profile["rows"]["test"]
    assert content["data_sha256"] == profile["data_sha256"]
    assert content["model_sha256"] == card["sha256"]
    assert content["metrics"]["roc_auc"]["value"] > content["baseline"]["metrics"]["roc_auc"]
    assert content["resamples"] == 50
    assert set(content["slices"]) == {"carrier", "origin"}
    assert set(content["slices"]["origin"]) == {"EWR", "JFK", "LGA"}


def test_the_real_model_is_held_to_the_champion_where_a_gate_asks_for_it(
    evaluated: ContainerPaths, tmp_path: Path
) -> None:
    shutil.copytree(evaluated.base, tmp_path, dirs_exist_ok=True)
    paths = ContainerPaths(tmp_path)
    champion = paths.processing_input("champion")
    champion.mkdir()
    (champion / "release.json").write_text('{"modelPackage": "none"}')
    argv = ["--model-name", "flight-delay", "--resamples", "20", "--beats-champion", "roc_auc:maximize:0.95:0"]
    output = paths.processing_output("evaluation") / "evaluation.json"

    main(argv, paths)
    first = json.loads(output.read_text())
    assert first["champion"]["model_sha256"] is None
    assert first["champion"]["challenges"]["roc_auc"]["beaten"] == 1

    shutil.copy(paths.processing_input("model") / "model.tar.gz", champion / "model.tar.gz")
    main(argv, paths)
    second = json.loads(output.read_text())
    assert second["champion"]["model_sha256"] == second["model_sha256"]
    assert second["champion"]["challenges"]["roc_auc"]["beaten"] == 0
    assert {**second, "champion": None} == {**first, "champion": None}
