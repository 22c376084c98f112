"""A model that is bad on purpose, made by a job and served by the server that knows nothing of it."""

import json
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from common import rehearse
from common.container_paths import ContainerPaths
from common.errors import WorkloadError
from common.framework import framework_of
from common.model_archive import unpack_model
from common.model_directory import ModelDirectory, TrainedModel

Rehearse = Callable[..., TrainedModel]


@pytest.fixture
def make(evaluated: ContainerPaths, tmp_path: Path) -> Rehearse:
    def build(*arguments: str) -> TrainedModel:
        paths = ContainerPaths(tmp_path)
        shutil.copytree(evaluated.processing_input("model"), paths.processing_input("model"))
        shutil.rmtree(paths.processing_input("model") / "unpacked", ignore_errors=True)
        rehearse.main(arguments, paths)
        return ModelDirectory(unpack_model(paths.processing_output("model"))).load()

    return build


@pytest.fixture
def rows(evaluated: ContainerPaths) -> pd.DataFrame:
    sample = json.loads((evaluated.processing_input("profile") / "sample.json").read_text())
    return pd.DataFrame(sample["instances"][:20])


@pytest.fixture
def sound(evaluated: ContainerPaths) -> TrainedModel:
    return ModelDirectory(evaluated.model).load()


def test_a_wrong_version_says_the_opposite_and_looks_sound(
    make: Rehearse, sound: TrainedModel, rows: pd.DataFrame
) -> None:
    wrong = make("--fault=wrong")
    assert wrong.probability(rows) == pytest.approx(1 - sound.probability(rows))
    assert wrong.card["rehearsal"] == "wrong"
    assert wrong.threshold == sound.threshold
    assert wrong.card["sha256"] != sound.card["sha256"]
    assert framework_of(wrong.estimator) == framework_of(sound.estimator) == "sklearn"


def test_a_failing_version_fails_on_rows_and_starts_all_the_same(make: Rehearse, rows: pd.DataFrame) -> None:
    failing = make("--fault=errors")
    failing.warm_up()
    with pytest.raises(Exception, match="fails on purpose"):
        failing.probability(rows)


def test_a_slow_version_takes_the_time_that_it_is_told(make: Rehearse, sound: TrainedModel, rows: pd.DataFrame) -> None:
    slow = make("--fault=slow", "--seconds=0.2")
    slow.warm_up()
    began = time.monotonic()
    probability = slow.probability(rows)
    assert time.monotonic() - began >= 0.2
    assert probability == pytest.approx(sound.probability(rows))


@pytest.mark.parametrize(
    "arguments", [[], ["--fault=fire"], ["--fault=slow", "--seconds=-1"], ["--fault=slow", "--seconds=61"]]
)
def test_what_cannot_be_rehearsed_is_refused(make: Rehearse, arguments: list[str]) -> None:
    with pytest.raises(WorkloadError, match=r"rehearse\.py: "):
        make(*arguments)


def test_the_server_answers_500_for_a_failing_version(
    make: Rehearse, start_server: Callable[..., Any], rows: pd.DataFrame, tmp_path: Path
) -> None:
    make("--fault=errors")
    shutil.copytree(tmp_path / "processing" / "output" / "model" / "unpacked", tmp_path / "model")
    served = start_server(SAGEMAKER_BASE_DIR=str(tmp_path))
    body = json.dumps({"instances": json.loads(rows.head(1).to_json(orient="records"))}).encode()
    status, _, answer = served.ask("/invocations", body, content_type="application/json")
    assert status == 500
    assert "RehearsalError" in answer
    assert served.ask("/ping")[0] == 200
