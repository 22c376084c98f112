"""A deployment never changes which model is released, whatever else it changes in the registry."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from aws.conftest import LocalAws
from aws.fake_sagemaker import FakeSageMaker

STACK = "mlops-local-registry"
PARAMETER = "/mlops/local/flight-delay/release"
RELEASED = "arn:aws:sagemaker:us-east-1:000000000000:model-package/local-flight-delay/7"

Template = dict[str, Any]


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    sagemaker = FakeSageMaker()
    local = LocalAws(tmp_path_factory.mktemp("aws") / "state", sagemaker.url)
    local.start()
    local.client("ssm").put_parameter(Name="/cdk-bootstrap/hnb659fds/version", Type="String", Value="30")
    yield local
    local.end()
    sagemaker.close()


@pytest.fixture(scope="module")
def registry(templates: list[Path]) -> Template:
    [path] = [path for path in templates if path.name.startswith("localRegistry")]
    return dict(json.loads(path.read_text()))


@pytest.fixture
def released(aws: LocalAws, registry: Template) -> Iterator[LocalAws]:
    cloudformation = aws.client("cloudformation")
    cloudformation.create_stack(StackName=STACK, TemplateBody=json.dumps(registry))
    assert aws.settle(STACK)["StackStatus"] == "CREATE_COMPLETE"
    assert release(aws) == "none"
    aws.client("ssm").put_parameter(Name=PARAMETER, Value=RELEASED, Overwrite=True)
    yield aws
    cloudformation.delete_stack(StackName=STACK)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=STACK, WaiterConfig={"Delay": 1})


def release(aws: LocalAws) -> str:
    return str(aws.client("ssm").get_parameter(Name=PARAMETER)["Parameter"]["Value"])


def resource(template: Template, kind: str) -> dict[str, Any]:
    [found] = [each for each in template["Resources"].values() if each["Type"] == kind]
    return dict(found)


def deploy(aws: LocalAws, template: Template) -> None:
    aws.client("cloudformation").update_stack(StackName=STACK, TemplateBody=json.dumps(template))
    assert aws.settle(STACK)["StackStatus"] == "UPDATE_COMPLETE"


def test_survives_new_tags_and_a_new_model(released: LocalAws, registry: Template) -> None:
    changed = copy.deepcopy(registry)
    group = resource(changed, "AWS::SageMaker::ModelPackageGroup")
    group["Properties"]["Tags"].append({"Key": "owner", "Value": "somebody-else"})
    second = json.loads(json.dumps(registry["Resources"]).replace("flight-delay", "churn"))
    changed["Resources"] |= {f"Second{name}": value for name, value in second.items()}
    deploy(released, changed)
    assert release(released) == RELEASED


def test_would_not_survive_a_change_of_any_property_of_its_own(released: LocalAws, registry: Template) -> None:
    changed = copy.deepcopy(registry)
    resource(changed, "AWS::SSM::Parameter")["Properties"]["Description"] = "The release"
    deploy(released, changed)
    assert release(released) == "none"
