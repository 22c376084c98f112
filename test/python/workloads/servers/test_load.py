"""Many connections, and an end under load."""

import json
import os
import re
import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from common.container_paths import ContainerPaths
from workloads.servers.conftest import NAMES, Running, Start, start_all
from workloads.servers.load import after, hold, until
from workloads.servers.requests_of import Asked

# 30 in .ci/run; in the tier, enough for connections to be reused many times.
SECONDS = float(os.environ.get("MODEL_SERVER_LOAD_SECONDS", "1"))


@pytest.fixture(scope="module")
def one_row(trained: ContainerPaths) -> Asked:
    sample = json.loads((trained.processing_output("profile") / "sample.json").read_text())
    body = json.dumps({"instances": sample["instances"][:1]}).encode()
    return Asked("POST", "/invocations", body, {"Content-Type": "application/json"})


@pytest.fixture(scope="module")
def patient(start: Start) -> dict[str, Running]:
    """All four, each with as long for an answer as by default, and ended by the last of its tests."""
    return start_all(start)


@pytest.mark.parametrize("name", NAMES)
def test_64_connections_are_held_without_an_error(name: str, patient: dict[str, Running], one_row: Asked) -> None:
    outcome = hold(patient[name], one_row, 64, after(SECONDS))
    assert not outcome.lost
    assert set(outcome.statuses) == {200}
    assert outcome.statuses[200] >= 64
    print(f"{name}: {outcome.statuses[200] / SECONDS:.0f} answers a second")


@pytest.mark.parametrize("name", NAMES)
def test_no_request_is_lost_when_a_server_ends_under_load(
    name: str, patient: dict[str, Running], one_row: Asked
) -> None:
    server = patient[name]
    drained = threading.Event()
    before = _answered(server)
    with ThreadPoolExecutor(1) as pool:
        outcome = pool.submit(hold, server, one_row, 16, drained)
        try:
            until(lambda: _answered(server) > before)
            server.process.send_signal(signal.SIGTERM)
            # What a balancer does: it asks whether the server is ready, and sends no more once it isn't.
            until(lambda: server.ask("GET", "/v2/health/ready")[0] == 503)
        finally:
            drained.set()
    assert not outcome.result().lost
    assert set(outcome.result().statuses) == {200}
    assert server.process.wait(timeout=60) == 0


def _answered(server: Running) -> float:
    counted = re.search(
        rb'http_requests_total{handler="/invocations",method="POST",status="200"} (\S+)',
        server.ask("GET", "/metrics")[2],
    )
    return float(counted[1]) if counted else 0
