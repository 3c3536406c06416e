"""An operation's URI in the model: a path with labels, and query fields that must be there."""

from __future__ import annotations

import re
from typing import NamedTuple

from keywright.aws.model import OperationModel
from keywright.aws.wire import WireRequest
from keywright.protocol.form import percent_decode
from keywright.protocol.rest_binding import query_literals

_LABEL = re.compile(r"\{([^}+]+)(\+?)\}")


class UriTemplate(NamedTuple):
    """A path such as `/{Bucket}/{Key+}`, compiled."""

    path: str
    labels: tuple[str, ...]
    match: re.Pattern[bytes]

    @classmethod
    def of(cls, path: str) -> UriTemplate:
        """Compile a path; a label takes one segment, a greedy one (`{Key+}`) all that is left."""
        pattern = ""
        position = 0
        for label in _LABEL.finditer(path):
            pattern += re.escape(path[position : label.start()]) + ("(.+)" if label[2] else "([^/]+)")
            position = label.end()
        pattern += re.escape(path[position:])
        # A bucket's own path may end in a slash: what follows would be an empty key.
        ending = "" if pattern.endswith(("/", "(.+)")) else "/?"
        labels = tuple(label[1] for label in _LABEL.finditer(path))
        return cls(path, labels, re.compile((pattern + ending).encode(), re.DOTALL))

    def read(self, raw_path: bytes) -> dict[str, str] | None:
        """
        Give the labels of a path, decoded; None where it does not fit.

        Raises: MalformedQueryString for wrong percent-encoding.
        """
        match = self.match.fullmatch(raw_path)
        if match is None:
            return None
        return {name: percent_decode(raw) for name, raw in zip(self.labels, match.groups(), strict=True)}

    def specificity(self) -> tuple[int, int]:
        """Sort the paths that say more before those that take anything."""
        literals = [segment for segment in self.path.split("/") if segment and not segment.startswith("{")]
        return -len(literals), -len(self.labels)


class Demands(NamedTuple):
    """What must be in a request's query and headers for it to mean one operation."""

    literals: tuple[tuple[str, str | None], ...]
    query: tuple[str, ...]
    headers: tuple[bytes, ...]

    @classmethod
    def of(cls, operation: OperationModel) -> Demands:
        """Read the URI's literals and the required members that travel in query or headers."""
        members = operation.input.members.values() if operation.input is not None else ()
        required = [member for member in members if member.required]
        return cls(
            literals=tuple(query_literals(operation.http_uri)),
            query=tuple(m.location_name or m.name for m in required if m.location == "querystring"),
            headers=tuple((m.location_name or m.name).lower().encode() for m in required if m.location == "header"),
        )

    def met_by(self, request: WireRequest, fields: dict[str, str]) -> bool:
        """Tell whether a request has all of it."""
        return (
            all(name in fields and value in (None, fields[name]) for name, value in self.literals)
            and all(name in fields for name in self.query)
            and all(name in request.headers for name in self.headers)
        )

    def specificity(self) -> tuple[int, int]:
        """Sort the demanding before the content."""
        return -len(self.literals), -len(self.query) - len(self.headers)
