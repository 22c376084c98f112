"""Serverless, asynchronous and shadow endpoints, as boto3 sees them."""

import contextlib
from collections.abc import Callable, Iterator
from typing import Any
from uuid import uuid4

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from sagemaker.conftest import ACCOUNT, REGION, Emulator
from sagemaker.wait_until import wait_until

IMAGE = "test/image:echo"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/execution"
WAIT = {"Delay": 1, "MaxAttempts": 60}


@pytest.fixture(scope="module")
def model(sagemaker: BaseClient) -> Iterator[str]:
    name = f"model-{uuid4().hex[:8]}"
    sagemaker.create_model(ModelName=name, PrimaryContainer={"Image": IMAGE}, ExecutionRoleArn=ROLE)
    yield name
    sagemaker.delete_model(ModelName=name)


@pytest.fixture(scope="module")
def runtime(client_of: Callable[[str], BaseClient]) -> BaseClient:
    return client_of("sagemaker-runtime")


def variant(model: str, name: str = "AllTraffic", **more: Any) -> dict[str, Any]:
    sizes = {} if "ServerlessConfig" in more else {"InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    return {"VariantName": name, "ModelName": model, **sizes, **more}


@contextlib.contextmanager
def endpoint(sagemaker: BaseClient, **config: Any) -> Iterator[str]:
    name = f"endpoint-{uuid4().hex[:8]}"
    sagemaker.create_endpoint_config(EndpointConfigName=name, **config)
    sagemaker.create_endpoint(EndpointName=name, EndpointConfigName=name)
    sagemaker.get_waiter("endpoint_in_service").wait(EndpointName=name, WaiterConfig=WAIT)
    yield name
    sagemaker.delete_endpoint(EndpointName=name)
    sagemaker.get_waiter("endpoint_deleted").wait(EndpointName=name, WaiterConfig=WAIT)
    sagemaker.delete_endpoint_config(EndpointConfigName=name)


def test_a_serverless_endpoint(sagemaker: BaseClient, runtime: BaseClient, model: str) -> None:
    serverless = {"MemorySizeInMB": 2048, "MaxConcurrency": 1}
    with endpoint(sagemaker, ProductionVariants=[variant(model, ServerlessConfig=serverless)]) as name:
        [described] = sagemaker.describe_endpoint(EndpointName=name)["ProductionVariants"]
        assert described["CurrentServerlessConfig"] == serverless
        assert "CurrentInstanceCount" not in described
        answer = runtime.invoke_endpoint(EndpointName=name, Body=b"1,2", ContentType="text/csv")
        assert answer["Body"].read() == b"1,2"
        update = {"VariantName": "AllTraffic", "ServerlessUpdateConfig": {"MaxConcurrency": 7}}
        sagemaker.update_endpoint_weights_and_capacities(EndpointName=name, DesiredWeightsAndCapacities=[update])
        sagemaker.get_waiter("endpoint_in_service").wait(EndpointName=name, WaiterConfig=WAIT)
        [described] = sagemaker.describe_endpoint(EndpointName=name)["ProductionVariants"]
        assert described["CurrentServerlessConfig"]["MaxConcurrency"] == 7


def test_an_asynchronous_endpoint(sagemaker: BaseClient, runtime: BaseClient, model: str, emulator: Emulator) -> None:
    topic = f"arn:aws:sns:{REGION}:{ACCOUNT}:done"
    output = {
        "S3OutputPath": "s3://bucket/out",
        "S3FailurePath": "s3://bucket/failed",
        "NotificationConfig": {"SuccessTopic": topic},
    }
    emulator.objects["s3://bucket/in/request.csv"] = b"3,4"
    config = {"OutputConfig": output, "ClientConfig": {"MaxConcurrentInvocationsPerInstance": 4}}
    with endpoint(sagemaker, ProductionVariants=[variant(model)], AsyncInferenceConfig=config) as name:
        assert sagemaker.describe_endpoint(EndpointName=name)["AsyncInferenceConfig"] == config
        accepted = runtime.invoke_endpoint_async(
            EndpointName=name,
            InputLocation="s3://bucket/in/request.csv",
            ContentType="text/csv",
            InferenceId="order-7",
            RequestTTLSeconds=60,
            InvocationTimeoutSeconds=30,
        )
        assert accepted["ResponseMetadata"]["HTTPStatusCode"] == 202
        assert accepted["InferenceId"] == "order-7"
        assert accepted["FailureLocation"].startswith("s3://bucket/failed/")
        wait_until(lambda: accepted["OutputLocation"] in emulator.objects, "an answer")
        assert emulator.objects[accepted["OutputLocation"]] == b"3,4"
        wait_until(lambda: len([topics for topics, _ in emulator.messages if topics == topic]) == 2, "two messages")
        test, told = (message for topics, message in emulator.messages if topics == topic)
        assert test["eventName"] == "TestNotification"
        assert told["invocationStatus"] == "Completed"
        assert told["responseParameters"] == {
            "contentType": "text/csv",
            "outputLocation": accepted["OutputLocation"],
        }
        with pytest.raises(runtime.exceptions.ValidationError, match="is asynchronous"):
            runtime.invoke_endpoint(EndpointName=name, Body=b"1")
        with pytest.raises(runtime.exceptions.ValidationError, match="RequestTTLSeconds: must be a whole number"):
            runtime.invoke_endpoint_async(EndpointName=name, InputLocation="s3://bucket/in", RequestTTLSeconds=1)
        named = runtime.invoke_endpoint_async(
            EndpointName=name,
            InputLocation="s3://bucket/in/request.csv",
            ContentType="text/csv",
            S3OutputPathExtension="2026/03",
            Filename="mine.csv",
        )
        assert named["OutputLocation"] == "s3://bucket/out/2026/03/mine.csv"
        wait_until(lambda: named["OutputLocation"] in emulator.objects, "an answer of that name")
        nothing = {"VariantName": "AllTraffic", "DesiredInstanceCount": 0}
        sagemaker.update_endpoint_weights_and_capacities(EndpointName=name, DesiredWeightsAndCapacities=[nothing])
        sagemaker.get_waiter("endpoint_in_service").wait(EndpointName=name, WaiterConfig=WAIT)
        [described] = sagemaker.describe_endpoint(EndpointName=name)["ProductionVariants"]
        assert described["CurrentInstanceCount"] == 0


def test_an_endpoint_with_a_shadow(sagemaker: BaseClient, runtime: BaseClient, model: str) -> None:
    shadow = variant(model, "Shadow", InitialVariantWeight=0.5)
    with endpoint(sagemaker, ProductionVariants=[variant(model)], ShadowProductionVariants=[shadow]) as name:
        described = sagemaker.describe_endpoint(EndpointName=name)
        assert [each["VariantName"] for each in described["ProductionVariants"]] == ["AllTraffic"]
        assert [each["CurrentWeight"] for each in described["ShadowProductionVariants"]] == [0.5]
        answer = runtime.invoke_endpoint(EndpointName=name, Body=b"5", ContentType="text/csv")
        assert answer["InvokedProductionVariant"] == "AllTraffic"


def test_modes_that_can_not_be_had_together_are_refused(sagemaker: BaseClient, model: str) -> None:
    serverless = variant(model, ServerlessConfig={"MemorySizeInMB": 1024, "MaxConcurrency": 1})
    queue = {"OutputConfig": {"S3OutputPath": "s3://bucket/out"}}
    for config, message in (
        ({"ProductionVariants": [serverless], "AsyncInferenceConfig": queue}, "doesn't support asynchronous inference"),
        ({"ProductionVariants": [serverless, variant(model, "B")]}, "one production variant, got 2"),
    ):
        with pytest.raises(ClientError, match=message):
            sagemaker.create_endpoint_config(EndpointConfigName="refused", **config)


def test_what_is_not_run_here_fails_by_name(sagemaker: BaseClient) -> None:
    with pytest.raises(ClientError, match=r"ListNotebookInstances: the local SageMaker doesn't implement it"):
        sagemaker.list_notebook_instances()


def test_an_inference_component(sagemaker: BaseClient, runtime: BaseClient, model: str) -> None:
    hosts = {"VariantName": "AllTraffic", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
    scaling = {"Status": "ENABLED", "MinInstanceCount": 1, "MaxInstanceCount": 2}
    with endpoint(
        sagemaker, ProductionVariants=[{**hosts, "ManagedInstanceScaling": scaling}], ExecutionRoleArn=ROLE
    ) as name:
        [described] = sagemaker.describe_endpoint(EndpointName=name)["ProductionVariants"]
        assert described["CurrentInstanceCount"] == 1
        needs = {"NumberOfCpuCoresRequired": 1.0, "MinMemoryRequiredInMb": 512}
        sagemaker.create_inference_component(
            InferenceComponentName=name,
            EndpointName=name,
            VariantName="AllTraffic",
            Specification={"ModelName": model, "ComputeResourceRequirements": needs},
            RuntimeConfig={"CopyCount": 1},
        )
        waiter = {"InferenceComponentName": name}

        def component() -> dict[str, Any]:
            return dict(sagemaker.describe_inference_component(**waiter))

        wait_until(lambda: component()["InferenceComponentStatus"] == "InService", "the component")
        assert component()["Specification"] == {"ModelName": model, "ComputeResourceRequirements": needs}
        answer = runtime.invoke_endpoint(
            EndpointName=name, InferenceComponentName=name, Body=b"7,8", ContentType="text/csv"
        )
        assert answer["Body"].read() == b"7,8"
        with pytest.raises(runtime.exceptions.ValidationError, match="name one by InferenceComponentName"):
            runtime.invoke_endpoint(EndpointName=name, Body=b"1")
        sagemaker.update_inference_component_runtime_config(**waiter, DesiredRuntimeConfig={"CopyCount": 2})
        wait_until(lambda: component()["RuntimeConfig"] == {"DesiredCopyCount": 2, "CurrentCopyCount": 2}, "two copies")
        wait_until(lambda: component()["InferenceComponentStatus"] == "InService", "the component")
        [listed] = sagemaker.list_inference_components(EndpointNameEquals=name)["InferenceComponents"]
        assert listed["InferenceComponentName"] == name
        with pytest.raises(ClientError, match="delete them first"):
            sagemaker.delete_endpoint(EndpointName=name)
        sagemaker.delete_inference_component(**waiter)
        wait_until(
            lambda: sagemaker.list_inference_components(EndpointNameEquals=name)["InferenceComponents"] == [],
            "the end of the component",
        )


def test_a_shadow_test_that_promotes_its_shadow(sagemaker: BaseClient, runtime: BaseClient, model: str) -> None:
    with endpoint(sagemaker, ProductionVariants=[variant(model)]) as name:
        sizes = {"InstanceType": "ml.m5.large", "InstanceCount": 1}
        infrastructure = {"InfrastructureType": "RealTimeInference", "RealTimeInferenceConfig": sizes}
        variants = [
            {"ModelName": model, "VariantName": each, "InfrastructureConfig": infrastructure}
            for each in ("AllTraffic", "Shadow")
        ]
        shadow = {"ShadowModelVariantName": "Shadow", "SamplingPercentage": 50}
        sagemaker.create_inference_experiment(
            Name=name,
            Type="ShadowMode",
            RoleArn=ROLE,
            EndpointName=name,
            ModelVariants=variants,
            ShadowModeConfig={"SourceModelVariantName": "AllTraffic", "ShadowModelVariants": [shadow]},
        )

        def status() -> str:
            return str(sagemaker.describe_inference_experiment(Name=name)["Status"])

        wait_until(lambda: status() == "Running", "the test")
        [described] = sagemaker.describe_endpoint(EndpointName=name)["ShadowProductionVariants"]
        assert (described["VariantName"], described["CurrentWeight"]) == ("Shadow", 0.5)
        [listed] = sagemaker.list_inference_experiments(NameContains=name)["InferenceExperiments"]
        assert listed["Status"] == "Running"
        actions = {"AllTraffic": "Remove", "Shadow": "Promote"}
        sagemaker.stop_inference_experiment(Name=name, ModelVariantActions=actions)
        wait_until(lambda: status() == "Completed", "the end of the test")
        answer = runtime.invoke_endpoint(EndpointName=name, Body=b"5", ContentType="text/csv")
        assert answer["InvokedProductionVariant"] == "Shadow"
        sagemaker.delete_inference_experiment(Name=name)
        with pytest.raises(ClientError, match=r"Could not find inference experiment"):
            sagemaker.describe_inference_experiment(Name=name)
