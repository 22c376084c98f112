"""From the source tables to the splits."""

import gzip
import json
import re
import zipfile
from argparse import ArgumentTypeError
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from common.container_paths import ContainerPaths
from common.errors import WorkloadError
from common.split_table import read_split, sha256_of
from flight_delay import prepare
from flight_delay.columns import FEATURE_NAMES, PREPARED
from flight_delay.features import prepare_flights
from flight_delay.source import Source, read_source
from flight_delay.split import months, split_by_months

NOON = pd.Timestamp("2013-03-05T17:00:00", tz="UTC")
SPANS = {"train": (1, 6), "validation": (7, 8), "test": (9, 12)}


def _source(**flight: object) -> Source:
    """One flight at noon in New York, two readings of the weather, one plane."""
    first = {
        "year": 2013,
        "month": 3,
        "day": 5,
        "sched_dep_time": 1259,
        "sched_arr_time": 2400,
        "arr_delay": 16.0,
        "carrier": "AA",
        "tailnum": "N1",
        "origin": "JFK",
        "dest": "SFO",
        "distance": 2586.0,
        "time_hour": NOON,
        **flight,
    }
    weather = {name: [1.0, 2.0] for name in ("dewp", "humid", "wind_dir", "wind_speed", "wind_gust", "precip")}
    readings = {
        "origin": ["JFK", "JFK"],
        "time_hour": [NOON - pd.Timedelta(hours=1), NOON],
        "temp": [40.0, 41.0],
        "pressure": [1000.0, 1001.0],
        "visib": [10.0, 9.0],
        **weather,
    }
    planes = {"tailnum": ["N1"], "year": [2003.0], "manufacturer": ["BOEING"], "seats": [200.0]}
    return Source(pd.DataFrame([first]), pd.DataFrame(readings), pd.DataFrame(planes))


def test_a_row_holds_what_is_known_before_departure() -> None:
    row = prepare_flights(_source(), 15).iloc[0]
    assert row["temp"] == 40.0, "the weather is that of the hour before, not of the hour itself"
    assert (row["departure_minute"], row["arrival_minute"], row["weekday"]) == (12 * 60 + 59, 0, 1)
    assert (row["plane_age"], row["seats"], row["departures_in_hour"]) == (10, 200, 1)
    assert list(row.index) == PREPARED
    assert not {"dep_delay", "dep_time", "air_time", "arr_delay"} & set(FEATURE_NAMES)


@pytest.mark.parametrize(("delay", "late"), [(15.0, 0), (15.5, 1), (16.0, 1), (-20.0, 0)])
def test_late_means_more_than_15_minutes(delay: float, late: int) -> None:
    assert prepare_flights(_source(arr_delay=delay), 15).iloc[0]["late"] == late


def test_a_flight_that_never_arrived_is_left_out_but_counts_in_the_schedule() -> None:
    source = _source()
    flights = pd.concat([source.flights, source.flights.assign(arr_delay=float("nan"))], ignore_index=True)
    rows = prepare_flights(Source(flights, source.weather, source.planes), 15)
    assert rows["departures_in_hour"].tolist() == [2]


def test_unknown_weather_and_planes_leave_gaps() -> None:
    row = prepare_flights(_source(tailnum=None, origin="LGA"), 15).iloc[0]
    assert row[["temp", "plane_age", "seats", "manufacturer"]].isna().all()


def test_the_same_source_gives_the_same_bytes(prepared: ContainerPaths, tmp_path: Path) -> None:
    again = ContainerPaths(tmp_path)
    again.processing_input("raw").parent.mkdir(parents=True)
    again.processing_input("raw").symlink_to(prepared.processing_input("raw"))
    prepare.main([], again)
    for name in ("train/data.parquet", "test/data.parquet", "profile/profile.json", "profile/sample.json"):
        output = again.processing_output("") / name
        assert output.read_bytes() == (prepared.processing_output("") / name).read_bytes()


def test_the_profile_describes_the_splits(prepared: ContainerPaths) -> None:
    profile = json.loads((prepared.processing_output("profile") / "profile.json").read_text())
    files = [prepared.processing_output(name) / "data.parquet" for name in ("train", "validation", "test")]
    assert profile["data_sha256"] == sha256_of(files)
    assert profile["columns"] == PREPARED
    assert profile["rows"] == {file.parent.name: len(pd.read_parquet(file)) for file in files}


def test_splits_follow_one_another(prepared: ContainerPaths) -> None:
    spans = [
        (split["date"].min(), split["date"].max())
        for split in (read_split(prepared.processing_output(name)) for name in ("train", "validation", "test"))
    ]
    assert spans == sorted(spans)
    assert spans[0][1] < spans[1][0]
    assert spans[1][1] < spans[2][0]


def test_the_sample_is_ready_to_be_sent(prepared: ContainerPaths) -> None:
    sample = json.loads((prepared.processing_output("profile") / "sample.json").read_text())
    assert len(sample["instances"]) == len(sample["labels"]) == 100
    assert set(sample["labels"]) == {0, 1}
    assert all(list(row) == FEATURE_NAMES for row in sample["instances"])


def test_another_model_of_the_workload_needs_only_other_options(prepared: ContainerPaths, tmp_path: Path) -> None:
    other = ContainerPaths(tmp_path)
    other.processing_input("raw").parent.mkdir(parents=True)
    other.processing_input("raw").symlink_to(prepared.processing_input("raw"))
    prepare.main(["--late-minutes=60", "--train-months=1-3", "--validation-months", "4", "--test-months", "5-6"], other)
    assert read_split(other.processing_output("validation"))["date"].dt.month.unique().tolist() == [4]
    very_late = read_split(other.processing_output("train"))["late"].mean()
    assert 0 < very_late < read_split(prepared.processing_output("train"))["late"].mean()


