"""Our SageMaker as a process of its own, driven by boto3."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import boto3
import pytest
from botocore.client import BaseClient
from botocore.config import Config

from sagemaker.strict_responses import check_responses

REPOSITORY = Path(__file__).parents[3]
REGION = "us-east-1"
ACCOUNT = "000000000000"


class Emulator(ThreadingHTTPServer):
    """As much of the local AWS as the server asks for: objects of S3, events, messages to topics, metrics."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), EmulatorHandler)
        self.objects = {"s3://models/model.tar.gz": b"?"}
        self.events: list[dict[str, Any]] = []
        self.messages: list[tuple[str, dict[str, Any]]] = []
        """Topic and what it was told."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class EmulatorHandler(BaseHTTPRequestHandler):
    server: Emulator

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        bucket, _, key = url.path.strip("/").partition("/")
        if key:
            self.answer(self.server.objects[f"s3://{bucket}/{unquote(key)}"])
            return
        start = f"s3://{bucket}/{parse_qs(url.query).get('prefix', [''])[0]}"
        found = {uri: body for uri, body in self.server.objects.items() if uri.startswith(start)}
        contents = "".join(
            f"<Contents><Key>{uri.removeprefix(f's3://{bucket}/')}</Key><Size>{len(body)}</Size></Contents>"
            for uri, body in found.items()
        )
        self.answer(f"<ListBucketResult><IsTruncated>false</IsTruncated>{contents}</ListBucketResult>".encode())

    def do_PUT(self) -> None:
        path = unquote(urlsplit(self.path).path).strip("/")
        self.server.objects[f"s3://{path}"] = self.rfile.read(int(self.headers["content-length"]))
        self.answer(b"")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.path == "/_mlops/events":
            self.server.events += json.loads(body)
        elif body.startswith(b"Action=Publish"):
            form = parse_qs(body.decode())
            self.server.messages.append((form["TopicArn"][0], json.loads(form["Message"][0])))
        self.answer(b"{}")

    def answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keeps the output of the tests clean."""


@pytest.fixture(scope="session")
def emulator() -> Iterator[Emulator]:
    server = Emulator()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()


@pytest.fixture(scope="session")
def endpoint_url(emulator: Emulator, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    state = tmp_path_factory.mktemp("state")
    build_image(state / "local" / "images")
    serve = Path(__file__).with_name("serve.ts")
    with (state / "errors.log").open("w") as errors:
        process = subprocess.Popen(
            ["node", "--require", "tsx/cjs", serve, state / "local", emulator.url],
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        assert process.stdout
        port = process.stdout.readline().strip()
        assert port, (state / "errors.log").read_text()
        yield f"http://127.0.0.1:{port}"
        process.terminate()
        assert process.wait(timeout=60) == 0
    log = (state / "errors.log").read_text()
    assert "response." not in log, "the server itself found a flaw in one of its answers"


@pytest.fixture(scope="session")
def client_of(endpoint_url: str) -> Callable[[str], BaseClient]:
    def client(service: str) -> BaseClient:
        return boto3.client(
            service,
            endpoint_url=endpoint_url,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
            # What botocore would refuse is sent, so that the server has to.
            config=Config(retries={"total_max_attempts": 1}, parameter_validation=False),
        )

    return client


@pytest.fixture(scope="session")
def sagemaker(client_of: Callable[[str], BaseClient]) -> BaseClient:
    client = client_of("sagemaker")
    check_responses(client)
    return client


@pytest.fixture(scope="session")
def autoscaling(client_of: Callable[[str], BaseClient]) -> BaseClient:
    client = client_of("application-autoscaling")
    check_responses(client)
    return client


def build_image(images: Path) -> None:
    """Puts the image `test/image:echo` where the server looks for images: a model server that answers what it got."""
    program = images / "echo" / "program"
    command = program / "bin" / "serve"
    command.parent.mkdir(parents=True)
    command.write_text(f"#!{sys.executable}\n{Path(__file__).with_name('echo_server.py').read_text()}")
    command.chmod(0o755)
    image = {"tag": "echo", "program": str(program), "interpreter": sys.executable, "environment": {}}
    (images / "echo.json").write_text(json.dumps(image))


def arn(resource: str) -> str:
    return f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:{resource}"
