"""What holds for every action: errors, tags, unknown actions."""

import json
import urllib.error
import urllib.request
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from sagemaker.conftest import arn


def post(endpoint_url: str, target: str, body: str) -> tuple[int, dict[str, Any]]:
    request = urllib.request.Request(endpoint_url, body.encode(), {"X-Amz-Target": target})
    try:
        with urllib.request.urlopen(request) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


def test_a_request_is_held_against_its_shape(endpoint_url: str) -> None:
    status, error = post(endpoint_url, "SageMaker.CreateModel", "{}")
    assert (status, error["__type"]) == (400, "ValidationException")
    assert error["message"].startswith("1 validation error detected: Value null at 'modelName' failed to satisfy")
    status, error = post(endpoint_url, "SageMaker.CreateModel", '{"ModelName": 1}')
    assert (status, error["__type"]) == (400, "SerializationException")
    status, error = post(endpoint_url, "SageMaker.CreateModel", '{"ModelName": "m", "Colour": "red"}')
    assert "'colour'" in error["message"]


@pytest.mark.parametrize("name", ["", "a" * 64, "-a", "a_b", "ü"])
def test_a_name_that_the_service_would_not_take_is_refused(sagemaker: BaseClient, name: str) -> None:
    with pytest.raises(ClientError, match=r"ValidationException.*'modelPackageGroupName' failed to satisfy constraint"):
        sagemaker.create_model_package_group(ModelPackageGroupName=name)


def test_what_is_not_implemented_fails_by_name(sagemaker: BaseClient) -> None:
    with pytest.raises(ClientError) as error:
        sagemaker.create_notebook_instance(NotebookInstanceName="n", InstanceType="ml.t3.medium", RoleArn="r")
    assert error.value.response["Error"]["Code"] == "UnknownOperationException"
    assert "CreateNotebookInstance: the local SageMaker doesn't implement it" in str(error.value)


def test_tags_are_added_listed_and_deleted(sagemaker: BaseClient) -> None:
    sagemaker.create_model_package_group(ModelPackageGroupName="tagged", Tags=[{"Key": "team", "Value": "a"}])
    resource = arn("model-package-group/tagged")
    sagemaker.add_tags(ResourceArn=resource, Tags=[{"Key": f"key-{number:02}", "Value": "v"} for number in range(30)])
    assert len(sagemaker.list_tags(ResourceArn=resource)["Tags"]) == 31
    sagemaker.delete_tags(ResourceArn=resource, TagKeys=[f"key-{number:02}" for number in range(30)])
    assert sagemaker.list_tags(ResourceArn=resource)["Tags"] == [{"Key": "team", "Value": "a"}]
    sagemaker.delete_model_package_group(ModelPackageGroupName="tagged")
    with pytest.raises(ClientError, match=r"model-package-group/tagged does not exist"):
        sagemaker.list_tags(ResourceArn=resource)
