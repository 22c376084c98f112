"""From the source tables to one row a flight, with nothing in it that is known only after departure."""

from typing import TYPE_CHECKING

from flight_delay.columns import MINUTES_OF_A_DAY, NUMBERS, PREPARED, TARGET, WEATHER_NAMES
from flight_delay.source import Source

if TYPE_CHECKING:
    import pandas as pd


def prepare_flights(source: Source, late_minutes: int) -> "pd.DataFrame":
    """The prepared columns of the flights that landed where they were bound for, in order of their scheduled hour.

    late_minutes: a flight that arrives more than so many minutes after its scheduled arrival is late.
    """
    import pandas as pd

    flights = source.flights.assign(
        departure_minute=_minute_of_day(source.flights["sched_dep_time"]),
        arrival_minute=_minute_of_day(source.flights["sched_arr_time"]),
        # Counted before cancelled flights are dropped: the schedule holds them too.
        departures_in_hour=source.flights.groupby(["origin", "time_hour"])["carrier"].transform("size"),
        date=pd.to_datetime(source.flights[["year", "month", "day"]]).astype("datetime64[ms]"),
        hour_before=source.flights["time_hour"] - pd.Timedelta(hours=1),
    )
    flights = flights[flights["arr_delay"].notna()].sort_values("time_hour", kind="stable")
    weather = source.weather[["origin", "time_hour", *WEATHER_NAMES]].rename(columns={"time_hour": "hour_before"})
    planes = source.planes.rename(columns={"year": "built"})[["tailnum", "built", "manufacturer", "seats"]]
    joined = flights.merge(weather, "left", ["origin", "hour_before"], validate="many_to_one").merge(
        planes, "left", "tailnum", validate="many_to_one"
    )
    joined["weekday"] = joined["date"].dt.dayofweek
    joined["plane_age"] = joined["year"] - joined["built"]
    joined[TARGET] = (joined["arr_delay"] > late_minutes).astype("int8")
    joined[NUMBERS] = joined[NUMBERS].astype("float64")
    return joined[PREPARED]


def _minute_of_day(clock: "pd.Series") -> "pd.Series":
    """From hours times 100 plus minutes; 2400 is midnight."""
    return (clock // 100 * 60 + clock % 100) % MINUTES_OF_A_DAY
