"""What the environment says about the model server."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from common.errors import WorkloadError
from common.request import INVOCATION_TYPES

MEGABYTE = 1024 * 1024
HIGHEST_PORT = 65_535
# SageMaker kills the container 30 s after it asked it to stop.
DRAIN_SECONDS = 25
LONGEST_DRAIN_SECONDS = 3600
# SageMaker cuts a request to a real-time endpoint off after 60 s by itself, and waits an hour for one from a queue or a
# batch.
REQUEST_SECONDS = 3600
# Balancers give a connection up after a minute without a request, and as late as the longest request may take. They
# must be the first to close, or a request is lost on the way.
KEEP_ALIVE_SECONDS = 75
LONGER_SECONDS = 15
SERVERS = ("python", "fastapi", "flask", "django")
# What the Open Inference Protocol has in its paths.
MODEL_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}")


@dataclass(frozen=True)
class ServerSettings:
    """Settings by the names and defaults that SageMaker gives them.

    host: every interface, by IPv6 too where there is any, as in a container; the loopback where SAGEMAKER_BASE_DIR says
        that there is none.
    accept: the type of answers to requests that leave it open; None repeats the request's.
    drain_seconds: how long requests that are under way may still take once the server is asked to stop.
    request_seconds: how long a request may take, from its headers to its answer.
    keep_alive_seconds: how long a connection may be idle.
    server: the framework that answers.
    model_name: what the Open Inference Protocol calls the model.
    """

    host: str
    port: int
    workers: int
    largest_body: int
    accept: str | None
    drain_seconds: int = DRAIN_SECONDS
    request_seconds: int = REQUEST_SECONDS
    keep_alive_seconds: int = KEEP_ALIVE_SECONDS
    server: str = SERVERS[0]
    model_name: str = "model"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], *, ipv6: bool = False) -> "ServerSettings":
        """Raises a WorkloadError that names the variable with an illegal value.

        ipv6: whether `::` can be listened on, which takes IPv4 as well.
        """
        accept = environment.get("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT") or None
        if accept not in {None, *INVOCATION_TYPES}:
            raise WorkloadError(
                "environment SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT",
                f"must be {' or '.join(INVOCATION_TYPES)}, got {accept}",
                "set one of them or leave it out",
            )
        server = environment.get("MODEL_SERVER") or SERVERS[0]
        if server not in SERVERS:
            raise WorkloadError(
                "environment MODEL_SERVER", f"must be {' or '.join(SERVERS)}, got {server}", "set one of them"
            )
        model_name = environment.get("MODEL_SERVER_MODEL_NAME") or "model"
        if not MODEL_NAME.fullmatch(model_name):
            raise WorkloadError(
                "environment MODEL_SERVER_MODEL_NAME",
                f"must be at most 63 letters, digits and .-_, got {model_name}",
                "set the model's name",
            )
        inside = not environment.get("SAGEMAKER_BASE_DIR")
        every_interface = "::" if ipv6 else "0.0.0.0"  # noqa: S104
        request_seconds = _whole(environment, "MODEL_SERVER_REQUEST_SECONDS", REQUEST_SECONDS, LONGEST_DRAIN_SECONDS)
        # Where nobody says it, no balancer waits for an hour.
        waited = request_seconds if environment.get("MODEL_SERVER_REQUEST_SECONDS") else 0
        return cls(
            host=environment.get("MODEL_SERVER_HOST") or (every_interface if inside else "127.0.0.1"),
            port=_whole(environment, "SAGEMAKER_BIND_TO_PORT", 8080, HIGHEST_PORT),
            workers=_whole(environment, "SAGEMAKER_MODEL_SERVER_WORKERS", 1, 256),
            largest_body=_whole(environment, "SAGEMAKER_MAX_PAYLOAD_IN_MB", 6, 100) * MEGABYTE,
            accept=accept,
            drain_seconds=_whole(environment, "MODEL_SERVER_DRAIN_SECONDS", DRAIN_SECONDS, LONGEST_DRAIN_SECONDS),
            request_seconds=request_seconds,
            keep_alive_seconds=max(KEEP_ALIVE_SECONDS, waited + LONGER_SECONDS),
            server=server,
            model_name=model_name,
        )


def _whole(environment: Mapping[str, str], name: str, default: int, highest: int) -> int:
    text = environment.get(name) or str(default)
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= highest):
        raise WorkloadError(
            f"environment {name}", f"must be a whole number from 1 to {highest}, got {text}", "correct it"
        )
    return int(text)
