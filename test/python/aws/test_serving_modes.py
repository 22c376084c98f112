"""What CloudFormation says of every serving mode reaches SageMaker as it was written."""

from typing import Any

import boto3
import pytest

from emulator.coercion import coerce
from emulator.resource_types import RESOURCE_TYPES

CLIENT = boto3.client("sagemaker", region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test")
KINDS = {kind.name: kind for kind in RESOURCE_TYPES}
INSTANCES = {"VariantName": "AllTraffic", "ModelName": "m", "InstanceType": "ml.m5.large", "InitialInstanceCount": 1}
SERVERLESS = {"MemorySizeInMB": 2048, "MaxConcurrency": 20, "ProvisionedConcurrency": 1}
QUEUE = {
    "ClientConfig": {"MaxConcurrentInvocationsPerInstance": 4},
    "OutputConfig": {
        "S3OutputPath": "s3://bucket/out",
        "S3FailurePath": "s3://bucket/failed",
        "KmsKeyId": "key",
        "NotificationConfig": {
            "SuccessTopic": "arn:aws:sns:us-east-1:000000000000:done",
            "ErrorTopic": "arn:aws:sns:us-east-1:000000000000:failed",
            "IncludeInferenceResponseIn": ["ERROR_NOTIFICATION_TOPIC"],
        },
    },
}


@pytest.mark.parametrize(
    "properties",
    [
        {"ProductionVariants": [{"VariantName": "AllTraffic", "ModelName": "m", "ServerlessConfig": SERVERLESS}]},
        {"ProductionVariants": [INSTANCES], "AsyncInferenceConfig": QUEUE},
        {"ProductionVariants": [INSTANCES], "ShadowProductionVariants": [{**INSTANCES, "InitialVariantWeight": 0.2}]},
        {"ProductionVariants": [INSTANCES, {**INSTANCES, "VariantName": "Other", "InitialVariantWeight": 0}]},
    ],
)
def test_the_configuration_of_a_mode_passes_through(properties: dict[str, Any]) -> None:
    kind = KINDS["AWS::SageMaker::EndpointConfig"]
    shape = CLIENT.meta.service_model.operation_model("CreateEndpointConfig").input_shape
    assert coerce(kind.request(properties), shape, kind.name) == properties
    assert set(properties) <= set(kind.replacing)


class Experiment:
    """A shadow test that needs some looks to end."""

    def __init__(self, status: str) -> None:
        self.statuses = [status, "Stopping", "Stopping", "Completed"]
        self.stopped: list[dict[str, Any]] = []

    def describe_inference_experiment(self, **key: Any) -> dict[str, Any]:
        assert key == {"Name": "test"}
        return {
            "Status": self.statuses.pop(0),
            "ShadowModeConfig": {"SourceModelVariantName": "AllTraffic"},
            "ModelVariants": [{"VariantName": "AllTraffic"}, {"VariantName": "Shadow"}],
        }

    def stop_inference_experiment(self, **request: Any) -> None:
        self.stopped.append(request)


def test_a_shadow_test_ends_before_it_is_deleted() -> None:
    before_delete = KINDS["AWS::SageMaker::InferenceExperiment"].before_delete
    assert before_delete
    running, over = Experiment("Running"), Experiment("Completed")
    before_delete(running, {"Name": "test"})
    assert running.stopped == [{"Name": "test", "ModelVariantActions": {"AllTraffic": "Retain", "Shadow": "Remove"}}]
    assert running.statuses == []
    before_delete(over, {"Name": "test"})
    assert over.stopped == []
