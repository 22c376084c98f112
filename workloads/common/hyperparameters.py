"""From a training job's hyperparameters to a script and its options."""

import json
from collections.abc import Mapping
from pathlib import Path

from common.errors import WorkloadError

# The service's own and the tuner's; no script takes them.
RESERVED_PREFIXES = ("sagemaker_", "_")


def read_hyperparameters(file: Path) -> dict[str, str]:
    """Names and values as SageMaker wrote them; none if it wrote no file."""
    try:
        found = json.loads(file.read_text())
    except FileNotFoundError:
        return {}
    except ValueError as error:
        raise WorkloadError(
            str(file), f"must be JSON, got {error}", "pass the hyperparameters as a JSON object"
        ) from None
    if not isinstance(found, dict):
        raise WorkloadError(str(file), f"must be an object, got {type(found).__name__}", "map names to values")
    return {name: _plain(value) for name, value in found.items()}


def script_of(hyperparameters: Mapping[str, str]) -> str:
    """The script to run, relative to the program's folder."""
    try:
        return hyperparameters["sagemaker_program"]
    except KeyError:
        raise WorkloadError(
            "hyperparameters",
            f"sagemaker_program is missing, got {', '.join(sorted(hyperparameters)) or 'none'}",
            "name the script to run, for example flight_delay/train.py",
        ) from None


def options_of(hyperparameters: Mapping[str, str]) -> list[str]:
    """`--name value` for each, sorted by name; a name of one letter takes one hyphen."""
    options: list[str] = []
    for name in sorted(hyperparameters):
        if not name.startswith(RESERVED_PREFIXES):
            # One word, so that a value which begins with a hyphen isn't read as an option.
            options += [f"--{name}={hyperparameters[name]}"] if len(name) > 1 else [f"-{name}", hyperparameters[name]]
    return options


def _plain(value: object) -> str:
    """Undoes the JSON encoding that SageMaker's SDK puts around strings."""
    if not isinstance(value, str):
        return json.dumps(value)
    try:
        decoded = json.loads(value)
    except ValueError:
        return value
    return decoded if isinstance(decoded, str) else value
