"""The model server, as SageMaker starts, asks and stops it."""

import csv
import io
import json
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest

from common.container_paths import ContainerPaths
from common.errors import WorkloadError
from common.model_directory import ModelDirectory
from common.request import CSV, JSON, decode_rows
from common.server import _bind
from common.server_settings import ServerSettings
from reserved_port import reserved_port

Start = Callable[..., Any]
NEEDS_IPV6 = pytest.mark.skipif(not Path("/proc/net/if_inet6").exists(), reason="this machine has no IPv6")


def _sample(paths: ContainerPaths) -> dict[str, Any]:
    sample: dict[str, Any] = json.loads((paths.processing_output("profile") / "sample.json").read_text())
    return sample


def test_serves_json_and_csv_refuses_bad_rows_and_stops_when_asked(
    trained: ContainerPaths, start_server: Start
) -> None:
    server = start_server()
    instances = _sample(trained)["instances"][:5]
    body = json.dumps({"instances": instances}).encode()
    model = ModelDirectory(trained.model).load()
    expected = model.probability(decode_rows(body, JSON, model.columns)).tolist()

    status, content_type, text = server.ask("/invocations", body, Content_Type=JSON)
    assert (status, content_type) == (200, JSON)
    assert json.loads(text)["predictions"] == [{"probability": p, "label": int(p >= 0.5)} for p in expected]

    table = io.StringIO()
    writer = csv.DictWriter(table, list(instances[0]))
    writer.writeheader()
    writer.writerows(instances)
    with_header = table.getvalue().encode()
    without = with_header.partition(b"\r\n")[2]
    for rows in (with_header, without):
        status, content_type, text = server.ask("/invocations", rows, Content_Type=f"{CSV}; charset=utf-8")
        assert (status, content_type.partition(";")[0]) == (200, CSV)
        assert [float(line) for line in text.splitlines()] == expected
    assert json.loads(server.ask("/invocations", without, Content_Type=CSV, Accept=JSON)[2])["predictions"]

    bad = json.dumps({"instances": [instances[0], {**instances[1], "distance": "far"}]}).encode()
    status, _, text = server.ask("/invocations", bad, Content_Type=JSON)
    assert status == 400
    assert "row 2, column distance must be a number from 0 to 12500" in json.loads(text)["error"]
    assert server.ask("/invocations", body, Content_Type="text/plain")[0] == 415
    assert server.ask("/invocations", body)[0] == 415
    assert server.ask("/invocations", body, Content_Type=JSON, Accept="image/png")[0] == 406
    assert server.ask("/invocations", b" " * (6 * 1024 * 1024 + 1), Content_Type=JSON)[0] == 413
    assert server.ask("/invocations")[0] == 405
    assert server.ask("/nothing")[0] == 404
    assert json.loads(server.ask("/execution-parameters")[2]) == {
        "MaxConcurrentTransforms": 1,
        "BatchStrategy": "MULTI_RECORD",
        "MaxPayloadInMB": 6,
    }
    assert server.ask("/ping")[0] == 200
    status, content_type, text = server.ask("/metrics")
    assert (status, content_type) == (200, "text/plain; version=0.0.4; charset=utf-8")
    assert 'http_requests_total{handler="/invocations",method="POST",status="200"} 4' in text
    assert 'http_requests_total{handler="/invocations",method="POST",status="415"} 2' in text
    assert 'http_requests_total{handler="other",method="GET",status="404"} 1' in text

    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(timeout=60) == 0


def test_answers_what_is_under_way_before_it_stops(trained: ContainerPaths, start_server: Start) -> None:
    server = start_server(SAGEMAKER_MAX_PAYLOAD_IN_MB="20")
    body = json.dumps({"instances": _sample(trained)["instances"] * 200}).encode()
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(server.ask, "/invocations", body, Content_Type=JSON)
        # The body is in before the signal, and its 20,000 rows take longer than the signal does.
        _wait_until_busy(server.process.pid)
        server.process.send_signal(signal.SIGTERM)
        status, _, text = answer.result(timeout=120)
    assert status == 200
    assert len(json.loads(text)["predictions"]) == 20_000
    assert server.process.wait(timeout=60) == 0


def test_an_answer_on_a_kept_connection_does_not_wait_to_be_acknowledged(start_server: Start) -> None:
    address = start_server().url.removeprefix("http://")
    with closing(HTTPConnection(address, timeout=60)) as connection:
        seconds = [_seconds_of_an_answer(connection) for _ in range(40)]
    # Clients put acknowledgements off by 40 ms, but for the first packets of a connection.
    assert min(seconds[20:]) < 0.03


def _seconds_of_an_answer(connection: HTTPConnection) -> float:
    began = time.perf_counter()
    connection.request("GET", "/v2/health/live")
    assert connection.getresponse().read() == b'{"live": true}'
    return time.perf_counter() - began


