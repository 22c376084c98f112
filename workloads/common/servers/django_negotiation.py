"""Leaves the choice of types to the endpoints."""

from typing import Any

from rest_framework.negotiation import BaseContentNegotiation


class Unnegotiated(BaseContentNegotiation):
    """The framework would refuse types, in words of its own, before an endpoint sees the request."""

    def select_parser(self, request: Any, parsers: Any) -> Any:  # noqa: ANN401, ARG002
        """The first one; it is never used."""
        return parsers[0]

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:  # noqa: ANN401, ARG002
        """The first one; it is never used."""
        return renderers[0], renderers[0].media_type
