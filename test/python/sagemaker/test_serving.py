"""Models, endpoint configurations, endpoints and what scales them."""

from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from sagemaker.conftest import ACCOUNT, arn

IMAGE = "test/image:echo"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/execution"


@pytest.fixture(scope="module")
def model(sagemaker: BaseClient) -> Iterator[str]:
    name = f"model-{uuid4().hex[:8]}"
    sagemaker.create_model(ModelName=name, PrimaryContainer={"Image": IMAGE}, ExecutionRoleArn=ROLE)
    yield name
    sagemaker.delete_model(ModelName=name)


def variant(model: str, **more: Any) -> dict[str, Any]:
    sizes = {"InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    return {"VariantName": "AllTraffic", "ModelName": model, **sizes, **more}


@pytest.fixture(scope="module")
def config(sagemaker: BaseClient, model: str) -> Iterator[str]:
    name = f"config-{uuid4().hex[:8]}"
    sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant(model)])
    yield name
    sagemaker.delete_endpoint_config(EndpointConfigName=name)


@pytest.fixture(scope="module")
def endpoint(sagemaker: BaseClient, config: str) -> Iterator[str]:
    name = f"endpoint-{uuid4().hex[:8]}"
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=config)
    sagemaker.get_waiter("endpoint_in_service").wait(EndpointName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    yield name
    sagemaker.delete_endpoint(EndpointName=name)
    sagemaker.get_waiter("endpoint_deleted").wait(EndpointName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60})


def test_a_model_is_described_and_listed(sagemaker: BaseClient, model: str) -> None:
    described = sagemaker.describe_model(ModelName=model)
    assert described["ModelArn"] == arn(f"model/{model}")
    assert described["PrimaryContainer"] == {"Image": IMAGE}
    assert described["ExecutionRoleArn"] == ROLE
    assert described["EnableNetworkIsolation"] is False
    assert [found["ModelName"] for found in sagemaker.list_models(NameContains=model)["Models"]] == [model]


def test_a_model_that_exists_or_is_missing_or_names_what_is_not_there_is_refused(
    sagemaker: BaseClient, model: str
) -> None:
    with pytest.raises(ClientError, match=f'ValidationException.*Cannot create already existing model "{arn("model")}'):
        sagemaker.create_model(ModelName=model, PrimaryContainer={"Image": IMAGE}, ExecutionRoleArn=ROLE)
    with pytest.raises(ClientError, match=r'Could not find model ".*model/none"'):
        sagemaker.describe_model(ModelName="none")
    with pytest.raises(ClientError, match=r'Could not find model ".*model/none"'):
        sagemaker.delete_model(ModelName="none")
    container = {"Image": IMAGE, "ModelDataUrl": "s3://models/none.tar.gz"}
    with pytest.raises(ClientError, match=r"Could not find model data at s3://models/none\.tar\.gz\."):
        sagemaker.create_model(ModelName="other", PrimaryContainer=container, ExecutionRoleArn=ROLE)
    with pytest.raises(ClientError, match=r"ModelPackage .* does not exist"):
        package = {"ModelPackageName": arn("model-package/none/1")}
        sagemaker.create_model(ModelName="other", PrimaryContainer=package, ExecutionRoleArn=ROLE)


def test_a_model_finds_its_data(sagemaker: BaseClient) -> None:
    container = {"Image": IMAGE, "ModelDataUrl": "s3://models/model.tar.gz"}
    sagemaker.create_model(ModelName="with-data", PrimaryContainer=container, ExecutionRoleArn=ROLE)
    assert sagemaker.describe_model(ModelName="with-data")["PrimaryContainer"] == container
    sagemaker.delete_model(ModelName="with-data")


def test_models_come_in_pages(sagemaker: BaseClient) -> None:
    names = [f"page-{letter}" for letter in "abcde"]
    for name in names:
        sagemaker.create_model(ModelName=name, PrimaryContainer={"Image": IMAGE}, ExecutionRoleArn=ROLE)
    paginator = sagemaker.get_paginator("list_models")
    found = paginator.paginate(NameContains="page-", SortBy="Name", SortOrder="Ascending", MaxResults=2)
    assert [model["ModelName"] for page in found for model in page["Models"]] == names
    for name in names:
        sagemaker.delete_model(ModelName=name)


def test_an_endpoint_configuration_is_described_and_listed(sagemaker: BaseClient, model: str, config: str) -> None:
    described = sagemaker.describe_endpoint_config(EndpointConfigName=config)
    assert described["EndpointConfigArn"] == arn(f"endpoint-config/{config}")
    assert described["ProductionVariants"] == [variant(model, InitialVariantWeight=1)]
    found = sagemaker.list_endpoint_configs(NameContains=config)["EndpointConfigs"]
    assert [each["EndpointConfigName"] for each in found] == [config]


def test_an_endpoint_configuration_that_can_not_work_is_refused(sagemaker: BaseClient, model: str, config: str) -> None:
    def create(name: str, **more: Any) -> None:
        sagemaker.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[variant(model, **more)])

    with pytest.raises(ClientError, match=r"Cannot create already existing endpoint configuration"):
        create(config)
    with pytest.raises(ClientError, match=r'Could not find model ".*model/none"'):
        create("other", ModelName="none")
    with pytest.raises(ClientError, match=r"InstanceType: a serverless variant has no instances"):
        create("other", ServerlessConfig={"MemorySizeInMB": 1024, "MaxConcurrency": 1})
    with pytest.raises(ClientError, match=r'Could not find endpoint configuration ".*endpoint-config/none"'):
        sagemaker.describe_endpoint_config(EndpointConfigName="none")


