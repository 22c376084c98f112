"""The packages that a fork server has loaded, and whether jobs may begin with them."""

import gc
import os
import sys
from _signal import alarm

from randomness import Randomness
from watched import Watch, process_state

LOAD_SECONDS = 60


class UnfitError(Exception):
    """What a package does when it is imported must be done by each process itself; `index` of it in the list."""

    def __init__(self, index: int, reason: str) -> None:
        super().__init__(reason)
        self.index = index


class Packages:
    """Loads packages of the environment; the program's own modules are left to the jobs."""

    def __init__(self, fresh: frozenset[str]) -> None:
        self._fresh = fresh
        self._randomness = Randomness()
        self._stamps: dict[str, tuple[int, int, int]] = {}
        if (foreign := self._foreign()) is not None:
            raise SystemExit(foreign)
        self._remember()

    def load(self, names: list[str]) -> None:
        """Imports in that order. An import that hangs ends this process by a signal."""
        path = sys.path[:]
        sys.path[:] = environment_folders()
        before = process_state()
        alarm(LOAD_SECONDS)
        with Watch() as watch:
            for index, name in enumerate(names):
                if name in sys.modules:
                    continue
                try:
                    __import__(name)
                except BaseException as error:  # noqa: BLE001 - whatever it is, a job of its own will tell it
                    raise UnfitError(index, f"{name}: can't be imported alone, got {error!r}") from None
                self._randomness.watch()
                if (reason := watch.fault()) is not None:
                    raise UnfitError(index, f"{name}: {reason}")
        alarm(0)
        sys.path[:] = path
        if (reason := process_state().difference(before) or self._randomness.close()) is not None:
            raise UnfitError(0, f"one of its packages {reason}")
        self._remember()
        gc.collect()
        # Else each collection in a job would copy all of it.
        gc.freeze()

    def draw_anew(self) -> None:
        """In the process of a job: numbers of its own."""
        self._randomness.draw_anew()

    def changed(self) -> str | None:
        """Whether a file that was loaded is another one now."""
        for file, stamp in self._stamps.items():
            if _stamp(file) != stamp:
                return f"{file}: has changed since it was loaded"
        return None

    def hidden_by(self, folders: list[str]) -> str | None:
        """Whether a job would find a module of its own where a loaded one is."""
        loaded = {name for name in sys.modules if "." not in name} - self._fresh
        if not loaded:
            return None
        for folder in folders:
            try:
                entries = os.listdir(folder)
            except OSError:
                continue
            for entry in entries:
                if entry.partition(".")[0] in loaded:
                    return f"{folder}/{entry}: comes before the package of that name"
        return None

    def _foreign(self) -> str | None:
        """Why jobs can't begin with what Python has loaded by itself."""
        folders = environment_folders()
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None)
            if name in self._fresh and name != "__main__" and file and not _below(file, folders):
                return f"{file}: was loaded when Python started, and may depend on the job"
        if (name := next(filter(_left_something, ("sitecustomize", "usercustomize")), None)) is not None:
            return f"{name}: left something when Python started, which may depend on the job"
        return None

    def _remember(self) -> None:
        for module in list(sys.modules.values()):
            file = getattr(module, "__file__", None)
            if isinstance(file, str) and file not in self._stamps and (stamp := _stamp(file)) is not None:
                self._stamps[file] = stamp


def environment_folders() -> list[str]:
    """Of `sys.path`, what belongs to Python itself and to its environment."""
    given = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    return [path for path in sys.path if path not in given and _below(path, [sys.prefix, sys.base_prefix])]


def _below(path: str, folders: list[str]) -> bool:
    return any(path == folder or path.startswith(f"{folder}/") for folder in folders)


def _left_something(name: str) -> bool:
    """Debian's and Ubuntu's Python always has a `sitecustomize`, which does nothing unless apport is installed."""
    return name in sys.modules and not all(word.startswith("__") for word in vars(sys.modules[name]))


def _stamp(file: str) -> tuple[int, int, int] | None:
    try:
        found = os.stat(file)
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
