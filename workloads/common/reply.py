"""What goes back to a client, whatever framework sends it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from common.request import JSON

TEXT = "text/plain; charset=utf-8"


@dataclass(frozen=True)
class Reply:
    """An answer over HTTP; media_type is its whole Content-Type."""

    status: int = 200
    body: bytes = b""
    media_type: str = TEXT
    headers: Mapping[str, str] = field(default_factory=dict)


def json_reply(content: Any, status: int = 200) -> Reply:  # noqa: ANN401 - whatever JSON holds
    """The content as JSON."""
    return Reply(status, json.dumps(content).encode(), JSON)


def refuse(status: int, where: str, problem: str, fix: str) -> Reply:
    """`{"error": "where: problem; fix"}`, as the Open Inference Protocol words it too."""
    return json_reply({"error": f"{where}: {problem}; {fix}"}, status)
