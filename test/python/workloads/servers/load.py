"""Many clients at once, each with a connection of its own that it keeps."""

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workloads.servers.conftest import Running
    from workloads.servers.requests_of import Asked


@dataclass
class Outcome:
    """Of all requests that were sent."""

    statuses: Counter[int] = field(default_factory=Counter)
    # Requests without an answer, by what happened to them.
    lost: Counter[str] = field(default_factory=Counter)


def hold(server: "Running", asked: "Asked", clients: int, stop: threading.Event) -> Outcome:
    """Until the event is set, each client asks again as soon as it is answered, and gives up when it isn't."""
    outcome = Outcome()
    lock = threading.Lock()
    together = threading.Barrier(clients)

    def run(_: int) -> None:
        with closing(server.connect(timeout=60)) as connection:
            connection.connect()
            # All connections are open before the first one asks.
            together.wait(timeout=60)
            # At least once, however late it is when all are connected.
            while True:
                try:
                    connection.request(asked.method, asked.path, asked.body, asked.headers)
                    answer = connection.getresponse()
                    answer.read()
                    with lock:
                        outcome.statuses[answer.status] += 1
                except (OSError, HTTPException) as fault:
                    with lock:
                        outcome.lost[repr(fault)] += 1
                    return
                if stop.is_set():
                    return

    with ThreadPoolExecutor(clients) as pool:
        list(pool.map(run, range(clients)))
    return outcome


def after(seconds: float) -> threading.Event:
    """An event that is set so much later."""
    event = threading.Event()
    timer = threading.Timer(seconds, event.set)
    timer.daemon = True
    timer.start()
    return event


def until(condition: object, seconds: float = 60) -> None:
    """Waits for a condition, and fails if it doesn't come true."""
    assert callable(condition)
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)