def test_an_endpoint_answers(endpoint: str, client_of: Callable[[str], BaseClient]) -> None:
    runtime = client_of("sagemaker-runtime")
    answer = runtime.invoke_endpoint(EndpointName=endpoint, Body=b"1,2\n", ContentType="text/csv", Accept="text/csv")
    assert answer["Body"].read() == b"1,2\n"
    assert answer["ContentType"] == "text/csv"
    assert answer["InvokedProductionVariant"] == "AllTraffic"


def test_an_endpoint_that_fails_says_what_its_model_said(endpoint: str, client_of: Callable[[str], BaseClient]) -> None:
    runtime = client_of("sagemaker-runtime")
    with pytest.raises(runtime.exceptions.ModelError) as error:
        runtime.invoke_endpoint(EndpointName=endpoint, Body=b"fail", ContentType="text/csv")
    assert error.value.response["OriginalStatusCode"] == 500
    assert error.value.response["OriginalMessage"] == "fail"
    with pytest.raises(runtime.exceptions.ValidationError, match=f"Endpoint none of account {ACCOUNT} not found"):
        runtime.invoke_endpoint(EndpointName="none", Body=b"1")


def target_of(endpoint: str) -> dict[str, str]:
    return {
        "ServiceNamespace": "sagemaker",
        "ResourceId": f"endpoint/{endpoint}/variant/AllTraffic",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
    }


def test_what_scales_an_endpoint_is_recorded(autoscaling: BaseClient, endpoint: str) -> None:
    target = target_of(endpoint)
    first = autoscaling.register_scalable_target(**target, MinCapacity=1, MaxCapacity=4)["ScalableTargetARN"]
    assert autoscaling.register_scalable_target(**target, MaxCapacity=2)["ScalableTargetARN"] == first
    [described] = autoscaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
    assert (described["MinCapacity"], described["MaxCapacity"]) == (1, 2)
    tracking = {
        "TargetValue": 100.0,
        "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
    }
    policy = autoscaling.put_scaling_policy(
        **target,
        PolicyName="calls",
        PolicyType="TargetTrackingScaling",
        TargetTrackingScalingPolicyConfiguration=tracking,
    )["PolicyARN"]
    [found] = autoscaling.describe_scaling_policies(ServiceNamespace="sagemaker")["ScalingPolicies"]
    assert found["PolicyARN"] == policy
    assert found["TargetTrackingScalingPolicyConfiguration"] == tracking
    autoscaling.delete_scaling_policy(**target, PolicyName="calls")
    with pytest.raises(autoscaling.exceptions.ObjectNotFoundException, match=r"No scaling policy found"):
        autoscaling.delete_scaling_policy(**target, PolicyName="calls")
    autoscaling.deregister_scalable_target(**target)
    with pytest.raises(autoscaling.exceptions.ObjectNotFoundException, match=r"No scalable target found"):
        autoscaling.deregister_scalable_target(**target)


def test_scheduled_actions_of_a_target_are_recorded(autoscaling: BaseClient, endpoint: str) -> None:
    target = target_of(endpoint)
    autoscaling.register_scalable_target(**target, MinCapacity=1, MaxCapacity=4)
    autoscaling.put_scheduled_action(
        **target,
        ScheduledActionName="morning",
        Schedule="cron(0 7 ? * MON-FRI *)",
        Timezone="Europe/Berlin",
        StartTime="2026-01-01T00:00:00Z",
        ScalableTargetAction={"MinCapacity": 2},
    )
    [found] = autoscaling.describe_scheduled_actions(ServiceNamespace="sagemaker")["ScheduledActions"]
    assert (found["Schedule"], found["ScalableTargetAction"]) == ("cron(0 7 ? * MON-FRI *)", {"MinCapacity": 2})
    assert found["StartTime"].year == 2026
    autoscaling.delete_scheduled_action(**target, ScheduledActionName="morning")
    assert autoscaling.describe_scheduled_actions(ServiceNamespace="sagemaker")["ScheduledActions"] == []
    autoscaling.deregister_scalable_target(**target)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"MinCapacity": 5, "MaxCapacity": 4}, "Maximum capacity cannot be less than minimum capacity, got 4 and 5"),
        ({"MinCapacity": 1}, "MaxCapacity is missing"),
        ({"MinCapacity": 0, "MaxCapacity": 1}, "MinCapacity: must be a whole number from 1, got 0"),
        ({"ServiceNamespace": "ecs"}, "ServiceNamespace ecs: the local Application Auto Scaling only knows sagemaker"),
        ({"ResourceId": "endpoint/x"}, "Unsupported resource ID: endpoint/x"),
    ],
)
def test_a_target_that_can_not_work_is_refused(
    autoscaling: BaseClient, endpoint: str, change: dict[str, Any], message: str
) -> None:
    with pytest.raises(ClientError, match=f"ValidationException.*{message}"):
        autoscaling.register_scalable_target(**{**target_of(endpoint), **change})


def test_a_target_has_to_be_a_variant_of_an_endpoint(autoscaling: BaseClient, endpoint: str) -> None:
    capacity = {"MinCapacity": 1, "MaxCapacity": 2}
    with pytest.raises(ClientError, match=r"Could not find endpoint"):
        autoscaling.register_scalable_target(**target_of("none"), **capacity)
    other = {**target_of(endpoint), "ResourceId": f"endpoint/{endpoint}/variant/Other"}
    with pytest.raises(ClientError, match=r"has no variant Other, it has AllTraffic"):
        autoscaling.register_scalable_target(**other, **capacity)
