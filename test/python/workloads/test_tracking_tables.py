"""Who makes the tables of a SQLite store, and who waits."""

import fcntl
import re
import threading
import time
from pathlib import Path

import pytest

from common import tracking_tables
from common.errors import WorkloadError
from common.tracking import Tracking
from common.tracking_tables import ensure_tables


class Maker:
    """Stands for MLflow, which takes its time."""

    def __init__(self) -> None:
        self.made = 0
        self.begun = threading.Event()

    def __call__(self, draft: Path, _wait_seconds: float) -> None:
        self.made += 1
        draft.write_text("part")
        self.begun.set()
        time.sleep(0.2)
        draft.write_text("whole")


@pytest.fixture
def maker(monkeypatch: pytest.MonkeyPatch) -> Maker:
    stand_in = Maker()
    monkeypatch.setattr(tracking_tables, "_run", stand_in)
    return stand_in


def test_who_comes_while_they_are_made_waits_and_makes_none(
    tmp_path: Path, maker: Maker, capsys: pytest.CaptureFixture[str]
) -> None:
    database = tmp_path / "mlflow.db"
    first = threading.Thread(target=ensure_tables, args=(database,))
    first.start()
    assert maker.begun.wait(10)
    assert not database.exists()
    ensure_tables(database)
    assert database.read_text() == "whole"
    assert re.search(r"^tracking: waited \d+\.\d s for .*mlflow\.db, ", capsys.readouterr().out)
    first.join(10)
    assert maker.made == 1
    ensure_tables(database)
    assert maker.made == 1


def test_what_a_killed_process_left_is_not_taken_for_the_database(tmp_path: Path, maker: Maker) -> None:
    database = tmp_path / "mlflow.db"
    for left in ("mlflow.db.1.draft", "mlflow.db.1.draft-wal", "mlflow.db.lock", "other.db"):
        (tmp_path / left).write_text("part")
    ensure_tables(database)
    assert database.read_text() == "whole"
    assert maker.made == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["mlflow.db", "mlflow.db.lock", "other.db"]


def test_a_lock_that_stays_held_costs_the_record_and_no_more(
    tmp_path: Path, maker: Maker, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    database = tmp_path / "mlflow.db"
    with (tmp_path / "mlflow.db.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(WorkloadError, match=r"mlflow\.db\.lock: must be free within 0\.2 s, got another process"):
            ensure_tables(database, wait_seconds=0.2)
        monkeypatch.setattr(ensure_tables, "__defaults__", (0.2,))
        run = Tracking.from_environment("flights", {"MLFLOW_TRACKING_URI": f"sqlite:///{database}"})
    assert run.run_id is None
    assert "tracking: could not begin a run, got " in capsys.readouterr().err
    assert maker.made == 0
    ensure_tables(database)
    assert maker.made == 1


def test_tables_that_can_not_be_made_are_told_with_what_mlflow_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = tmp_path / "packages" / "mlflow"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text("raise ImportError('no such migration')")
    monkeypatch.syspath_prepend(broken.parent)
    with pytest.raises(WorkloadError, match=r"(?s)MLflow could not make its tables, got\n.*no such migration"):
        ensure_tables(tmp_path / "mlflow.db")
    assert not (tmp_path / "mlflow.db").exists()
