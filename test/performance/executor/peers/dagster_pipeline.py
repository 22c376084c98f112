"""Dagster: a job in one process with its records in SQLite; each op starts the process of the work."""

from dagster import (
    DagsterInstance,
    DependencyDefinition,
    GraphDefinition,
    In,
    MultiDependencyDefinition,
    NodeInvocation,
    Nothing,
    OpDefinition,
    Out,
    op,
)
from driver import timed, work

JOB = work()


def one_step(index: int) -> OpDefinition:
    @op(name=f"step_{index}", ins={"before": In(Nothing)} if index else {}, out=Out(Nothing))
    def body() -> None:
        JOB.run(index)

    return body


def main() -> None:
    dependencies = {
        NodeInvocation(f"step_{index}"): {
            "before": MultiDependencyDefinition([DependencyDefinition(f"step_{b}") for b in JOB.predecessors(index)])
        }
        if index
        else {}
        for index in range(JOB.steps)
    }
    graph = GraphDefinition(
        name="bench", node_defs=[one_step(index) for index in range(JOB.steps)], dependencies=dependencies
    )
    job = graph.to_job()
    with DagsterInstance.local_temp(str(JOB.home)) as instance:
        timed(lambda: job.execute_in_process(instance=instance, raise_on_error=True))


if __name__ == "__main__":
    main()
