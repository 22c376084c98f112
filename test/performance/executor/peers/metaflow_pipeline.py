"""Metaflow: a process a step, by its own command. A flow is a class, so its steps are written out."""

import os
import subprocess
import sys

from driver import Work, timed, work

HEAD = """
import step as work
from metaflow import FlowSpec, step

class Bench(FlowSpec):
"""


def one_step(name: str, job: Work, index: str, then: str, arguments: str = "self") -> str:
    return f"""
    @step
    def {name}({arguments}):
        work.run({job.folder!r}, {job.shape!r}, {job.steps}, {index})
        {then}
"""


def chain(job: Work) -> str:
    last = job.steps - 1
    names = ["start", *(f"step_{index}" for index in range(1, last)), "end"]
    then = [f"self.next(self.{name})" for name in names[1:]] + ["pass"]
    return "".join(one_step(name, job, str(index), then[index]) for index, name in enumerate(names))


def fan_out(job: Work) -> str:
    """A flow joins before it ends, so the join is the last but one of the steps."""
    last = job.steps - 1
    return "".join(
        [
            one_step(
                "start", job, "0", f"self.items = list(range(1, {last - 1})); self.next(self.branch, foreach='items')"
            ),
            one_step("branch", job, "self.input", "self.next(self.join)"),
            one_step("join", job, str(last - 1), "self.next(self.end)", "self, inputs"),
            one_step("end", job, str(last), "pass"),
        ]
    )


def main() -> None:
    job = work()
    flow = job.home / "flow.py"
    flow.write_text(
        f"{HEAD}{chain(job) if job.shape == 'chain' else fan_out(job)}\n\nif __name__ == '__main__':\n    Bench()\n"
    )
    command = [
        sys.executable, str(flow), "--quiet", "--no-pylint", "--datastore", "local", "--metadata", "local",
        "run", "--max-workers", str(os.cpu_count()), "--max-num-splits", str(job.steps),
    ]  # fmt: skip
    timed(lambda: subprocess.run(command, check=True, cwd=job.home, stdout=sys.stderr))


if __name__ == "__main__":
    main()