def test_several_workers_share_the_port_and_end_together(trained: ContainerPaths, start_server: Start) -> None:
    server = start_server(SAGEMAKER_MODEL_SERVER_WORKERS="2", SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT=CSV)
    body = json.dumps({"instances": _sample(trained)["instances"][:1]}).encode()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: server.ask("/invocations", body, Content_Type=JSON), range(20)))
    assert len(set(answers)) == 1
    assert answers[0][0] == 200
    float(answers[0][2])
    workers = _children(server.process.pid)
    assert len(workers) == 2
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(timeout=60) == 0
    assert not any(Path(f"/proc/{worker}").exists() for worker in workers)


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"SAGEMAKER_BIND_TO_PORT": "0"}, "SAGEMAKER_BIND_TO_PORT: must be a whole number from 1 to 65535, got 0;"),
        ({"SAGEMAKER_PROGRAM": "flight_delay/sevre.py"}, "SAGEMAKER_PROGRAM: must name a script of the image, got fli"),
        ({"SAGEMAKER_PROGRAM": ""}, "SAGEMAKER_PROGRAM: must name a script of the image, got nothing;"),
        ({}, "/model/model.json: is missing, got no such file; train again"),
        pytest.param({"MODEL_SERVER_HOST": "::1"}, "/model/model.json: is missing, got no such file", marks=NEEDS_IPV6),
    ],
)
def test_a_server_that_can_not_start_says_why(
    variables: dict[str, str], message: str, tmp_path: Path, environment: Callable[..., dict[str, str]]
) -> None:
    base = {"SAGEMAKER_BASE_DIR": str(tmp_path), "SAGEMAKER_PROGRAM": "flight_delay/serve.py"}
    with reserved_port() as port:
        done = _serve(environment(**{**base, "SAGEMAKER_BIND_TO_PORT": str(port), **variables}))
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_a_port_in_use_is_said_before_the_model_is_loaded(environment: Callable[..., dict[str, str]]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = _serve(
            environment(
                SAGEMAKER_BASE_DIR="/nowhere", SAGEMAKER_PROGRAM="flight_delay/serve.py", SAGEMAKER_BIND_TO_PORT=port
            )
        )
    assert done.returncode == 1
    assert f"port {port}: can't be bound, got Address already in use; free it or set" in done.stderr


@NEEDS_IPV6
def test_every_address_is_one_of_ipv4_too() -> None:
    with reserved_port() as port:
        settings = replace(ServerSettings.from_environment({}, ipv6=True), port=port)
        with _bind(settings) as listener:
            assert listener.getsockname()[:2] == ("::", port)
            assert listener.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY) == 0


def test_settings_have_sagemakers_defaults() -> None:
    assert ServerSettings.from_environment({}) == ServerSettings("0.0.0.0", 8080, 1, 6 * 1024 * 1024, None, 25)
    assert ServerSettings.from_environment({"MODEL_SERVER_DRAIN_SECONDS": "60"}).drain_seconds == 60


def test_a_request_may_take_as_long_as_sagemaker_ever_waits_for_one() -> None:
    assert ServerSettings.from_environment({}).request_seconds == 3600
    assert ServerSettings.from_environment({"MODEL_SERVER_REQUEST_SECONDS": "60"}).request_seconds == 60


@pytest.mark.parametrize(("longest", "kept"), [("", 75), ("1", 75), ("60", 75), ("61", 76), ("300", 315)])
def test_a_balancer_gives_an_idle_connection_up_before_the_server_does(longest: str, kept: int) -> None:
    settings = ServerSettings.from_environment({"MODEL_SERVER_REQUEST_SECONDS": longest})
    assert settings.keep_alive_seconds == kept


def test_our_own_server_answers_unless_the_image_says_another() -> None:
    assert ServerSettings.from_environment({}).server == "python"
    assert ServerSettings.from_environment({"MODEL_SERVER": "django"}).server == "django"
    assert ServerSettings.from_environment({}).model_name == "model"


def test_outside_of_a_container_only_this_machine_is_answered() -> None:
    assert ServerSettings.from_environment({}, ipv6=True).host == "::"
    assert ServerSettings.from_environment({"SAGEMAKER_BASE_DIR": "/x"}, ipv6=True).host == "127.0.0.1"
    assert ServerSettings.from_environment({"SAGEMAKER_BASE_DIR": "/x", "MODEL_SERVER_HOST": "::1"}).host == "::1"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SAGEMAKER_BIND_TO_PORT", "65536"),
        ("SAGEMAKER_BIND_TO_PORT", "-1"),
        ("SAGEMAKER_BIND_TO_PORT", "80.5"),
        ("SAGEMAKER_MODEL_SERVER_WORKERS", "0"),
        ("SAGEMAKER_MODEL_SERVER_WORKERS", "many"),
        ("SAGEMAKER_MAX_PAYLOAD_IN_MB", "101"),
        ("MODEL_SERVER_DRAIN_SECONDS", "0"),
        ("MODEL_SERVER_DRAIN_SECONDS", "3601"),
        ("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT", "text/html"),
        ("MODEL_SERVER_REQUEST_SECONDS", "0"),
        ("MODEL_SERVER_REQUEST_SECONDS", "3601"),
        ("MODEL_SERVER", "bottle"),
        ("MODEL_SERVER_MODEL_NAME", "a/b"),
        ("MODEL_SERVER_MODEL_NAME", "a" * 64),
    ],
)
def test_an_illegal_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(WorkloadError, match=f"environment {name}: must be .*, got {value};"):
        ServerSettings.from_environment({name: value})


def _serve(environment: dict[str, str]) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(["serve"], env=environment, capture_output=True, text=True, timeout=120, check=False)


def _children(process: int) -> list[str]:
    return Path(f"/proc/{process}/task/{process}/children").read_text().split()


def _wait_until_busy(process: int) -> None:
    """Until it has used a tenth of a second of CPU time more than now."""
    before = _ticks(process)
    deadline = time.monotonic() + 60
    while _ticks(process) < before + 10:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def _ticks(process: int) -> int:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])
