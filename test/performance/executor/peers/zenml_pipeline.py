"""ZenML: its local orchestrator runs the steps in one process, each of which starts that of the work."""

from driver import timed, work
from zenml import pipeline, step

JOB = work()


@step(enable_cache=False)
def one_step(index: int) -> None:
    JOB.run(index)


@pipeline(enable_cache=False)
def bench() -> None:
    for index in range(JOB.steps):
        one_step(index, id=f"step_{index}", after=[f"step_{before}" for before in JOB.predecessors(index)])


@step(enable_cache=False)
def nothing() -> None:
    pass


@pipeline(enable_cache=False)
def first() -> None:
    nothing()


def main() -> None:
    # Its database is made by the first run.
    first()
    timed(bench)


if __name__ == "__main__":
    main()
