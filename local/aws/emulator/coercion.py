"""CloudFormation writes `"2"` where an API wants 2, and 2 where it wants `"2"`: each becomes what the API takes."""

from __future__ import annotations

import operator
from collections.abc import Mapping
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

INTEGERS = ("integer", "long")
FLOATS = ("float", "double")


def coerce(value: Any, shape: Shape, where: str) -> Any:
    """`value` in the types of `shape`.

    Raises ValueError for a property that the API doesn't know: it would be dropped without a word otherwise.
    """
    if isinstance(shape, StructureShape):
        return _structure(value, shape, where)
    if isinstance(shape, ListShape):
        items = value if isinstance(value, list) else [value]
        return [coerce(item, shape.member, f"{where}[{index}]") for index, item in enumerate(items)]
    if isinstance(shape, MapShape):
        if not isinstance(value, Mapping):
            raise ValueError(f"{where}: must be a map, got {value!r}")
        return {str(key): coerce(item, shape.value, f"{where}.{key}") for key, item in value.items()}
    return _scalar(value, shape.type_name, where)


def _structure(value: Any, shape: StructureShape, where: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{where}: must be an object, got {value!r}")
    unknown = sorted(set(value) - set(shape.members))
    if unknown:
        raise ValueError(f"{where}: properties that the local AWS doesn't know, got {', '.join(unknown)}")
    return {
        name: coerce(item, shape.members[name], f"{where}.{name}") for name, item in value.items() if item is not None
    }


def _scalar(value: Any, kind: str, where: str) -> Any:
    try:
        if kind in INTEGERS and not isinstance(value, bool):
            return int(value) if isinstance(value, str) else operator.index(value)
        if kind in FLOATS and not isinstance(value, bool):
            return float(value)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{where}: must be a number ({kind}), got {value!r}") from error
    if kind == "boolean" and not isinstance(value, bool):
        if str(value).lower() not in ("true", "false"):
            raise ValueError(f"{where}: must be true or false, got {value!r}")
        return str(value).lower() == "true"
    if kind == "string" and not isinstance(value, str):
        if isinstance(value, bool):
            return str(value).lower()
        if isinstance(value, (int, float)):
            return str(value)
        raise ValueError(f"{where}: must be a string, got {value!r}")
    return value
