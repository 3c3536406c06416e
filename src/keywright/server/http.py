"""HTTP/1.1 as uvicorn reads it, with a limit that it lacks, and with an answer written in one piece."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEADER_BYTES: Final = 65_536
_TOO_LARGE: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: text/plain\r\nconnection: close\r\n"
    b"content-length: 26\r\n\r\nRequest headers too large\n"
)


class HttpProtocol(HttpToolsProtocol):
    """A connection whose header section may not outgrow its limit while it is being read."""

    _unread_head = 0
    """Bytes received of a header section that has not ended yet."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection."""
        super().connection_made(GatheringTransport(transport))  # type: ignore[arg-type]

    def data_received(self, data: bytes) -> None:
        """Read, then see whether a header section is still open."""
        super().data_received(data)
        scope: Any = self.scope  # None before the first request, whatever uvicorn's annotation says
        if scope is None or "method" in scope:
            self._unread_head = 0
            return
        self._unread_head += len(data)
        if self._unread_head > MAX_HEADER_BYTES and not self.transport.is_closing():
            self.transport.write(_TOO_LARGE)
            self.transport.close()


class GatheringTransport:
    """
    A transport that sends what is written in one turn of the loop by one system call.

    uvicorn writes an answer's head and its body apart; each write costs more than all of the parsing.
    """

    __slots__ = ("_held", "_loop", "_transport")

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport: Final = transport
        self._loop: Final = asyncio.get_running_loop()
        self._held: list[bytes] = []

    def write(self, data: bytes) -> None:
        """Hold the data until the turn ends."""
        if not self._held:
            self._loop.call_soon(self._flush)
        self._held.append(data)

    def close(self) -> None:
        """Send what is held, then close."""
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        if self._held:
            held, self._held = self._held, []
            self._transport.write(b"".join(held))

    def __getattr__(self, name: str) -> Any:
        """Be the transport in everything else."""
        return getattr(self._transport, name)
