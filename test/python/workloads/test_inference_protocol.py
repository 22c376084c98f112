"""The Open Inference Protocol's requests and answers, without a server."""

import json
from typing import Any

import numpy as np
import pytest

from common.columns import category, number, optional_category, optional_number
from common.errors import WorkloadError
from common.inference_protocol import decode_inference, describe_tensors, encode_inference

COLUMNS = [number("a", 0, 10), category("b"), optional_number("c"), optional_category("d")]


def _tensor(name: str, datatype: str, data: list[Any], shape: list[Any] | None = None) -> dict[str, Any]:
    return {"name": name, "datatype": datatype, "shape": [len(data)] if shape is None else shape, "data": data}


A = _tensor("a", "FP64", [1, 2.5])
B = _tensor("b", "BYTES", ["x", "y"])


def _body(*inputs: Any, **more: Any) -> bytes:  # noqa: ANN401
    return json.dumps({"inputs": list(inputs), **more}).encode()


def test_tensors_become_columns_and_what_is_not_sent_is_a_gap() -> None:
    asked = decode_inference(_body(A, B), COLUMNS)
    assert asked.rows["a"].tolist() == [1.0, 2.5]
    assert asked.rows["b"].tolist() == ["x", "y"]
    assert asked.rows["c"].isna().all()
    assert (asked.outputs, asked.id) == (["probability", "label"], None)


@pytest.mark.parametrize("data", [[[1], [2]], [1, 2]])
def test_a_column_of_the_shape_rows_by_one_may_be_nested_or_flat(data: list[Any]) -> None:
    asked = decode_inference(_body(_tensor("a", "INT32", data, [2, 1]), B), COLUMNS)
    assert asked.rows["a"].tolist() == [1.0, 2.0]


def test_the_answer_has_the_outputs_and_the_id_that_were_asked_for() -> None:
    asked = decode_inference(_body(A, B, id="7", outputs=[{"name": "label"}]), COLUMNS)
    assert encode_inference(asked, np.array([0.4, 0.5]), 0.5, model="m", version="v") == {
        "model_name": "m",
        "model_version": "v",
        "id": "7",
        "outputs": [{"name": "label", "datatype": "INT64", "shape": [2], "data": [0, 1]}],
    }


def test_a_model_describes_its_tensors() -> None:
    assert describe_tensors(COLUMNS)["inputs"][1] == {"name": "b", "datatype": "BYTES", "shape": [-1]}
    assert [each["name"] for each in describe_tensors(COLUMNS)["outputs"]] == ["probability", "label"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"{", "body: must be JSON"),
        (b"\xff", "body: must be UTF-8"),
        (b"[]", "body: must have a list of inputs"),
        (b'{"inputs": []}', "body: must have a list of inputs"),
        (_body(1), "input 1: must be an object with a name, got 1"),
        (_body(A, B, _tensor("e", "FP32", [1, 2])), "input e: is no column of the model"),
        (_body(A, A, B), "input a: must be there once"),
        (_body(_tensor("a", "BYTES", [1, 2]), B), 'input a: must be FP64 or .*, got "BYTES"'),
        (_body(A, _tensor("b", "FP64", [1, 2])), "input b: must be BYTES"),
        (_body({"name": "a", "datatype": "FP64", "shape": [2]}, B), "input a: must have its data as a list, got null"),
        (_body(_tensor("a", "FP64", [1, 2], [3]), B), r"input a: must have the shape \[2\] of its data, got \[3\]"),
        (_body(_tensor("a", "FP64", [1], [True]), B), "input a: must have the shape"),
        (_body(_tensor("a", "FP64", [1, 2], [2, 2]), B), "input a: must have the shape"),
        (_body(A, _tensor("b", "BYTES", ["x"])), r"inputs: must all have the same rows, got \[1, 2\]"),
        (_body(_tensor("a", "FP64", [])), r"inputs: must all have the same rows, got \[0\]"),
        (_body(A), "row 1, column b must have a value, got none"),
        (_body(_tensor("a", "FP64", [1, 11]), B), "row 2, column a must be a number from 0 to 10, got 11"),
        (_body(_tensor("a", "FP64", [1, True]), B), "row 2, column a must be a number"),
        (_body(A, B, outputs=[{"name": "score"}]), "outputs: must name probability or label"),
        (_body(A, B, outputs="label"), "outputs: must name"),
        (_body(A, B, outputs=[{}]), "outputs: must name"),
        (_body(A, B, id=7), "id: must be a string, got 7"),
    ],
)
def test_what_is_wrong_is_named(body: bytes, message: str) -> None:
    with pytest.raises(WorkloadError, match=message):
        decode_inference(body, COLUMNS)
