"""Makes a forked process what it would be had Python been started for its script."""

import os
import sys

from packages import environment_folders
from request import Request


def become(request: Request) -> tuple[bytes, dict[str, object]]:
    """The source of the script, and the namespace that it runs in. The process is the script's from here on."""
    os.environ.update(request.environment)
    sys.argv = [request.script, *request.arguments]
    sys.orig_argv = [request.python, *sys.argv]
    sys.path.insert(0, request.script_folder())
    for finder in sys.meta_path:
        if (forget := getattr(finder, "invalidate_caches", None)) is not None:
            forget()
    if (logging := sys.modules.get("logging")) is not None:
        import time

        # What times of records are relative to.
        vars(logging)["_startTime"] = time.time()
    if (process := sys.modules.get("multiprocessing.process")) is not None:
        # What processes of the same job know each other by.
        process.current_process().authkey = os.urandom(32)
    return _main_of(request.script)


def tell(error: BaseException) -> None:
    """As Python tells what a script doesn't catch, and just once."""
    trace = error.__traceback__ and error.__traceback__.tb_next
    sys.excepthook(type(error), error.with_traceback(trace), trace)
    sys.excepthook = lambda *_: None


def leave_imports(request: Request) -> None:
    """Writes down which modules of the environment the script has come to use, in the order of their import."""
    if not request.imports_file:
        return
    folders = [folder for folder in environment_folders() if folder.endswith("-packages")]
    names = [name for name, module in list(sys.modules.items()) if _is_of(module, folders)]
    try:
        file = os.open(request.imports_file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
        os.write(file, "\n".join(names).encode())
        os.close(file)
    except OSError:
        return


def _is_of(module: object, folders: list[str]) -> bool:
    spec = getattr(module, "__spec__", None)
    origin = getattr(spec, "origin", None)
    if not isinstance(origin, str) or sys.modules.get(getattr(spec, "name", "")) is not module:
        return False
    return any(origin.startswith(f"{folder}/") for folder in folders)


def _main_of(script: str) -> tuple[bytes, dict[str, object]]:
    from _frozen_importlib_external import SourceFileLoader

    main = type(sys)("__main__")
    sys.modules["__main__"] = main
    namespace = main.__dict__
    namespace["__loader__"] = SourceFileLoader("__main__", script)
    namespace["__annotations__"] = {}
    namespace["__builtins__"] = sys.modules["builtins"]
    namespace["__file__"] = script
    namespace["__cached__"] = None
    with open(script, "rb") as file:
        return file.read(), namespace
