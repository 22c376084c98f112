"""Bodies that are wrong, too large, too slow or cut short."""

import json
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest

from workloads.servers.conftest import NAMES, REQUEST_SECONDS, Running

HEAD = b"POST /invocations HTTP/1.1\r\nHost: m\r\nContent-Type: application/json\r\n"
ROW = json.dumps({"instances": [{"no": 1}]}).encode()
SIX_MEGABYTES = 6 * 1024 * 1024


@pytest.fixture(params=NAMES)
def server(request: pytest.FixtureRequest, servers: dict[str, Running]) -> Running:
    return servers[request.param]


def _status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0


def _error(answer: bytes) -> str:
    return str(json.loads(answer.partition(b"\r\n\r\n")[2])["error"])


def test_a_body_that_is_too_large_is_read_and_refused(server: Running) -> None:
    for chunked in (False, True):
        body = iter([b" " * 1024 * 1024] * 7) if chunked else b" " * (SIX_MEGABYTES + 1)
        headers = {"Content-Type": "application/json", **({"Transfer-Encoding": "chunked"} if chunked else {})}
        connection = server.connect()
        connection.request("POST", "/invocations", body, headers, encode_chunked=chunked)
        answer = connection.getresponse()
        assert answer.status == 413
        assert json.loads(answer.read())["error"].startswith("body: must be at most 6 MB, got more;")
        connection.close()
    status, _, body_of = server.ask("POST", "/invocations", b" " * SIX_MEGABYTES, {"Content-Type": "application/json"})
    assert (status, b"must be JSON" in body_of) == (400, True)


def test_a_client_that_closed_its_side_still_gets_its_answer(server: Running) -> None:
    answer = server.send(HEAD + b"Content-Length: %d\r\n\r\n" % len(ROW) + ROW)
    assert _status(answer) == 400
    assert "row 1: has no use for the column no" in _error(answer)


@pytest.mark.parametrize(
    "request_of",
    [
        HEAD + b"Content-Length: 100\r\n\r\n" + ROW,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n1f\r\n" + ROW[:10],
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
        HEAD + b"Content-Length: -1\r\n\r\n",
        HEAD + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}",
        b"GET /ping\r\n\r\n",
    ],
)
def test_a_request_that_is_cut_short_or_malformed_is_refused(server: Running, request_of: bytes) -> None:
    assert _status(server.send(request_of)) == 400
    assert server.ask("GET", "/ping")[0] == 200


def test_a_body_that_trickles_in_is_refused_when_its_time_is_over(servers: dict[str, Running]) -> None:
    body = HEAD + b"Content-Length: 100\r\n\r\n{"
    with ThreadPoolExecutor() as pool:
        answers = list(pool.map(lambda server: server.send(body, close_side=False), servers.values()))
    assert [_status(answer) for answer in answers] == [408] * len(NAMES)
    assert {_error(answer) for answer in answers} == {
        f"body: must arrive within {REQUEST_SECONDS} s, got less of it; send it faster, or fewer rows"
    }


def test_a_client_that_goes_away_in_the_middle_does_no_harm(server: Running) -> None:
    for _ in range(5):
        with socket.create_connection(("127.0.0.1", server.port)) as connection:
            connection.sendall(HEAD + b"Content-Length: 100\r\n\r\n{")
    assert server.ask("GET", "/ping")[0] == 200
