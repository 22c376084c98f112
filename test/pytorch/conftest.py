"""The slice of real data that the other workloads' tests have, and a network that is trained on it."""

import shutil

import pytest

from common.container_paths import ContainerPaths
from flight_delay_pytorch import train

pytest_plugins = ["workloads.conftest", "made_once"]


@pytest.fixture(scope="session")
def trained_pytorch(prepared: ContainerPaths, tmp_path_factory: pytest.TempPathFactory) -> ContainerPaths:
    paths = ContainerPaths(tmp_path_factory.mktemp("pytorch"))
    shutil.copytree(prepared.channel("train").parent, paths.channel("train").parent)
    shutil.copytree(prepared.processing_output("test"), paths.processing_output("test"))
    train.main(["--seed=1"], paths)
    return paths
