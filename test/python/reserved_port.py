"""A port for a process that is about to start."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def reserved_port() -> Iterator[int]:
    """Of the loopback. While it is held no connection and no other test is given it; a server with SO_REUSEADDR is.

    One that is only looked up may be somebody's when the server gets there: it has Python to start, and its packages.
    """
    with hold_port() as held:
        yield int(held.getsockname()[1])


def hold_port() -> socket.socket:
    """Holds it until it is closed. It doesn't listen, or nobody else could."""
    held = socket.socket()
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.bind(("127.0.0.1", 0))
    return held
