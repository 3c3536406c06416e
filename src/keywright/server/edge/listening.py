"""All connections of a server: accepted, counted, looked after once a second, and drained."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final

from keywright.aws.wire import WireRequest, WireResponse
from keywright.server.edge.connection import Connection, Entry
from keywright.server.edge.limits import Limits, connections_within

Answer = Callable[[WireRequest], Awaitable[WireResponse]]

_LOOK_SECONDS: Final = 1.0
_HANDSHAKE_SECONDS: Final = 10.0
_SHUTDOWN_SECONDS: Final = 5.0
BACKLOG: Final = 2048
_REFUSED_AT_ONCE: Final = 128
"""Connections beyond the limit that are told so; more are closed without a word."""


class Edge:
    """What the connections share: the answerer, the limits, and what of them is used."""

    def __init__(
        self, answer: Answer, limits: Limits, exempt: Callable[[str], bool] = lambda _: False, *, secure: bool = False
    ) -> None:
        """Make an edge; `exempt` tells of an address whether many clients may stand behind it."""
        self.loop: Final = asyncio.get_running_loop()
        self.answer: Final = answer
        self.limits: Final = limits
        self.secure: Final = secure
        self.now: Final = self.loop.time
        self.draining = False
        self._exempt: Final = exempt
        self._most_connections: Final = connections_within(limits)
        self._connections: Final[set[Connection]] = set()
        self._addresses: Final[Counter[str]] = Counter()
        self._empty: Final = asyncio.Event()
        self._requests = 0
        self._body_bytes = 0
        self._server: asyncio.Server | None = None
        self._looking: asyncio.TimerHandle | None = None

    async def listen(self, listener: socket.socket, context: ssl.SSLContext | None) -> None:
        """Accept connections from now on."""
        self._server = await self.loop.create_server(
            lambda: Connection(self),
            sock=listener,
            ssl=context,
            backlog=BACKLOG,
            ssl_handshake_timeout=None if context is None else _HANDSHAKE_SECONDS,
            ssl_shutdown_timeout=None if context is None else _SHUTDOWN_SECONDS,
        )
        self._look()

    async def drain(self, seconds: float) -> None:
        """Accept nothing more, let what is under way end, and close what has not by then."""
        self.draining = True
        if self._server is not None:
            self._server.close()
        for connection in list(self._connections):
            connection.drain()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                self._empty.clear()
                if self._connections:
                    await self._empty.wait()
        for connection in list(self._connections):
            connection.abort()
        if self._looking is not None:
            self._looking.cancel()

    def enter(self, connection: Connection) -> Entry:
        """Count a connection, and tell whether there is room for it."""
        self._connections.add(connection)
        self._addresses[connection.address] += 1
        total = len(self._connections)
        if total > self._most_connections + _REFUSED_AT_ONCE:
            return Entry.OVERFULL
        crowded = self._addresses[connection.address] > self.limits.connections_per_address
        if total > self._most_connections or (crowded and not self._exempt(connection.address)):
            return Entry.FULL
        return Entry.WELCOME

    def leave(self, connection: Connection) -> None:
        """Forget a connection."""
        self._connections.discard(connection)
        self._addresses[connection.address] -= 1
        if not self._addresses[connection.address]:
            del self._addresses[connection.address]
        if not self._connections:
            self._empty.set()

    def reserve(self, size: int) -> bool:
        """Take room for a part of a body; return whether there is any."""
        if self._body_bytes + size > self.limits.body_bytes:
            return False
        self._body_bytes += size
        return True

    def release(self, size: int) -> None:
        """Give room back."""
        self._body_bytes -= size

    def admit(self) -> bool:
        """Count a request that is to be answered; return whether it may."""
        if self._requests >= self.limits.requests:
            return False
        self._requests += 1
        return True

    def done(self) -> None:
        """Count a request that has been answered."""
        self._requests -= 1

    def _look(self) -> None:
        now = self.now()
        for connection in list(self._connections):
            connection.look(now)
        self._looking = self.loop.call_later(_LOOK_SECONDS, self._look)
