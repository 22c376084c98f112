"""The templates of every environment, synthesised once as a user does it: without credentials."""

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


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
def serving_mode_templates(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Serving stacks of all modes, a model each."""
    output = tmp_path_factory.mktemp("serving-modes")
    subprocess.run(
        [ROOT / "node_modules/.bin/tsx", Path(__file__).with_name("serve_all_modes.ts"), output],
        cwd=ROOT,
        check=True,
        timeout=300,
    )
    found = sorted(output.glob("assembly-*/*Serving*.template.json"))
    assert len(found) >= 7
    return found
