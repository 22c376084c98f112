"""Alarms on a clock that is sped up, in another region than the usual one."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from aws.conftest import LocalAws, wait_until
from aws.fake_sagemaker import FakeSageMaker
from aws.test_gateway import receive, subscribe
from emulator import alarms

ALARM = {
    "AlarmName": "errors",
    "Namespace": "Tests",
    "MetricName": "Errors",
    "Statistic": "Sum",
    "Period": 60,
    "EvaluationPeriods": 2,
    "Threshold": 10.0,
    "ComparisonOperator": "GreaterThanThreshold",
    "TreatMissingData": "notBreaching",
    "StateValue": "OK",
}


@pytest.mark.parametrize(("speed", "length"), [(1, 60), (60, 1), (120, 0.5)])
def test_periods_are_as_many_times_shorter(speed: float, length: float) -> None:
    asked: list[tuple[float, float]] = []

    def statistic(_metric: Mapping[str, Any], _name: str, start: float, end: float) -> float:
        asked.append((start, end))
        return 11.0

    assert alarms.judge(ALARM, 1000, statistic, speed)[0] == "ALARM"
    assert asked == [(1000 - length, 1000), (1000 - 2 * length, 1000 - length)]


def test_the_longest_period_of_metric_math_counts() -> None:
    queries = [{"Id": f"m{period}", "MetricStat": {"Period": period}} for period in (60, 300)]
    assert alarms.period({"Metrics": queries}, 60) == 5


@pytest.fixture(scope="module")
def fast(tmp_path_factory: pytest.TempPathFactory, sagemaker: FakeSageMaker) -> Iterator[LocalAws]:
    local = LocalAws(tmp_path_factory.mktemp("fast") / "state", sagemaker.url, speed=60, region="eu-west-1")
    local.start()
    yield local
    local.end()


def test_an_alarm_goes_off_and_is_quiet_again_within_seconds(fast: LocalAws) -> None:
    cloudwatch = fast.client("cloudwatch")
    cloudwatch.put_metric_alarm(**{key: value for key, value in ALARM.items() if key != "StateValue"})

    def is_in(state: str) -> bool:
        return bool(cloudwatch.describe_alarms(AlarmNames=["errors"])["MetricAlarms"][0]["StateValue"] == state)

    def went_off() -> bool:
        cloudwatch.put_metric_data(Namespace="Tests", MetricData=[{"MetricName": "Errors", "Value": 11}])
        return is_in("ALARM")

    wait_until(went_off, "two periods above the threshold")
    wait_until(lambda: is_in("OK"), "periods without data")


def test_events_of_services_come_from_the_region_of_the_environment(fast: LocalAws) -> None:
    queue = subscribe(fast, "jobs", {"source": ["aws.sagemaker"]})
    event = {"Source": "aws.sagemaker", "DetailType": "Job", "Detail": {}, "Resources": []}
    assert fast.post("/_mlops/events", json.dumps([event]).encode())[0] == 200
    (first,) = wait_until(lambda: receive(fast, queue), "the event")
    assert first["region"] == "eu-west-1"


def test_a_state_that_is_set_by_hand_stays_until_it_was_seen(fast: LocalAws) -> None:
    cloudwatch = fast.client("cloudwatch")
    cloudwatch.put_metric_alarm(**{key: value for key, value in ALARM.items() if key != "StateValue"})
    cloudwatch.set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="a rehearsal")
    end = time.monotonic() + 3
    while time.monotonic() < end:
        [alarm] = cloudwatch.describe_alarms(AlarmNames=["errors"])["MetricAlarms"]
        assert (alarm["StateValue"], alarm["StateReason"]) == ("ALARM", "a rehearsal")
    wait_until(
        lambda: cloudwatch.describe_alarms(AlarmNames=["errors"])["MetricAlarms"][0]["StateValue"] == "OK",
        "the alarm is judged again",
        seconds=10,
    )


def test_metric_math_is_answered_period_by_period(fast: LocalAws) -> None:
    cloudwatch = fast.client("cloudwatch")
    now = time.time() // 60 * 60 - 600
    for minute, (requests, errors) in enumerate([(40, 4), (10, 10), (50, None)]):
        for name, value in (("Requests", requests), ("Mistakes", errors)):
            if value is not None:
                datum = {"MetricName": name, "Value": value, "Timestamp": now + 60 * minute}
                cloudwatch.put_metric_data(Namespace="Math", MetricData=[datum])

    def metric(name: str, returned: bool) -> dict[str, Any]:
        stat = {"Metric": {"Namespace": "Math", "MetricName": name}, "Period": 60, "Stat": "Sum"}
        return {"Id": name.lower(), "MetricStat": stat, "ReturnData": returned}

    rate = {"Id": "rate", "Expression": "IF(requests >= 20, 100 * FILL(mistakes, 0) / requests, 0)"}
    found = cloudwatch.get_metric_data(
        StartTime=now,
        EndTime=now + 240,
        ScanBy="TimestampAscending",
        MetricDataQueries=[rate, metric("Requests", True), metric("Mistakes", False)],
    )["MetricDataResults"]
    assert [(each["Id"], each["Values"]) for each in found] == [("rate", [10, 0, 0]), ("requests", [40, 10, 50])]
    assert [at.timestamp() for at in found[0]["Timestamps"]] == [now, now + 60, now + 120]
    [newest_first] = cloudwatch.get_metric_data(
        StartTime=now, EndTime=now + 240, MetricDataQueries=[rate, metric("Requests", False), metric("Mistakes", False)]
    )["MetricDataResults"]
    assert newest_first["Values"] == [0, 0, 10]
    assert [at.timestamp() for at in newest_first["Timestamps"]] == [now + 120, now + 60, now]


@pytest.mark.parametrize("expression", ["rate(requests)", "requests + errors"])
def test_metric_math_that_cannot_be_evaluated_is_refused(fast: LocalAws, expression: str) -> None:
    stat = {"Metric": {"Namespace": "Math", "MetricName": "Requests"}, "Period": 60, "Stat": "Sum"}
    with pytest.raises(fast.client("cloudwatch").exceptions.ClientError, match="ValidationError"):
        fast.client("cloudwatch").get_metric_data(
            StartTime=0,
            EndTime=600,
            MetricDataQueries=[
                {"Id": "requests", "MetricStat": stat, "ReturnData": False},
                {"Id": "e", "Expression": expression},
            ],
        )


@pytest.mark.parametrize("speed", ["0", "0.5", "121", "nan"])
def test_a_speed_out_of_bounds_is_refused(speed: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import launch

    argv = ["launch.py", "--port", "1", "--state-dir", str(tmp_path), "--sagemaker-url", "http://127.0.0.1:1"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.argv", [*argv, "--speed", speed])
        assert launch.main() == 2
    assert "--speed: must be 1 to 120" in capsys.readouterr().err


def test_only_the_latest_data_points_are_kept(fast: LocalAws) -> None:
    cloudwatch = fast.client("cloudwatch")
    for start in range(0, 300, 100):
        values = [float(value) for value in range(start, start + 100)]
        cloudwatch.put_metric_data(Namespace="Tests", MetricData=[{"MetricName": "Many", "Values": values}])
    fast.end()
    snapshot = json.loads((fast.directory / "snapshot.json").read_text())
    [many] = [points for points in _lists(snapshot["services"]["cloudwatch"]["metrics"]) if len(points) >= 100]
    assert len(many) == 200


def _lists(state: Any) -> Iterator[list[Any]]:
    if isinstance(state, list) and state and isinstance(state[0], dict) and "Timestamp" in state[0]:
        yield state
    for value in state if isinstance(state, list) else state.values() if isinstance(state, dict) else ():
        yield from _lists(value)
