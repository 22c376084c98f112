"""The training job."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import joblib
import pandas as pd
import pytest

from common.container_paths import ContainerPaths
from common.errors import WorkloadError
from common.model_archive import unpack_model
from common.model_directory import ModelDirectory
from common.request import JSON, decode_rows
from common.split_table import read_split, sha256_of
from flight_delay import baseline, train
from flight_delay.columns import FEATURE_NAMES


def _job(prepared: ContainerPaths, base: Path, **hyperparameters: str) -> ContainerPaths:
    """A container with the channels' data and hyperparameters as SageMaker writes them."""
    paths = ContainerPaths(base)
    for channel in ("train", "validation"):
        shutil.copytree(prepared.channel(channel), paths.channel(channel))
    paths.hyperparameters.parent.mkdir(parents=True)
    names = {name.replace("_", "-"): value for name, value in hyperparameters.items()}
    program = {"sagemaker_program": "flight_delay/train.py", "_tuning_objective_metric": "validation_roc_auc"}
    paths.hyperparameters.write_text(json.dumps({**program, **names}))
    return paths


def _run(paths: ContainerPaths, environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    variables = {**environment, "SAGEMAKER_BASE_DIR": str(paths.base)}
    return subprocess.run(["train"], env=variables, capture_output=True, text=True, timeout=300, check=False)


def test_the_same_data_code_and_seed_give_the_same_model(
    trained: ContainerPaths, tmp_path: Path, environment: Callable[..., dict[str, str]]
) -> None:
    paths = _job(trained, tmp_path, max_iter="20", seed="1")
    # Another process, and another order of sets.
    done = _run(paths, environment(PYTHONHASHSEED="12345"))
    assert done.returncode == 0, done.stderr
    assert sha256_of([paths.model / "model.joblib"]) == sha256_of([trained.model / "model.joblib"])
    card = json.loads((paths.model / "model.json").read_text())
    assert card == json.loads((trained.model / "model.json").read_text())
    objective = [line for line in done.stdout.splitlines() if line.startswith("validation_roc_auc=")]
    assert objective == [f"validation_roc_auc={card['metrics']['validation_roc_auc']:.6f}"]


def test_other_hyperparameters_give_another_model(prepared: ContainerPaths, trained: ContainerPaths) -> None:
    known = sha256_of([trained.model / "model.joblib"])
    other = ContainerPaths(prepared.base.parent / "other")
    shutil.copytree(prepared.channel("train").parent, other.channel("train").parent)
    train.main(["--max-iter=20", "--seed=1", "--learning-rate=0.3"], other)
    assert sha256_of([other.model / "model.joblib"]) != known


def test_the_card_says_what_the_model_is(trained: ContainerPaths) -> None:
    card = json.loads((trained.model / "model.json").read_text())
    assert card["sha256"] == sha256_of([trained.model / "model.joblib"])
    assert card["hyperparameters"] == {
        "learning_rate": 0.1,
        "max_iter": 20,
        "max_leaf_nodes": 15,
        "min_samples_leaf": 100,
        "l2_regularization": 10.0,
        "seed": 1,
    }
    assert card["threshold"] == 0.5
    assert {"python", "scikit-learn", "numpy"} <= set(card["libraries"])
    assert card["features"][0] == {
        "name": "carrier",
        "kind": "category",
        "required": True,
        "minimum": None,
        "maximum": None,
    }
    assert card["tracking_run_id"] is None


@pytest.mark.parametrize(
    ("hyperparameters", "message"),
    [
        ({"learning_rate": "2"}, "train.py: argument --learning-rate: must be a number from 0.0001 to 1, got 2; "),
        ({"learning_rate": "nan"}, "train.py: argument --learning-rate: must be a number from 0.0001 to 1, got nan; "),
        ({"max_iter": "1.5"}, "train.py: argument --max-iter: must be a whole number from 1 to 10000, got 1.5; "),
        (
            {"max_leaf_nodes": "-3"},
            "train.py: argument --max-leaf-nodes: must be a whole number from 2 to 4096, got -3",
        ),
        ({"learnin_rate": "0.1"}, "train.py: can't take the options, got unrecognized arguments: --learnin-rate=0.1; "),
        ({"sagemaker_program": "../../../bin/ls"}, ""),
    ],
)
def test_a_bad_hyperparameter_is_the_reason_of_the_failure(
    hyperparameters: dict[str, str], message: str, tmp_path: Path, environment: Callable[..., dict[str, str]]
) -> None:
    paths = ContainerPaths(tmp_path)
    paths.hyperparameters.parent.mkdir(parents=True)
    names = {k if k.startswith("sagemaker") else k.replace("_", "-"): v for k, v in hyperparameters.items()}
    paths.hyperparameters.write_text(json.dumps({"sagemaker_program": "flight_delay/train.py", **names}))
    done = _run(paths, environment())
    reason = paths.failure.read_text()
    assert done.returncode == 1
    assert reason.startswith(message or "hyperparameter sagemaker_program: must name a script of the image, got ../")
    assert "\n" not in reason
    assert reason in done.stderr


def test_data_that_says_nothing_is_refused(prepared: ContainerPaths, tmp_path: Path) -> None:
    paths = _job(prepared, tmp_path)
    file = paths.channel("train") / "data.parquet"
    rows = pd.read_parquet(file)
    rows.assign(wind_gust=float("nan"), seats=float("nan")).to_parquet(file, index=False)
    with pytest.raises(WorkloadError, match=r"2 problems, got train\.seats: must have a value.*train\.wind_gust"):
        train.main([], paths)
    rows.assign(late=0).to_parquet(file, index=False)
    with pytest.raises(WorkloadError, match=r"train\.late: must hold both 0 and 1, got 0 of 1"):
        train.main([], paths)


def test_a_channel_without_data_is_named(tmp_path: Path) -> None:
    with pytest.raises(WorkloadError, match=r"input/data/train/data\.parquet: is missing, got no such file"):
        train.main([], ContainerPaths(tmp_path))


def test_the_table_falls_back_to_the_overall_rate() -> None:
    rows = pd.DataFrame({"carrier": ["AA"] * 50, "departure_minute": [65.0] * 50, "late": [1, 0] * 25})
    learned = baseline.learn_rates(rows)
    assert learned == {"overall": 0.5, "rates": {"AA 1": 0.5}}
    asked = pd.DataFrame({"carrier": ["AA", "UA"], "departure_minute": [60.0, 60.0]})
    assert baseline.apply_rates({"overall": 0.2, "rates": {"AA 1": 0.7}}, asked).tolist() == [0.7, 0.2]


def test_a_model_other_than_the_card_says_is_never_opened(trained: ContainerPaths, tmp_path: Path) -> None:
    shutil.copytree(trained.model, tmp_path / "model")
    joblib.dump({"not": "the model"}, tmp_path / "model" / "model.joblib")
    with pytest.raises(WorkloadError, match=r"model\.joblib: must have the SHA-256 [0-9a-f]{64}, got [0-9a-f]{64}"):
        ModelDirectory(tmp_path / "model").load()


@pytest.mark.parametrize("name", ["model.joblib", "model.json"])
def test_half_a_model_is_named(trained: ContainerPaths, tmp_path: Path, name: str) -> None:
    shutil.copytree(trained.model, tmp_path / "model")
    (tmp_path / "model" / name).unlink()
    with pytest.raises(WorkloadError, match=f"{name}: is missing, got no such file"):
        ModelDirectory(tmp_path / "model").load()


@pytest.mark.parametrize("content", [None, b"rubbish", b""])
def test_a_missing_or_damaged_archive_is_named(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "model.tar.gz").write_bytes(content)
    with pytest.raises(WorkloadError, match=r"model\.tar\.gz: (is missing|can't be unpacked), got "):
        unpack_model(tmp_path)


def test_a_request_is_predicted_as_the_held_out_row_that_it_repeats(trained: ContainerPaths) -> None:
    model = ModelDirectory(trained.model).load()
    held_out = read_split(trained.processing_output("test"))
    rows = held_out[FEATURE_NAMES].astype("object")
    instances = rows.where(rows.notna(), None).to_dict("records")
    assert any(row["manufacturer"] is None for row in instances), "gaps are what training and serving could differ in"
    asked = decode_rows(json.dumps({"instances": instances}).encode(), JSON, model.columns)
    assert model.probability(asked).tolist() == model.probability(held_out).tolist()
