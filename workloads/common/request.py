"""From the body of a request to a table of the model's inputs."""

import csv
import io
import json
import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from common.columns import Column
from common.errors import WorkloadError

if TYPE_CHECKING:
    import pandas as pd

CSV = "text/csv"
JSON = "application/json"
# As batch transform calls it; a line is an instance.
JSON_LINES = "application/jsonlines"
INVOCATION_TYPES = (CSV, JSON, JSON_LINES)

# Faults named in one answer.
NAMED_FAULTS = 5

Row = Mapping[str, Any]


def decode_rows(body: bytes, media_type: str, columns: Sequence[Column]) -> "pd.DataFrame":
    """The rows of a body of type text/csv, application/json or application/jsonlines.

    CSV: the columns in the model's order, or in any order below a header that names them; an empty cell is a gap.
    JSON: `{"instances": [{column: value}, ...]}`; null, an empty string, or no value is a gap.
    JSON lines: such an instance a line.
    Raises a WorkloadError that names the first faults by row, from 1, and column.
    """
    text = decode_text(body)
    if media_type == CSV:
        return _table(_from_csv(text, columns), columns, _number_of_cell)
    rows = _from_json_lines(text) if media_type == JSON_LINES else _from_json(text)
    return table_of(rows, columns)


def decode_text(body: bytes) -> str:
    """Raises a WorkloadError if it isn't UTF-8."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise WorkloadError("body", f"must be UTF-8, got {error.reason} at byte {error.start}", "encode it") from None


def table_of(rows: Sequence[Any], columns: Sequence[Column]) -> "pd.DataFrame":
    """The rows of decoded JSON: objects that map columns to values.

    Raises a WorkloadError that names the first faults by row, from 1, and column.
    """
    known = {column.name for column in columns}
    for at, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise WorkloadError(f"row {at}", f"must be an object, got {_show(row)}", "map columns to values")
        if unknown := sorted(set(row) - known):
            raise WorkloadError(
                f"row {at}", f"has no use for the column {unknown[0][:40]}", f"send only {', '.join(sorted(known))}"
            )
    return _table(rows, columns, _number)


def _table(rows: Sequence[Row], columns: Sequence[Column], read: Callable[[Any], float]) -> "pd.DataFrame":
    faults: list[str] = []
    values = {
        column.name: [_value(row, at, column, read, faults) for at, row in enumerate(rows, 1)] for column in columns
    }
    if faults:
        more = f" and {len(faults) - NAMED_FAULTS} more" if len(faults) > NAMED_FAULTS else ""
        what = "; ".join(faults[:NAMED_FAULTS]) + more
        raise WorkloadError("body", what, "correct the rows and send them again")
    return _frame(values, columns)


def _frame(values: dict[str, list[Any]], columns: Sequence[Column]) -> "pd.DataFrame":
    import numpy as np
    import pandas as pd

    return pd.DataFrame(
        {
            column.name: np.array(values[column.name], dtype=np.float64 if column.kind == "number" else object)
            for column in columns
        }
    )


def _from_json(text: str) -> list[Any]:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WorkloadError("body", f"must be JSON, got {error}", 'send {"instances": [{...}]}') from None
    rows = content.get("instances") if isinstance(content, dict) else None
    if not isinstance(rows, list) or not rows:
        raise WorkloadError(
            "body", f"must be an object with a list of instances, got {_show(content)}", 'send {"instances": [{...}]}'
        )
    return rows


def _from_json_lines(text: str) -> list[Any]:
    rows: list[Any] = []
    # Not splitlines: a string of JSON may hold the other characters that it takes for the end of a line.
    for line in text.split("\n"):
        if not line.strip():
            continue
        try:
            rows.append(json.loads(line))
        except (ValueError, RecursionError) as error:
            raise WorkloadError(
                f"row {len(rows) + 1}", f"must be JSON, got {error}", "send an object on each line"
            ) from None
    if not rows:
        raise WorkloadError("body", "must hold rows, got none", "send a line for each row")
    return rows


def _from_csv(text: str, columns: Sequence[Column]) -> list[Row]:
    names = [column.name for column in columns]
    try:
        lines = [line for line in csv.reader(io.StringIO(text, newline=""), strict=True) if line]
    except csv.Error as error:
        raise WorkloadError("body", f"must be CSV, got {error}", "quote the cells properly") from None
    if lines and (set(lines[0]) & set(names)):
        names = _header(lines.pop(0), columns)
    if not lines:
        raise WorkloadError("body", "must hold rows, got none", "send a line for each row")
    for at, line in enumerate(lines, 1):
        if len(line) != len(names):
            raise WorkloadError(
                f"row {at}", f"must have {len(names)} cells, got {len(line)}", f"send {', '.join(names)} in this order"
            )
    return [dict(zip(names, (cell or None for cell in line), strict=True)) for line in lines]


def _header(cells: list[str], columns: Sequence[Column]) -> list[str]:
    known = {column.name for column in columns}
    required = {column.name for column in columns if column.required}
    if unknown := [cell for cell in cells if cell not in known]:
        raise WorkloadError(
            "header", f"has no use for the column {unknown[0][:40]}", f"send {', '.join(sorted(known))}"
        )
    if missing := sorted(required - set(cells)):
        raise WorkloadError("header", f"lacks the columns {', '.join(missing)}", "add them")
    if len(set(cells)) != len(cells):
        raise WorkloadError("header", f"names a column twice, got {', '.join(cells)}", "name each once")
    return cells


def _value(row: Row, at: int, column: Column, read: Callable[[Any], float], faults: list[str]) -> Any:  # noqa: ANN401
    """The cell as float, or as word. A gap is NaN or None, as training gets it of Parquet: encoders tell them apart."""
    value = row.get(column.name)
    value = None if value == "" else value
    where = f"row {at}, column {column.name}"
    if value is None:
        if column.required:
            faults.append(f"{where} must have a value, got none")
        return math.nan if column.kind == "number" else None
    if column.kind == "category":
        if not isinstance(value, str):
            faults.append(f"{where} must be a string, got {_show(value)}")
        return value
    number = read(value)
    low = -math.inf if column.minimum is None else column.minimum
    high = math.inf if column.maximum is None else column.maximum
    if not (math.isfinite(number) and low <= number <= high):
        faults.append(f"{where} must be a number{column.bounds}, got {_show(value)}")
    return number


def _number(value: Any) -> float:  # noqa: ANN401
    """NaN for whatever isn't a number of JSON."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return math.nan
    try:
        return float(value)
    except OverflowError:
        return math.nan


def _number_of_cell(text: str) -> float:
    """NaN for whatever isn't a number; Python's own form 1_000 isn't one elsewhere."""
    try:
        return math.nan if "_" in text else float(text)
    except ValueError:
        return math.nan


def _show(value: Any) -> str:  # noqa: ANN401
    return json.dumps(value)[:40]
