"""Judges a pipeline's definition by botocore's model of SageMaker, which knows more than any schema that AWS publishes.

It is independent of the checks in `pipelines/`, so that one doesn't repeat the other's mistakes.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from typing import Any

import botocore.session
from botocore.model import ListShape, MapShape, Shape, StructureShape
from botocore.validate import ParamValidator

SAGEMAKER = botocore.session.get_session().get_service_model("sagemaker")
# By type of step: the request, the member of it that SageMaker names, and what describes the result.
JOBS = {
    "Processing": ("CreateProcessingJob", "ProcessingJobName", "DescribeProcessingJob"),
    "Training": ("CreateTrainingJob", "TrainingJobName", "DescribeTrainingJob"),
    "Tuning": (
        "CreateHyperParameterTuningJob",
        "HyperParameterTuningJobName",
        "DescribeHyperParameterTuningJob",
    ),
    "Transform": ("CreateTransformJob", "TransformJobName", "DescribeTransformJob"),
    "Model": ("CreateModel", "ModelName", "DescribeModel"),
    "RegisterModel": ("CreateModelPackage", "ModelPackageName", "DescribeModelPackage"),
    "QualityCheck": ("CreateProcessingJob", "ProcessingJobName", "DescribeProcessingJob"),
    "ClarifyCheck": ("CreateProcessingJob", "ProcessingJobName", "DescribeProcessingJob"),
}
NAMED_LISTS = {"Outputs": "OutputName", "ProcessingInputs": "InputName", "FinalMetricDataList": "MetricName"}
KINDS = {"String": "string", "Integer": "integer", "Float": "float", "Boolean": "boolean"}
NUMBERS = {"integer", "long", "float", "double"}
PART = re.compile(r"\.(\w+)|\[(\d+)\]|\['([^']+)'\]")

Step = dict[str, Any]


class StrictDefinition:
    """Finds everything in one definition that botocore's model doesn't allow."""

    def __init__(self, definition: dict[str, Any]) -> None:
        self.definition = definition
        self.steps = {step["Name"]: step for step in all_steps(definition["Steps"])}
        self.parameters = {each["Name"]: each["Type"] for each in definition["Parameters"]}
        self.faults: list[str] = []

    def check(self) -> list[str]:
        """The faults, each beginning with its place."""
        for step in self.steps.values():
            self.check_step(step)
        return self.faults

    def check_step(self, step: Step) -> None:
        name, arguments = step["Name"], step["Arguments"]
        if step["Type"] == "Condition":
            for index, condition in enumerate(arguments["Conditions"]):
                for side in ("LeftValue", "RightValue"):
                    self.kind_of(condition[side], f"{name}.Conditions[{index}].{side}")
        elif step["Type"] == "Fail":
            self.kind_of(arguments["ErrorMessage"], f"{name}.ErrorMessage")
        else:
            operation, own_name, _ = JOBS[step["Type"]]
            request = SAGEMAKER.operation_model(operation).input_shape
            if own_name in arguments:
                self.faults.append(f"{name}.{own_name}: SageMaker names it")
            filled = self.fill(arguments, request, name)
            report = ParamValidator().validate({own_name: "sample", **filled}, request)
            self.faults += [f"{name}: {line}" for line in report.generate_report().splitlines()]

    def fill(self, value: object, shape: Shape, where: str) -> Any:  # noqa: ANN401 - whatever the shape asks for
        """Puts samples where references are, and checks what botocore's own validator leaves out."""
        if is_reference(value):
            kind = self.kind_of(value, where)
            if isinstance(shape, StructureShape | ListShape | MapShape):
                self.faults.append(f"{where}: a reference can't stand for a {shape.type_name}")
                return {} if not isinstance(shape, ListShape) else []
            if not fits(kind, shape.type_name):
                self.faults.append(f"{where}: must be a {shape.type_name}, got a {kind}")
            return sample(shape)
        if isinstance(shape, StructureShape) and isinstance(value, dict):
            members = {key: shape.members.get(key) for key in value}
            return {
                key: self.fill(value[key], member, f"{where}.{key}") if member else value[key]
                for key, member in members.items()
            }
        if isinstance(shape, ListShape) and isinstance(value, list):
            self.check_bounds(len(value), shape, where)
            return [self.fill(item, shape.member, f"{where}[{index}]") for index, item in enumerate(value)]
        if isinstance(shape, MapShape) and isinstance(value, dict):
            self.check_bounds(len(value), shape, where)
            for key in value:
                self.fill(key, shape.key, f"{where}.{key}")
            return {key: self.fill(inner, shape.value, f"{where}.{key}") for key, inner in value.items()}
        self.check_leaf(value, shape, where)
        return value

    def check_leaf(self, value: object, shape: Shape, where: str) -> None:
        if isinstance(value, str):
            self.check_bounds(len(value), shape, where)
            if (choices := getattr(shape, "enum", None)) and value not in choices:
                self.faults.append(f"{where}: must be one of {', '.join(choices)}, got {value}")
            pattern = shape.metadata.get("pattern")
            if pattern is not None and not compiled(pattern).fullmatch(value):
                self.faults.append(f"{where}: must match {pattern}, got {value}")
        elif isinstance(value, int | float) and not isinstance(value, bool):
            self.check_bounds(value, shape, where)

    def check_bounds(self, size: float, shape: Shape, where: str) -> None:
        low, high = shape.metadata.get("min"), shape.metadata.get("max")
        if (low is not None and size < low) or (high is not None and size > high):
            self.faults.append(f"{where}: must be within {low} and {high}, got {size}")

    def kind_of(self, value: object, where: str) -> str | None:
        """What a reference or a literal gives; None if only the run knows or if it is faulty."""
        if not isinstance(value, dict):
            return {str: "string", bool: "boolean", int: "integer", float: "float"}.get(type(value))
        match value:
            case {"Get": str(path)}:
                return self.kind_of_get(path, where)
            case {"Std:Join": {"On": str(), "Values": [_, *_] as values}}:
                for index, part in enumerate(values):
                    self.kind_of(part, f"{where}.Values[{index}]")
                return "string"
            case {"Std:JsonGet": {"PropertyFile": {"Get": str(file)}, "Path": str()}}:
                self.check_property_file(file, where)
                return None
        self.faults.append(f"{where}: no reference has this form, got {value}")
        return None

    def check_property_file(self, path: str, where: str) -> None:
        found = re.fullmatch(r"Steps\.([\w-]+)\.PropertyFiles\.([\w-]+)", path)
        step = self.steps.get(found[1], {}) if found else {}
        files = {file["PropertyFileName"]: file["OutputName"] for file in step.get("PropertyFiles", [])}
        if not found or found[2] not in files:
            self.faults.append(f"{where}: unknown property file, got {path}")
        elif files[found[2]] not in names_of(step, "Outputs"):
            self.faults.append(f"{where}: property file in an unknown output, got {files[found[2]]}")

    def kind_of_get(self, path: str, where: str) -> str | None:
        root, _, rest = path.partition(".")
        if root == "Parameters" and rest in self.parameters:
            return KINDS[self.parameters[rest]]
        if root == "Execution" and re.fullmatch(r"\w+", rest):
            return "string"
        name = re.match(r"[\w-]+", rest)
        if root == "Steps" and name and (step := self.steps.get(name[0])) and step["Type"] in JOBS:
            return self.kind_of_property(step, rest[name.end() :], path, where)
        self.faults.append(f"{where}: leads nowhere, got {path}")
        return None

    def kind_of_property(self, step: Step, rest: str, path: str, where: str) -> str | None:
        shape: Shape | None = SAGEMAKER.operation_model(JOBS[step["Type"]][2]).output_shape
        parts = list(PART.finditer(rest))
        before = ""
        if "".join(part[0] for part in parts) != rest:
            shape = None
        for part in parts:
            member, index, key = part.groups()
            if member and isinstance(shape, StructureShape):
                shape = shape.members.get(member)
            elif isinstance(shape, ListShape) and (index or key in names_of(step, before)):
                shape = shape.member
            elif key and isinstance(shape, MapShape):
                shape = shape.value
            else:
                shape = None
            before = member or ""
        if shape is None or isinstance(shape, StructureShape | ListShape | MapShape):
            self.faults.append(f"{where}: leads to no single value, got {path}")
            return None
        return "string" if shape.type_name == "timestamp" else str(shape.type_name)


