"""What the environment says about the model server."""

from collections.abc import Mapping
from dataclasses import dataclass

from common.errors import WorkloadError
from common.request import CSV, JSON

MEGABYTE = 1024 * 1024
HIGHEST_PORT = 65_535
# SageMaker kills the container 30 s after it asked it to stop.
DRAIN_SECONDS = 25
LONGEST_DRAIN_SECONDS = 3600


@dataclass(frozen=True)
class ServerSettings:
    """Settings by the names and defaults that SageMaker gives them.

    host: every interface, as in a container; the loopback where SAGEMAKER_BASE_DIR says that there is none.
    accept: the type of answers to requests that leave it open; None repeats the request's.
    drain_seconds: how long requests that are under way may still take once the server is asked to stop.
    """

    host: str
    port: int
    workers: int
    largest_body: int
    accept: str | None
    drain_seconds: int = DRAIN_SECONDS

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "ServerSettings":
        """Raises a WorkloadError that names the variable with an illegal value."""
        accept = environment.get("SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT") or None
        if accept not in {None, CSV, JSON}:
            raise WorkloadError(
                "environment SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT",
                f"must be {CSV} or {JSON}, got {accept}",
                "set one of them or leave it out",
            )
        inside = not environment.get("SAGEMAKER_BASE_DIR")
        return cls(
            host=environment.get("MODEL_SERVER_HOST") or ("0.0.0.0" if inside else "127.0.0.1"),  # noqa: S104
            port=_whole(environment, "SAGEMAKER_BIND_TO_PORT", 8080, HIGHEST_PORT),
            workers=_whole(environment, "SAGEMAKER_MODEL_SERVER_WORKERS", 1, 256),
            largest_body=_whole(environment, "SAGEMAKER_MAX_PAYLOAD_IN_MB", 6, 100) * MEGABYTE,
            accept=accept,
            drain_seconds=_whole(environment, "MODEL_SERVER_DRAIN_SECONDS", DRAIN_SECONDS, LONGEST_DRAIN_SECONDS),
        )


def _whole(environment: Mapping[str, str], name: str, default: int, highest: int) -> int:
    text = environment.get(name) or str(default)
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= highest):
        raise WorkloadError(
            f"environment {name}", f"must be a whole number from 1 to {highest}, got {text}", "correct it"
        )
    return int(text)
