"""Loads packages, forks jobs, and tells how they end, over one connection. Ends with whoever has the other end."""

import os
import select
import sys
from _signal import SIG_DFL, SIGCHLD, set_wakeup_fd, signal

from packages import Packages, UnfitError
from request import Request

CONNECTION = 3
LENGTH_BYTES = 4
# What it loads itself, and a process of its own wouldn't have.
OWN = ("gc", "job", "packages", "randomness", "request", "select", "server", "watched")


class RefusedError(Exception):
    """The job has to be run by a process of its own; `retire` if all others have to as well."""

    def __init__(self, reason: str, *, retire: bool) -> None:
        super().__init__(reason)
        self.retire = retire


def serve(fresh: frozenset[str]) -> Request:
    """Answers requests for ever; returns in the process of a job only."""
    for name in OWN:
        sys.modules.pop(name, None)
    packages = Packages(fresh)
    jobs: dict[int, str] = {}
    woken, wake = _hear_of_ends()
    waiting = select.poll()
    for end in (CONNECTION, woken):
        waiting.register(end, select.POLLIN)
    while True:
        ready = [end for end, _ in waiting.poll()]
        if woken in ready:
            os.read(woken, 4096)
            _tell_ends(jobs)
        if CONNECTION not in ready:
            continue
        kind, *fields = _receive()
        if kind == "load":
            _load(packages, fields)
        elif (request := _run(Request.parse(fields), packages, jobs)) is not None:
            signal(SIGCHLD, SIG_DFL)
            set_wakeup_fd(-1)
            for end in (woken, wake, CONNECTION):
                os.close(end)
            packages.draw_anew()
            return request


def _hear_of_ends() -> tuple[int, int]:
    """A pipe that can be read when a job has ended."""
    pipe = os.pipe()
    for end in pipe:
        os.set_blocking(end, False)
    signal(SIGCHLD, lambda *_: None)
    set_wakeup_fd(pipe[1])
    return pipe


def _run(request: Request, packages: Packages, jobs: dict[int, str]) -> Request | None:
    """The request, in the process that is to run it."""
    try:
        child = _fork(request, packages)
    except (RefusedError, OSError) as reason:
        _send("refused", request.id, "retire" if getattr(reason, "retire", True) else "keep", str(reason))
        return None
    if child is None:
        return request
    jobs[child] = request.id
    return None


def _load(packages: Packages, names: list[str]) -> None:
    try:
        packages.load(names)
    except UnfitError as fault:
        _send("unfit", str(fault.index), str(fault))
        _end()
    _send("loaded")


def _fork(request: Request, packages: Packages) -> int | None:
    """The id of the process; none in the process itself, once it may begin."""
    # A folder that was made anew in the meantime, or isn't there.
    os.chdir(request.cwd)
    if (reason := packages.changed()) is not None:
        raise RefusedError(reason, retire=True)
    if (reason := packages.hidden_by(request.import_folders())) is not None:
        raise RefusedError(reason, retire=False)
    if len(os.listdir("/proc/self/task")) > 1:
        raise RefusedError("a thread is running", retire=True)
    output = os.open(request.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o666)
    held, go = os.pipe()
    child = os.fork()
    if child == 0:
        os.setsid()
        # One of its own, as the other two: flags belong to what is open, and not to who has it open.
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.close(nothing)
        os.dup2(output, 1)
        os.dup2(output, 2)
        os.close(output)
        os.close(go)
        # Nothing of the job may happen unless it is on disk which process it is.
        may_begin = os.read(held, 1)
        os.close(held)
        if not may_begin:
            _end()
        return None
    os.close(output)
    os.close(held)
    try:
        started = _start_of(child)
        _write_identity(request.identity_file, child, started)
    except OSError:
        os.close(go)
        raise
    # If nobody hears of it, this process ends here, and the child without having begun: whoever asked was killed, and a
    # successor has perhaps looked already for what was left running.
    _send("started", request.id, str(child), started)
    try:
        os.write(go, b"!")
    except OSError:
        # It has been ended meanwhile, which is told like any end.
        return child
    finally:
        os.close(go)
    return child


def _start_of(process: int) -> str:
    """As process-start.cjs reads it."""
    with open(f"/proc/{process}/stat") as file:
        return file.read().rpartition(") ")[2].split(" ")[19]


def _write_identity(file: str, process: int, started: str) -> None:
    draft = os.open(f"{file}.draft", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
    os.write(draft, f'{{"pid":{process},"started":"{started}"}}'.encode())
    os.close(draft)
    os.rename(f"{file}.draft", file)


def _tell_ends(jobs: dict[int, str]) -> None:
    while jobs:
        process, status = os.waitpid(-1, os.WNOHANG)
        if process == 0:
            return
        request = jobs.pop(process, None)
        if request is None:
            continue
        by_signal = os.WIFSIGNALED(status)
        code, name = ("", os.WTERMSIG(status)) if by_signal else (os.WEXITSTATUS(status), "")
        _send("exit", request, str(code), str(name))


def _receive() -> list[str]:
    length = int.from_bytes(_read(LENGTH_BYTES), "big")
    return os.fsdecode(_read(length)).split("\0")


def _read(length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        part = os.read(CONNECTION, length - len(parts))
        if not part:
            _end()
        parts += part
    return bytes(parts)


def _send(*fields: str) -> None:
    body = os.fsencode("\0".join(fields))
    data = len(body).to_bytes(LENGTH_BYTES, "big") + body
    try:
        while data:
            data = data[os.write(CONNECTION, data) :]
    except OSError:
        _end()


def _end() -> None:
    """Without what packages do at the end: that is for the processes of jobs."""
    os._exit(0)
