"""Runs an app of ASGI in this process."""

import socket
from types import FrameType

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from common.model_service import ModelService


def listen(app: ASGIApp, service: ModelService, listener: socket.socket) -> None:
    """Returns when it was asked to end and has answered everything."""
    settings = service.settings
    config = uvicorn.Config(
        app,
        http=HalfCloseProtocol,
        ws="none",
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=settings.keep_alive_seconds,
        timeout_graceful_shutdown=max(1, int(settings.drain_seconds - service.drain.listening_seconds)),
    )
    DrainingServer(config, service).run(sockets=[listener])


class DrainingServer(uvicorn.Server):
    """Goes on listening for as long as somebody asks after it should end."""

    def __init__(self, config: uvicorn.Config, service: ModelService) -> None:
        super().__init__(config)
        self._drain = service.drain

    # uvicorn would raise the signal again when it has drained, and the exit code would not be 0.
    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
        """Takes SIGTERM and SIGINT."""
        self._drain.ask()

    async def on_tick(self, counter: int) -> bool:
        """Whether to end."""
        return await super().on_tick(counter) or self._drain.over


class HalfCloseProtocol(H11Protocol):
    """Answers clients that have closed their side: uvicorn would leave them without one."""

    def eof_received(self) -> bool | None:  # type: ignore[override]
        """True keeps the connection open for what is still to be written."""
        waiting = self.cycle is not None and not self.cycle.response_complete
        if waiting and not self.cycle.more_body:
            self.cycle.keep_alive = False
            return True
        begun = bool(self.conn.trailing_data[0]) or waiting
        if begun and self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            # A request that ends in its middle is answered as one that isn't well-formed.
            self.conn.receive_data(b"")
            self.handle_events()
        return None
