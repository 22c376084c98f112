import json
from pathlib import Path

from templates.conftest import Errors

MAX_RESOURCES = 500
MAX_BYTES = 1_000_000


def types_in(templates: list[Path]) -> set[str]:
    return {
        resource["Type"]
        for template in templates
        for resource in json.loads(template.read_text())["Resources"].values()
    }


def test_synthesises_every_environment_without_credentials_docker_or_network(stack_names: set[str]) -> None:
    concerns = ["security", "network", "data", "registry", "access", "pipeline-flight-delay", "serving-flight-delay"]
    environments = ["local", "dev", "staging", "prod"]
    assert stack_names == {f"mlops-{environment}-{concern}" for environment in environments for concern in concerns}


def test_cfn_lint_finds_no_error(errors: Errors, templates: list[Path]) -> None:
    assert errors(templates) == []


def test_cfn_lint_finds_no_error_in_any_kind_of_scaling(errors: Errors, scaling_templates: list[Path]) -> None:
    assert len(scaling_templates) == 7
    assert errors(scaling_templates) == []


def test_cfn_lint_finds_no_error_in_any_kind_of_cluster(errors: Errors, cluster_templates: list[Path]) -> None:
    assert len(cluster_templates) == 8
    assert errors(cluster_templates) == []
    assert "AWS::EKS::Nodegroup" in types_in(cluster_templates)


def test_cfn_lint_finds_no_error_in_any_serving_mode(errors: Errors, serving_mode_templates: list[Path]) -> None:
    assert len(serving_mode_templates) >= 7
    assert errors(serving_mode_templates) == []
    kinds = ("Endpoint", "InferenceComponent", "InferenceExperiment")
    assert {f"AWS::SageMaker::{kind}" for kind in kinds} <= types_in(serving_mode_templates)


def test_cfn_lint_finds_no_error_where_an_account_takes_releases_from_another(
    errors: Errors, sharing_templates: list[Path]
) -> None:
    assert errors(sharing_templates) == []
    types = {"AWS::ECR::Repository", "AWS::Events::EventBusPolicy", "AWS::SageMaker::Model"}
    assert types <= types_in(sharing_templates)


def test_cfn_lint_would_find_an_error(errors: Errors, wrong_template: Path) -> None:
    [error] = errors([wrong_template])
    assert "E3002" in error


def test_stays_far_below_the_limits_of_cloudformation(templates: list[Path]) -> None:
    for template in templates:
        assert template.stat().st_size < MAX_BYTES / 2
        assert len(json.loads(template.read_text())["Resources"]) < MAX_RESOURCES / 5
