"""DVC: `dvc repro`, called as a function, over stages whose outputs it keeps in its cache."""

import os
import shlex

from driver import timed, work
from dvc.repo import Repo
from ruamel.yaml import YAML


def main() -> None:
    job = work()
    os.chdir(job.folder)
    stages = {
        f"step_{index}": {
            "cmd": shlex.join(job.command(index)),
            "deps": [str(before) for before in job.predecessors(index)],
            "outs": [str(index)],
        }
        for index in range(job.steps)
    }
    Repo.init(job.folder, no_scm=True).close()
    with open("dvc.yaml", "w") as file:
        YAML().dump({"stages": stages}, file)
    with Repo(job.folder) as repo:
        timed(repo.reproduce)


if __name__ == "__main__":
    main()
