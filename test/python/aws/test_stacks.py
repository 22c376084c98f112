"""Stacks that hold what only our launcher knows."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError

from aws.conftest import LocalAws, wait_until
from aws.fake_sagemaker import PREFIX, FakeSageMaker

PARAMETER = "/mlops/local/m/release"


def serving(endpoint: str = "local-m", weight: Any = "1") -> dict[str, Any]:
    """A serving stack, with numbers as strings, as CloudFormation allows."""
    variant = {
        "ModelName": {"Fn::GetAtt": ["Model", "ModelName"]},
        "VariantName": "AllTraffic",
        "InitialInstanceCount": "2",
        "InstanceType": "ml.m5.large",
        "InitialVariantWeight": weight,
    }
    resources = {
        "Model": {
            "Type": "AWS::SageMaker::Model",
            "Properties": {
                "Containers": [{"ModelPackageName": {"Ref": "Release"}, "Environment": {"PORT": 8080}}],
                "ExecutionRoleArn": "arn:aws:iam::000000000000:role/model",
            },
        },
        "Config": {"Type": "AWS::SageMaker::EndpointConfig", "Properties": {"ProductionVariants": [variant]}},
        "Endpoint": {
            "Type": "AWS::SageMaker::Endpoint",
            "Properties": {
                "EndpointName": endpoint,
                "EndpointConfigName": {"Fn::GetAtt": ["Config", "EndpointConfigName"]},
                "RetainAllVariantProperties": "true",
            },
        },
        "Target": {
            "Type": "AWS::ApplicationAutoScaling::ScalableTarget",
            "DependsOn": "Endpoint",
            "Properties": {
                "MinCapacity": "2",
                "MaxCapacity": 4,
                "ResourceId": f"endpoint/{endpoint}/variant/AllTraffic",
                "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
                "ServiceNamespace": "sagemaker",
            },
        },
        "Policy": {
            "Type": "AWS::ApplicationAutoScaling::ScalingPolicy",
            "Properties": {
                "PolicyName": "invocations",
                "PolicyType": "TargetTrackingScaling",
                "ScalingTargetId": {"Ref": "Target"},
                "TargetTrackingScalingPolicyConfiguration": {
                    "TargetValue": "600",
                    "PredefinedMetricSpecification": {"PredefinedMetricType": "SageMakerVariantInvocationsPerInstance"},
                },
            },
        },
    }
    for resource in resources.values():
        resource["Condition"] = "HasModel"
    return {
        "Parameters": {"Release": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": PARAMETER}},
        "Conditions": {"HasModel": {"Fn::Not": [{"Fn::Equals": [{"Ref": "Release"}, "none"]}]}},
        "Resources": {
            "Group": {
                "Type": "AWS::SageMaker::ModelPackageGroup",
                "Properties": {"ModelPackageGroupName": endpoint, "Tags": [{"Key": "team", "Value": "a"}]},
            },
            **resources,
        },
        "Outputs": {
            "Group": {"Value": {"Ref": "Group"}},
            "Endpoint": {"Condition": "HasModel", "Value": {"Ref": "Endpoint"}},
        },
    }


def release(aws: LocalAws, package: str) -> None:
    aws.client("ssm").put_parameter(Name=PARAMETER, Value=package, Type="String", Overwrite=True)


def deploy(aws: LocalAws, name: str, template: dict[str, Any]) -> dict[str, Any]:
    aws.client("cloudformation").create_stack(StackName=name, TemplateBody=json.dumps(template))
    return aws.settle(name)


def promote(aws: LocalAws, name: str) -> dict[str, Any]:
    aws.client("cloudformation").update_stack(StackName=name, UsePreviousTemplate=True)
    return aws.settle(name)


def test_a_release_makes_changes_and_rolls_back_the_endpoint(aws: LocalAws, sagemaker: FakeSageMaker) -> None:
    release(aws, "none")
    assert deploy(aws, "serving", serving())["StackStatus"] == "CREATE_COMPLETE"
    assert sagemaker.records["Endpoint"] == {}

    release(aws, "package/1")
    stack = promote(aws, "serving")
    assert stack["StackStatus"] == "UPDATE_COMPLETE"
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    assert outputs == {
        "Group": f"{PREFIX}:modelpackagegroup/local-m",
        "Endpoint": f"{PREFIX}:endpoint/local-m",
    }
    (model,) = sagemaker.records["Model"].values()
    assert model["Containers"] == [{"ModelPackageName": "package/1", "Environment": {"PORT": "8080"}}]
    (config,) = sagemaker.records["EndpointConfig"].values()
    assert config["ProductionVariants"][0]["InitialInstanceCount"] == 2
    assert config["ProductionVariants"][0]["ModelName"] == model["ModelName"]
    assert sagemaker.targets["endpoint/local-m/variant/AllTraffic"]["MinCapacity"] == 2

    release(aws, "package/2")
    assert promote(aws, "serving")["StackStatus"] == "UPDATE_COMPLETE"
    (second,) = sagemaker.records["EndpointConfig"].values()
    assert second["EndpointConfigName"] != config["EndpointConfigName"]
    endpoint = sagemaker.records["Endpoint"]["local-m"]
    assert endpoint["EndpointConfigName"] == second["EndpointConfigName"]
    assert endpoint["RetainAllVariantProperties"] is True

    sagemaker.next_endpoint_failure = "alarm errors is in ALARM"
    release(aws, "package/3")
    assert promote(aws, "serving")["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    assert any("alarm errors is in ALARM" in reason for reason in aws.reasons("serving"))
    assert list(sagemaker.records["EndpointConfig"]) == [second["EndpointConfigName"]]
    assert endpoint["EndpointConfigName"] == second["EndpointConfigName"]
    (model,) = sagemaker.records["Model"].values()
    assert model["Containers"][0]["ModelPackageName"] == "package/2"

    release(aws, "none")
    assert promote(aws, "serving")["StackStatus"] == "UPDATE_COMPLETE"
    assert sagemaker.records["Endpoint"] == {}
    aws.client("cloudformation").delete_stack(StackName="serving")
    wait_until(lambda: not sagemaker.records["ModelPackageGroup"], "the stack is gone")


def test_an_endpoint_that_fails_at_first_leaves_nothing(aws: LocalAws, sagemaker: FakeSageMaker) -> None:
    release(aws, "package/1")
    sagemaker.next_endpoint_failure = "the container did not answer /ping"
    assert deploy(aws, "failing", serving())["StackStatus"] == "ROLLBACK_COMPLETE"
    assert any("did not answer /ping" in reason for reason in aws.reasons("failing"))
    assert sagemaker.records == {kind: {} for kind in sagemaker.records}


def test_what_no_stack_owns_is_taken_over(aws: LocalAws, sagemaker: FakeSageMaker) -> None:
    release(aws, "none")
    client = aws.client("sagemaker")
    client.create_model_package_group(ModelPackageGroupName="left-behind", ModelPackageGroupDescription="before")
    assert deploy(aws, "taking", serving("left-behind"))["StackStatus"] == "CREATE_COMPLETE"
    assert sagemaker.records["ModelPackageGroup"]["left-behind"]["ModelPackageGroupDescription"] == "before"
    assert deploy(aws, "second", serving("left-behind"))["StackStatus"] == "ROLLBACK_COMPLETE"
    assert any("already existing" in reason for reason in aws.reasons("second"))
    assert "left-behind" in sagemaker.records["ModelPackageGroup"]


def test_scheduled_actions_follow_the_template(aws: LocalAws, sagemaker: FakeSageMaker) -> None:
    def action(name: str, low: str) -> dict[str, Any]:
        capacity = {"MinCapacity": low, "MaxCapacity": 4}
        return {"ScheduledActionName": name, "Schedule": "rate(1 day)", "ScalableTargetAction": capacity}

    template = serving("scheduled")
    properties = template["Resources"]["Target"]["Properties"]
    properties["ScheduledActions"] = [action("morning", "3"), action("evening", "2")]
    release(aws, "package/1")
    assert deploy(aws, "scheduling", template)["StackStatus"] == "CREATE_COMPLETE"
    morning = sagemaker.scheduled["morning"]
    assert morning["ResourceId"] == "endpoint/scheduled/variant/AllTraffic"
    assert morning["ScalableTargetAction"] == {"MinCapacity": 3, "MaxCapacity": 4}
    assert "ScheduledActions" not in sagemaker.targets["endpoint/scheduled/variant/AllTraffic"]

    properties["ScheduledActions"] = [action("morning", "4")]
    aws.client("cloudformation").update_stack(StackName="scheduling", TemplateBody=json.dumps(template))
    assert aws.settle("scheduling")["StackStatus"] == "UPDATE_COMPLETE"
    assert list(sagemaker.scheduled) == ["morning"]
    assert sagemaker.scheduled["morning"]["ScalableTargetAction"]["MinCapacity"] == 4


def test_tags_change_in_place_and_a_new_name_replaces(aws: LocalAws, sagemaker: FakeSageMaker) -> None:
    template = serving("tagged")
    release(aws, "none")
    deploy(aws, "tagging", template)
    arn = f"{PREFIX}:modelpackagegroup/tagged"
    assert sagemaker.tags[arn] == {"team": "a"}
    properties = template["Resources"]["Group"]["Properties"]
    properties["Tags"] = [{"Key": "owner", "Value": "b"}]
    aws.client("cloudformation").update_stack(StackName="tagging", TemplateBody=json.dumps(template))
    assert aws.settle("tagging")["StackStatus"] == "UPDATE_COMPLETE"
    assert sagemaker.tags[arn] == {"owner": "b"}
    properties["ModelPackageGroupName"] = "renamed"
    aws.client("cloudformation").update_stack(StackName="tagging", TemplateBody=json.dumps(template))
    assert aws.settle("tagging")["StackStatus"] == "UPDATE_COMPLETE"
    assert "renamed" in sagemaker.records["ModelPackageGroup"]
    assert "tagged" not in sagemaker.records["ModelPackageGroup"]


def test_a_pipeline_is_made_from_its_body_and_updated(aws: LocalAws, sagemaker: FakeSageMaker) -> None:
    pipeline = {
        "Type": "AWS::SageMaker::Pipeline",
        "Properties": {
            "PipelineName": "p",
            "RoleArn": "arn:aws:iam::000000000000:role/pipeline",
            "PipelineDefinition": {"PipelineDefinitionBody": '{"Steps": []}'},
        },
    }
    template = {"Resources": {"Pipeline": pipeline}, "Outputs": {"Name": {"Value": {"Ref": "Pipeline"}}}}
    stack = deploy(aws, "pipeline", template)
    assert stack["Outputs"][0]["OutputValue"] == "p"
    assert sagemaker.records["Pipeline"]["p"]["PipelineDefinition"] == '{"Steps": []}'
    pipeline["Properties"]["PipelineDefinition"] = {  # type: ignore[index]
        "PipelineDefinitionS3Location": {"Bucket": "code", "Key": "pipeline.json", "Version": "v1"}
    }
    aws.client("cloudformation").update_stack(StackName="pipeline", TemplateBody=json.dumps(template))
    assert aws.settle("pipeline")["StackStatus"] == "UPDATE_COMPLETE"
    location = sagemaker.records["Pipeline"]["p"]["PipelineDefinitionS3Location"]
    assert location == {"Bucket": "code", "ObjectKey": "pipeline.json", "VersionId": "v1"}


@pytest.mark.parametrize(
    ("properties", "reason"),
    [
        ({"NoSuchProperty": 1}, "properties that the local AWS doesn't know, got NoSuchProperty"),
        ({"EnableNetworkIsolation": "perhaps"}, "must be true or false, got 'perhaps'"),
    ],
)
def test_a_wrong_property_is_the_reason_of_the_failure(aws: LocalAws, properties: dict[str, Any], reason: str) -> None:
    name = f"wrong-{next(iter(properties)).lower()}"
    resource = {"Type": "AWS::SageMaker::Model", "Properties": properties}
    assert deploy(aws, name, {"Resources": {"Model": resource}})["StackStatus"] == "ROLLBACK_COMPLETE"
    assert any(reason in text for text in aws.reasons(name))


def test_a_type_that_nobody_registered_fails_by_name(aws: LocalAws) -> None:
    with pytest.raises(ClientError, match=r"Unrecognized resource types: \[AWS::SageMaker::Domain\]"):
        deploy(aws, "unknown", {"Resources": {"Domain": {"Type": "AWS::SageMaker::Domain", "Properties": {}}}})


def test_a_flow_log_and_the_range_of_a_network(aws: LocalAws) -> None:
    resources = {
        "Network": {"Type": "AWS::EC2::VPC", "Properties": {"CidrBlock": "10.1.0.0/16"}},
        "Flow": {
            "Type": "AWS::EC2::FlowLog",
            "Properties": {
                "ResourceId": {"Ref": "Network"},
                "ResourceType": "VPC",
                "TrafficType": "ALL",
                "LogGroupName": "flows",
                "DeliverLogsPermissionArn": "arn:aws:iam::000000000000:role/flows",
                "MaxAggregationInterval": "60",
                "Tags": [{"Key": "team", "Value": "a"}],
            },
        },
    }
    outputs = {"Range": {"Value": {"Fn::GetAtt": ["Network", "CidrBlock"]}}}
    stack = deploy(aws, "network", {"Resources": resources, "Outputs": outputs})
    assert stack["Outputs"][0]["OutputValue"] == "10.1.0.0/16"
    (log,) = aws.client("ec2").describe_flow_logs()["FlowLogs"]
    assert log["TrafficType"] == "ALL"
    aws.client("cloudformation").delete_stack(StackName="network")
    wait_until(lambda: not aws.client("ec2").describe_flow_logs()["FlowLogs"], "the flow log is gone")
