"""Answers GetMetricData where metric math is asked for, which ministack doesn't know.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from emulator.metric_math import Value, evaluate, names, parse

Query = Mapping[str, Any]
Statistic = Callable[[Mapping[str, Any], str, float, float], Value]
"""Of a metric {Namespace, MetricName, Dimensions}: a statistic over the times from and (exclusively) to."""
DEFAULT_PERIOD_SECONDS = 60
MOST_PERIODS = 2_000
"""More than a day by the minute: nobody looks at a longer time here."""


def has_math(queries: Sequence[Query]) -> bool:
    return any("Expression" in query for query in queries)


def results(
    queries: Sequence[Query], start: float, end: float, statistic: Statistic, *, newest_first: bool = True
) -> list[dict[str, Any]]:
    """One result for each query that returns data, in the order of the queries, by periods of one length for all.

    Raises ValueError for what can't be evaluated here.
    """
    trees = {query["Id"]: parse(query["Expression"]) for query in queries if "Expression" in query}
    known = {query["Id"] for query in queries}
    for name, tree in trees.items():
        unknown = sorted(names(tree) - known)
        if unknown:
            raise ValueError(f"MetricDataQueries.{name}: reads ids that aren't there, got {', '.join(unknown)}")
    periods = [query["MetricStat"]["Period"] for query in queries if "MetricStat" in query]
    length = float(max(periods, default=DEFAULT_PERIOD_SECONDS))
    first = math.floor(start / length) * length
    count = max(0, math.ceil((end - first) / length))
    if count > MOST_PERIODS:
        raise ValueError(f"MetricDataQueries: asks for at most {MOST_PERIODS} periods, got {count}")
    points = [
        (first + index * length, _row(queries, trees, first + index * length, length, statistic))
        for index in range(count)
    ]
    if newest_first:
        points.reverse()
    return [
        {
            "Id": query["Id"],
            "Label": query.get("Label", query["Id"]),
            "StatusCode": "Complete",
            "Timestamps": [at for at, row in points if row[query["Id"]] is not None],
            "Values": [row[query["Id"]] for _, row in points if row[query["Id"]] is not None],
        }
        for query in queries
        if query.get("ReturnData", True)
    ]


def _row(
    queries: Sequence[Query], trees: Mapping[str, Any], start: float, length: float, statistic: Statistic
) -> dict[str, Value]:
    values: dict[str, Value] = {
        query["Id"]: statistic(query["MetricStat"]["Metric"], query["MetricStat"]["Stat"], start, start + length)
        for query in queries
        if "MetricStat" in query
    }
    return complete(values, trees)


def complete(values: dict[str, Value], trees: Mapping[str, Any]) -> dict[str, Value]:
    """Adds the values of expressions, which may read one another in whatever order they are written."""
    waiting = dict(trees)
    while waiting:
        ready = [name for name, tree in waiting.items() if names(tree) <= values.keys()]
        for name in ready:
            values[name] = evaluate(waiting.pop(name), values)
        if not ready:
            return {**values, **dict.fromkeys(waiting)}
    return values
