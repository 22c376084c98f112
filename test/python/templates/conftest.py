"""The templates of every environment, synthesised once as a user does it: without credentials."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]

Errors = Callable[[list[Path]], list[str]]


@pytest.fixture(scope="session")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the cloud assembly."""
    output = tmp_path_factory.mktemp("cdk.out")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    # Should anything ask for credentials or an address all the same, it finds none.
    environment |= {
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_ENDPOINT_URL": "http://127.0.0.1:9",
        "CDK_DOCKER": "/nonexistent",
    }
    subprocess.run(
        [ROOT / "node_modules/.bin/cdk", "synth", "--quiet", "--no-notices", "--output", output],
        cwd=ROOT,
        env=environment,
        check=True,
        timeout=300,
    )
    return output


@pytest.fixture(scope="session")
def templates(assembly: Path) -> list[Path]:
    """All templates, one a stack."""
    found = sorted(assembly.glob("assembly-*/*.template.json"))
    assert found
    return found


@pytest.fixture(scope="session")
def stack_names(assembly: Path) -> set[str]:
    """Names of all stacks."""
    manifests = [json.loads(path.read_text()) for path in assembly.glob("assembly-*/manifest.json")]
    return {
        artifact["properties"]["stackName"]
        for manifest in manifests
        for artifact in manifest["artifacts"].values()
        if artifact["type"] == "aws:cloudformation:stack"
    }


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of more templates, in a folder for each of the writers of `write-templates.ts`."""
    folder = tmp_path_factory.mktemp("written")
    program = Path(__file__).with_name("write-templates.ts")
    subprocess.run(["node", "--require", "tsx/cjs", program, folder], cwd=ROOT, check=True, timeout=300)
    return folder


@pytest.fixture(scope="session")
def scaling_templates(written: Path) -> list[Path]:
    """Each kind of scaling."""
    return sorted((written / "scalingKinds").iterdir())


@pytest.fixture(scope="session")
def cluster_templates(written: Path) -> list[Path]:
    """Each kind of cluster, and its network."""
    return sorted((written / "clusterKinds").iterdir())


@pytest.fixture(scope="session")
def serving_mode_templates(written: Path) -> list[Path]:
    """Serving stacks of all modes, a model each."""
    return sorted((written / "servingModes").glob("assembly-*/*Serving*.template.json"))


@pytest.fixture(scope="session")
def sharing_templates(written: Path) -> list[Path]:
    """What differs where an account takes releases from another."""
    shared = written / "sharedRegistry"
    return [
        *shared.glob("assembly-staging/staging[SDRP]*.template.json"),
        *shared.glob("assembly-prod/prod[NRAS]*.template.json"),
    ]


@pytest.fixture(scope="session")
def wrong_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One with an error."""
    template = tmp_path_factory.mktemp("wrong") / "wrong.template.json"
    template.write_text(json.dumps({"Resources": {"Bucket": {"Type": "AWS::S3::Bucket", "Properties": {"Nme": "x"}}}}))
    return template


@pytest.fixture(scope="session")
def errors(
    templates: list[Path],
    scaling_templates: list[Path],
    cluster_templates: list[Path],
    serving_mode_templates: list[Path],
    sharing_templates: list[Path],
    wrong_template: Path,
) -> Errors:
    """What cfn-lint says of each template."""
    every = [*templates, *scaling_templates, *cluster_templates, *serving_mode_templates, *sharing_templates]
    linter = Path(__file__).with_name("lint.py")
    lint = subprocess.run(
        [sys.executable, linter, *every, wrong_template], capture_output=True, text=True, check=False, timeout=600
    )
    assert lint.returncode == 0, lint.stdout + lint.stderr
    matches = [match for match in json.loads(lint.stdout) if match["Level"] == "Error"]

    def of(of_these: list[Path]) -> list[str]:
        names = {str(path) for path in of_these}
        assert names <= {str(path) for path in (*every, wrong_template)}
        return [
            f"{match['Filename']}:{match['Location']['Start']['LineNumber']}: {match['Rule']['Id']} {match['Message']}"
            for match in matches
            if match["Filename"] in names
        ]

    return of
