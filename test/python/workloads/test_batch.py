"""Shards of a batch, as pods of an indexed Job run them."""

import csv
import io
import json
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import pytest

from common.batch import MEGABYTE, BatchSettings, answer_shard, main, shard_of
from common.container_paths import ContainerPaths
from common.errors import WorkloadError
from common.model_directory import ModelDirectory, TrainedModel
from common.request import CSV

Environment = Callable[..., dict[str, str]]
SHARDS = 3


def _rows(paths: ContainerPaths, count: int) -> list[dict[str, Any]]:
    sample = json.loads((paths.processing_output("profile") / "sample.json").read_text())
    instances: list[dict[str, Any]] = sample["instances"]
    return (instances * (count // len(instances) + 1))[:count]


def _csv(rows: list[dict[str, Any]], *, header: bool = True) -> str:
    table = io.StringIO()
    writer = csv.DictWriter(table, list(rows[0]), lineterminator="\n")
    if header:
        writer.writeheader()
    writer.writerows(rows)
    return table.getvalue()


def _settings(
    folder: Path, index: int = 0, shards: int = 1, *, payload: int = MEGABYTE, join_input: bool = False
) -> BatchSettings:
    return BatchSettings(index, shards, folder / "in", folder / "out", payload, join_input)


def _input(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        file = folder / "in" / f"{name}.csv"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder


def _variables(trained: ContainerPaths, folder: Path) -> dict[str, str]:
    return {
        "SAGEMAKER_BASE_DIR": str(trained.base),
        "JOB_COMPLETION_INDEX": "0",
        "BATCH_SHARDS": "1",
        "BATCH_INPUT": str(folder / "in"),
        "BATCH_OUTPUT": str(folder / "out"),
        "BATCH_PAYLOAD_MB": "1",
    }


def test_three_indexes_unite_to_what_the_server_answers(
    trained: ContainerPaths, start_server: Callable[..., Any], environment: Environment, tmp_path: Path
) -> None:
    rows = _rows(trained, 40)
    files = {f"part-{at}": _csv(rows[at * 8 : at * 8 + 8], header=at % 2 == 0) for at in range(5)}
    _input(tmp_path, **files)
    variables = _variables(trained, tmp_path) | {"BATCH_SHARDS": str(SHARDS)}
    pods = [
        subprocess.Popen(
            [sys.executable, "-m", "common.batch"],
            env=environment(**variables | {"JOB_COMPLETION_INDEX": str(index)}),
            stdout=subprocess.PIPE,
            text=True,
        )
        for index in range(SHARDS)
    ]
    said = [pod.communicate(timeout=120)[0] for pod in pods]

    assert [pod.returncode for pod in pods] == [0] * SHARDS
    assert [line.rpartition(": ")[2] for line in said] == ["2 files answered\n"] * 2 + ["1 files answered\n"]
    server = start_server()
    for name, text in files.items():
        status, _, answer = server.ask("/invocations", text.encode(), Content_Type=CSV)
        assert status == 200
        assert (tmp_path / "out" / f"{name}.csv.out").read_text() == answer
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == [f"part-{at}.csv.out" for at in range(5)]


@pytest.mark.parametrize(("count", "shards"), [(0, 1), (1, 3), (7, 3), (9, 3)])
def test_every_file_is_of_one_shard(tmp_path: Path, count: int, shards: int) -> None:
    (tmp_path / "in").mkdir()
    _input(tmp_path, **{f"f{at}": "x" for at in range(count)})
    (tmp_path / "in" / ".hidden").write_text("x")
    found = [file.name for index in range(shards) for file in shard_of(_settings(tmp_path, index, shards))]
    assert sorted(found) == sorted(f"f{at}.csv" for at in range(count))


def test_answers_are_the_same_in_chunks_and_stand_behind_their_rows(trained: ContainerPaths, tmp_path: Path) -> None:
    model = ModelDirectory(trained.model).load()
    text = _csv(_rows(trained, 6))
    _input(tmp_path, rows=text)
    assert answer_shard(model, _settings(tmp_path)) == 1
    whole = (tmp_path / "out" / "rows.csv.out").read_text().splitlines()
    (tmp_path / "out" / "rows.csv.out").unlink()

    answer_shard(model, _settings(tmp_path, payload=1, join_input=True))
    lines = (tmp_path / "out" / "rows.csv.out").read_text().splitlines()
    header, *rows = text.splitlines()
    assert lines == [f"{header},probability", *(f"{row},{value}" for row, value in zip(rows, whole, strict=True))]


def test_goes_on_where_another_pod_ended(trained: ContainerPaths, tmp_path: Path) -> None:
    model = ModelDirectory(trained.model).load()
    _input(tmp_path, a=_csv(_rows(trained, 2)), b=_csv(_rows(trained, 2)))
    out = tmp_path / "out"
    out.mkdir()
    (out / "a.csv.out").write_text("answered before")
    (out / ".b.csv.out.part").write_text("half of it")
    assert answer_shard(model, _settings(tmp_path)) == 2
    assert (out / "a.csv.out").read_text() == "answered before"
    assert len((out / "b.csv.out").read_text().splitlines()) == 2
    assert not (out / ".b.csv.out.part").exists()


class _Paused:
    """The model, as it waits before it answers for the so many-th time."""

    def __init__(self, model: TrainedModel, calls: int) -> None:
        self._model = model
        self._left = calls
        self.reached = threading.Event()
        self.go_on = threading.Event()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the model has
        return getattr(self._model, name)

    def probability(self, rows: Any) -> Any:  # noqa: ANN401 - as the model's
        self._left -= 1
        if self._left == 0:
            self.reached.set()
            assert self.go_on.wait(60)
        return self._model.probability(rows)


def test_two_pods_at_one_shard_answer_it_whole(trained: ContainerPaths, tmp_path: Path) -> None:
    model = ModelDirectory(trained.model).load()
    # Of several blocks, so that some of it is written before the end.
    _input(tmp_path, a=_csv(_rows(trained, 1500), header=False))
    answer_shard(model, _settings(tmp_path))
    answer = tmp_path / "out" / "a.csv.out"
    expected = answer.read_text()
    assert len(expected) > 2 * io.DEFAULT_BUFFER_SIZE
    answer.unlink()
    settings = _settings(tmp_path, payload=len(expected))
    first, second = (_Paused(model, calls) for calls in (3, 1))
    with ThreadPoolExecutor() as pods:
        done = [pods.submit(answer_shard, cast("TrainedModel", paused), settings) for paused in (first, second)]
        try:
            assert first.reached.wait(60)
            assert second.reached.wait(60)
            first.go_on.set()
            assert done[0].result(60) == 1
            assert answer.read_text() == expected
        finally:
            first.go_on.set()
            second.go_on.set()
        assert done[1].result(60) == 1
    assert answer.read_text() == expected
    assert list(answer.parent.iterdir()) == [answer]


def test_drafts_of_answers_that_are_there_are_cleared_and_no_others(trained: ContainerPaths, tmp_path: Path) -> None:
    rows = _rows(trained, 1)
    _input(tmp_path, a=_csv(rows), b=_csv([{**rows[0], "distance": "far"}]))
    out = tmp_path / "out"
    out.mkdir()
    others = [".a.csv.out.1234567.part", ".b.csv.out.part", ".b.csv.out.12345678.part", ".c.csv.out.part"]
    for name in (".a.csv.out.part", ".a.csv.out.12345678.part", *others):
        (out / name).write_text("half of it")
    with pytest.raises(WorkloadError, match=r"b\.csv, from row 1 on"):
        answer_shard(ModelDirectory(trained.model).load(), _settings(tmp_path))
    assert sorted(file.name for file in out.iterdir()) == sorted([*others, "a.csv.out"])


def test_a_bad_file_leaves_the_others_be_and_is_named(trained: ContainerPaths, tmp_path: Path) -> None:
    model = ModelDirectory(trained.model).load()
    rows = _rows(trained, 3)
    bad = [*rows[:2], {**rows[2], "distance": "far"}]
    _input(tmp_path, a_bad=_csv(bad), b_good=_csv(rows))
    with pytest.raises(WorkloadError, match=r"a_bad\.csv, from row 1 on.*row 3, column distance must be a number"):
        answer_shard(model, _settings(tmp_path))
    assert [file.name for file in (tmp_path / "out").iterdir()] == ["b_good.csv.out"]


def test_a_file_of_other_bytes_leaves_the_others_be_and_is_not_tried_again(
    trained: ContainerPaths, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _input(tmp_path, b_good=_csv(_rows(trained, 3)))
    (tmp_path / "in" / "a_bad.csv").write_bytes(b"AA,\xff\n")
    assert main(_variables(trained, tmp_path)) == 2
    assert "a_bad.csv: must be UTF-8, got invalid start byte; encode it" in capsys.readouterr().err
    assert (tmp_path / "out" / "b_good.csv.out").exists()


@pytest.mark.parametrize("join_input", ["true", "false"])
def test_a_row_of_two_lines_is_not_tried_again(
    join_input: str, trained: ContainerPaths, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    [row] = _rows(trained, 1)
    _input(tmp_path, a_bad=_csv([row, {**row, "manufacturer": "AIRBUS\nINDUSTRIE"}]))
    assert main(_variables(trained, tmp_path) | {"BATCH_JOIN_INPUT": join_input}) == 2
    assert "a_bad.csv, from row 1 on: a row must be a line, got 2 in 3 lines; write" in capsys.readouterr().err


def test_an_empty_file_has_an_empty_answer(trained: ContainerPaths, tmp_path: Path) -> None:
    answer_shard(ModelDirectory(trained.model).load(), _settings(_input(tmp_path, none="")))
    assert (tmp_path / "out" / "none.csv.out").read_text() == ""


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("JOB_COMPLETION_INDEX", ""),
        ("JOB_COMPLETION_INDEX", "-1"),
        ("JOB_COMPLETION_INDEX", "3"),
        ("BATCH_SHARDS", "0"),
        ("BATCH_SHARDS", "many"),
        ("BATCH_PAYLOAD_MB", "101"),
        ("BATCH_INPUT", ""),
    ],
)
def test_a_wrong_setting_is_not_tried_again(
    name: str, value: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    right = {
        "JOB_COMPLETION_INDEX": "2",
        "BATCH_SHARDS": "3",
        "BATCH_INPUT": str(tmp_path),
        "BATCH_OUTPUT": str(tmp_path),
        "BATCH_PAYLOAD_MB": "6",
    }
    assert main({**right, name: value}) == 2
    assert f"environment {name}: must" in capsys.readouterr().err


def test_input_that_is_not_mounted_is_named(tmp_path: Path) -> None:
    with pytest.raises(WorkloadError, match="must be a folder, got none"):
        shard_of(_settings(tmp_path))
