"""How a script of a workload starts and ends."""

import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from common.container_paths import ContainerPaths
from common.errors import WorkloadError

Main = Callable[[Sequence[str], ContainerPaths], None]

# SageMaker cuts both files at a kilobyte.
REPORTED_BYTES = 1000


def run_processing(main: Main) -> NoReturn:
    """Runs the script of a processing job; a fault goes to `/opt/ml/output/message`."""
    paths = ContainerPaths.from_environment()
    sys.exit(_run(main, paths, paths.message))


def run_training(main: Main) -> NoReturn:
    """Runs the script of a training job; a fault goes to `/opt/ml/output/failure`."""
    paths = ContainerPaths.from_environment()
    sys.exit(_run(main, paths, paths.failure))


def report(fault: Exception, where: str, file: Path) -> None:
    """Leaves one line about the fault in the file and on standard error, and the traceback if it is unexpected."""
    line = " ".join(_describe(fault, where).split())
    if not isinstance(fault, WorkloadError):
        traceback.print_exception(fault)
    sys.stdout.flush()
    sys.stderr.write(f"{line}\n")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(line.encode()[:REPORTED_BYTES])
    except OSError as error:
        sys.stderr.write(f"{file}: the message could not be written, got {error}; make room or check its permissions\n")


def _describe(fault: Exception, where: str) -> str:
    if isinstance(fault, WorkloadError):
        return str(fault)
    if isinstance(fault, OSError):
        return f"{fault.filename or where}: can't be used, got {fault}; make room on the disk or check permissions"
    if isinstance(fault, MemoryError):
        return f"{where}: ran out of memory, got {str(fault) or 'no more'}; choose a larger instance type"
    return f"{where}: failed unexpectedly, got {type(fault).__name__}: {fault}; look at the traceback in the job's log"


def _run(main: Main, paths: ContainerPaths, report_to: Path) -> int:
    try:
        main(sys.argv[1:], paths)
    except Exception as fault:  # noqa: BLE001 - whatever ends a job has to be told to SageMaker
        report(fault, Path(sys.argv[0]).name, report_to)
        return 1
    return 0
