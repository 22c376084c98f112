"""Command-line options of the scripts."""

import argparse
import math
from collections.abc import Callable
from typing import NoReturn, TypeVar

from common.errors import WorkloadError

T = TypeVar("T")


class Arguments(argparse.ArgumentParser):
    """An argument parser whose faults are reported as every other fault of a script."""

    def __init__(self, script: str, description: str | None = None) -> None:
        super().__init__(prog=script, description=description, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        """Called by argparse for whatever is wrong with the options."""
        problem = message if ", got " in message else f"can't take the options, got {message}"
        raise WorkloadError(self.prog, problem, f"run {self.prog} --help for the options it takes")


def number(low: float, high: float) -> Callable[[str], float]:
    """A type for an option that is a finite number between both bounds, inclusive."""

    def parse(text: str) -> float:
        value = _parse(float, text, f"must be a number from {low:g} to {high:g}")
        if not (math.isfinite(value) and low <= value <= high):
            raise argparse.ArgumentTypeError(f"must be a number from {low:g} to {high:g}, got {text}")
        return value

    return parse


def whole_number(low: int, high: int) -> Callable[[str], int]:
    """A type for an option that is a whole number between both bounds, inclusive."""

    def parse(text: str) -> int:
        value = _parse(int, text, f"must be a whole number from {low} to {high}")
        if not low <= value <= high:
            raise argparse.ArgumentTypeError(f"must be a whole number from {low} to {high}, got {text}")
        return value

    return parse


def _parse(convert: Callable[[str], T], text: str, rule: str) -> T:
    try:
        return convert(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{rule}, got {text}") from None
