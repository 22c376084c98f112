"""Makes a small model and a version of it that fails: `make_models.py FOLDER` fills FOLDER/good and FOLDER/bad."""

import sys
from pathlib import Path

import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier

from common.columns import number
from common.container_paths import ContainerPaths
from common.model_directory import ModelDirectory
from common.rehearsal import FaultyEstimator

ROWS = 200


def make(folder: Path) -> None:
    """The same estimator in both, so that only the fault tells them apart."""
    frame = pd.DataFrame({"x": [float(row) for row in range(ROWS)]})
    sound = HistGradientBoostingClassifier(max_iter=5).fit(frame, frame["x"] > ROWS / 2)
    for name, estimator in {"good": sound, "bad": FaultyEstimator(sound, "errors")}.items():
        directory = ModelDirectory(ContainerPaths(folder / name).model)
        directory.save(estimator, [number("x")], {"threshold": 0.5})


if __name__ == "__main__":
    make(Path(sys.argv[1]))
