import json
import subprocess
import sys
from pathlib import Path

from templates.conftest import ROOT

MAX_RESOURCES = 500
MAX_BYTES = 1_000_000


def test_synthesises_every_environment_without_credentials_docker_or_network(stack_names: set[str]) -> None:
    concerns = ["security", "network", "data", "registry", "access", "pipeline-flight-delay", "serving-flight-delay"]
    environments = ["local", "dev", "staging", "prod"]
    assert stack_names == {f"mlops-{environment}-{concern}" for environment in environments for concern in concerns}


def cfn_lint(*templates: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).with_name("cfn-lint")
    arguments = ["--non-zero-exit-code", "error", "--format", "parseable"]
    return subprocess.run([program, *arguments, *templates], capture_output=True, text=True, check=False, timeout=600)


def written_by(program: str, folder: Path) -> list[Path]:
    subprocess.run(
        ["node", "--require", "tsx/cjs", Path(__file__).with_name(program), folder], cwd=ROOT, check=True, timeout=120
    )
    return sorted(folder.glob("*.template.json"))


def test_cfn_lint_finds_no_error(templates: list[Path]) -> None:
    lint = cfn_lint(*templates)
    assert lint.returncode == 0, lint.stdout + lint.stderr


def test_cfn_lint_finds_no_error_in_any_kind_of_scaling(tmp_path: Path) -> None:
    templates = written_by("scaling-kinds.ts", tmp_path)
    assert len(templates) == 7
    lint = cfn_lint(*templates)
    assert lint.returncode == 0, lint.stdout + lint.stderr


def test_cfn_lint_finds_no_error_in_any_kind_of_cluster(tmp_path: Path) -> None:
    templates = written_by("cluster-kinds.ts", tmp_path)
    assert len(templates) == 8
    lint = cfn_lint(*templates)
    assert lint.returncode == 0, lint.stdout + lint.stderr
    assert "AWS::EKS::Nodegroup" in "".join(template.read_text() for template in templates)


def test_cfn_lint_finds_no_error_in_any_serving_mode(serving_mode_templates: list[Path]) -> None:
    lint = cfn_lint(*serving_mode_templates)
    assert lint.returncode == 0, lint.stdout + lint.stderr
    resources = [
        resource["Type"]
        for template in serving_mode_templates
        for resource in json.loads(template.read_text())["Resources"].values()
    ]
    for kind in ("Endpoint", "InferenceComponent", "InferenceExperiment"):
        assert f"AWS::SageMaker::{kind}" in resources


def test_cfn_lint_finds_no_error_where_an_account_takes_releases_from_another(tmp_path: Path) -> None:
    program = Path(__file__).with_name("share_a_registry.ts")
    subprocess.run([ROOT / "node_modules/.bin/tsx", program, tmp_path], cwd=ROOT, check=True, timeout=300)
    templates = [
        *tmp_path.glob("assembly-staging/staging[SDRP]*.template.json"),
        *tmp_path.glob("assembly-prod/prod[NRAS]*.template.json"),
    ]
    lint = cfn_lint(*templates)
    assert lint.returncode == 0, lint.stdout + lint.stderr
    types = {
        resource["Type"]
        for template in templates
        for resource in json.loads(template.read_text())["Resources"].values()
    }
    assert {"AWS::ECR::Repository", "AWS::Events::EventBusPolicy", "AWS::SageMaker::Model"} <= types


def test_cfn_lint_would_find_an_error(tmp_path: Path) -> None:
    template = tmp_path / "wrong.template.json"
    template.write_text(json.dumps({"Resources": {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"Nme": "x"}}}}))
    lint = cfn_lint(template)
    assert lint.returncode != 0
    assert "E3002" in lint.stdout


def test_stays_far_below_the_limits_of_cloudformation(templates: list[Path]) -> None:
    for template in templates:
        assert template.stat().st_size < MAX_BYTES / 2
        assert len(json.loads(template.read_text())["Resources"]) < MAX_RESOURCES / 5
