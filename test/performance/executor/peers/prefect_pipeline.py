"""Prefect: tasks on threads of one process and a server on the loopback, each of which starts that of the work."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from driver import timed, work
from prefect import flow, task
from prefect.task_runners import ThreadPoolTaskRunner

if TYPE_CHECKING:
    from prefect.futures import PrefectFuture

JOB = work()


@task
def one_step(index: int) -> None:
    JOB.run(index)


@flow(task_runner=ThreadPoolTaskRunner(max_workers=os.cpu_count()))
def bench() -> None:
    futures: list[PrefectFuture[None]] = []
    for index in range(JOB.steps):
        futures.append(one_step.submit(index, wait_for=[futures[before] for before in JOB.predecessors(index)]))
    for future in futures:
        future.result()


@flow
def first() -> None:
    pass


def main() -> None:
    # Its server is started by the first run.
    first()
    timed(bench)


if __name__ == "__main__":
    main()
