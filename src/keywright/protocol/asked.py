"""What a parser is given: a request and what routing has already decoded of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from keywright.aws.wire import WireRequest


class Asked(Protocol):
    """A routed request, as the parsers see it."""

    @property
    def request(self) -> WireRequest:
        """Give the request as it came."""

    @property
    def fields(self) -> Mapping[str, str]:
        """Give the decoded form or query string; of a repeated name the first value."""

    @property
    def labels(self) -> Mapping[str, str]:
        """Give the decoded labels of a REST path."""
