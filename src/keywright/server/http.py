"""
HTTP/1.1 as uvicorn reads it, with a limit that it lacks, and with an answer written in one piece.

uvicorn looks at an answer's headers one by one and writes its head and its body apart, which costs more than all of the
parsing: the app is offered another way to answer, as an ASGI extension.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any, Final

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from keywright.aws.wire import WireResponse

RESPOND: Final = "keywright.respond"
"""The ASGI extension that sends a whole answer."""
Respond = Callable[[WireResponse], Awaitable[None]]
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
        super().connection_made(transport)
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
            return False
        cycle.keep_alive = False
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._head_is_read()
        super().connection_lost(exc)

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        scope: dict[str, Any] = cycle.scope  # type: ignore[assignment]
        scope["extensions"] = {RESPOND: partial(self._respond, cycle)}
        super()._start_asgi_task(cycle, app)

    async def _respond(self, cycle: RequestResponseCycle, response: WireResponse) -> None:
        """Send an answer whole, its length said by its headers."""
        if self.flow.write_paused and not cycle.disconnected:
            await self.flow.drain()
        if cycle.disconnected:
            return
        answer = _answer(cycle, self.server_state.default_headers, response)
        cycle.response_started = cycle.response_complete = True
        cycle.message_event.set()
        self.transport.write(answer)
        if not cycle.keep_alive:
            self.transport.close()
        cycle.on_response()

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


def _answer(cycle: RequestResponseCycle, default_headers: list[tuple[bytes, bytes]], response: WireResponse) -> bytes:
    lines = [b"%b: %b\r\n" % header for header in (*default_headers, *response.headers)]
    if not cycle.keep_alive:
        lines.append(b"connection: close\r\n")
    head = b"".join(lines)
    if head.count(b"\r") != len(lines) or head.count(b"\n") != len(lines):
        raise ValueError("a header holds the end of a line")
    body = b"" if cycle.scope["method"] == "HEAD" else response.body
    return b"%b%b\r\n%b" % (STATUS_LINE[response.status], head, body)
