"""Answers one shard of a batch: what a pod of an indexed Job runs, and what needs no server.

A file is one shard's, as a transform job gives an object to one instance. What was answered before is not answered
again, so a pod that takes another's place goes on where that one ended.
"""

import contextlib
import csv
import errno
import os
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from common.answer import encode_predictions
from common.container_paths import ContainerPaths
from common.drafts import clear_drafts, draft_of
from common.errors import WorkloadError, raise_together
from common.model_directory import ModelDirectory, TrainedModel
from common.request import CSV, decode_rows

MEGABYTE = 1024 * 1024
MOST_SHARDS = 100_000
# A Job doesn't try again what the input makes impossible: its failure policy knows the code.
WRONG_INPUT = 2


@dataclass(frozen=True)
class BatchSettings:
    """What one pod is told.

    payload: bytes of rows that the model is given at a time.
    join_input: whether an answer stands behind its row, or alone.
    """

    index: int
    shards: int
    input: Path
    output: Path
    payload: int
    join_input: bool

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "BatchSettings":
        """Raises a WorkloadError that names the variable with an illegal value."""
        shards = _whole(environment, "BATCH_SHARDS", 1, MOST_SHARDS)
        return cls(
            index=_whole(environment, "JOB_COMPLETION_INDEX", 0, shards - 1),
            shards=shards,
            input=_folder(environment, "BATCH_INPUT"),
            output=_folder(environment, "BATCH_OUTPUT"),
            payload=_whole(environment, "BATCH_PAYLOAD_MB", 1, 100) * MEGABYTE,
            join_input=environment.get("BATCH_JOIN_INPUT") == "true",
        )


def answer_shard(model: TrainedModel, settings: BatchSettings) -> int:
    """Answers the files of the shard and returns how many there were.

    A file that can't be answered leaves the others be; the WorkloadError at the end names each.
    """
    files = shard_of(settings)
    targets = [settings.output / f"{file.relative_to(settings.input)}.out" for file in files]
    faults: list[WorkloadError] = []
    for file, target in zip(files, targets, strict=True):
        if target.exists():
            continue
        try:
            _answer_file(model, file, target, settings)
        except WorkloadError as fault:
            faults.append(WorkloadError(f"{file}, {fault.where}", fault.problem, fault.fix))
        except UnicodeDecodeError as fault:
            faults.append(WorkloadError(str(file), f"must be UTF-8, got {fault.reason}", "encode it"))
    clear_drafts(targets)
    raise_together(f"shard {settings.index}", faults)
    return len(files)


def shard_of(settings: BatchSettings) -> list[Path]:
    """Every so many-th file below the input. Hidden ones are somebody else's business."""
    if not settings.input.is_dir():
        raise WorkloadError(str(settings.input), "must be a folder, got none", "mount the volume that holds it")
    files = sorted(
        file
        for file in settings.input.rglob("*")
        if file.is_file() and not any(part.startswith(".") for part in file.relative_to(settings.input).parts)
    )
    return files[settings.index :: settings.shards]


def _answer_file(model: TrainedModel, file: Path, target: Path, settings: BatchSettings) -> None:
    """Writes beside the target first: a pod that is killed leaves no half of an answer.

    Of several processes at one file each may finish it, or finds it finished.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = draft_of(target)
    try:
        with draft.open("x", encoding="utf-8", newline="") as answers:
            _write_answers(model, file, answers, settings)
        draft.replace(target)
    except BaseException as fault:
        # Another process has cleared the draft, as the answer is there.
        removed = isinstance(fault, OSError) and fault.errno in (errno.ENOENT, errno.ESTALE)
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
        if not (removed and target.exists()):
            raise


def _write_answers(model: TrainedModel, file: Path, answers: TextIO, settings: BatchSettings) -> None:
    with file.open(encoding="utf-8-sig", newline="") as source:
        first = source.readline()
        header = first if _is_header(first, model) else ""
        if header and settings.join_input:
            answers.write(f"{_without_end(header)},probability\n")
        row = 1
        for lines in _chunks("" if header else first, source, settings.payload):
            try:
                rows = decode_rows((header + "".join(lines)).encode(), CSV, model.columns)
            except WorkloadError as fault:
                raise WorkloadError(f"from row {row} on, {fault.where}", fault.problem, fault.fix) from None
            if len(rows) != len(lines):
                problem = f"a row must be a line, got {len(rows)} in {len(lines)} lines"
                raise WorkloadError(f"from row {row} on", problem, "write cells without line ends")
            answer = encode_predictions(model.probability(rows), model.threshold, CSV)
            answers.write(_join(lines, answer) if settings.join_input else answer)
            row += len(lines)


def _is_header(line: str, model: TrainedModel) -> bool:
    cells = next(csv.reader([line]), [])
    return bool(set(cells) & {column.name for column in model.columns})


def _chunks(first: str, source: Iterator[str], payload: int) -> Iterator[list[str]]:
    """Lines that together have at most so many bytes, and at least one; a row is a line, as with a transform job."""
    lines: list[str] = []
    size = 0
    for line in _filled(first, source):
        length = len(line.encode())
        if lines and size + length > payload:
            yield lines
            lines, size = [], 0
        lines.append(line)
        size += length
    if lines:
        yield lines


def _filled(first: str, source: Iterator[str]) -> Iterator[str]:
    if first.strip():
        yield first
    yield from (line for line in source if line.strip())


def _join(lines: Sequence[str], answer: str) -> str:
    return "".join(f"{_without_end(line)},{value}\n" for line, value in zip(lines, answer.splitlines(), strict=True))


def _without_end(line: str) -> str:
    return line.rstrip("\r\n")


def _folder(environment: Mapping[str, str], name: str) -> Path:
    if not environment.get(name):
        raise WorkloadError(f"environment {name}", "must name a folder, got nothing", "set it")
    return Path(environment[name])


def _whole(environment: Mapping[str, str], name: str, lowest: int, highest: int) -> int:
    text = environment.get(name, "")
    if not (text.isascii() and text.isdecimal() and lowest <= int(text) <= highest):
        raise WorkloadError(
            f"environment {name}",
            f"must be a whole number from {lowest} to {highest}, got {text or 'nothing'}",
            "set it",
        )
    return int(text)


def main(environment: Mapping[str, str] = os.environ) -> int:
    """The exit code: 0 done, 2 if settings or input are wrong, 1 for whatever another try may mend."""
    try:
        settings = BatchSettings.from_environment(environment)
        model = ModelDirectory(ContainerPaths.from_environment(environment).model).load()
        count = answer_shard(model, settings)
    except WorkloadError as fault:
        print(fault, file=sys.stderr)
        return WRONG_INPUT
    except Exception as fault:  # noqa: BLE001 - a disk or a node may be to blame
        traceback.print_exception(fault)
        return 1
    print(f"shard {settings.index} of {settings.shards}: {count} files answered", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
