"""The Open Inference Protocol v2, for a table: one tensor a column in, a probability and a label a row out.

See https://github.com/kserve/open-inference-protocol/blob/main/specification/protocol/inference_rest.md
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from common.arrays import Floats
from common.columns import Column
from common.errors import WorkloadError
from common.request import decode_text, table_of

if TYPE_CHECKING:
    import pandas as pd

WORDS = "BYTES"
NUMBERS = ("FP64", "FP32", "FP16", "INT64", "INT32", "INT16", "INT8", "UINT64", "UINT32", "UINT16", "UINT8")
OUTPUTS = {"probability": "FP64", "label": "INT64"}
FIX = "see the protocol's inference request"


@dataclass(frozen=True)
class InferenceRequest:
    """What is asked, and how the answer has to be labelled."""

    rows: "pd.DataFrame"
    outputs: Sequence[str]
    id: str | None


def describe_tensors(columns: Sequence[Column]) -> dict[str, Any]:
    """Inputs and outputs as a model's metadata lists them; -1 is the number of rows."""
    inputs = [(column.name, WORDS if column.kind == "category" else NUMBERS[0]) for column in columns]
    return {
        "inputs": [{"name": name, "datatype": datatype, "shape": [-1]} for name, datatype in inputs],
        "outputs": [{"name": name, "datatype": datatype, "shape": [-1]} for name, datatype in OUTPUTS.items()],
    }


def decode_inference(body: bytes, columns: Sequence[Column]) -> InferenceRequest:
    """Tensors of the shape [rows] or [rows, 1]; null is a gap, as is a tensor that isn't sent.

    Raises a WorkloadError that names the tensor, or the row and column.
    """
    try:
        content = json.loads(decode_text(body))
    except (ValueError, RecursionError) as error:
        raise WorkloadError("body", f"must be JSON, got {error}", 'send {"inputs": [{...}]}') from None
    inputs = content.get("inputs") if isinstance(content, dict) else None
    if not isinstance(inputs, list) or not inputs:
        raise WorkloadError("body", f"must have a list of inputs, got {_show(content)}", 'send {"inputs": [{...}]}')
    kinds = {column.name: column.kind for column in columns}
    values: dict[str, list[Any]] = {}
    for at, tensor in enumerate(inputs, 1):
        name, data = _read_tensor(at, tensor, kinds)
        if name in values:
            raise WorkloadError(f"input {name}", "must be there once, got it twice", FIX)
        values[name] = data
    lengths = {len(data) for data in values.values()}
    if len(lengths) != 1 or 0 in lengths:
        raise WorkloadError(
            "inputs", f"must all have the same rows, got {sorted(lengths)}", "send a value for each row"
        )
    rows = [dict(zip(values, row, strict=True)) for row in zip(*values.values(), strict=True)]
    return InferenceRequest(table_of(rows, columns), _read_outputs(content), _read_id(content))


def encode_inference(
    asked: InferenceRequest, probability: Floats, threshold: float, *, model: str, version: str
) -> dict[str, Any]:
    """The answer, with the outputs that were asked for."""
    data: dict[str, list[Any]] = {
        "probability": probability.tolist(),
        "label": [int(value >= threshold) for value in probability],
    }
    return {
        "model_name": model,
        "model_version": version,
        **({} if asked.id is None else {"id": asked.id}),
        "outputs": [
            {"name": name, "datatype": OUTPUTS[name], "shape": [len(data[name])], "data": data[name]}
            for name in asked.outputs
        ],
    }


def _read_tensor(at: int, tensor: Any, kinds: Mapping[str, str]) -> tuple[str, list[Any]]:  # noqa: ANN401
    if not isinstance(tensor, dict) or not isinstance(tensor.get("name"), str):
        raise WorkloadError(f"input {at}", f"must be an object with a name, got {_show(tensor)}", FIX)
    name = tensor["name"]
    where = f"input {name[:40]}"
    if name not in kinds:
        raise WorkloadError(where, f"is no column of the model, got {name[:40]}", f"send {', '.join(sorted(kinds))}")
    legal = (WORDS,) if kinds[name] == "category" else NUMBERS
    if tensor.get("datatype") not in legal:
        raise WorkloadError(where, f"must be {' or '.join(legal)}, got {_show(tensor.get('datatype'))}", "convert it")
    shape, data = tensor.get("shape"), tensor.get("data")
    if not isinstance(data, list):
        raise WorkloadError(where, f"must have its data as a list, got {_show(data)}", "send no binary tensors")
    if isinstance(shape, list) and shape[1:] == [1]:
        # Nested or flat, as the protocol leaves it to the client.
        data = [cell[0] if isinstance(cell, list) and len(cell) == 1 else cell for cell in data]
        shape = shape[:1]
    if shape != [len(data)] or isinstance(shape[0], bool):
        raise WorkloadError(where, f"must have the shape [{len(data)}] of its data, got {_show(shape)}", "correct it")
    return name, data


def _read_outputs(content: Mapping[str, Any]) -> Sequence[str]:
    wanted = content.get("outputs") or [{"name": name} for name in OUTPUTS]
    names = (
        [each.get("name") if isinstance(each, dict) else None for each in wanted] if isinstance(wanted, list) else []
    )
    if not names or any(name not in OUTPUTS for name in names if isinstance(name, str)) or None in names:
        raise WorkloadError("outputs", f"must name {' or '.join(OUTPUTS)}, got {_show(wanted)}", "correct it")
    return [str(name) for name in names]


def _read_id(content: Mapping[str, Any]) -> str | None:
    found = content.get("id")
    if found is not None and not isinstance(found, str):
        raise WorkloadError("id", f"must be a string, got {_show(found)}", "quote it")
    return found


def _show(value: Any) -> str:  # noqa: ANN401
    return json.dumps(value)[:60]
