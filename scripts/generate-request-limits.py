#!/usr/bin/env python3
"""Writes local/sagemaker/api/request-limits.json: what the local SageMaker's actions demand of a request.

As generate-service-limits.py, whose form it has, but for the actions that the local services answer, each with all of
its members. Run it after an upgrade of the SDK or when an action is added, with a botocore of the same age:

    python3 scripts/generate-request-limits.py > local/sagemaker/api/request-limits.json
"""

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import botocore
import botocore.session

SAGEMAKER = {
    "Add": ("Tags",),
    "Create": (
        *("Endpoint", "EndpointConfig", "Model", "ModelPackage", "ModelPackageGroup", "Pipeline"),
        *("HyperParameterTuningJob", "ProcessingJob", "TrainingJob", "TransformJob"),
    ),
    "Delete": ("Endpoint", "EndpointConfig", "Model", "ModelPackage", "ModelPackageGroup", "Pipeline", "Tags"),
    "Describe": (
        *("Endpoint", "EndpointConfig", "Model", "ModelPackage", "ModelPackageGroup", "Pipeline"),
        *("PipelineDefinitionForExecution", "PipelineExecution"),
        *("HyperParameterTuningJob", "ProcessingJob", "TrainingJob", "TransformJob"),
    ),
    "List": (
        *("Endpoints", "EndpointConfigs", "Models", "ModelPackages", "ModelPackageGroups", "Pipelines", "Tags"),
        *("PipelineExecutions", "PipelineExecutionSteps", "PipelineParametersForExecution"),
        *("HyperParameterTuningJobs", "ProcessingJobs", "TrainingJobs", "TransformJobs"),
        "TrainingJobsForHyperParameterTuningJob",
    ),
    "Retry": ("PipelineExecution",),
    "Start": ("PipelineExecution",),
    "Stop": ("HyperParameterTuningJob", "PipelineExecution", "ProcessingJob", "TrainingJob", "TransformJob"),
    "Update": ("Endpoint", "EndpointWeightsAndCapacities", "ModelPackage", "Pipeline", "PipelineExecution"),
}
AUTO_SCALING = {
    "Delete": ("ScalingPolicy", "ScheduledAction"),
    "Deregister": ("ScalableTarget",),
    "Describe": ("ScalableTargets", "ScalingPolicies", "ScheduledActions"),
    "Put": ("ScalingPolicy", "ScheduledAction"),
    "Register": ("ScalableTarget",),
}


def load_generator() -> ModuleType:
    """Loads the script beside this one, whose name is no module's."""
    path = Path(__file__).with_name("generate-service-limits.py")
    spec = importlib.util.spec_from_file_location("generate_service_limits", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.UNUSED_MEMBERS = set()
    return module


def table_of(service: str, actions: dict[str, tuple[str, ...]]) -> str:
    """Returns one service's actions and shapes as JSON, a shape a line."""
    generator = load_generator()
    model = botocore.session.get_session().get_service_model(service)
    names = sorted(f"{verb}{noun}" for verb, nouns in actions.items() for noun in nouns)
    roots = {name: model.operation_model(name).input_shape for name in names}
    table: dict[str, dict[str, Any]] = {}
    for root in roots.values():
        generator.limits_of(root, table)
    found: set[str] = set()
    for root in roots.values():
        generator.reachable(root.name, table, found)
    lines = [f"      {json.dumps(name)}: {json.dumps(table[name], ensure_ascii=True)}" for name in sorted(found)]
    inputs = json.dumps({name: root.name for name, root in roots.items()})
    shapes = ",\n".join(lines)
    return f'{{\n    "actions": {inputs},\n    "shapes": {{\n{shapes}\n    }}\n  }}'


def main() -> None:
    """Prints the tables of both services."""
    sagemaker, auto_scaling = table_of("sagemaker", SAGEMAKER), table_of("application-autoscaling", AUTO_SCALING)
    sys.stdout.write(f'{{\n  "botocore": {{ "version": "{botocore.__version__}" }},\n')
    sys.stdout.write(f'  "SageMaker": {sagemaker},\n  "AnyScaleFrontendService": {auto_scaling}\n}}\n')


if __name__ == "__main__":
    main()
