"""The work of one step, the same for every contestant: what comes before it must be there, and it leaves a file."""

import sys
from os.path import isdir


def predecessors(shape: str, steps: int, index: int) -> range:
    """Of a chain, the step before; of a fan-out, the first for all, and all for the last."""
    if shape == "chain" or index == 0:
        return range(max(0, index - 1), index)
    return range(steps - 1) if index == steps - 1 else range(1)


def file_of(index: int, folder: str, inputs: str) -> str:
    """A prefix of S3 with the outputs of many steps has a folder for each."""
    if not inputs:
        return f"{folder}/{index}"
    alone = f"{inputs}/{index}"
    return f"{alone}/{index}" if isdir(alone) else alone


def run(folder: str, shape: str, steps: int, index: int, inputs: str = "") -> None:
    """Fails if it is before its time, or run twice into the same folder.

    `inputs` is where the files of the steps before lie: `folder` unless given.
    """
    for before in predecessors(shape, steps, index):
        with open(file_of(before, folder, inputs)) as file:
            file.read()
    with open(f"{folder}/{index}", "x") as file:
        file.write(f"{shape} {steps} {index}\n")


if __name__ == "__main__":
    _, folder, shape, steps, index, *inputs = sys.argv
    run(folder, shape, int(steps), int(index), *inputs)
