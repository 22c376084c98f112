"""Four frameworks, one contract."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import pytest

from common.container_paths import ContainerPaths
from common.model_directory import ModelDirectory
from workloads.servers.conftest import NAMES, Running
from workloads.servers.requests_of import Asked, thousand

# What the frameworks add by themselves; the rest has to be the same.
COMPARED = ("content-type", "content-length", "allow")


@pytest.fixture(scope="module")
def asked(trained: ContainerPaths) -> list[Asked]:
    sample = json.loads((trained.processing_output("profile") / "sample.json").read_text())
    rows: list[dict[str, Any]] = sample["instances"]
    return thousand(ModelDirectory(trained.model).load().columns, rows)


def test_all_four_answer_the_same_thousand_requests_alike(servers: dict[str, Running], asked: list[Asked]) -> None:
    with ThreadPoolExecutor() as pool:
        answers = list(pool.map(lambda name: list(_ask_all(servers[name], asked)), NAMES))
    statuses: dict[int, int] = {}
    for request, (own, *others) in zip(asked, zip(*answers, strict=True), strict=True):
        statuses[own[0]] = statuses.get(own[0], 0) + 1
        for name, other in zip(NAMES[1:], others, strict=True):
            assert other == own, f"{name} answers {request.method} {request.path} {request.headers} differently"
    assert statuses[200] >= 900
    assert {400, 404, 405, 406, 415} < set(statuses)


def test_all_four_count_what_they_answered_by_the_same_names(servers: dict[str, Running]) -> None:
    names = []
    for name in NAMES:
        status, content_type, body = servers[name].ask("GET", "/metrics")
        assert (status, content_type) == (200, "text/plain; version=0.0.4; charset=utf-8")
        lines = [line for line in body.decode().splitlines() if line.startswith("http_requests_total")]
        assert any('handler="/v2/models/flights/infer",method="POST",status="200"' in line for line in lines)
        names.append({line.partition("{")[0] for line in body.decode().splitlines() if not line.startswith("#")})
    assert all(each == names[0] for each in names)


def _ask_all(server: Running, asked: list[Asked]) -> Iterator[tuple[int, bytes, tuple[str | None, ...]]]:
    """On one connection, so that one that isn't left in order shows in the next answer."""
    with closing(server.connect()) as connection:
        for each in asked:
            chunked = "Transfer-Encoding" in each.headers
            body = iter([each.body or b""]) if chunked else each.body
            connection.request(each.method, each.path, body, each.headers, encode_chunked=chunked)
            answer = connection.getresponse()
            yield answer.status, answer.read(), tuple(answer.getheader(name) for name in COMPARED)
