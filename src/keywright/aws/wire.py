"""The request and the response as they cross the socket: bytes, no meaning yet."""

from __future__ import annotations

from typing import NamedTuple

Headers = list[tuple[bytes, bytes]]


class WireRequest(NamedTuple):
    """
    One HTTP request, read whole.

    A named tuple rather than a frozen dataclass: as immutable, and a third of its cost on the hottest path.
    """

    method: str
    raw_path: bytes
    """The path as sent: still percent-encoded, without the query."""
    raw_query: bytes
    """The query as sent, without the question mark."""
    headers: dict[bytes, bytes]
    """Names in lower case; values stripped by the HTTP parser; a repeated header's values joined by a comma."""
    body: bytes
    secure: bool
    """Whether the connection is TLS."""
    client_address: str

    def header(self, name: bytes) -> str | None:
        """Give a header's value as text (ISO-8859-1, as HTTP has it), None where it is absent."""
        value = self.headers.get(name)
        return None if value is None else value.decode("latin-1")

    @property
    def origin(self) -> str:
        """Say at which address the client reached this server, without a path: `https://keywright.example:4580`."""
        return f"{'https' if self.secure else 'http'}://{self.header(b'host') or 'localhost'}"


class WireResponse(NamedTuple):
    """One HTTP response, complete."""

    status: int
    headers: Headers
    body: bytes


def merge_headers(headers: Headers) -> dict[bytes, bytes]:
    """Index headers by name, joining the values of a repeated name by a comma, in order (RFC 9110, 5.2)."""
    merged = dict(headers)
    if len(merged) != len(headers):
        merged = {}
        for name, value in headers:
            merged[name] = value if name not in merged else merged[name] + b"," + value
    return merged
