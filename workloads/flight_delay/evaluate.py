"""Processing step: the model against the truth of months that it never saw."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pandas import DataFrame

from common.arguments import Arguments, number, whole_number
from common.bootstrap import Bootstrap
from common.challenge import Challenge, challenge_champion, parse_challenges, without_champion
from common.container_paths import ContainerPaths
from common.evaluation import Baseline, HeldOut, Identity, evaluate
from common.json_file import read_json, write_json
from common.metrics import ClassifierMetrics
from common.model_archive import unpack_model
from common.model_directory import ModelDirectory
from common.script import run_processing
from common.split_table import read_split
from common.tracking import Tracking
from flight_delay import baseline
from flight_delay.columns import DATE, TARGET

SLICES = ("carrier", "origin")


def main(argv: Sequence[str], paths: ContainerPaths) -> None:
    """Reads the inputs `model`, `test` and `profile`, and `champion` where it is to be beaten; writes `evaluation`."""
    arguments = Arguments("evaluate.py", __doc__)
    arguments.add_argument("--model-name", required=True)
    arguments.add_argument("--resamples", type=whole_number(1, 100_000), default=500)
    arguments.add_argument("--confidence", type=number(0.5, 0.999), default=0.95)
    arguments.add_argument("--seed", type=whole_number(0, 2**32 - 1), default=0)
    arguments.add_argument("--beats-champion", type=parse_challenges, default=[])
    options = arguments.parse_args(argv)

    profile = read_json(paths.processing_input("profile") / "profile.json", "run the preparation again")
    test = read_split(paths.processing_input("test"))
    model = ModelDirectory(unpack_model(paths.processing_input("model"))).load()
    held_out = HeldOut(
        truth=test[TARGET].to_numpy("float64"),
        probability=model.probability(test),
        threshold=model.threshold,
        group_of_row=test[DATE].factorize()[0],
        slices={column: test[column] for column in SLICES},
    )
    bootstrap = Bootstrap(options.resamples, options.confidence, options.seed)
    content = evaluate(
        Identity(options.model_name, model.card["sha256"], profile["data_sha256"]),
        held_out,
        Baseline(baseline.DESCRIPTION, baseline.apply_rates(model.card["baseline"], test)),
        bootstrap,
        against_champion(options.beats_champion, paths.processing_input("champion"), test, held_out, bootstrap),
    )
    write_json(paths.processing_output("evaluation") / "evaluation.json", content)
    metrics = {f"test_{name}": estimate["value"] for name, estimate in content["metrics"].items()}
    Tracking.resume(model.card["tracking_run_id"]).finish(metrics=metrics, tags={"model": options.model_name})
    for name, value in metrics.items():
        print(f"{name}={value}")


def against_champion(
    challenges: Sequence[Challenge], folder: Path, test: DataFrame, held_out: HeldOut, bootstrap: Bootstrap
) -> dict[str, Any] | None:
    """What the model that serves makes of the same rows. Its folder holds no archive before the first release."""
    if not challenges:
        return None
    if not (folder / "model.tar.gz").exists():
        return {"model_sha256": None, "challenges": without_champion(challenges)}
    champion = ModelDirectory(unpack_model(folder)).load()
    theirs = ClassifierMetrics(held_out.truth, champion.probability(test), champion.threshold)
    ours = ClassifierMetrics(held_out.truth, held_out.probability, held_out.threshold)
    compared = challenge_champion(ours, theirs, held_out.group_of_row, bootstrap, challenges)
    return {"model_sha256": champion.card["sha256"], "challenges": compared}


if __name__ == "__main__":
    run_processing(main)
