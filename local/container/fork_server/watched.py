"""What importing a package must leave as it is, if processes are to begin with it imported."""

import os
import sys
from _signal import getsignal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Different for each job: set in it, and not here. A package that looks for one while it is imported sees none.
OF_EACH_JOB = ("SAGEMAKER_BASE_DIR", "TRAINING_JOB_NAME", "TRAINING_JOB_ARN")
LAST_SIGNAL = 64


class Watch:
    """Looks at what is read, written and started while packages are imported."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def __enter__(self) -> "Watch":
        read = self.read
        usual: Any = type(os.environ)

        class Environment(usual):  # type: ignore[misc]
            def __getitem__(self, key: str) -> str:
                if key in OF_EACH_JOB:
                    read.append(f"reads {key}")
                return str(super().__getitem__(key))

        class Arguments(list[str]):
            def __getitem__(self, index: "Any") -> "Any":  # noqa: ANN401 - as lists have it
                if index != 0:
                    read.append("reads the arguments")
                return super().__getitem__(index)

        self._usual = usual
        self._argv = sys.argv
        os.environ.__class__ = Environment
        sys.argv = Arguments(sys.argv)
        self._before = _resources()
        return self

    def fault(self) -> str | None:
        """Why what was imported since the beginning can't be handed on, if so."""
        if self.read:
            return f"{self.read[0]} while it is imported"
        for (what, before), (_, after) in zip(self._before, _resources(), strict=True):
            if before != after:
                return f"{what} while it is imported"
        return None

    def __exit__(self, *_: object) -> None:
        os.environ.__class__ = self._usual
        sys.argv = self._argv


def _resources() -> list[tuple[str, object]]:
    return [
        ("starts a thread", len(os.listdir("/proc/self/task"))),
        ("opens a file or a connection", len(os.listdir("/proc/self/fd"))),
        ("prints", [os.fstat(1).st_size, os.fstat(2).st_size]),
        ("starts a process", _has_children()),
    ]


def _has_children() -> bool:
    with open("/proc/self/task/" + str(os.getpid()) + "/children") as file:
        return file.read().strip() != ""


class State:
    """What belongs to the whole process, by what it is called."""

    def __init__(self, facts: dict[str, object]) -> None:
        self._facts = facts

    def difference(self, before: "State") -> str | None:
        """Names what has changed, if anything has."""
        for what, value in self._facts.items():
            # What a module brings with it is as it has to be when the module is first seen.
            if value != before._facts.get(what, DEFAULTS.get(what)):  # noqa: SLF001 - its own class
                return f"changes {what}"
        return None


DEFAULTS: dict[str, object] = {
    "the root logger": (30, 0, 0),
    "what NumPy does about errors": {"divide": "warn", "over": "warn", "under": "ignore", "invalid": "warn"},
    "work for the end of the process": 0,
}


def process_state() -> State:
    """Settings of the process that imports could change for code that has nothing to do with them."""
    umask = os.umask(0o077)
    os.umask(umask)
    facts: dict[str, object] = {
        "the working folder": os.getcwd(),
        "the umask": umask,
        "a signal's handler": [getsignal(number) for number in range(1, LAST_SIGNAL + 1) if _is_signal(number)],
        "a hook of sys": [sys.excepthook, sys.displayhook, sys.unraisablehook, sys.gettrace(), sys.getprofile()],
        "a standard stream": [sys.stdin, sys.stdout, sys.stderr],
        "a limit of the interpreter": [sys.getrecursionlimit(), sys.getswitchinterval()],
        "the filters of all warnings": _general_filters(),
    }
    if "logging" in sys.modules:
        root = sys.modules["logging"].getLogger()
        facts["the root logger"] = (root.level, len(root.handlers), root.manager.disable)
    if "numpy" in sys.modules:
        facts["what NumPy does about errors"] = sys.modules["numpy"].geterr()
    if "weakref" in sys.modules:
        pending = sys.modules["weakref"].finalize._registry.values()  # noqa: SLF001 - it has no other list
        facts["work for the end of the process"] = sum(1 for one in pending if one.atexit)
    return State(facts)


def _is_signal(number: int) -> bool:
    try:
        getsignal(number)
    except ValueError:
        return False
    return True


def _general_filters() -> list[str]:
    """Those that say something about warnings of whatever module and text."""
    import _warnings

    filters = sys.modules.get("warnings", _warnings).filters
    return [str(one) for one in filters if one[1] is None and one[3] is None and _is_builtin(one[2])]


def _is_builtin(category: type) -> bool:
    return category.__module__ == "builtins"
