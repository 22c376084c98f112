"""What Prometheus reads of the model server."""

from common.server_metrics import ServerMetrics


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
