"""What Prometheus reads of the model server, by the names that prometheus-fastapi-instrumentator made customary."""

import threading
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

# The text format, see https://prometheus.io/docs/instrumenting/exposition_formats/
CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
# Seconds. SageMaker cuts requests off after 60.
BOUNDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
OTHER = "other"
# A method that nobody agreed on must not become a new series.
METHODS = frozenset({"GET", "POST"})


class ServerMetrics:
    """Counts answers and their durations, of this process only: with several workers each counts for itself."""

    def __init__(self, handlers: Sequence[str]) -> None:
        """handlers: paths that are told apart; all others count as one, so that callers can't make series."""
        self._handlers = frozenset(handlers)
        # Some servers answer in many threads.
        self._lock = threading.Lock()
        # From the start, so that no traffic reads as 0 and not as no data.
        self._answers: Counter[tuple[str, str, int]] = Counter({("/invocations", "POST", 200): 0})
        self._seconds: defaultdict[str, float] = defaultdict(float)
        self._buckets: dict[str, list[int]] = {"/invocations": [0] * (len(BOUNDS) + 1)}

    def observe(self, path: str, method: str, status: int, seconds: float) -> None:
        """Counts one answer."""
        handler = path if path in self._handlers else OTHER
        with self._lock:
            self._answers[handler, method if method in METHODS else OTHER, status] += 1
            self._seconds[handler] += seconds
            self._buckets.setdefault(handler, [0] * (len(BOUNDS) + 1))[bisect_left(BOUNDS, seconds)] += 1

    def text(self) -> str:
        """Everything counted so far, as Prometheus reads it."""
        with self._lock:
            return self._text()

    def _text(self) -> str:
        lines = ["# HELP http_requests_total Answers.", "# TYPE http_requests_total counter"]
        for (handler, method, status), count in sorted(self._answers.items()):
            lines.append(f'http_requests_total{{handler="{handler}",method="{method}",status="{status}"}} {count}')
        name = "http_request_duration_seconds"
        lines += [f"# HELP {name} From a request's headers to the end of its answer.", f"# TYPE {name} histogram"]
        for handler, counts in sorted(self._buckets.items()):
            below = 0
            for bound, count in zip([*(str(bound) for bound in BOUNDS), "+Inf"], counts, strict=True):
                below += count
                lines.append(f'{name}_bucket{{handler="{handler}",le="{bound}"}} {below}')
            lines.append(f'{name}_sum{{handler="{handler}"}} {self._seconds[handler]}')
            lines.append(f'{name}_count{{handler="{handler}"}} {below}')
        return "\n".join([*lines, ""])
