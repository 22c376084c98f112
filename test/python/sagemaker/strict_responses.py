"""Holds every answer against botocore's model, which nobody here wrote."""

import json
from typing import Any

from botocore.client import BaseClient
from botocore.model import ListShape, MapShape, OperationModel, Shape, StringShape, StructureShape

KINDS: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "long": int,
    "float": (int, float),
    "double": (int, float),
    "boolean": bool,
    "timestamp": (int, float),
}


def check_responses(client: BaseClient) -> None:
    """Makes a client fail on any answer that has an unknown member, lacks a required one, or mistakes a type."""
    service = client.meta.service_model.service_id.hyphenize()
    client.meta.events.register(f"before-parse.{service}.*", check_response)


def check_response(operation_model: OperationModel, response_dict: dict[str, Any], **_: object) -> None:
    """Receives what came over the wire, before botocore drops what it doesn't know."""
    if response_dict["status_code"] >= 300:
        return
    flaws = list(flaws_of(operation_model.output_shape, json.loads(response_dict["body"]), operation_model.name))
    assert flaws == []


def flaws_of(shape: Shape | None, value: Any, path: str) -> list[str]:
    """Returns what the model doesn't allow in a value."""
    if shape is None:
        return [] if value == {} else [f"{path}: must be empty"]
    if isinstance(shape, StructureShape):
        unknown = [f"{path}.{name}: unknown" for name in value if name not in shape.members]
        missing = [f"{path}.{name}: missing" for name in shape.required_members if name not in value]
        known = [
            (shape.members[name], inner, f"{path}.{name}") for name, inner in value.items() if name in shape.members
        ]
        return unknown + missing + [flaw for member in known for flaw in flaws_of(*member)]
    if isinstance(shape, ListShape):
        return [flaw for index, item in enumerate(value) for flaw in flaws_of(shape.member, item, f"{path}[{index}]")]
    if isinstance(shape, MapShape):
        return [flaw for key, item in value.items() for flaw in flaws_of(shape.value, item, f"{path}.{key}")]
    if not isinstance(value, KINDS[shape.type_name]):
        return [f"{path}: must be {shape.type_name}, got {value!r}"]
    allowed = shape.enum if isinstance(shape, StringShape) else []
    if allowed and value not in allowed:
        return [f"{path}: must be one of {allowed}, got {value!r}"]
    return []
