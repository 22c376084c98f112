"""Processing job: makes a bad version of a model, to rehearse that a release goes back by itself."""

from collections.abc import Sequence

from common.arguments import Arguments, number
from common.container_paths import ContainerPaths
from common.model_archive import pack_model, unpack_model
from common.model_directory import ModelDirectory
from common.rehearsal import FAULTS, FaultyEstimator
from common.script import run_processing

# What every save says for itself.
WRITTEN_ANEW = ("sha256", "features", "libraries", "onnx")


def main(argv: Sequence[str], paths: ContainerPaths) -> None:
    """Reads the input `model`; writes the output `model`, both a model.tar.gz."""
    arguments = Arguments("rehearse.py", __doc__)
    arguments.add_argument("--fault", choices=FAULTS, required=True)
    arguments.add_argument("--seconds", type=number(0, 60), default=0.0, help="of delay, for the fault slow")
    options = arguments.parse_args(argv)

    source = ModelDirectory(unpack_model(paths.processing_input("model")))
    model = source.load()
    faulty = FaultyEstimator(model.estimator, options.fault, options.seconds)
    facts = {name: value for name, value in model.card.items() if name not in WRITTEN_ANEW}
    # Over what was there, so that whatever else the workload packed goes along.
    source.save(faulty, model.columns, {**facts, "rehearsal": options.fault})
    source.drop_onnx()
    pack_model(source.path, paths.processing_output("model"))


if __name__ == "__main__":
    run_processing(main)
