"""Runs in MLflow's SQLite store."""

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from common.tracking import Tracking

RECORD = """
run = Tracking.from_environment("flights")
run.finish(metrics={"auc": 0.7}, parameters={"seed": 1}, tags={"sha256": "abc"})
Tracking.resume(run.run_id).finish(metrics={"test_auc": 0.6})
"""

# Imports once what every job would import, then each process opens the store by itself.
JOBS = f"""
import os, sys
from mlflow.store.tracking import sqlalchemy_store
from common.tracking import Tracking, initialise

def process(work):
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    finally:
        sys.stderr.flush()
        os._exit(code)

def record():
    exec({RECORD!r}, {{"Tracking": Tracking}})

# The tables are made ahead, but nobody has waited for that.
for child in [process(initialise), *(process(record) for _ in range(4))]:
    assert os.waitpid(child, 0)[1] == 0
"""


def test_jobs_at_the_same_time_record_their_runs(tmp_path: Path, environment: Callable[..., dict[str, str]]) -> None:
    store = tmp_path / "mlflow.db"
    variables = environment(MLFLOW_TRACKING_URI=f"sqlite:///{store}", TRAINING_JOB_NAME="job")
    done = subprocess.run(
        [sys.executable, "-c", JOBS],
        env=variables,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert "tracking: could not" not in done.stderr
    with sqlite3.connect(store) as connection:
        runs = connection.execute("select name, status from runs").fetchall()
        metrics = connection.execute("select key, value from metrics order by key").fetchall()
        parameters = connection.execute("select key, value from params").fetchall()
        experiments = connection.execute("select name from experiments where name != 'Default'").fetchall()
        journal = connection.execute("pragma journal_mode").fetchall()
    connection.close()
    assert runs == [("job", "FINISHED")] * 4
    assert metrics == [("auc", 0.7)] * 4 + [("test_auc", 0.6)] * 4
    assert parameters == [("seed", "1")] * 4
    assert experiments == [("flights",)]
    assert journal == [("wal",)]
    # No folder for artefacts of runs that have none.
    assert {path.name.partition("-")[0] for path in tmp_path.iterdir()} == {"mlflow.db", "mlflow.db.lock"}


def test_without_a_store_nothing_is_recorded_or_imported(environment: Callable[..., dict[str, str]]) -> None:
    code = f"from common.tracking import Tracking\n{RECORD}\nimport sys\nassert run.run_id is None"
    code += "\nassert 'mlflow' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], env=environment(), timeout=300, check=True)


def test_a_store_that_can_not_be_reached_costs_only_the_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nowhere = {"MLFLOW_TRACKING_URI": f"sqlite:///{tmp_path}/no/such/folder/mlflow.db"}
    run = Tracking.from_environment("flights", nowhere)
    run.finish(metrics={"auc": 0.7})
    assert run.run_id is None
    assert "tracking: could not begin a run, got " in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["--help"], ["--initialise", "twice"]])
def test_the_command_says_what_it_takes(arguments: list[str], environment: Callable[..., dict[str, str]]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "common.tracking", *arguments],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 1
    assert "takes --initialise" in done.stderr