@pytest.mark.parametrize("text", ["1-6", "9-12", "4"])
def test_months_are_a_span_or_one(text: str) -> None:
    first, _, last = text.partition("-")
    assert months(text) == (int(first), int(last or first))


@pytest.mark.parametrize("text", ["", "0-3", "6-1", "1-13", "a", "1-", "-1", "1-2-3", "1.5", "²"])
def test_other_months_are_refused(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="must be months from 1 to 12 such as 1-6, got"):
        months(text)


def test_all_faults_of_the_spans_are_named_at_once() -> None:
    rows = prepare_flights(_source(), 15)
    with pytest.raises(WorkloadError) as found:
        split_by_months(rows, {**SPANS, "validation": (6, 9)})
    message = str(found.value)
    assert "--validation-months: must begin after --train-months ends, got 6 after 6;" in message
    assert "--test-months: must begin after --validation-months ends, got 9 after 9;" in message
    assert "--test-months: must cover flights, got none in 9 to 12; choose from 3" in message


def test_two_years_are_refused() -> None:
    rows = prepare_flights(_source(), 15)
    later = rows.assign(date=rows["date"] + pd.DateOffset(years=1))
    with pytest.raises(WorkloadError, match="must be one year, or months don't tell before from after, got 2013, 2014"):
        split_by_months(pd.concat([rows, later]), SPANS)


def _spoil_header(text: str) -> str:
    return text.replace("arr_delay", "arrival_delay", 1).replace("carrier", "airline", 1)


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda _: "", r"flights\.csv: must not be empty, got no content; "),
        (lambda _: "\n\n", r"flights\.csv: must not be empty, got no content; "),
        (lambda text: text.partition("\n")[0] + "\n", r"flights\.csv: must hold rows, got only a header; "),
        (_spoil_header, r"flights\.csv: lacks the columns arr_delay, carrier, got year, month, .*; "),
        (
            lambda text: text.replace("\n2013,", "\nlast year,", 1),
            r"flights\.csv: holds a wrong value, got .*last year",
        ),
        (lambda text: text.replace("\n2013,", "\nNA,", 1), r"flights\.year: must not have gaps, got 1 of \d+ rows; "),
        (lambda text: text + "1,2,3\n", r"flights\.csv: holds a wrong value, got .*Expected 19 columns, got 3"),
    ],
)
def test_a_fault_of_a_source_file_is_named(raw: ContainerPaths, spoil: Callable[[str], str], message: str) -> None:
    file = raw.processing_input("raw") / "flights.csv"
    file.write_text(spoil(file.read_text()))
    with pytest.raises(WorkloadError, match=message):
        prepare.main([], raw)


def test_faults_of_several_files_are_named_at_once(raw: ContainerPaths) -> None:
    folder = raw.processing_input("raw")
    (folder / "weather.csv").unlink()
    planes = (folder / "planes.csv").read_text()
    (folder / "planes.csv").write_text(planes + planes.splitlines()[1] + "\n")
    with pytest.raises(WorkloadError) as found:
        read_source(folder)
    message = str(found.value)
    assert "2 problems, got " in message
    assert "weather.csv: is missing, got flights.csv, planes.csv; upload it as one of weather.csv, " in message
    assert "planes.tailnum: must be unique, got 1 repeated rows; drop the repetitions" in message


def test_an_empty_folder_is_a_fault(tmp_path: Path) -> None:
    with pytest.raises(WorkloadError, match=r"flights\.csv: is missing, got an empty folder"):
        read_source(tmp_path / "nowhere")


def test_compressed_files_hold_the_same(raw: ContainerPaths) -> None:
    folder = raw.processing_input("raw")
    plain = read_source(folder).weather
    content = (folder / "weather.csv").read_bytes()
    (folder / "weather.csv").unlink()
    with gzip.open(folder / "weather.csv.gz", "wb", 1) as file:
        file.write(content)
    pd.testing.assert_frame_equal(read_source(folder).weather, plain)


@pytest.mark.parametrize(
    ("members", "message"), [(("a.csv", "b.csv"), r"must hold one file, got a\.csv, b\.csv"), ((), "got none")]
)
def test_an_archive_holds_one_file(raw: ContainerPaths, members: tuple[str, ...], message: str) -> None:
    folder = raw.processing_input("raw")
    (folder / "flights.csv").unlink()
    with zipfile.ZipFile(folder / "flights.csv.zip", "w") as archive:
        for member in members:
            archive.writestr(member, "year\n2013\n")
    with pytest.raises(WorkloadError, match=rf"flights\.csv\.zip: .*{message}"):
        read_source(folder)


@pytest.mark.parametrize("name", ["flights.csv.zip", "flights.csv.gz"])
def test_a_damaged_archive_is_a_fault(raw: ContainerPaths, name: str) -> None:
    folder = raw.processing_input("raw")
    (folder / "flights.csv").unlink()
    (folder / name).write_bytes(b"rubbish")
    with pytest.raises(WorkloadError, match=rf"{re.escape(name)}: can't be read, got "):
        read_source(folder)


@pytest.mark.parametrize("content", [None, b"rubbish", b""])
def test_a_missing_or_damaged_split_is_named(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "data.parquet").write_bytes(content)
    with pytest.raises(WorkloadError, match=r"data\.parquet: (is missing|must be Parquet), got "):
        read_split(tmp_path)
