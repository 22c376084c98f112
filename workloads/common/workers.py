"""Several processes that do the same."""

import os
import signal
import sys
from collections.abc import Callable
from types import FrameType


def run_workers(count: int, work: Callable[[], None]) -> int:
    """Forks so many processes and waits for all of them; SIGTERM and SIGINT are passed on to each.

    Returns 0 if they were asked to end and did so well. If one ends by itself, the others are ended too and 1 is
    returned: SageMaker starts the container anew.
    """
    children: set[int] = set()
    asked = False

    def stop(_signal: int, _frame: FrameType | None) -> None:
        nonlocal asked
        asked = True
        _end(children)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    for _ in range(count):
        child = os.fork()
        if child == 0:
            _work_and_exit(work)
        children.add(child)
    if asked:
        _end(children)
    failed = False
    while children:
        child, status = os.wait()
        children.discard(child)
        if not asked:
            print(f"worker {child}: ended by itself, got status {status}; the others end too", file=sys.stderr)
            failed = True
            stop(signal.SIGTERM, None)
        failed = failed or status != 0
    return int(failed)


def _work_and_exit(work: Callable[[], None]) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        work()
    except BaseException as fault:  # noqa: BLE001 - nothing of the parent's must run in the child
        print(f"worker: failed, got {fault!r}", file=sys.stderr)
        os._exit(1)
    os._exit(0)


def _end(children: set[int]) -> None:
    for child in children:
        try:
            os.kill(child, signal.SIGTERM)
        except ProcessLookupError:
            continue
