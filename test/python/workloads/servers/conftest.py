"""The four servers as processes, each with the packages of its image's lock file."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection
from pathlib import Path

import pytest

from common.container_paths import ContainerPaths
from reserved_port import reserved_port
from workloads.servers.shared_bytecode import share_bytecode

REPOSITORY = Path(__file__).resolve().parents[4]
WORKLOADS = REPOSITORY / "workloads"
NAMES = ("python", "fastapi", "flask", "django")
# Long enough for 64 requests at once on a busy machine, and short enough to wait for.
REQUEST_SECONDS = 6


@dataclass
class Running:
    """A server that is ready."""

    name: str
    process: "subprocess.Popen[str]"
    port: int

    def connect(self, timeout: float = 30) -> HTTPConnection:
        return HTTPConnection("127.0.0.1", self.port, timeout=timeout)

    def ask(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, str | None, bytes]:
        """Status, content type and body, on a connection of its own."""
        with closing(self.connect()) as connection:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.getheader("content-type"), answer.read()

    def send(self, *parts: bytes, close_side: bool = True) -> bytes:
        """What comes back for raw bytes; the client closes its side after them, unless told otherwise."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=60) as connection:
            for part in parts:
                connection.sendall(part)
            if close_side:
                connection.shutdown(socket.SHUT_WR)
            received = b""
            while chunk := connection.recv(65536):
                received += chunk
            return received


Start = Callable[..., Running]


@pytest.fixture(scope="session")
def start(trained: ContainerPaths, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Start]:
    """Starts a server on a free port, waits until it is ready, and ends it after the tests."""
    logs = tmp_path_factory.mktemp("logs")
    processes: list[subprocess.Popen[str]] = []

    def start_one(name: str, **more: str) -> Running:
        with reserved_port() as port:
            return start_on(port, name, **more)

    def start_on(port: int, name: str, **more: str) -> Running:
        log = logs / f"{name}-{port}.log"
        with log.open("w") as output:
            process = subprocess.Popen(
                [WORKLOADS / "bin" / "serve"],
                env=environment(name, trained, port, **more),
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
            )
        processes.append(process)
        # The first start after an installation compiles what it imports.
        deadline = time.monotonic() + 180
        while time.monotonic() < deadline and process.poll() is None:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/v2/health/ready", timeout=5):
                    return Running(name, process, port)
            except OSError:
                time.sleep(0.05)
        pytest.fail(f"{name} did not start: {log.read_text()[-2000:]}")

    yield start_one
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.wait()


@pytest.fixture(scope="session")
def servers(start: Start) -> dict[str, Running]:
    """All four, for tests that leave them as they are."""
    return start_all(start, MODEL_SERVER_REQUEST_SECONDS=str(REQUEST_SECONDS))


def start_all(start: Start, **more: str) -> dict[str, Running]:
    """All four at once."""
    programs()
    with ThreadPoolExecutor() as pool:
        return dict(zip(NAMES, pool.map(lambda name: start(name, **more), NAMES), strict=True))


def environment(name: str, trained: ContainerPaths, port: int, **more: str) -> dict[str, str]:
    """Of the image, as its Dockerfile sets it."""
    path = os.pathsep.join([str(WORKLOADS / "bin"), programs()[name], "/usr/bin", "/bin"])
    return {
        "PATH": path,
        "PYTHONPATH": str(WORKLOADS),
        "OMP_NUM_THREADS": "1",
        "MODEL_SERVER": name,
        "SAGEMAKER_BASE_DIR": str(trained.base),
        "SAGEMAKER_PROGRAM": "flight_delay/serve.py",
        "SAGEMAKER_BIND_TO_PORT": str(port),
        "MODEL_SERVER_MODEL_NAME": "flights",
        **more,
    }


@cache
def programs() -> dict[str, str]:
    """Folder of the programs that each server's image has."""
    tsx = REPOSITORY / "node_modules" / ".bin" / "tsx"
    made = subprocess.run([tsx, "test/python-environments.ts"], cwd=REPOSITORY, capture_output=True, check=True)
    found: dict[str, str] = json.loads(made.stdout)
    packages = f"lib/python3.{sys.version_info.minor}/site-packages"
    for folder in found.values():
        share_bytecode(Path(sys.prefix) / packages, Path(folder).parent / packages)
    return found
