"""A split by time: a model is judged by months that come after those it has learned from."""

import argparse
from itertools import pairwise
from typing import TYPE_CHECKING

from common.errors import WorkloadError, raise_together
from flight_delay.columns import DATE, SPLITS

if TYPE_CHECKING:
    import pandas as pd

Months = tuple[int, int]
DECEMBER = 12


def months(text: str) -> Months:
    """A type for an option: `1-6` or a single month, from 1 to 12."""
    first, dash, last = text.partition("-")
    last = last if dash else first
    if first.isdecimal() and last.isdecimal():
        span = (int(first), int(last))
        if 1 <= span[0] <= span[1] <= DECEMBER:
            return span
    raise argparse.ArgumentTypeError(f"must be months from 1 to 12 such as 1-6, got {text}")


def split_by_months(frame: "pd.DataFrame", spans: dict[str, Months]) -> dict[str, "pd.DataFrame"]:
    """The rows of each span. Raises a WorkloadError for spans out of order, and for one without rows."""
    faults = [
        WorkloadError(
            f"--{later}-months",
            f"must begin after --{earlier}-months ends, got {spans[later][0]} after {spans[earlier][1]}",
            "put train, validation and test in this order without overlap",
        )
        for earlier, later in pairwise(SPLITS)
        if spans[later][0] <= spans[earlier][1]
    ]
    dates = frame[DATE]
    years = dates.dt.year.unique().tolist()
    if len(years) > 1:
        faults.append(
            WorkloadError(
                "flights.year",
                f"must be one year, or months don't tell before from after, got {', '.join(map(str, years))}",
                "deliver one year",
            )
        )
    parts = {name: frame[dates.dt.month.between(*spans[name])] for name in SPLITS}
    faults += [
        WorkloadError(
            f"--{name}-months",
            f"must cover flights, got none in {spans[name][0]} to {spans[name][1]}",
            f"choose from {', '.join(map(str, sorted(dates.dt.month.unique())))}",
        )
        for name, part in parts.items()
        if part.empty
    ]
    raise_together("prepare.py", faults)
    return parts
