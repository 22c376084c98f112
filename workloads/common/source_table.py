"""Tables as others deliver them: CSV files that may be compressed, and may be wrong."""

import zipfile
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa
from pyarrow import csv

from common.errors import WorkloadError

if TYPE_CHECKING:
    import pandas as pd

ENDINGS = (".csv", ".csv.gz", ".csv.zip")
FIX = "deliver it again"


def read_table(folder: Path, name: str, columns: Mapping[str, pa.DataType]) -> "pd.DataFrame":
    """The columns of that name and type from the table `name.csv`, which may be compressed.

    `NA` and nothing are gaps. Raises a WorkloadError for a missing, empty or damaged file, for missing columns
    and for values of another type.
    """
    file = _find(folder, name)
    content = _read(file)
    try:
        there = csv.open_csv(BytesIO(content)).schema.names
    except pa.ArrowInvalid as error:
        raise WorkloadError(str(file), f"must be CSV with a header, got {_first_line(error)}", FIX) from None
    missing = [column for column in columns if column not in there]
    if missing:
        raise WorkloadError(str(file), f"lacks the columns {', '.join(missing)}, got {', '.join(there)}", FIX)
    options = csv.ConvertOptions(
        include_columns=list(columns), column_types=dict(columns), null_values=["", "NA"], strings_can_be_null=True
    )
    try:
        table = csv.read_csv(BytesIO(content), convert_options=options)
    except pa.ArrowInvalid as error:
        raise WorkloadError(str(file), f"holds a wrong value, got {_first_line(error)}", "correct or drop it") from None
    if table.num_rows == 0:
        raise WorkloadError(str(file), "must hold rows, got only a header", FIX)
    return table.to_pandas()


def require_values(frame: "pd.DataFrame", name: str, columns: list[str]) -> list[WorkloadError]:
    """A fault for each of the columns that has gaps."""
    gaps = frame[columns].isna().sum()
    return [
        WorkloadError(f"{name}.{column}", f"must not have gaps, got {count} of {len(frame)} rows", "fill or drop them")
        for column, count in gaps.items()
        if count
    ]


def _find(folder: Path, name: str) -> Path:
    for ending in ENDINGS:
        file = folder / f"{name}{ending}"
        if file.is_file():
            return file
    there = sorted(file.name for file in folder.iterdir()) if folder.is_dir() else []
    raise WorkloadError(
        str(folder / f"{name}.csv"),
        f"is missing, got {', '.join(there) or 'an empty folder'}",
        f"upload it as one of {', '.join(f'{name}{ending}' for ending in ENDINGS)}",
    )


def _read(file: Path) -> bytes:
    try:
        if file.suffix == ".zip":
            content = _only_member(file)
        else:
            with pa.input_stream(file, compression="detect") as stream:
                content = stream.read()
    except (OSError, zipfile.BadZipFile, pa.ArrowInvalid) as error:
        raise WorkloadError(str(file), f"can't be read, got {_first_line(error)}", FIX) from None
    if not content.strip():
        raise WorkloadError(str(file), "must not be empty, got no content", FIX)
    return content


def _only_member(file: Path) -> bytes:
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        if len(names) != 1:
            raise WorkloadError(str(file), f"must hold one file, got {', '.join(names) or 'none'}", FIX)
        return archive.read(names[0])


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
