"""The tables of MLflow's SQLite store, made once, whole or not at all, by whichever process comes first.

MLflow makes them when it opens a store that has none. Two processes that do so at the same time get in each other's
way, and one that is killed leaves a part of them, with which MLflow fails from then on.
"""

import fcntl
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from common.errors import WorkloadError

SILENT = {"GIT_PYTHON_REFRESH": "quiet", "MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"}
# MLflow's migrations take 6 s of a processor, and longer when they are the first to import MLflow.
WAIT_SECONDS = 180.0
PAUSE_SECONDS = 0.1


def ensure_tables(database: Path, wait_seconds: float = WAIT_SECONDS) -> None:
    """Does nothing if the file is there; else waits for the process that is making it, or makes it.

    Raises a WorkloadError if it can't be made, or isn't there when the time is over.
    """
    if database.exists():
        return
    began = time.monotonic()
    with _held(database.with_name(f"{database.name}.lock"), wait_seconds):
        if database.exists():
            print(f"tracking: waited {time.monotonic() - began:.1f} s for {database}, which another process made")
            return
        # What killed processes left. What they had started may still be writing there: hence a name of our own.
        for left in database.parent.glob(f"{database.name}.*.draft*"):
            left.unlink(missing_ok=True)
        draft = database.with_name(f"{database.name}.{os.getpid()}.draft")
        _run(draft, wait_seconds)
        draft.replace(database)


def _run(draft: Path, wait_seconds: float) -> None:
    """In a process of its own: when that has ended, nobody has the draft open."""
    command = [sys.executable, "-m", "common.tracking_tables", str(draft)]
    # It finds what this process finds, whoever put it there.
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    try:
        made = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=wait_seconds)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise WorkloadError(str(draft), f"must be made in {wait_seconds:g} s, got no end", "run again") from None
    if made.returncode != 0:
        said = made.stderr.strip() or f"exit code {made.returncode}"
        raise WorkloadError(str(draft), f"MLflow could not make its tables, got\n{said}\n", "correct that")


def make_tables(database: Path) -> None:
    """Has MLflow make all of its tables in a new file."""
    os.environ.update({name: value for name, value in SILENT.items() if name not in os.environ})
    from mlflow.tracking import MlflowClient

    client = MlflowClient(tracking_uri=f"sqlite:///{database}")
    client.search_experiments(max_results=1)
    with closing(sqlite3.connect(database)) as connection:
        # Lets others read while one writes.
        connection.execute("PRAGMA journal_mode=WAL")


@contextmanager
def _held(path: Path, wait_seconds: float) -> Iterator[None]:
    """A lock that goes with its process, however that ends."""
    deadline = time.monotonic() + wait_seconds
    with path.open("a") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    problem = f"must be free within {wait_seconds:g} s, got another process that makes the tables"
                    raise WorkloadError(str(path), problem, "end that process") from None
                time.sleep(PAUSE_SECONDS)
        yield


if __name__ == "__main__":
    make_tables(Path(sys.argv[1]))
