"""The definitions in the templates against botocore's model of SageMaker."""

import copy
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from templates.pipeline_definition import Templates
from templates.strict_definition import Step, StrictDefinition, all_steps

Place = Callable[[dict[str, Step]], Step]
GET = {"Get": "Parameters.ModelApprovalStatus"}


@pytest.fixture(scope="module")
def pipelines(assembly: Path) -> dict[str, Any]:
    return Templates(assembly).pipelines()


def test_every_environment_has_the_pipeline_of_its_model(pipelines: dict[str, Any]) -> None:
    assert sorted(pipelines) == [f"mlops-{name}-pipeline-flight-delay" for name in ("dev", "local", "prod", "staging")]


def test_raw_data_come_from_no_cache_that_knows_their_address_only(pipelines: dict[str, Any]) -> None:
    cached = {
        stack
        for stack, definition in pipelines.items()
        if any(step["Name"] == "Prepare" and "CacheConfig" in step for step in definition["Steps"])
    }
    # That of the laptop looks at what an input holds.
    assert cached == {"mlops-local-pipeline-flight-delay"}


def test_botocore_accepts_every_definition(pipelines: dict[str, Any]) -> None:
    for stack, definition in pipelines.items():
        assert StrictDefinition(definition).check() == [], stack


def cluster(steps: dict[str, Step]) -> Step:
    return steps["Prepare"]["Arguments"]["ProcessingResources"]["ClusterConfig"]


def application(steps: dict[str, Step]) -> Step:
    return steps["Prepare"]["Arguments"]["AppSpecification"]


def first_input(steps: dict[str, Step]) -> Step:
    return steps["ValidateData"]["Arguments"]["ProcessingInputs"][0]["S3Input"]


def training_job(steps: dict[str, Step]) -> Step:
    return steps["Tune"]["Arguments"]["TrainingJobDefinition"]


def arguments(name: str) -> Place:
    return lambda steps: steps[name]["Arguments"]


# Each is a mistake that botocore's model knows: where, the change, and what is said of it.
MISTAKES: dict[str, tuple[Place, dict[str, Any], str]] = {
    "a required member is missing": (application, {"ImageUri": None}, 'Missing required parameter in .*"ImageUri"'),
    "a member is unknown": (arguments("Prepare"), {"StopingCondition": {}}, 'Unknown parameter in input: "StopingCon'),
    "a number is a text": (cluster, {"InstanceCount": "1"}, "Invalid type for parameter .*InstanceCount"),
    "a number is too small": (cluster, {"InstanceCount": 0}, r"InstanceCount: must be within 1 and \d+, got 0"),
    "a number is too large": (cluster, {"VolumeSizeInGB": 16385}, "VolumeSizeInGB: must be within 1 and 16384"),
    "an enum has no such value": (first_input, {"S3DataType": "S3Folder"}, "S3DataType: must be one of .*S3Prefix"),
    "a pattern isn't matched": (arguments("Prepare"), {"RoleArn": "arn:aws:iam::1:role/sample"}, "RoleArn: must match"),
    "a text is too long": (arguments("Register"), {"ModelPackageDescription": "x" * 1025}, "within 0 and 1024"),
    "a list is too long": (
        arguments("Prepare"),
        {"ProcessingInputs": [{"InputName": f"n{index}"} for index in range(11)]},
        "ProcessingInputs: must be within 0 and 10, got 11",
    ),
    "a name is SageMaker's to give": (arguments("Prepare"), {"ProcessingJobName": "mine"}, "SageMaker names it"),
    "a tuning names an entrypoint": (
        training_job,
        {
            "AlgorithmSpecification": {
                "TrainingImage": "image",
                "TrainingInputMode": "File",
                "ContainerEntrypoint": ["train"],
            }
        },
        'Unknown parameter in .*"ContainerEntrypoint"',
    ),
    "a reference stands for a list": (arguments("Prepare"), {"ProcessingInputs": GET}, "can't stand for a list"),
    "a reference stands for a structure": (
        arguments("Prepare"),
        {"AppSpecification": GET},
        "can't stand for a structure",
    ),
    "a reference stands for a map": (training_job, {"StaticHyperParameters": GET}, "can't stand for a map"),
    "a text stands for a number": (cluster, {"InstanceCount": GET}, "must be a integer, got a string"),
    "a float stands for a whole number": (
        cluster,
        {"InstanceCount": {"Get": "Parameters.GateRocAucAtLeast"}},
        "must be a integer, got a float",
    ),
    "a parameter is unknown": (first_input, {"S3Uri": {"Get": "Parameters.None"}}, "leads nowhere"),
    "a step is unknown": (first_input, {"S3Uri": {"Get": "Steps.None.RoleArn"}}, "leads nowhere"),
    "an output is unknown": (
        first_input,
        {"S3Uri": {"Get": "Steps.Prepare.ProcessingOutputConfig.Outputs['trian'].S3Output.S3Uri"}},
        "leads to no single value",
    ),
    "a property is unknown": (first_input, {"S3Uri": {"Get": "Steps.Prepare.Role"}}, "leads to no single value"),
    "a whole structure is read": (first_input, {"S3Uri": {"Get": "Steps.Prepare.AppSpecification"}}, "no single value"),
    "a join joins nothing": (first_input, {"S3Uri": {"Std:Join": {"On": "/", "Values": []}}}, "no reference has this"),
    "a join has no separator": (first_input, {"S3Uri": {"Std:Join": {"Values": ["a"]}}}, "no reference has this form"),
    "a function is unknown": (first_input, {"S3Uri": {"Std:Jion": {"On": "/"}}}, "no reference has this form"),
    "a property file is unknown": (
        arguments("Register"),
        {
            "CustomerMetadataProperties": {
                "auc": {"Std:JsonGet": {"PropertyFile": {"Get": "Steps.Evaluate.PropertyFiles.None"}, "Path": "auc"}}
            }
        },
        "unknown property file",
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_notices_that(mistake: str, pipelines: dict[str, Any]) -> None:
    place, change, said = MISTAKES[mistake]
    definition = copy.deepcopy(pipelines["mlops-local-pipeline-flight-delay"])
    target = place({step["Name"]: step for step in all_steps(definition["Steps"])})
    for member, value in change.items():
        if value is None:
            del target[member]
        else:
            target[member] = value
    [fault, *_] = StrictDefinition(definition).check()
    assert re.search(said, fault), fault
