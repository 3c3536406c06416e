"""HTTP/1.1 as uvicorn reads it, with a limit that it lacks, and with an answer written in one piece."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

MAX_HEADER_BYTES: Final = 65_536
HEAD_SECONDS: Final = 30
_TOO_LARGE: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: text/plain\r\nconnection: close\r\n"
    b"content-length: 26\r\n\r\nRequest headers too large\n"
)


class HttpProtocol(HttpToolsProtocol):
    """A connection whose header sections have a limit in size, and a limit in time."""

    _head_bytes = 0
    """Bytes received of a header section that has not ended yet."""
    _head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection, and wait for its first request."""
        super().connection_made(GatheringTransport(transport))  # type: ignore[arg-type]
        self._head_timer = self.loop.call_later(HEAD_SECONDS, self._give_up)

    def data_received(self, data: bytes) -> None:
        """Read what is within the limit."""
        cycle: Any = self.cycle
        if len(data) > MAX_HEADER_BYTES - self._head_bytes and not (cycle is not None and cycle.more_body):
            room = MAX_HEADER_BYTES - self._head_bytes
            if data.find(b"\r\n\r\n", 0, room) < 0:
                self._refuse()
                return
        super().data_received(data)
        scope: Any = self.scope  # None before the first request, whatever uvicorn's annotation says
        if scope is None or "method" not in scope:
            self._head_bytes += len(data)
            if self._head_timer is None:
                self._head_timer = self.loop.call_later(HEAD_SECONDS, self._give_up)
        elif self._head_timer is not None or self._head_bytes:
            self._head_is_read()

    def eof_received(self) -> bool:  # type: ignore[override]
        """Answer a client that has said all it has to say and still listens; there is no answer to half a request."""
        cycle: Any = self.cycle
        if cycle is None or cycle.response_complete or cycle.more_body:
            self.transport.flush()  # type: ignore[attr-defined]
            return False
        cycle.keep_alive = False
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._head_is_read()
        super().connection_lost(exc)

    def _head_is_read(self) -> None:
        self._head_bytes = 0
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _give_up(self) -> None:
        """Close a connection on which nothing, or half a header section, has come in all the time that it has."""
        self._head_timer = None
        self.transport.close()

    def _refuse(self) -> None:
        if not self.transport.is_closing():
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
            self._loop.call_soon(self.flush)
        self._held.append(data)

    def close(self) -> None:
        """Send what is held, then close."""
        self.flush()
        self._transport.close()

    def flush(self) -> None:
        """Send what is held."""
        if self._held:
            held, self._held = self._held, []
            self._transport.write(b"".join(held))

    def __getattr__(self, name: str) -> Any:
        """Be the transport in everything else."""
        return getattr(self._transport, name)
