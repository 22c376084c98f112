"""The time between the wish that a server ends and its last accepted connection."""

import threading
import time
from collections.abc import Callable

# Seconds without a new request after which nobody is taken to send any more.
QUIET_SECONDS = 0.5
# Seconds after which the server stops to listen, whoever still sends.
LONGEST_SECONDS = 5.0


class Drain:
    """Whether the server was asked to end, and whether requests have stopped to come.

    Balancers hear of a server's end after it does, and clients keep connections open. So a server that is asked to end
    isn't ready any more, closes each connection after its answer, and goes on listening until nobody asks.
    """

    def __init__(self, drain_seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        """drain_seconds: all that there is; at least half of it is left to requests that are under way."""
        self.listening_seconds = min(LONGEST_SECONDS, drain_seconds / 2)
        self._clock = clock
        self._asked_at: float | None = None
        self._last_request = clock()
        self._active = 0
        self._lock = threading.Lock()

    def ask(self) -> None:
        """Begins it; a second wish changes nothing."""
        if self._asked_at is None:
            self._asked_at = self._clock()

    @property
    def asked(self) -> bool:
        """Whether the server is about to end."""
        return self._asked_at is not None

    def begin(self) -> None:
        """A prediction was asked for."""
        self._note(1)

    def end(self) -> None:
        """And answered."""
        self._note(-1)

    @property
    def over(self) -> bool:
        """Whether to stop listening."""
        if self._asked_at is None:
            return False
        now = self._clock()
        quiet = min(QUIET_SECONDS, self.listening_seconds)
        since = max(self._asked_at, self._last_request)
        # Behind one that is under way others may wait, not yet read.
        return (self._active == 0 and now - since >= quiet) or now - self._asked_at >= self.listening_seconds

    def _note(self, more: int) -> None:
        with self._lock:
            self._active += more
            self._last_request = self._clock()
