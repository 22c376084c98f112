"""What anyone would write first: the share of late flights by carrier and hour, from the same training rows."""

from typing import TYPE_CHECKING, Any

from flight_delay.columns import TARGET

if TYPE_CHECKING:
    import pandas as pd

    from common.arrays import Floats

DESCRIPTION = "late rate of the training months by carrier and scheduled hour"
# Weight of the overall rate, in flights: a carrier's first flight of an hour says little.
PRIOR_FLIGHTS = 50


def learn_rates(train: "pd.DataFrame") -> dict[str, Any]:
    """The overall rate, and one for each carrier and hour, as `AA 17`."""
    overall = float(train[TARGET].mean())
    groups = train[TARGET].groupby(_keys(train)).agg(["sum", "size"])
    rates = (groups["sum"] + PRIOR_FLIGHTS * overall) / (groups["size"] + PRIOR_FLIGHTS)
    return {"overall": overall, "rates": {str(key): float(rate) for key, rate in rates.items()}}


def apply_rates(learned: dict[str, Any], frame: "pd.DataFrame") -> "Floats":
    """The learned rate for each row; the overall one for a carrier and hour without training rows."""
    rates: Floats = _keys(frame).map(learned["rates"]).fillna(learned["overall"]).to_numpy("float64")
    return rates


def _keys(frame: "pd.DataFrame") -> "pd.Series":
    hour = (frame["departure_minute"] // 60).astype("int64").astype(str)
    return frame["carrier"] + " " + hour
