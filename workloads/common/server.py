"""Starts the model server, in one process or several."""

import os
import signal
import socket
import sys
from types import FrameType

import uvicorn

from common.container_paths import ContainerPaths
from common.errors import WorkloadError
from common.model_app import model_app
from common.model_directory import ModelDirectory, TrainedModel
from common.server_settings import ServerSettings
from common.workers import run_workers


def serve() -> None:
    """Loads the model, then listens until SIGTERM or SIGINT; requests that are under way are answered first.

    Ends with exit code 1 and one line that says why if it can't start.
    """
    try:
        settings = ServerSettings.from_environment(os.environ)
        listener = _bind(settings)
        model = ModelDirectory(ContainerPaths.from_environment().model).load()
    except WorkloadError as fault:
        sys.exit(str(fault))
    print(f"serving {model.card['sha256'][:12]} on {settings.host}:{settings.port}", flush=True)
    if settings.workers == 1:
        _listen(model, settings, listener)
    else:
        # The model is loaded before the fork, so its memory is shared.
        sys.exit(run_workers(settings.workers, lambda: _listen(model, settings, listener)))


def _bind(settings: ServerSettings) -> socket.socket:
    """Takes the port without listening yet: who connects before the model is there is refused."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        raise WorkloadError(
            f"port {settings.port}", f"can't be bound, got {error.strerror}", "free it or set SAGEMAKER_BIND_TO_PORT"
        ) from None
    return listener


def _listen(model: TrainedModel, settings: ServerSettings, listener: socket.socket) -> None:
    config = uvicorn.Config(
        model_app(model, settings),
        lifespan="off",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=settings.drain_seconds,
    )
    server = uvicorn.Server(config)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    # uvicorn raises the signal again when it has drained, and with these the exit code is 0 all the same.
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    model.warm_up()
    server.run(sockets=[listener])
