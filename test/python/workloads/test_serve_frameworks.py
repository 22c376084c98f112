"""The Python server with a model of each framework."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from common.model_directory import ModelDirectory
from common.split_table import read_split
from flight_delay.columns import FEATURE_NAMES

if TYPE_CHECKING:
    from common.container_paths import ContainerPaths


@dataclass(frozen=True)
class Workload:
    """fixture: the trained model. package: of its program. within: how far an answer may be from the model's."""

    fixture: str
    package: str
    framework: str
    within: float = 0


WORKLOADS = [
    Workload("trained", "flight_delay", "sklearn"),
    Workload("trained_xgboost", "flight_delay_xgboost", "xgboost"),
]


@pytest.fixture(params=WORKLOADS, ids=lambda workload: str(workload.framework))
def workload(request: pytest.FixtureRequest) -> Workload:
    found: Workload = request.param
    return found


def test_the_python_server_answers_as_the_model_and_names_its_framework(
    request: pytest.FixtureRequest, start_server: Callable[..., Any], workload: Workload
) -> None:
    paths: ContainerPaths = request.getfixturevalue(workload.fixture)
    served = start_server(SAGEMAKER_BASE_DIR=str(paths.base), SAGEMAKER_PROGRAM=f"{workload.package}/serve.py")
    rows = read_split(paths.processing_output("test")).iloc[:5]
    cells = rows[FEATURE_NAMES].astype("object")
    body = json.dumps({"instances": cells.where(cells.notna(), None).to_dict("records")}).encode()
    status, _, text = served.ask("/invocations", body, Content_Type="application/json")
    found = [one["probability"] for one in json.loads(text)["predictions"]]
    expected = ModelDirectory(paths.model).load().probability(rows)
    assert (status, found) == (200, pytest.approx(expected.tolist(), rel=0, abs=workload.within))
    status, _, text = served.ask("/v2/models/model")
    assert (status, json.loads(text)["platform"]) == (200, f"{workload.framework}_joblib")
