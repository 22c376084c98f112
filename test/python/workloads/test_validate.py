"""The expectations of the prepared data."""

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from common.container_paths import ContainerPaths
from common.errors import WorkloadError
from flight_delay import validate
from flight_delay.columns import SPLITS

if TYPE_CHECKING:
    from collections.abc import Callable


def test_the_real_data_keeps_every_expectation(prepared: ContainerPaths) -> None:
    validate.main([], prepared)
    report = json.loads((prepared.processing_output("validation") / "validation.json").read_text())
    assert report["success"] is True
    assert set(report["rows"]) == set(SPLITS)
    assert {outcome["table"] for outcome in report["expectations"]} == {"all", *SPLITS}
    assert all(outcome["success"] for outcome in report["expectations"])


def test_every_expectation_that_is_not_met_is_named(prepared: ContainerPaths, tmp_path: Path) -> None:
    paths = ContainerPaths(tmp_path)
    changes: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
        "train": lambda rows: rows.assign(origin="XXX", temp=-99.0, distance=-1.0),
        "validation": lambda rows: rows.assign(late=1).iloc[:400],
        "test": lambda rows: rows.assign(date=rows["date"] - pd.DateOffset(months=6)).drop(columns="seats"),
    }
    for name, change in changes.items():
        folder = paths.processing_input(name)
        shutil.copytree(prepared.channel(name), folder)
        change(pd.read_parquet(folder / "data.parquet")).to_parquet(folder / "data.parquet", index=False)
    with pytest.raises(WorkloadError) as found:
        validate.main([], paths)
    message = str(found.value)
    report = json.loads((paths.processing_output("validation") / "validation.json").read_text())
    failed = {(one["table"], one["column"]) for one in report["expectations"] if not one["success"]}
    assert failed == {
        ("all", "origin"),
        ("all", "temp"),
        ("all", "distance"),
        ("validation", None),
        ("validation", "late"),
        ("test", "date"),
        ("test", None),
    }
    assert report["success"] is False
    assert "all.origin: expect_column_values_to_be_in_set is not met, got " in message
    assert "rows otherwise, such as XXX, XXX, XXX; correct the source" in message
    assert "validation: expect_table_row_count_to_be_between is not met, got 400; " in message
