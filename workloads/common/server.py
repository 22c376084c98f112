"""Starts the model server, in one process or several."""

import os
import socket
import sys
from collections.abc import Callable

from common.container_paths import ContainerPaths
from common.errors import WorkloadError
from common.model_directory import ModelDirectory
from common.model_service import ModelService
from common.server_settings import ServerSettings
from common.workers import run_workers


def serve() -> None:
    """Loads the model, then listens until SIGTERM or SIGINT; requests that are under way are answered first.

    Ends with exit code 1 and one line that says why if it can't start.
    """
    try:
        settings = ServerSettings.from_environment(os.environ, ipv6=_has_ipv6())
        listener = _bind(settings)
        model = ModelDirectory(ContainerPaths.from_environment().model).load()
    except WorkloadError as fault:
        sys.exit(str(fault))
    print(f"serving {model.card['sha256'][:12]} on {settings.host}:{settings.port}", flush=True)
    # The model is loaded before any fork, so its memory is shared.
    _LISTEN[settings.server](ModelService(model, settings), listener)


def _has_ipv6() -> bool:
    """The kernel or a container may be without."""
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::", 0))
    except OSError:
        return False
    return True


def _bind(settings: ServerSettings) -> socket.socket:
    """Takes the port without listening yet: who connects before the model is there is refused."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    # asyncio sends small packets at once on sockets that say TCP, and on no others. There the body of an answer waits
    # until the client has acknowledged its headers, which takes 40 ms on a connection that is kept.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        # Every address is one of IPv4 as well, also where the system has it otherwise.
        listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        raise WorkloadError(
            f"port {settings.port}", f"can't be bound, got {error.strerror}", "free it or set SAGEMAKER_BIND_TO_PORT"
        ) from None
    return listener


def _python(service: ModelService, listener: socket.socket) -> None:
    from common.servers.python_server import asgi_app
    from common.servers.uvicorn_server import listen

    _in_workers(service, lambda: listen(asgi_app(service), service, listener))


def _fastapi(service: ModelService, listener: socket.socket) -> None:
    from common.servers.fastapi_server import asgi_app
    from common.servers.uvicorn_server import listen

    _in_workers(service, lambda: listen(asgi_app(service), service, listener))


def _in_workers(service: ModelService, work: Callable[[], None]) -> None:
    def warm() -> None:
        service.model.warm_up()
        work()

    if service.settings.workers == 1:
        warm()
    else:
        sys.exit(run_workers(service.settings.workers, warm))


def _flask(service: ModelService, listener: socket.socket) -> None:
    from common.servers.flask_server import wsgi_app
    from common.servers.gunicorn_server import listen

    listen(wsgi_app(service), service, listener)


def _django(service: ModelService, listener: socket.socket) -> None:
    from common.servers.django_server import wsgi_app
    from common.servers.gunicorn_server import listen

    listen(wsgi_app(service), service, listener)


_LISTEN: dict[str, Callable[[ModelService, socket.socket], None]] = {
    "python": _python,
    "fastapi": _fastapi,
    "flask": _flask,
    "django": _django,
}
