#!/usr/bin/env python3
"""Writes pipelines/sagemaker/service-limits.json from botocore's model of SageMaker.

The SDK's runtime schemas, which `pipelines/shape` reads, know members and kinds but neither enums nor patterns nor
bounds. botocore's model does; this keeps what the requests of pipeline steps can reach of it.

Run it after an upgrade of @aws-sdk/client-sagemaker, with a botocore of the same age:

    python3 scripts/generate-service-limits.py > pipelines/sagemaker/service-limits.json
"""

import json
import re
import sys
from typing import Any

import botocore
import botocore.session
from botocore.model import ListShape, MapShape, Shape, StructureShape

OPERATIONS = (
    "CreateAutoMLJob",
    "CreateEndpoint",
    "CreateEndpointConfig",
    "CreateHyperParameterTuningJob",
    "CreateInferenceComponent",
    "CreateModel",
    "CreateModelPackage",
    "CreateProcessingJob",
    "CreateTrainingJob",
    "CreateTransformJob",
)
# Refused in a pipeline, so nobody asks for their limits.
UNUSED_MEMBERS = {"CertifyForMarketplace", "DataCaptureConfig", "DeploymentConfig", "ExplainerConfig"}
# Enums that grow with every quarter would age: their form is kept instead.
LONGEST_ENUM = 40
# Patterns that allow everything. The last one does so in exponential time if a text has a rare kind of line break.
UNLIMITED = ("", r"[\s\S]*", r"[\S\s]*", r".*(?:[ \r\n\t].*)*")
INSTANCE_TYPE = r"ml\.[a-z0-9-]+\.[a-z0-9-]+"

Limits = dict[str, Any]


def limits_of(shape: Shape, table: dict[str, Limits]) -> bool:
    """Adds a shape and what it holds to the table. Returns whether there is anything to check in it."""
    if shape.name in table:
        return bool(table[shape.name])
    limits = table[shape.name] = own_limits(shape)
    for key, inner in held_by(shape).items():
        # A shape that holds itself is looked up while it is unfinished: it is kept, to be on the safe side.
        if limits_of(inner, table) or inner.name not in table:
            if isinstance(shape, StructureShape):
                limits.setdefault("members", {})[key] = inner.name
            else:
                limits[key] = inner.name
    return bool(limits)


def held_by(shape: Shape) -> dict[str, Shape]:
    """The shapes that a shape is made of."""
    if isinstance(shape, StructureShape):
        return {name: member for name, member in shape.members.items() if name not in UNUSED_MEMBERS}
    if isinstance(shape, ListShape):
        return {"items": shape.member}
    if isinstance(shape, MapShape):
        return {"keys": shape.key, "values": shape.value}
    return {}


def own_limits(shape: Shape) -> Limits:
    """Bounds, pattern and enum of one shape, without those that allow everything."""
    metadata = shape.metadata
    limits: Limits = {}
    if shape.type_name in ("integer", "long"):
        limits["integer"] = True
    if metadata.get("min", 0) or (shape.type_name in ("integer", "long", "float", "double") and "min" in metadata):
        limits["min"] = metadata["min"]
    if "max" in metadata:
        limits["max"] = metadata["max"]
    values: list[str] = metadata.get("enum", [])
    if len(values) > LONGEST_ENUM and all(value.startswith("ml.") for value in values):
        limits["pattern"] = INSTANCE_TYPE
    elif 0 < len(values) <= LONGEST_ENUM:
        limits["enum"] = values
    pattern = in_javascript(metadata.get("pattern", ""))
    if pattern not in UNLIMITED:
        limits["pattern"] = pattern
    return limits


def in_javascript(pattern: str) -> str:
    """The model's patterns are Java's, written for a whole value."""
    pattern = pattern.replace(r"\p{Alnum}", "A-Za-z0-9").replace(r"\p{Print}", "[ -~]")
    # A few end in a repeated end mark, which repeats the bounds of the length.
    pattern = re.sub(r"\$\{\d+,\d+\}$", "", pattern)
    return pattern.removeprefix("^").removesuffix("$")


def reachable(name: str, table: dict[str, Limits], found: set[str]) -> set[str]:
    """Names of the shapes that are left when the unlimited ones are gone."""
    if name not in found:
        found.add(name)
        limits = table[name]
        for inner in (*limits.get("members", {}).values(), *(limits.get(key) for key in ("items", "keys", "values"))):
            if inner is not None:
                reachable(inner, table, found)
    return found


def main() -> None:
    """Prints the table, a shape a line."""
    model = botocore.session.get_session().get_service_model("sagemaker")
    roots = [model.operation_model(operation).input_shape for operation in OPERATIONS]
    table: dict[str, Limits] = {}
    for root in roots:
        limits_of(root, table)
    names: set[str] = set()
    for root in roots:
        reachable(root.name, table, names)
    lines = [f"  {json.dumps(name)}: {json.dumps(table[name], ensure_ascii=True)}" for name in sorted(names)]
    body = ",\n".join(lines)
    sys.stdout.write(f'{{\n  "botocore": {{ "version": "{botocore.__version__}" }},\n{body}\n}}\n')


if __name__ == "__main__":
    main()
