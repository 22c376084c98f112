"""The TypeScript model server against the Python model, on every held-out flight of the slice."""

import csv
import io
import json
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from common.container_paths import ContainerPaths
from common.export import export_onnx
from common.model_directory import ModelDirectory
from common.onnx_proof import Tolerance
from common.split_table import read_split
from flight_delay.columns import FEATURE_NAMES
from reserved_port import reserved_port

ROOT = Path(__file__).resolve().parents[3]
START_SECONDS = 180
ROWS_AT_ONCE = 500


# By scikit-learn in double precision, and by XGBoost in single: the server tells no difference.
MODELS = {"trained": 1e-12, "trained_xgboost": 1e-6}


@pytest.fixture(scope="module", params=MODELS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def trained(request: pytest.FixtureRequest, name: str) -> ContainerPaths:
    paths: ContainerPaths = request.getfixturevalue(name)
    return paths


@pytest.fixture(scope="module")
def url(trained: ContainerPaths, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    paths = ContainerPaths(tmp_path_factory.mktemp("onnx"))
    shutil.copytree(trained.model, paths.model)
    assert export_onnx(ModelDirectory(paths.model), trained.processing_output("test"), Tolerance())["exact"]
    with reserved_port() as port:
        yield from _serving(paths, port)


def _serving(paths: ContainerPaths, port: int) -> Iterator[str]:
    base, path = str(paths.base), os.environ["PATH"]
    environment = {"PATH": path, "SAGEMAKER_BASE_DIR": base, "SAGEMAKER_BIND_TO_PORT": str(port)}
    command = ["node", "--import", "tsx", "server/main.ts"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as server:
        try:
            address = f"http://127.0.0.1:{port}"
            _wait(address, server)
            yield address
        finally:
            server.terminate()
            try:
                code = server.wait(30)
            finally:
                # Or leaving the block would wait for good.
                server.kill()
            assert code == 0


def test_answers_equal_the_models_on_all_held_out_flights(url: str, name: str, trained: ContainerPaths) -> None:
    model = ModelDirectory(trained.model).load()
    held_out = read_split(trained.processing_output("test"))
    expected = model.probability(held_out)
    rows = held_out[FEATURE_NAMES].astype("object")
    instances = rows.where(rows.notna(), None).to_dict("records")
    for media_type in ("application/json", "application/jsonlines", "text/csv"):
        found: list[float] = []
        labels: list[int] = []
        for at in range(0, len(instances), ROWS_AT_ONCE):
            body = _body(media_type, instances[at : at + ROWS_AT_ONCE])
            request = urllib.request.Request(
                f"{url}/invocations", body, {"Content-Type": media_type, "Accept": "application/json"}
            )
            predictions = json.loads(urllib.request.urlopen(request, timeout=120).read())["predictions"]
            found += [prediction["probability"] for prediction in predictions]
            labels += [prediction["label"] for prediction in predictions]
        assert np.abs(np.array(found) - expected).max() < MODELS[name]
        assert labels == (expected >= model.threshold).astype(int).tolist()


def test_answers_a_payload_of_batch_transform_line_by_line(url: str, name: str, trained: ContainerPaths) -> None:
    model = ModelDirectory(trained.model).load()
    held_out = read_split(trained.processing_output("test")).iloc[:300]
    rows = held_out[FEATURE_NAMES].astype("object")
    body = _body("text/csv", rows.where(rows.notna(), None).to_dict("records"))
    # An object's first payload has its header, the others have none.
    for payload in (body, ",".join(FEATURE_NAMES).encode() + b"\n" + body):
        headers = {"Content-Type": "text/csv", "Accept": "text/csv"}
        request = urllib.request.Request(f"{url}/invocations", payload, headers)
        lines = urllib.request.urlopen(request, timeout=120).read().decode().splitlines()
        assert [float(line) for line in lines] == pytest.approx(model.probability(held_out).tolist(), abs=MODELS[name])


def test_refuses_what_the_python_server_refuses(url: str, trained: ContainerPaths) -> None:
    rows = read_split(trained.processing_output("test"))[FEATURE_NAMES].iloc[:2].astype("object")
    row = rows.where(rows.notna(), None).to_dict("records")[0]
    for change, message in (
        ({"distance": "far"}, 'row 1, column distance must be a number from 0 to 12500, got "far"'),
        ({"carrier": None}, "row 1, column carrier must have a value, got none"),
        ({"colour": 1}, "row 1: has no use for the column colour"),
    ):
        body = json.dumps({"instances": [{**row, **change}]}).encode()
        request = urllib.request.Request(f"{url}/invocations", body, {"Content-Type": "application/json"})
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(request, timeout=120)
        assert caught.value.code == 400
        assert message in json.loads(caught.value.read())["error"]


def _body(media_type: str, instances: list[dict[str, object]]) -> bytes:
    if media_type == "application/json":
        return json.dumps({"instances": instances}).encode()
    if media_type == "application/jsonlines":
        return "\n".join(json.dumps(instance) for instance in instances).encode()
    table = io.StringIO()
    writer = csv.DictWriter(table, FEATURE_NAMES)
    writer.writerows(instances)
    return table.getvalue().encode()


def _wait(address: str, server: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            urllib.request.urlopen(f"{address}/ping", timeout=2)
        except OSError:
            assert server.poll() is None, "the server ended"
            assert time.monotonic() < deadline, "the server isn't ready"
            time.sleep(0.1)
        else:
            return