@cache
def compiled(pattern: str) -> re.Pattern[str]:
    """Python knows no categories of characters, such as \\p{L} for letters, and no end of text that is repeated."""
    pattern = re.sub(r"\$\{\d+,\d+\}$", "", pattern)
    return re.compile(re.sub(r"\\p\{(\w)\}", lambda category: characters_of(category[1]), pattern))


@cache
def characters_of(category: str) -> str:
    """Characters of the basic plane, as a part of a character class."""
    return "".join(re.escape(chr(code)) for code in range(0x10000) if unicodedata.category(chr(code))[0] == category)


def all_steps(steps: list[Step]) -> Iterator[Step]:
    """The steps, those in branches too."""
    for step in steps:
        yield step
        if step["Type"] == "Condition":
            for branch in ("IfSteps", "ElseSteps"):
                yield from all_steps(step["Arguments"][branch])


def is_reference(value: object) -> bool:
    """Whether it is meant as one, well-formed or not."""
    return isinstance(value, dict) and any(key == "Get" or key.startswith("Std:") for key in value)


def names_of(step: Step, member: str) -> set[str]:
    """Names that a step's arguments declare for a list of its description."""
    arguments = step["Arguments"]
    declared = arguments.get("ProcessingOutputConfig", {}) if member == "Outputs" else arguments
    return {item[NAMED_LISTS[member]] for item in declared.get(member, [])} if member in NAMED_LISTS else set()


def fits(kind: str | None, wanted: str) -> bool:
    """Whether a reference's kind may stand where the type is wanted."""
    if kind is None or kind == wanted:
        return True
    return kind in NUMBERS and wanted in NUMBERS and not (kind == "float" and wanted in {"integer", "long"})


def sample(shape: Shape) -> str | int | bool:
    """The smallest value of a leaf."""
    low = shape.metadata.get("min", 1)
    if shape.type_name == "boolean":
        return True
    return max(1, int(low)) if shape.type_name in NUMBERS else "x" * max(1, low)
