"""Requests to the model server and their answers, without a server."""

import json
import math
from typing import Any

import numpy as np
import pytest

from common.answer import choose_media_type, encode_predictions
from common.columns import Column, category, number, optional_category, optional_number
from common.errors import WorkloadError
from common.request import CSV, JSON, decode_rows

COLUMNS = [category("carrier"), number("hour", 0, 23), optional_number("temp"), optional_category("maker")]
ROW = {"carrier": "AA", "hour": 5, "temp": 40.5, "maker": "BOEING"}


def _json(*rows: object) -> bytes:
    return json.dumps({"instances": rows}).encode()


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (_json(ROW, {**ROW, "temp": None, "maker": None}), JSON),
        (_json(ROW, {"hour": 5.0, "carrier": "AA"}), JSON),
        (b"AA,5,40.5,BOEING\nAA,5,,\n", CSV),
        (b"AA,5,40.5,BOEING\r\n\r\nAA,5,,", CSV),
        (b"maker,carrier,temp,hour\nBOEING,AA,40.5,5\n,AA,,5\n", CSV),
        (b'"AA","5","40.5","BOEING"\n"AA","5","",""\n', CSV),
        (b"\xef\xbb\xbfcarrier,hour,temp,maker\nAA,5,40.5,BOEING\nAA,5,,\n", CSV),
    ],
)
def test_all_forms_of_a_body_give_the_same_rows(body: bytes, media_type: str) -> None:
    rows = decode_rows(body, media_type, COLUMNS)
    assert list(rows.columns) == ["carrier", "hour", "temp", "maker"]
    assert rows.iloc[0].tolist() == ["AA", 5.0, 40.5, "BOEING"]
    assert rows.iloc[1, :2].tolist() == ["AA", 5.0]
    assert rows.iloc[1, 2:].isna().all()
    assert [str(dtype) for dtype in rows.dtypes] == ["object", "float64", "float64", "object"]


def test_columns_that_may_lack_a_value_may_be_left_out_of_a_header() -> None:
    assert decode_rows(b"hour,carrier\n5,AA\n", CSV, COLUMNS).iloc[0, 2:].isna().all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"hour": "5"}, 'row 2, column hour must be a number from 0 to 23, got "5"'),
        ({"hour": 24}, "row 2, column hour must be a number from 0 to 23, got 24"),
        ({"hour": -0.1}, "row 2, column hour must be a number from 0 to 23, got -0.1"),
        ({"hour": math.nan}, "row 2, column hour must be a number from 0 to 23, got NaN"),
        ({"hour": True}, "row 2, column hour must be a number from 0 to 23, got true"),
        ({"hour": None}, "row 2, column hour must have a value, got none"),
        ({"temp": math.inf}, "row 2, column temp must be a number, got Infinity"),
        ({"temp": 10**400}, "row 2, column temp must be a number, got 1000"),
        ({"temp": [1]}, "row 2, column temp must be a number, got [1]"),
        ({"carrier": 5}, "row 2, column carrier must be a string, got 5"),
        ({"carrier": None}, "row 2, column carrier must have a value, got none"),
        ({"colour": 1}, "row 2: has no use for the column colour; send only carrier, hour, maker, temp"),
    ],
)
def test_a_fault_names_row_and_column(change: dict[str, Any], message: str) -> None:
    with pytest.raises(WorkloadError) as found:
        decode_rows(_json(ROW, {**ROW, **change}), JSON, COLUMNS)
    assert message in str(found.value)


@pytest.mark.parametrize("value", [0, 23, 0.0, 23.0])
def test_bounds_are_legal(value: float) -> None:
    assert decode_rows(_json({**ROW, "hour": value}), JSON, COLUMNS)["hour"].tolist() == [value]


@pytest.mark.parametrize("cell", ["five", "nan", "inf", "1_0", "24", "0x5", "1,000"])
def test_a_cell_that_is_no_number_is_named(cell: str) -> None:
    body = f'AA,5,40.5,BOEING\nAA,"{cell}",40.5,BOEING\n'.encode()
    with pytest.raises(WorkloadError, match="row 2, column hour must be a number from 0 to 23, got "):
        decode_rows(body, CSV, COLUMNS)


def test_the_first_five_faults_are_named_and_the_rest_counted() -> None:
    with pytest.raises(WorkloadError) as found:
        decode_rows(_json(*[{**ROW, "hour": 99, "carrier": 1}] * 4), JSON, COLUMNS)
    message = str(found.value)
    assert message.count("must be") == 5
    assert "and 3 more; correct the rows" in message


@pytest.mark.parametrize(
    ("body", "media_type", "message"),
    [
        (b"", JSON, "body: must be JSON, got "),
        (b"{", JSON, "body: must be JSON, got "),
        (b"[" * 100_000, JSON, "body: must be JSON, got "),
        (b"[]", JSON, "body: must be an object with a list of instances, got []"),
        (b'{"instances": []}', JSON, "body: must be an object with a list of instances, got "),
        (b'{"instances": {}}', JSON, "body: must be an object with a list of instances, got "),
        (_json(ROW, 3), JSON, "row 2: must be an object, got 3; map columns to values"),
        (b"\xff", JSON, "body: must be UTF-8, got invalid start byte at byte 0; encode it"),
        (b"", CSV, "body: must hold rows, got none"),
        (b"\n\n", CSV, "body: must hold rows, got none"),
        (b"carrier,hour,temp,maker\n", CSV, "body: must hold rows, got none"),
        (b"AA,5,40.5\n", CSV, "row 1: must have 4 cells, got 3; send carrier, hour, temp, maker in this order"),
        (b"AA,5,40.5,BOEING\nAA,5,1,2,3\n", CSV, "row 2: must have 4 cells, got 5; "),
        (b"carrier,colour\nAA,red\n", CSV, "header: has no use for the column colour; "),
        (b"carrier,temp\nAA,1\n", CSV, "header: lacks the columns hour; add them"),
        (b"carrier,hour,hour\nAA,1,1\n", CSV, "header: names a column twice, got carrier, hour, hour"),
        (b'AA,"5', CSV, "body: must be CSV, got "),
    ],
)
def test_a_body_of_another_form_is_a_fault(body: bytes, media_type: str, message: str) -> None:
    with pytest.raises(WorkloadError) as found:
        decode_rows(body, media_type, COLUMNS)
    assert str(found.value).startswith(message)


def test_a_column_survives_its_description() -> None:
    assert [Column.from_json(json.loads(json.dumps(column.to_json()))) for column in COLUMNS] == COLUMNS


def test_answers_are_probabilities_and_labels() -> None:
    probability = np.array([0.25, 0.5])
    assert encode_predictions(probability, 0.5, CSV) == "0.25\n0.5\n"
    assert json.loads(encode_predictions(probability, 0.5, JSON)) == {
        "predictions": [{"probability": 0.25, "label": 0}, {"probability": 0.5, "label": 1}]
    }


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", CSV),
        ("*/*", CSV),
        ("application/json", JSON),
        ("Text/CSV; header=absent", CSV),
        ("image/png, application/json", JSON),
        ("image/png", None),
    ],
)
def test_the_accept_header_decides(accept: str, chosen: str | None) -> None:
    assert choose_media_type(accept, CSV) == chosen
