"""The launcher as a process of its own, on a free port, with a SageMaker that the test commands."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import boto3
import pytest
from botocore.config import Config

from aws.fake_sagemaker import FakeSageMaker
from reserved_port import hold_port

LAUNCHER = Path(__file__).parents[3] / "local/aws/launch.py"
T = TypeVar("T")


def wait_until(ask: Callable[[], T | None], what: str, seconds: float = 60) -> T:
    end = time.monotonic() + seconds
    while True:
        answer = ask()
        if answer:
            return answer
        assert time.monotonic() < end, f"{what}: not within {seconds} s"
        time.sleep(0.05)


class LocalAws:
    def __init__(self, directory: Path, sagemaker_url: str, speed: float = 1, region: str = "us-east-1") -> None:
        self.directory, self.sagemaker_url, self.speed, self.region = directory, sagemaker_url, speed, region
        # It starts again on the port that it had.
        self._held = hold_port()
        self.port = int(self._held.getsockname()[1])
        self.url = f"http://localhost:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = [sys.executable, str(LAUNCHER), "--port", str(self.port), "--state-dir", str(self.directory)]
        log = (self.directory.parent / "aws.log").open("ab")
        environment = {key: value for key, value in os.environ.items() if not key.startswith("AWS_")}
        self.process = subprocess.Popen(
            [*command, "--sagemaker-url", self.sagemaker_url, "--speed", str(self.speed), "--region", self.region],
            stdout=log,
            stderr=log,
            env=environment,
        )
        # The first start after an installation compiles what it imports.
        wait_until(self.is_ready, "the start of the local AWS", 60)

    def is_ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, (self.directory.parent / "aws.log").read_text()
        try:
            return self.get("/_mlops/health")["status"] == "ok"
        except OSError:
            return False

    def get(self, path: str) -> dict[str, Any]:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=30) as answer:
            return dict(json.load(answer))

    def post(self, path: str, body: bytes) -> tuple[int, dict[str, Any]]:
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=body, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, dict(json.load(answer))
        except urllib.error.HTTPError as error:
            return error.code, dict(json.load(error))

    def end(self, name: signal.Signals = signal.SIGTERM) -> float:
        """Returns how many seconds it took."""
        began = time.monotonic()
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(name)
            self.process.wait(timeout=60)
        return time.monotonic() - began

    def client(self, service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=self.region,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            config=Config(retries={"total_max_attempts": 1}, s3={"addressing_style": "path"}),
        )

    def settle(self, stack: str) -> dict[str, Any]:
        """The stack, once it is through."""

        def settled() -> dict[str, Any] | None:
            description = self.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
            return None if description["StackStatus"].endswith("_IN_PROGRESS") else dict(description)

        return wait_until(settled, f"{stack} settles")

    def reasons(self, stack: str) -> list[str]:
        events = self.client("cloudformation").describe_stack_events(StackName=stack)["StackEvents"]
        return [event["ResourceStatusReason"] for event in events if event.get("ResourceStatusReason")]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def sagemaker() -> Iterator[FakeSageMaker]:
    fake = FakeSageMaker()
    yield fake
    fake.close()


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory, sagemaker: FakeSageMaker) -> Iterator[LocalAws]:
    local = LocalAws(tmp_path_factory.mktemp("aws") / "state", sagemaker.url)
    local.start()
    yield local
    local.end(signal.SIGKILL)
