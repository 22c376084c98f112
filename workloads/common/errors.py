"""Mistakes that the user can fix."""

from collections.abc import Iterable


class WorkloadError(Exception):
    """Reads `where: problem; fix`, where the problem ends in `got` and the value found."""

    def __init__(self, where: str, problem: str, fix: str) -> None:
        self.where = where
        self.problem = problem
        self.fix = fix
        super().__init__(f"{where}: {problem}; {fix}")


def raise_together(where: str, faults: Iterable[WorkloadError]) -> None:
    """Raises the only fault, or one that lists all of them on one line; returns if there is none."""
    found = list(faults)
    if len(found) == 1:
        raise found[0]
    if found:
        listed = " | ".join(str(fault) for fault in found)
        raise WorkloadError(where, f"{len(found)} problems, got {listed}", "fix each of them")
