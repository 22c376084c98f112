"""Requests of every kind that a server may get, made of real rows."""

import csv
import io
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from common.columns import Column

CSV, JSON, LINES = "text/csv", "application/json", "application/jsonlines"
INFER = "/v2/models/flights/infer"


@dataclass(frozen=True)
class Asked:
    """One request."""

    method: str
    path: str
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)


def thousand(columns: Sequence[Column], rows: Sequence[dict[str, Any]]) -> list[Asked]:
    """Mostly predictions in all formats, and every tenth is one that must be refused or isn't a prediction."""
    choose = random.Random(6)
    good = [_csv, _json, _lines, _tensors]
    odd = _odd(columns, rows)
    asked: list[Asked] = []
    for number in range(1000):
        if number % 10 == 9:
            asked.append(odd[number // 10 % len(odd)])
        else:
            some = choose.choices(rows, k=choose.randint(1, 4))
            asked.append(good[number % len(good)](columns, some))
    return asked


def _csv(columns: Sequence[Column], rows: Sequence[dict[str, Any]]) -> Asked:
    table = io.StringIO()
    csv.DictWriter(table, [column.name for column in columns]).writerows(rows)
    return Asked("POST", "/invocations", table.getvalue().encode(), {"Content-Type": CSV})


def _json(_: Sequence[Column], rows: Sequence[dict[str, Any]]) -> Asked:
    return Asked("POST", "/invocations", json.dumps({"instances": rows}).encode(), {"Content-Type": JSON})


def _lines(_: Sequence[Column], rows: Sequence[dict[str, Any]]) -> Asked:
    body = "".join(f"{json.dumps(row)}\n" for row in rows).encode()
    return Asked("POST", "/invocations", body, {"Content-Type": LINES})


def _tensors(columns: Sequence[Column], rows: Sequence[dict[str, Any]]) -> Asked:
    inputs = [
        {
            "name": column.name,
            "datatype": "BYTES" if column.kind == "category" else "FP64",
            "shape": [len(rows), 1],
            "data": [[row.get(column.name)] for row in rows],
        }
        for column in columns
    ]
    return Asked("POST", INFER, json.dumps({"id": "7", "inputs": inputs}).encode())


def _odd(columns: Sequence[Column], rows: Sequence[dict[str, Any]]) -> list[Asked]:
    good = _json(columns, rows[:1])
    post = {"Content-Type": JSON}
    return [
        Asked("GET", "/ping"),
        Asked("HEAD", "/ping"),
        Asked("GET", "/v2/health/live"),
        Asked("GET", "/v2/models/flights"),
        Asked("GET", "/v2/models/flights/ready"),
        Asked("GET", "/execution-parameters"),
        Asked("GET", "/v2/models/other"),
        Asked("GET", "/ping/"),
        Asked("GET", "/%C3%A4%00"),
        Asked("GET", "/invocations"),
        Asked("OPTIONS", "/ping"),
        Asked("DELETE", "/invocations"),
        Asked("POST", "/invocations", good.body),
        Asked("POST", "/invocations", good.body, {"Content-Type": "image/png"}),
        Asked("POST", "/invocations", good.body, {**post, "Accept": "image/png"}),
        Asked("POST", "/invocations", good.body, {**post, "Accept": f"text/html, {CSV};q=0.5"}),
        Asked("POST", "/invocations", good.body, {**post, "Accept": LINES}),
        Asked("POST", "/invocations", b"", post),
        Asked("POST", "/invocations", b'{"instances": [', post),
        Asked("POST", "/invocations", b"[" * 100_000, post),
        Asked("POST", "/invocations", b"\xff\xfe", post),
        Asked("POST", "/invocations", b'{"a": 1}\n{', {"Content-Type": LINES}),
        Asked("POST", "/invocations", b"1,2\n", {"Content-Type": CSV}),
        Asked("POST", INFER, b"{}"),
        Asked("POST", INFER, b'{"inputs": [{"name": "distance", "datatype": "FP64", "shape": [2], "data": [1]}]}'),
        Asked("POST", INFER, good.body, {"Transfer-Encoding": "chunked"}),
    ]
