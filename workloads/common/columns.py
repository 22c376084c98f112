"""What a model takes in."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal


@dataclass(frozen=True)
class Column:
    """One input of a model.

    required: a row without a value is refused; otherwise the model takes the gap as such.
    minimum, maximum: bounds of a number, inclusive; None leaves that side open.
    """

    name: str
    kind: Literal["number", "category"]
    required: bool = True
    minimum: float | None = None
    maximum: float | None = None

    def to_json(self) -> dict[str, Any]:
        """As `from_json` takes it."""
        return asdict(self)

    @classmethod
    def from_json(cls, content: Mapping[str, Any]) -> "Column":
        """The column that `to_json` described."""
        return cls(**content)

    @property
    def bounds(self) -> str:
        """The bounds in words."""
        low = "" if self.minimum is None else f" from {self.minimum:g}"
        high = "" if self.maximum is None else f" to {self.maximum:g}"
        return f"{low}{high}"


def number(name: str, low: float | None = None, high: float | None = None) -> Column:
    """A number that every row has."""
    return Column(name, "number", True, low, high)


def optional_number(name: str) -> Column:
    """A number that a row may lack."""
    return Column(name, "number", False)


def category(name: str) -> Column:
    """A word that every row has."""
    return Column(name, "category")


def optional_category(name: str) -> Column:
    """A word that a row may lack."""
    return Column(name, "category", False)
