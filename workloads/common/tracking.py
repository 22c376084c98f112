"""Experiment tracking in MLflow; without MLFLOW_TRACKING_URI nothing is recorded and MLflow isn't even imported.

Uses MLflow's client, not its fluent interface: that one costs more to import and keeps global state.
The tables of a SQLite store are made by the job that comes first, and the others wait for it. They take a while, so
`python -m common.tracking --initialise` makes them ahead, also while jobs that record nothing yet run already.
"""

import os
import sqlite3
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from common.errors import WorkloadError
from common.tracking_tables import SILENT, ensure_tables

Values = Mapping[str, Any]

# A SQLite store that another job holds is free again within moments.
ATTEMPTS = 5
PAUSE_SECONDS = 0.5


class Tracking:
    """One run of an experiment, or nothing at all.

    A store that can't be reached costs the record, not the trained model: the fault is printed and work goes on.
    """

    def __init__(self, client: Any, run_id: str | None) -> None:  # noqa: ANN401 - MlflowClient, imported only if used
        self._client = client
        self.run_id = run_id

    @classmethod
    def from_environment(cls, experiment: str, environment: Mapping[str, str] = os.environ) -> "Tracking":
        """A new run, named after the training job, in that experiment or the one that MLFLOW_EXPERIMENT_NAME names."""
        uri = environment.get("MLFLOW_TRACKING_URI")
        if not uri:
            return cls(None, None)
        name = environment.get("MLFLOW_EXPERIMENT_NAME") or experiment
        job = environment.get("TRAINING_JOB_NAME")

        def begin() -> Tracking:
            client = _client(uri)
            run = client.create_run(_experiment_id(client, name), run_name=job)
            return cls(client, run.info.run_id)

        return _try("begin a run", begin) or cls(None, None)

    @classmethod
    def resume(cls, run_id: str | None, environment: Mapping[str, str] = os.environ) -> "Tracking":
        """The run that the training job began, to add to it."""
        uri = environment.get("MLFLOW_TRACKING_URI")
        if not uri or not run_id:
            return cls(None, None)
        client = _try("open the store", lambda: _client(uri))
        return cls(client, run_id if client else None)

    def finish(self, metrics: Values, parameters: Values | None = None, tags: Values | None = None) -> None:
        """Records all values at once and marks the run as finished."""
        if not self._client:
            return
        from mlflow.entities import Metric, Param, RunTag

        now = int(time.time() * 1000)
        batch = {
            "metrics": [Metric(name, float(value), now, 0) for name, value in metrics.items()],
            "params": [Param(name, str(value)) for name, value in (parameters or {}).items()],
            "tags": [RunTag(name, str(value)) for name, value in (tags or {}).items()],
        }
        _try("record the run", lambda: self._client.log_batch(self.run_id, **batch))
        _try("finish the run", lambda: self._client.set_terminated(self.run_id))


def initialise(environment: Mapping[str, str] = os.environ) -> str:
    """Makes the store's tables and returns its address; does nothing if they are there."""
    uri = environment.get("MLFLOW_TRACKING_URI")
    if not uri:
        raise WorkloadError("MLFLOW_TRACKING_URI", "must be set, got nothing", "set it, as in sqlite:////tmp/mlflow.db")
    try:
        if not _made_anew(uri):
            _client(uri).search_experiments(max_results=1)
    except (OSError, sqlite3.Error) as error:
        raise WorkloadError(
            "MLFLOW_TRACKING_URI", f"can't be opened, got {uri}: {error}", "choose another file"
        ) from None
    return uri


def _client(uri: str) -> Any:  # noqa: ANN401
    os.environ.update({name: value for name, value in SILENT.items() if name not in os.environ})
    if uri.startswith("sqlite:"):
        _made_anew(uri)
        # MLflow itself tries for minutes.
        with _open_sqlite(uri) as connection:
            connection.execute("SELECT 1 FROM sqlite_master")
    from mlflow.tracking import MlflowClient

    return MlflowClient(tracking_uri=uri)


def _made_anew(uri: str) -> bool:
    """Whether that was the address of a SQLite file that wasn't there yet. It is now."""
    database = _path_of(uri) if uri.startswith("sqlite:") else None
    if database is None or database == ":memory:" or Path(database).exists():
        return False
    ensure_tables(Path(database))
    return True


def _path_of(uri: str) -> str | None:
    from sqlalchemy.engine import make_url

    return make_url(uri).database


def _experiment_id(client: Any, name: str) -> str:  # noqa: ANN401
    from mlflow.exceptions import MlflowException

    found = client.get_experiment_by_name(name)
    if found is None:
        try:
            return str(client.create_experiment(name))
        except MlflowException:
            # Another job was faster.
            found = client.get_experiment_by_name(name)
            if found is None:
                raise
    return str(found.experiment_id)


@contextmanager
def _open_sqlite(uri: str) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(_path_of(uri) or ":memory:")
    try:
        yield connection
    finally:
        connection.close()


def _try(what: str, act: Callable[[], Any]) -> Any:  # noqa: ANN401
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return act()
        except Exception as fault:  # noqa: BLE001 - MLflow raises whatever its store raises
            if attempt == ATTEMPTS or "database is locked" not in str(fault):
                line = str(fault).partition("\n")[0]
                print(f"tracking: could not {what}, got {line}; check MLFLOW_TRACKING_URI", file=sys.stderr)
                return None
            time.sleep(PAUSE_SECONDS)
    return None


if __name__ == "__main__":
    if sys.argv[1:] != ["--initialise"]:
        sys.exit(f"common.tracking: takes --initialise, got {' '.join(sys.argv[1:]) or 'nothing'}; pass it")
    try:
        print(initialise())
    except WorkloadError as fault:
        sys.exit(str(fault))
