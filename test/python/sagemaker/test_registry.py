from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from sagemaker.conftest import Emulator, arn
from sagemaker.wait_until import wait_until

INFERENCE = {
    "Containers": [{"Image": "test/image:echo", "ModelDataUrl": "s3://models/model.tar.gz", "Environment": {"A": "1"}}],
    "SupportedContentTypes": ["text/csv"],
    "SupportedResponseMIMETypes": ["text/csv"],
}
METRICS = {
    "ModelQuality": {"Statistics": {"ContentType": "application/json", "S3Uri": "s3://evidence/evaluation.json"}}
}


@pytest.fixture
def group(sagemaker: BaseClient) -> Iterator[str]:
    name = f"group-{uuid4().hex[:8]}"
    sagemaker.create_model_package_group(ModelPackageGroupName=name, ModelPackageGroupDescription="late or not")
    yield name
    packages = sagemaker.list_model_packages(ModelPackageGroupName=name, MaxResults=100)["ModelPackageSummaryList"]
    for package in packages:
        sagemaker.delete_model_package(ModelPackageName=package["ModelPackageArn"])
    sagemaker.delete_model_package_group(ModelPackageGroupName=name)


def register(sagemaker: BaseClient, group: str, **more: Any) -> str:
    return sagemaker.create_model_package(
        ModelPackageGroupName=group, InferenceSpecification=INFERENCE, ModelMetrics=METRICS, **more
    )["ModelPackageArn"]


def test_a_group_is_described_and_listed(sagemaker: BaseClient, group: str) -> None:
    described = sagemaker.describe_model_package_group(ModelPackageGroupName=group)
    assert described["ModelPackageGroupArn"] == arn(f"model-package-group/{group}")
    assert described["ModelPackageGroupDescription"] == "late or not"
    assert abs(described["CreationTime"] - datetime.now(UTC)) < timedelta(minutes=5)
    listed = sagemaker.list_model_package_groups(NameContains=group)["ModelPackageGroupSummaryList"]
    assert [summary["ModelPackageGroupName"] for summary in listed] == [group]


def test_a_group_that_exists_or_is_missing_or_full_is_refused(sagemaker: BaseClient, group: str) -> None:
    with pytest.raises(ClientError, match=r"ValidationException.*Group already exists: arn:aws:sagemaker"):
        sagemaker.create_model_package_group(ModelPackageGroupName=group)
    with pytest.raises(ClientError, match=r"ValidationException.*model-package-group/none does not exist\."):
        sagemaker.describe_model_package_group(ModelPackageGroupName="none")
    register(sagemaker, group)
    with pytest.raises(sagemaker.exceptions.ConflictException, match=r"still contains Model Packages"):
        sagemaker.delete_model_package_group(ModelPackageGroupName=group)


def test_a_version_keeps_everything_that_it_was_registered_with(sagemaker: BaseClient, group: str) -> None:
    package = register(
        sagemaker,
        group,
        ModelPackageDescription="first",
        CustomerMetadataProperties={"roc_auc": "0.71"},
        MetadataProperties={"GeneratedBy": arn("pipeline/p/execution/e")},
    )
    assert package == arn(f"model-package/{group}/1")
    described = sagemaker.describe_model_package(ModelPackageName=package)
    assert described["ModelPackageVersion"] == 1
    assert described["ModelApprovalStatus"] == "PendingManualApproval"
    assert described["InferenceSpecification"] == INFERENCE
    assert described["ModelMetrics"] == METRICS
    assert described["CustomerMetadataProperties"] == {"roc_auc": "0.71"}
    assert described["MetadataProperties"]["GeneratedBy"].endswith("execution/e")
    assert described["ModelPackageStatus"] == "Completed"


def test_versions_are_never_given_twice(sagemaker: BaseClient, group: str) -> None:
    for version in (1, 2):
        assert register(sagemaker, group).endswith(f"/{version}")
    sagemaker.delete_model_package(ModelPackageName=arn(f"model-package/{group}/2"))
    assert register(sagemaker, group).endswith("/3")
    with pytest.raises(ClientError, match=rf"ModelPackage .*{group}/2 does not exist\."):
        sagemaker.describe_model_package(ModelPackageName=arn(f"model-package/{group}/2"))


def test_an_approval_is_recorded_and_published(sagemaker: BaseClient, group: str, emulator: Emulator) -> None:
    package = register(sagemaker, group)
    answer = sagemaker.update_model_package(
        ModelPackageArn=package, ModelApprovalStatus="Approved", ApprovalDescription="good enough"
    )
    assert answer["ModelPackageArn"] == package
    described = sagemaker.describe_model_package(ModelPackageName=package)
    assert described["ModelApprovalStatus"] == "Approved"
    assert described["ApprovalDescription"] == "good enough"
    assert described["LastModifiedTime"] >= described["CreationTime"]
    sagemaker.update_model_package(ModelPackageArn=package, ModelApprovalStatus="Rejected")

    def events() -> list[dict[str, Any]]:
        return [event for event in emulator.events if event["Resources"] == [package]]

    wait_until(lambda: len(events()) == 3, "three events")
    assert [event["Detail"]["ModelApprovalStatus"] for event in events()] == [
        "PendingManualApproval",
        "Approved",
        "Rejected",
    ]
    assert {event["Source"] for event in events()} == {"aws.sagemaker"}
    assert {event["DetailType"] for event in events()} == {"SageMaker Model Package State Change"}
    assert events()[1]["Detail"]["ModelPackageGroupName"] == group
    assert events()[1]["Detail"]["ModelPackageVersion"] == 1


def test_an_approval_that_does_not_exist_is_refused(sagemaker: BaseClient, group: str) -> None:
    package = register(sagemaker, group)
    with pytest.raises(ClientError, match=r"'modelApprovalStatus' failed to satisfy constraint: .*enum value set"):
        sagemaker.update_model_package(ModelPackageArn=package, ModelApprovalStatus="Maybe")
    with pytest.raises(ClientError, match=r"enum value set"):
        register(sagemaker, group, ModelApprovalStatus="Maybe")


def test_versions_are_listed_in_pages_and_by_approval(sagemaker: BaseClient, group: str) -> None:
    for number in range(7):
        register(sagemaker, group, ModelApprovalStatus="Approved" if number % 2 else "Rejected")
    paginator = sagemaker.get_paginator("list_model_packages")
    pages = list(paginator.paginate(ModelPackageGroupName=group, PaginationConfig={"PageSize": 3}))
    assert [len(page["ModelPackageSummaryList"]) for page in pages] == [3, 3, 1]
    versions = [package["ModelPackageVersion"] for page in pages for package in page["ModelPackageSummaryList"]]
    assert versions == [1, 2, 3, 4, 5, 6, 7]
    newest = sagemaker.list_model_packages(
        ModelPackageGroupName=group, ModelApprovalStatus="Approved", SortOrder="Descending", MaxResults=1
    )["ModelPackageSummaryList"]
    assert [package["ModelPackageVersion"] for package in newest] == [6]


def test_a_package_outside_of_a_group_has_no_version(sagemaker: BaseClient) -> None:
    sagemaker.create_model_package(ModelPackageName="alone", InferenceSpecification=INFERENCE)
    described = sagemaker.describe_model_package(ModelPackageName="alone")
    assert "ModelPackageVersion" not in described
    assert "ModelApprovalStatus" not in described
    assert [p["ModelPackageName"] for p in sagemaker.list_model_packages()["ModelPackageSummaryList"]] == ["alone"]
    sagemaker.delete_model_package(ModelPackageName="alone")
