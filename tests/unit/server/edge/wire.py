"""A connection of the edge without a socket: bytes in, what was understood and answered out."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from typing import NamedTuple

from keywright.aws.wire import WireRequest, WireResponse
from keywright.server.edge.connection import Connection
from keywright.server.edge.limits import Limits
from keywright.server.edge.listening import Edge

_STATUS = re.compile(rb"^HTTP/1\.1 (\d{3}) ")


class Seen(NamedTuple):
    """What a server made of some bytes."""

    requests: list[WireRequest]
    statuses: list[int]
    closed: bool
    written: bytes


class Wire(asyncio.Transport):
    """A transport that keeps what is written."""

    def __init__(self) -> None:
        super().__init__({"peername": ("192.0.2.7", 4711)})
        self.writes: list[bytes] = []
        self.unread = 0
        self.closed = False
        self.paused = False
        self.pauses = 0

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Keep the data."""
        assert not self.closed
        self.writes.append(bytes(data))

    def write_eof(self) -> None:
        """End the server's side."""
        self.closed = True

    def can_write_eof(self) -> bool:
        """Be no TLS transport."""
        return True

    def close(self) -> None:
        """Close."""
        self.closed = True

    abort = close

    def is_closing(self) -> bool:
        """Tell whether it is closed."""
        return self.closed

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Be told to say when all is taken."""
        assert (high, low) == (0, None)

    def get_write_buffer_size(self) -> int:
        """Return what the client has not taken."""
        return self.unread

    def pause_reading(self) -> None:
        """Read no more."""
        self.paused = True
        self.pauses += 1

    def resume_reading(self) -> None:
        """Read again."""
        self.paused = False


class Peer:
    """A client of an edge whose answerer says what it was asked."""

    def __init__(self, edge: Edge) -> None:
        self.wire = Wire()
        self.connection = Connection(edge)
        self.connection.connection_made(self.wire)

    async def send(self, pieces: Iterable[bytes], *, end: bool = False) -> None:
        """Send pieces, each in a turn of its own, and let the server come to rest."""
        for piece in pieces:
            self.connection.data_received(piece)
            await rest()
        if end and not self.connection.eof_received():
            self.wire.close()
        await rest()

    @property
    def written(self) -> bytes:
        """Everything that the server wrote."""
        return b"".join(self.wire.writes)

    @property
    def statuses(self) -> list[int]:
        """The statuses of the answers; each is written in one piece."""
        return [int(found[1]) for piece in self.wire.writes if (found := _STATUS.match(piece))]


async def rest() -> None:
    """Let what the loop has to do be done."""
    for _ in range(6):
        await asyncio.sleep(0)


def understood(pieces: Iterable[bytes], *, end: bool = False, limits: Limits | None = None) -> Seen:
    """Send bytes to a server of its own; return what it made of them."""

    async def talk() -> Seen:
        requests: list[WireRequest] = []

        async def answer(request: WireRequest) -> WireResponse:
            requests.append(request)
            return WireResponse(200, [(b"content-length", b"3")], b"ok\n")

        peer = Peer(Edge(answer, limits or Limits()))
        await peer.send(pieces, end=end)
        return Seen(requests, peer.statuses, peer.wire.closed, peer.written)

    return asyncio.run(talk())
