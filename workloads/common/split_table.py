"""Prepared data: one Parquet file a split."""

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from common.errors import WorkloadError

if TYPE_CHECKING:
    import pandas as pd

FILE = "data.parquet"


def write_split(frame: "pd.DataFrame", folder: Path) -> Path:
    """Writes the same bytes for the same rows and the same version of pyarrow."""
    import pyarrow as pa
    from pyarrow import parquet

    folder.mkdir(parents=True, exist_ok=True)
    file = folder / FILE
    table = pa.Table.from_pandas(frame, preserve_index=False).replace_schema_metadata(None)
    parquet.write_table(table, file, compression="zstd")
    return file


def read_split(folder: Path) -> "pd.DataFrame":
    """Raises a WorkloadError if the split is missing, damaged or empty."""
    import pyarrow as pa
    from pyarrow import parquet

    file = folder / FILE
    fix = "run the preparation again"
    try:
        table = parquet.read_table(file)
    except FileNotFoundError:
        raise WorkloadError(str(file), "is missing, got no such file", fix) from None
    except pa.ArrowInvalid as error:
        raise WorkloadError(str(file), f"must be Parquet, got {error}", fix) from None
    if table.num_rows == 0:
        raise WorkloadError(str(file), "must hold rows, got none", fix)
    return table.to_pandas()


def sha256_of(files: Iterable[Path]) -> str:
    """In hex, over the files' contents one after the other."""
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()
