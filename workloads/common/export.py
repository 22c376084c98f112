"""Processing step: the model in the form that the model server runs, if it answers as the trained one does."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from common.arguments import Arguments, number
from common.container_paths import ContainerPaths
from common.errors import WorkloadError
from common.json_file import write_json
from common.model_archive import pack_model, unpack_model
from common.model_directory import ModelDirectory
from common.onnx_classifier import to_onnx
from common.onnx_proof import Tolerance, prove
from common.script import run_processing
from common.split_table import read_split

# Where the package's metadata has a graph's SHA-256.
NO_GRAPH = "none"


def main(argv: Sequence[str], paths: ContainerPaths) -> None:
    """Reads the inputs `model` and `test`; writes the outputs `model`, a model.tar.gz, and `export`.

    A model that has no exact ONNX form is packed as it came, and the image of the Python server is the one that serves.
    """
    arguments = Arguments("export.py", __doc__)
    arguments.add_argument("--python-image", required=True, help="serves a model that isn't exact in ONNX")
    arguments.add_argument("--onnx-image", required=True, help="serves one that is")
    arguments.add_argument("--tolerance", type=number(0, 1), default=1e-4, help="of a probability")
    arguments.add_argument("--exceptions", type=number(0, 1), default=1e-4, help="largest share of rows beyond it")
    options = arguments.parse_args(argv)

    directory = ModelDirectory(unpack_model(paths.processing_input("model")))
    tolerance = Tolerance(options.tolerance, options.exceptions)
    outcome = export_onnx(directory, paths.processing_input("test"), tolerance)
    pack_model(directory.path, paths.processing_output("model"))
    image = options.onnx_image if outcome["exact"] else options.python_image
    write_json(paths.processing_output("export") / "export.json", {**outcome, "image": image})
    print(f"exact={int(outcome['exact'])} {outcome['because']}")


def export_onnx(directory: ModelDirectory, test: Path, tolerance: Tolerance) -> dict[str, Any]:
    """Adds the ONNX form to the folder if it is exact. Says whether, why, and by which proof."""
    model = directory.load()
    try:
        graph = to_onnx(model).SerializeToString()
    except WorkloadError as fault:
        return {"exact": False, "because": str(fault), "proof": None, "onnx_sha256": NO_GRAPH}
    proof = prove(model, graph, read_split(test), tolerance)
    because = (
        f"labels of {proof.labels_that_differ} and probabilities of {proof.exceptions} of {proof.rows} rows differ, "
        f"by {proof.largest_difference:.1e} at most"
    )
    sha256 = directory.add_onnx(graph, proof.to_json()) if proof.holds else NO_GRAPH
    return {"exact": proof.holds, "because": because, "proof": proof.to_json(), "onnx_sha256": sha256}


if __name__ == "__main__":
    run_processing(main)
