"""Processing step: source tables in, three splits and their profile out."""

from collections.abc import Sequence

from common.arguments import Arguments, whole_number
from common.container_paths import ContainerPaths
from common.json_file import write_json
from common.script import run_processing
from common.split_table import sha256_of, write_split
from flight_delay.columns import PREPARED, SPLITS
from flight_delay.features import prepare_flights
from flight_delay.sample import sample_of
from flight_delay.source import read_source
from flight_delay.split import months, split_by_months


def main(argv: Sequence[str], paths: ContainerPaths) -> None:
    """Reads the input `raw`; writes the outputs `train`, `validation`, `test` and `profile`."""
    arguments = Arguments("prepare.py", __doc__)
    arguments.add_argument("--train-months", type=months, default="1-6")
    arguments.add_argument("--validation-months", type=months, default="7-8")
    arguments.add_argument("--test-months", type=months, default="9-12")
    arguments.add_argument("--late-minutes", type=whole_number(0, 1440), default=15)
    options = arguments.parse_args(argv)

    flights = prepare_flights(read_source(paths.processing_input("raw")), options.late_minutes)
    parts = split_by_months(flights, {name: getattr(options, f"{name}_months") for name in SPLITS})
    files = [write_split(parts[name], paths.processing_output(name)) for name in SPLITS]
    rows = {name: len(part) for name, part in parts.items()}
    profile = {"rows": rows, "data_sha256": sha256_of(files), "columns": PREPARED}
    write_json(paths.processing_output("profile") / "profile.json", profile)
    write_json(paths.processing_output("profile") / "sample.json", sample_of(parts["test"]))
    print(" ".join(f"{name}_rows={count}" for name, count in rows.items()))


if __name__ == "__main__":
    run_processing(main)
