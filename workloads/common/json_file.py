"""JSON that people read and programs compare."""

import json
from pathlib import Path
from typing import Any

from common.errors import WorkloadError


def write_json(file: Path, content: Any) -> None:  # noqa: ANN401 - whatever JSON holds
    """Writes the same bytes for the same content; refuses NaN and infinity, which JSON lacks."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, indent=2, sort_keys=False, allow_nan=False) + "\n")


def read_json(file: Path, fix: str) -> dict[str, Any]:
    """Raises a WorkloadError with the fix if the file is missing or holds something else than an object."""
    try:
        found = json.loads(file.read_text())
    except FileNotFoundError:
        raise WorkloadError(str(file), "is missing, got no such file", fix) from None
    except ValueError as error:
        raise WorkloadError(str(file), f"must be JSON, got {error}", fix) from None
    if not isinstance(found, dict):
        raise WorkloadError(str(file), f"must hold an object, got {type(found).__name__}", fix)
    return found
