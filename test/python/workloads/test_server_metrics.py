"""What Prometheus reads of the model server."""

import asyncio
from typing import Any

import pytest

from common.server_metrics import ServerMetrics, measured


def _lines(metrics: ServerMetrics, start: str) -> list[str]:
    return [line for line in metrics.text().splitlines() if line.startswith(start)]


def test_no_traffic_reads_as_nothing_and_not_as_no_data() -> None:
    metrics = ServerMetrics(["/invocations"])
    assert _lines(metrics, "http_requests_total") == [
        'http_requests_total{handler="/invocations",method="POST",status="200"} 0'
    ]
    assert _lines(metrics, "http_request_duration_seconds_count") == [
        'http_request_duration_seconds_count{handler="/invocations"} 0'
    ]
    assert metrics.text().endswith("\n")


def test_buckets_hold_all_that_is_not_slower() -> None:
    metrics = ServerMetrics(["/invocations"])
    for seconds in (0.005, 0.006, 61.0):
        metrics.observe("/invocations", "POST", 200, seconds)
    buckets = {line.partition('le="')[2]: line for line in _lines(metrics, "http_request_duration_seconds_bucket")}
    assert [line.rpartition(" ")[2] for line in buckets.values()] == ["1", *["2"] * 12, "3"]
    assert _lines(metrics, "http_request_duration_seconds_sum")[0].endswith(" 61.011")


def test_callers_make_no_series() -> None:
    metrics = ServerMetrics(["/invocations"])
    for number in range(50):
        metrics.observe(f"/{number}\n", f"M{number}", 404, 0.1)
    assert 'http_requests_total{handler="other",method="other",status="404"} 50' in metrics.text()
    assert len(_lines(metrics, "http_requests_total")) == 2


@pytest.mark.parametrize(("fails", "status"), [(False, 418), (True, 500)])
def test_each_answer_counts_by_its_status(fails: bool, status: int) -> None:
    metrics = ServerMetrics(["/invocations"])
    sent: list[Any] = []

    async def app(_scope: object, _receive: object, send: Any) -> None:  # noqa: ANN401
        if fails:
            raise RuntimeError("no answer")
        await send({"type": "http.response.start", "status": 418})
        await send({"type": "http.response.body"})

    async def send(message: object) -> None:
        sent.append(message)

    scope = {"type": "http", "path": "/invocations", "method": "POST"}
    run = measured(app, metrics)(scope, None, send)  # type: ignore[arg-type]
    if fails:
        with pytest.raises(RuntimeError, match="no answer"):
            asyncio.run(run)  # type: ignore[arg-type]
    else:
        asyncio.run(run)  # type: ignore[arg-type]
    assert len(sent) == (0 if fails else 2)
    assert f'http_requests_total{{handler="/invocations",method="POST",status="{status}"}} 1' in metrics.text()
