"""What has to be true of the prepared data before a model learns from it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flight_delay.columns import DATE, FEATURES, PREPARED, SPLITS, TARGET, WEATHER_NAMES

if TYPE_CHECKING:
    import pandas as pd

MINIMUM_ROWS = 500
AIRPORTS = ["EWR", "JFK", "LGA"]
# Below or above, the source's delays or the definition of late have changed.
LATE_RATE = (0.02, 0.6)
# Share of flights whose weather and plane have to be found; both joins miss some.
WEATHER_FOUND = 0.95
PLANE_FOUND = 0.6
# Share of readings that have to be plausible: one of 1,048 miles an hour is known.
WEATHER_PLAUSIBLE = 0.999
PLAUSIBLE = {"temp": (-40, 130), "humid": (0, 100), "wind_speed": (0, 120), "precip": (0, 8), "pressure": (900, 1090)}
# The instruments that report every hour.
STEADY = [name for name in WEATHER_NAMES if name not in {"wind_dir", "wind_gust", "pressure"}]


@dataclass(frozen=True)
class Outcome:
    """One expectation and what was found; `found` is in words. `table` is a split, or `all` for their rows together."""

    table: str
    expectation: str
    column: str | None
    success: bool
    found: str


def check(splits: "dict[str, pd.DataFrame]") -> list[Outcome]:
    """All expectations, met or not.

    What has to hold of each value is asked once, of all rows: each expectation costs the same for few rows.
    """
    import great_expectations as gx
    import pandas as pd

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    source = context.data_sources.add_pandas("prepared")
    outcomes: list[Outcome] = []
    suites = [("all", pd.concat(splits.values(), ignore_index=True), _of_values())]
    suites += [(name, splits[name], [*_of_a_split(), *_of_order(name, splits)]) for name in SPLITS]
    for name, frame, expectations in suites:
        batch = source.add_dataframe_asset(name).add_batch_definition_whole_dataframe("rows")
        suite = gx.ExpectationSuite(name, expectations=expectations)
        result = batch.get_batch({"dataframe": frame}).validate(suite)
        outcomes += [_outcome(name, one) for one in result.results]
    return outcomes


def _of_values() -> list[Any]:
    from great_expectations import expectations as gxe

    required = [column.name for column in FEATURES if column.required]
    bounded = [column for column in FEATURES if column.minimum is not None or column.maximum is not None]
    return [
        *(gxe.ExpectColumnValuesToNotBeNull(column=name) for name in [DATE, *required, TARGET]),
        *(gxe.ExpectColumnValuesToNotBeNull(column=name, mostly=WEATHER_FOUND) for name in STEADY),
        gxe.ExpectColumnValuesToNotBeNull(column="manufacturer", mostly=PLANE_FOUND),
        *(
            gxe.ExpectColumnValuesToBeBetween(column=column.name, min_value=column.minimum, max_value=column.maximum)
            for column in bounded
        ),
        *(
            gxe.ExpectColumnValuesToBeBetween(column=name, min_value=low, max_value=high, mostly=WEATHER_PLAUSIBLE)
            for name, (low, high) in PLAUSIBLE.items()
        ),
        gxe.ExpectColumnValuesToBeInSet(column="origin", value_set=AIRPORTS),
        gxe.ExpectColumnValuesToMatchRegex(column="carrier", regex="^[0-9A-Z]{2}$"),
        gxe.ExpectColumnValuesToMatchRegex(column="dest", regex="^[A-Z]{3}$"),
        gxe.ExpectColumnValuesToBeInSet(column=TARGET, value_set=[0, 1]),
    ]


def _of_a_split() -> list[Any]:
    from great_expectations import expectations as gxe

    return [
        gxe.ExpectTableRowCountToBeBetween(min_value=MINIMUM_ROWS),
        gxe.ExpectTableColumnsToMatchOrderedList(column_list=PREPARED),
        gxe.ExpectColumnMeanToBeBetween(column=TARGET, min_value=LATE_RATE[0], max_value=LATE_RATE[1]),
    ]


def _of_order(name: str, splits: "dict[str, pd.DataFrame]") -> list[Any]:
    """A split that overlaps with an earlier one would be judged by days that the model has seen."""
    from great_expectations import expectations as gxe

    earlier = SPLITS[: SPLITS.index(name)]
    last = max((splits[other][DATE].max() for other in earlier), default=None)
    if last is None:
        return []
    return [gxe.ExpectColumnMinToBeBetween(column=DATE, min_value=last.to_pydatetime(), strict_min=True)]


def _outcome(table: str, result: Any) -> Outcome:  # noqa: ANN401
    config = result.expectation_config
    return Outcome(table, config.type, config.kwargs.get("column"), bool(result.success), _found(result))


def _found(result: Any) -> str:  # noqa: ANN401
    content = result.result or {}
    raised = [one["exception_message"] for one in _exceptions(result.exception_info) if one["raised_exception"]]
    if raised:
        return f"an exception, {raised[0]}"
    if "unexpected_count" in content:
        examples = [str(value) for value in content["partial_unexpected_list"]]
        such = f", such as {', '.join(examples[:3])}" if set(examples) - {"nan", "None"} else ""
        return f"{content['unexpected_count']} of {content['element_count']} rows otherwise{such}"
    return str(content.get("observed_value", "nothing"))[:200]


def _exceptions(info: dict[str, Any]) -> list[dict[str, Any]]:
    """Great Expectations gives one, or one for each metric that it could not compute."""
    return [info] if "raised_exception" in info else list(info.values())
