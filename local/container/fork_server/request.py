"""What is asked for: one job."""

import os
import sys


class Request:
    """A script, and everything about its process."""

    __slots__ = ("arguments", "cwd", "environment", "id", "identity_file", "imports_file", "log", "python", "script")

    def __init__(self, *fields: str) -> None:
        self.id, self.cwd, self.log, self.identity_file, self.imports_file, self.python, self.script = fields
        self.environment: dict[str, str] = {}
        self.arguments: list[str] = []

    @classmethod
    def parse(cls, fields: list[str]) -> "Request":
        """Seven fields, the number of variables that this job alone has, these, and its arguments."""
        fixed, count, rest = fields[:7], int(fields[7]), fields[8:]
        request = cls(*fixed)
        for variable in rest[:count]:
            name, _, value = variable.partition("=")
            request.environment[name] = value
        request.arguments = rest[count:]
        return request

    def script_folder(self) -> str:
        """What Python puts before everything else in `sys.path`."""
        return os.path.dirname(os.path.realpath(self.script))

    def import_folders(self) -> list[str]:
        """Where modules are looked for before those of the environment."""
        paths = os.environ.get("PYTHONPATH", "").split(os.pathsep)
        return [self.script_folder(), *(path for path in paths if path in sys.path)]
