"""Runs an app of WSGI in one process or several."""

import socket
import threading
import time
from pathlib import Path
from types import FrameType
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.workers.gthread import ThreadWorker

from common.model_service import ModelService

# A connection that is being answered has a thread; predictions have fewer of their own.
THREADS = 64
MEMORY = Path("/dev/shm")  # noqa: S108 - gunicorn makes a file without a name there


def listen(app: Any, service: ModelService, listener: socket.socket) -> None:  # noqa: ANN401 - WSGI's types exist for checkers only
    """Ends the process when it was asked to and has answered everything."""
    Application(app, service, listener).run()


class Application(BaseApplication):
    """Settings of gunicorn, and the app that is loaded already."""

    def __init__(self, app: Any, service: ModelService, listener: socket.socket) -> None:  # noqa: ANN401
        self.service = service
        self._app = app
        self._descriptor = listener.detach()
        super().__init__()

    def load_config(self) -> None:
        """Nothing is read from the command line or a file."""
        settings = self.service.settings
        for name, value in {
            "bind": f"fd://{self._descriptor}",
            "workers": settings.workers,
            "worker_class": DrainingWorker,
            "threads": THREADS,
            "keepalive": settings.keep_alive_seconds,
            "graceful_timeout": settings.drain_seconds,
            "loglevel": "warning",
            # Where the root file system is read-only.
            "control_socket_disable": True,
            **({"worker_tmp_dir": str(MEMORY)} if MEMORY.is_dir() else {}),
            "post_worker_init": lambda _: self.service.model.warm_up(),
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Any:  # noqa: ANN401
        """In each worker, after the fork."""
        return self._app


class DrainingWorker(ThreadWorker):
    """Goes on listening for as long as somebody asks after it should end."""

    def handle_request(self, req: Any, conn: Any) -> Any:  # noqa: ANN401 - gunicorn ships no types
        """Makes each answer the last one of its connection once the end is near."""
        if self.app.service.drain.asked:
            req.force_close()
        return super().handle_request(req, conn)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Takes SIGTERM."""
        drain = self.app.service.drain
        if drain.asked:
            return
        drain.ask()

        def end_when_quiet() -> None:
            while not drain.over:
                time.sleep(0.05)
            ThreadWorker.handle_exit(self, sig, frame)

        threading.Thread(target=end_when_quiet, daemon=True).start()
