"""What the drivers of the peers share: their arguments, the process of a step, and what they print."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import step

STEP = str(Path(step.__file__).with_name(os.environ.get("STEP_SCRIPT", "step.py")))


@dataclass(frozen=True)
class Work:
    """A pipeline of so many steps; the steps leave their files in `folder`, the peer its own in `home`."""

    shape: str
    steps: int
    folder: str
    home: Path

    def command(self, index: int) -> list[str]:
        """The process that every step is."""
        return [os.environ["STEP_PYTHON"], STEP, self.folder, self.shape, str(self.steps), str(index)]

    def run(self, index: int) -> None:
        """Runs a step in a process of its own."""
        subprocess.run(self.command(index), check=True)

    def predecessors(self, index: int) -> range:
        """The steps that have to be done before one."""
        return step.predecessors(self.shape, self.steps, index)


def work() -> Work:
    shape, steps, folder, home = sys.argv[1:5]
    return Work(shape, int(steps), folder, Path(home))


def timed(run: Callable[[], object]) -> None:
    """Prints how long it took; what was imported and started before doesn't count."""
    begun = time.perf_counter()
    run()
    print(json.dumps({"seconds": time.perf_counter() - begun}))
