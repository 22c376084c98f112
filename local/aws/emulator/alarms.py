"""Judges CloudWatch alarms: dimensions, M out of N data points, missing data and metric math.

Periods end now instead of on the minute, so that an alarm on this machine is as quick as its data. On a clock that is
sped up they are as many times shorter, as the waits of a deployment are, so that what goes off in its baking period in
an account does so here.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from typing import Any

from emulator.metric_data import complete
from emulator.metric_math import Value, names, parse

Alarm = Mapping[str, Any]
Statistic = Callable[[Mapping[str, Any], str, float, float], Value]
"""Of a metric {Namespace, MetricName, Dimensions}: a statistic over the times from and (exclusively) to."""

BREACHES: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}


def check(alarm: Alarm) -> None:
    """Raises ValueError for an alarm that can't be judged here."""
    if alarm.get("ComparisonOperator") not in BREACHES:
        raise ValueError(f"ComparisonOperator: must be one of {', '.join(BREACHES)}, got {alarm['ComparisonOperator']}")
    queries = alarm.get("Metrics")
    if queries is None:
        return
    ids = {query["Id"] for query in queries}
    for query in queries:
        if "Expression" in query:
            unknown = sorted(names(parse(query["Expression"])) - ids)
            if unknown:
                raise ValueError(f"Metrics.{query['Id']}: reads ids that aren't there, got {', '.join(unknown)}")
    returned = [query["Id"] for query in queries if query.get("ReturnData", True)]
    if len(returned) != 1:
        raise ValueError(f"Metrics: exactly one query must return data, got {len(returned)}")


def period(alarm: Alarm, speed: float = 1.0) -> float:
    """One period in seconds of the machine."""
    periods = [query["MetricStat"]["Period"] for query in alarm.get("Metrics") or () if "MetricStat" in query]
    return float(max(periods, default=alarm.get("Period") or 60)) / speed


def judge(alarm: Alarm, now: float, statistic: Statistic, speed: float = 1.0) -> tuple[str, str]:
    """The state that the alarm should be in, and why."""
    count = int(alarm.get("EvaluationPeriods") or 1)
    needed = int(alarm.get("DatapointsToAlarm") or count)
    length = period(alarm, speed)
    values = [_value(alarm, now - (back + 1) * length, now - back * length, statistic) for back in range(count)]
    treat = alarm.get("TreatMissingData") or "missing"
    threshold = float(alarm["Threshold"])
    breaches = BREACHES[alarm["ComparisonOperator"]]
    present = [value for value in values if value is not None]
    if not present and treat in ("missing", "ignore"):
        state = "INSUFFICIENT_DATA" if treat == "missing" else alarm["StateValue"]
        return state, f"Insufficient Data: {count} datapoints were unknown."
    breaching = sum(treat == "breaching" if value is None else breaches(value, threshold) for value in values)
    shown = ", ".join("missing" if value is None else f"{value:g}" for value in values)
    state = "ALARM" if breaching >= needed else "OK"
    return (
        state,
        f"Threshold Crossed: {breaching} of {count} datapoints [{shown}] breach the threshold ({threshold:g}).",
    )


def _value(alarm: Alarm, start: float, end: float, statistic: Statistic) -> Value:
    queries = alarm.get("Metrics")
    if queries is None:
        return statistic(alarm, alarm.get("ExtendedStatistic") or alarm.get("Statistic") or "Average", start, end)
    values = {
        query["Id"]: statistic(query["MetricStat"]["Metric"], query["MetricStat"]["Stat"], start, end)
        for query in queries
        if "MetricStat" in query
    }
    complete(values, {query["Id"]: parse(query["Expression"]) for query in queries if "Expression" in query})
    return next(values.get(query["Id"]) for query in queries if query.get("ReturnData", True))
