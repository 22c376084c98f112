"""The table of resource types that our templates need and ministack lacks.

Properties, return values and which changes replace a resource are those of CloudFormation's resource reference:
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

from emulator.resource_type import Part, Properties, ResourceType, Stability


def _named(member: str) -> Callable[[str, Properties], dict[str, Any]]:
    """Key of a resource whose physical id is its name, or an ARN that ends in it."""
    return lambda identifier, properties: {member: properties.get(member) or identifier.rsplit("/", 1)[-1]}


def _answered(member: str) -> Callable[[Properties, Mapping[str, Any]], str]:
    return lambda request, answer: str(answer[member])


def _pipeline_request(properties: Properties) -> dict[str, Any]:
    request = dict(properties)
    definition = request.pop("PipelineDefinition", {})
    if "PipelineDefinitionBody" in definition:
        request["PipelineDefinition"] = definition["PipelineDefinitionBody"]
    if "PipelineDefinitionS3Location" in definition:
        location = definition["PipelineDefinitionS3Location"]
        request["PipelineDefinitionS3Location"] = {
            "Bucket": location["Bucket"],
            "ObjectKey": location["Key"],
            "VersionId": location.get("Version"),
        }
    return request


TARGET_KEY = ("ResourceId", "ScalableDimension", "ServiceNamespace")


def _target_key(identifier: str, properties: Properties) -> dict[str, Any]:
    return dict(zip(TARGET_KEY, identifier.split("|"), strict=True))


def _target_id(request: Properties, answer: Mapping[str, Any]) -> str:
    return "|".join(request[member] for member in TARGET_KEY)


def _policy_request(properties: Properties) -> dict[str, Any]:
    request = dict(properties)
    target = request.pop("ScalingTargetId", None)
    return {**request, **(_target_key(target, {}) if target else {})}


def _policy_key(identifier: str, properties: Properties) -> dict[str, Any]:
    request = _policy_request(properties)
    return {member: request[member] for member in ("PolicyName", *TARGET_KEY)}


def _flow_log_request(properties: Properties) -> dict[str, Any]:
    request = dict(properties)
    request["ResourceIds"] = [request.pop("ResourceId")]
    tags = request.pop("Tags", None)
    if tags:
        request["TagSpecifications"] = [{"ResourceType": "vpc-flow-log", "Tags": tags}]
    return request


def _stop_experiment(client: Any, key: dict[str, Any]) -> None:
    """As CloudFormation does: the production variant stays, its shadow goes."""
    state = client.describe_inference_experiment(**key)
    if state["Status"] != "Running":
        return
    source = state["ShadowModeConfig"]["SourceModelVariantName"]
    names = [variant["VariantName"] for variant in state["ModelVariants"]]
    actions = {name: "Retain" if name == source else "Remove" for name in names}
    client.stop_inference_experiment(ModelVariantActions=actions, **key)
    while client.describe_inference_experiment(**key)["Status"] == "Stopping":
        time.sleep(0.2)


RESOURCE_TYPES = (
    ResourceType(
        name="AWS::SageMaker::Pipeline",
        service="sagemaker",
        name_property="PipelineName",
        create="create_pipeline",
        update="update_pipeline",
        describe="describe_pipeline",
        delete="delete_pipeline",
        key=_named("PipelineName"),
        physical_id=lambda request, answer: request["PipelineName"],
        replacing=("PipelineName",),
        request=_pipeline_request,
        adopts=True,
    ),
    ResourceType(
        name="AWS::SageMaker::ModelPackageGroup",
        service="sagemaker",
        name_property="ModelPackageGroupName",
        create="create_model_package_group",
        describe="describe_model_package_group",
        delete="delete_model_package_group",
        key=_named("ModelPackageGroupName"),
        physical_id=_answered("ModelPackageGroupArn"),
        attributes={
            "CreationTime": "CreationTime",
            "ModelPackageGroupArn": "ModelPackageGroupArn",
            "ModelPackageGroupStatus": "ModelPackageGroupStatus",
        },
        replacing=("ModelPackageGroupName", "ModelPackageGroupDescription"),
        adopts=True,
    ),
    ResourceType(
        name="AWS::SageMaker::Model",
        service="sagemaker",
        name_property="ModelName",
        create="create_model",
        describe="describe_model",
        delete="delete_model",
        key=_named("ModelName"),
        physical_id=_answered("ModelArn"),
        attributes={"ModelArn": "ModelArn", "ModelName": "ModelName"},
        replacing=(
            "Containers",
            "EnableNetworkIsolation",
            "ExecutionRoleArn",
            "InferenceExecutionConfig",
            "ModelName",
            "PrimaryContainer",
            "VpcConfig",
        ),
    ),
    ResourceType(
        name="AWS::SageMaker::EndpointConfig",
        service="sagemaker",
        name_property="EndpointConfigName",
        create="create_endpoint_config",
        describe="describe_endpoint_config",
        delete="delete_endpoint_config",
        key=_named("EndpointConfigName"),
        physical_id=_answered("EndpointConfigArn"),
        attributes={"EndpointConfigArn": "EndpointConfigArn", "EndpointConfigName": "EndpointConfigName"},
        replacing=(
            "AsyncInferenceConfig",
            "DataCaptureConfig",
            "EnableNetworkIsolation",
            "EndpointConfigName",
            "ExecutionRoleArn",
            "ExplainerConfig",
            "KmsKeyId",
            "ProductionVariants",
            "ShadowProductionVariants",
            "VpcConfig",
        ),
    ),
    ResourceType(
        name="AWS::SageMaker::Endpoint",
        service="sagemaker",
        name_property="EndpointName",
        create="create_endpoint",
        update="update_endpoint",
        describe="describe_endpoint",
        delete="delete_endpoint",
        key=_named("EndpointName"),
        physical_id=_answered("EndpointArn"),
        attributes={"EndpointArn": "EndpointArn", "EndpointName": "EndpointName"},
        replacing=("EndpointName",),
        only_on_update=(
            "ExcludeRetainedVariantProperties",
            "RetainAllVariantProperties",
            "RetainDeploymentConfig",
        ),
        stability=Stability(
            member="EndpointStatus",
            ready=("InService",),
            failed=("Failed", "UpdateRollbackFailed", "OutOfService"),
            reason="FailureReason",
            kept=("EndpointConfigName",),
        ),
    ),
    ResourceType(
        name="AWS::SageMaker::InferenceComponent",
        service="sagemaker",
        name_property="InferenceComponentName",
        create="create_inference_component",
        update="update_inference_component",
        describe="describe_inference_component",
        delete="delete_inference_component",
        key=_named("InferenceComponentName"),
        physical_id=_answered("InferenceComponentArn"),
        attributes={
            "InferenceComponentArn": "InferenceComponentArn",
            "InferenceComponentStatus": "InferenceComponentStatus",
        },
        # CloudFormation replaces none; it can't move a component to another endpoint either.
        replacing=("InferenceComponentName", "EndpointName", "EndpointArn", "VariantName"),
        only_on_create=("Tags", "EndpointName", "VariantName"),
        only_on_update=("DeploymentConfig",),
        stability=Stability(
            member="InferenceComponentStatus",
            ready=("InService",),
            failed=("Failed",),
            reason="FailureReason",
            kept=("Specification",),
        ),
    ),
    ResourceType(
        name="AWS::SageMaker::InferenceExperiment",
        service="sagemaker",
        name_property="Name",
        create="create_inference_experiment",
        describe="describe_inference_experiment",
        delete="delete_inference_experiment",
        before_delete=_stop_experiment,
        key=_named("Name"),
        physical_id=lambda request, answer: request["Name"],
        attributes={"Arn": "Arn", "Status": "Status"},
        # CloudFormation changes all but the first three in place; here the experiment begins anew.
        replacing=(
            "EndpointName",
            "Name",
            "RoleArn",
            "DataStorageConfig",
            "Description",
            "KmsKey",
            "ModelVariants",
            "Schedule",
            "ShadowModeConfig",
            "Type",
        ),
        only_on_update=("DesiredState", "StatusReason"),
        stability=Stability(
            member="Status",
            ready=("Created", "Running", "Completed"),
            failed=("Cancelled",),
            reason="StatusReason",
        ),
    ),
    ResourceType(
        name="AWS::ApplicationAutoScaling::ScalableTarget",
        service="application-autoscaling",
        create="register_scalable_target",
        update="register_scalable_target",
        delete="deregister_scalable_target",
        key=_target_key,
        physical_id=_target_id,
        attributes={"Id": ""},
        replacing=TARGET_KEY,
        parts=(
            Part(
                property="ScheduledActions",
                name="ScheduledActionName",
                put="put_scheduled_action",
                delete="delete_scheduled_action",
            ),
        ),
        taggable=False,
    ),
    ResourceType(
        name="AWS::ApplicationAutoScaling::ScalingPolicy",
        service="application-autoscaling",
        create="put_scaling_policy",
        update="put_scaling_policy",
        delete="delete_scaling_policy",
        key=_policy_key,
        physical_id=_answered("PolicyARN"),
        attributes={"Arn": ""},
        replacing=("PolicyName", "ScalingTargetId", *TARGET_KEY),
        request=_policy_request,
        taggable=False,
    ),
    ResourceType(
        name="AWS::EC2::FlowLog",
        service="ec2",
        create="create_flow_logs",
        delete="delete_flow_logs",
        key=lambda identifier, properties: {"FlowLogIds": [identifier]},
        physical_id=lambda request, answer: str(answer["FlowLogIds"][0]),
        attributes={"Id": ""},
        replacing=(
            "DeliverLogsPermissionArn",
            "DestinationOptions",
            "LogDestination",
            "LogDestinationType",
            "LogFormat",
            "LogGroupName",
            "MaxAggregationInterval",
            "ResourceId",
            "ResourceType",
            "TrafficType",
        ),
        request=_flow_log_request,
        only_on_create=(),
    ),
)
"""An attribute whose member is empty is the physical id itself."""

EXTRA_ATTRIBUTES = {"AWS::EC2::VPC": ("CidrBlock",), "AWS::EC2::Subnet": ("CidrBlock", "VpcId")}
"""By type that ministack has: attributes which it doesn't give, and which are properties of the same name."""
