"""Processing step: do the prepared splits keep what the model relies on?"""

from collections.abc import Sequence
from dataclasses import asdict

from common.arguments import Arguments
from common.container_paths import ContainerPaths
from common.errors import WorkloadError, raise_together
from common.json_file import write_json
from common.script import run_processing
from common.split_table import read_split
from flight_delay.columns import SPLITS
from flight_delay.expectations import check


def main(argv: Sequence[str], paths: ContainerPaths) -> None:
    """Reads the inputs `train`, `validation` and `test`; writes the output `validation`; fails if one isn't met."""
    Arguments("validate.py", __doc__).parse_args(argv)
    splits = {name: read_split(paths.processing_input(name)) for name in SPLITS}
    outcomes = check(splits)
    failed = [outcome for outcome in outcomes if not outcome.success]
    report = {
        "success": not failed,
        "rows": {name: len(split) for name, split in splits.items()},
        "expectations": [asdict(outcome) for outcome in outcomes],
    }
    write_json(paths.processing_output("validation") / "validation.json", report)
    print(f"expectations={len(outcomes)} failed={len(failed)}")
    raise_together(
        "prepared data",
        (
            WorkloadError(
                ".".join(filter(None, (outcome.table, outcome.column))),
                f"{outcome.expectation} is not met, got {outcome.found}",
                "correct the source or the expectation in flight_delay/expectations.py",
            )
            for outcome in failed
        ),
    )


if __name__ == "__main__":
    run_processing(main)
