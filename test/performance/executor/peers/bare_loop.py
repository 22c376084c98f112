"""The processes of the steps and nothing else: as many at a time as the shape and the cores allow."""

import os
from concurrent.futures import ThreadPoolExecutor

from driver import timed, work


def main() -> None:
    job = work()

    def chain() -> None:
        for index in range(job.steps):
            job.run(index)

    def fan_out() -> None:
        job.run(0)
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(job.run, range(1, job.steps - 1)))
        job.run(job.steps - 1)

    timed(chain if job.shape == "chain" else fan_out)


if __name__ == "__main__":
    main()
