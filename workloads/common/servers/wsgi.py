"""Between WSGI and the endpoints of a model."""

import socket
import threading
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from common.model_service import Call, Endpoint, ModelService
from common.reply import Reply
from common.servers.connection import DISCARDED_BYTES

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

STEP = 64 * 1024


def answer(service: ModelService, endpoint: Endpoint, environ: "WSGIEnvironment") -> Reply:
    """Reads what the endpoint needs and answers, within the limits of size and time."""
    if endpoint.method == "GET":
        return service.answer(endpoint, Call())
    deadline = time.monotonic() + service.settings.request_seconds
    body = _read(service, environ)
    if isinstance(body, Reply):
        return body
    call = Call(environ.get("CONTENT_TYPE", ""), environ.get("HTTP_ACCEPT", ""), body)
    future = service.submit(endpoint, call)
    try:
        return future.result(timeout=max(0.0, deadline - time.monotonic()))
    except TimeoutError:
        future.cancel()
        return service.too_slow_prediction()


def observed(app: "WSGIApplication", service: ModelService) -> "WSGIApplication":
    """The same app, each answer counted; one that ends without an answer counts as a 500."""

    def run(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        with service.observed(environ["PATH_INFO"], environ["REQUEST_METHOD"]) as outcome:

            def note(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:  # noqa: ANN401
                outcome.status = int(status[:3])
                return start_response(status, headers, *exc_info)

            # Answers are whole, so there is nothing to stream.
            answered = app(environ, note)
            try:
                return list(answered)
            finally:
                if hasattr(answered, "close"):
                    answered.close()

    return run


def _read(service: ModelService, environ: "WSGIEnvironment") -> bytes | Reply:
    """The body, straight from the server: frameworks take a chunked one for empty, or cut it."""
    largest = service.settings.largest_body
    announced = int(environ.get("CONTENT_LENGTH") or -1)
    chunks: list[bytes] = []
    size = 0
    watch = _Watch(environ.get("gunicorn.socket"), service.settings.request_seconds)
    try:
        while chunk := environ["wsgi.input"].read(STEP):
            size += len(chunk)
            if size <= largest:
                chunks.append(chunk)
            if size == announced or size > largest + DISCARDED_BYTES:
                break
    except Exception:  # noqa: BLE001 - each server has errors of its own for a body that ends or isn't well-formed
        return service.too_slow_body() if watch.late else service.cut_short()
    finally:
        watch.end()
    if watch.late:
        return service.too_slow_body()
    if size > largest:
        return service.too_large()
    return service.cut_short() if 0 <= announced != size else b"".join(chunks)


class _Watch:
    """Ends a body that takes too long: whoever waits for the next byte reads the end of it instead."""

    def __init__(self, connection: "socket.socket | None", seconds: float) -> None:
        self.late = False
        self._connection = connection
        self._timer = threading.Timer(seconds, self._cut)
        self._timer.daemon = True
        self._timer.start()

    def end(self) -> None:
        self._timer.cancel()

    def _cut(self) -> None:
        self.late = True
        if self._connection is not None:
            self._connection.shutdown(socket.SHUT_RD)
