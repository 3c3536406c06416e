"""
One connection: requests are answered in their order, and none is executed in part.

What comes while a request is being answered waits in the connection's buffer; reading stops when that is full, and goes
on when the client has taken the answer.
"""

from __future__ import annotations

import asyncio
import logging
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Final

from keywright.aws.wire import WireRequest, WireResponse
from keywright.server.edge import refusals
from keywright.server.edge.limits import MAX_HEAD_BYTES
from keywright.server.edge.request_reader import RequestReader
from keywright.server.edge.writing import CONTINUE, HeaderError, write_response

if TYPE_CHECKING:
    from keywright.server.edge.listening import Edge

log: Final = logging.getLogger("keywright.edge")

_PIPELINED_BYTES: Final = MAX_HEAD_BYTES


class Phase(Enum):
    """What a connection is doing."""

    IDLE = auto()
    HEAD = auto()
    BODY = auto()
    ANSWER = auto()
    SEND = auto()
    """The answer is written; the client has yet to take it."""
    LINGER = auto()
    """The last answer is written; what still comes is thrown away."""
    CLOSED = auto()


class Entry(Enum):
    """Whether there is room for a connection: for all of it, for a refusal, or for nothing."""

    WELCOME = auto()
    FULL = auto()
    OVERFULL = auto()


_READING: Final = frozenset({Phase.IDLE, Phase.HEAD, Phase.BODY})
_ANSWERING: Final = frozenset({Phase.ANSWER, Phase.SEND})


class Connection(asyncio.Protocol):
    """One client's connection."""

    def __init__(self, edge: Edge) -> None:
        self._edge: Final = edge
        self._reader: Final = RequestReader(edge.reserve)
        self._transport: Any = None
        self._task: asyncio.Task[None] | None = None
        self._buffer = b""
        self._paused = False
        self._ended = False
        self._lingered = 0
        self._body_begun = 0.0
        self._deadline = 0.0
        self.address = ""
        self.phase = Phase.HEAD

    # The loop's calls.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take the connection, or refuse it where there are too many."""
        self._transport = transport
        # `resume_writing` is called when the client has taken all of an answer.
        self._transport.set_write_buffer_limits(high=0)
        peer = transport.get_extra_info("peername")
        self.address = peer[0] if peer else ""
        self._wait(Phase.HEAD, self._edge.limits.head_seconds)
        match self._edge.enter(self):
            case Entry.FULL:
                self._refuse(refusals.busy({}))
            case Entry.OVERFULL:
                self._transport.abort()
            case Entry.WELCOME:
                pass

    def connection_lost(self, _exception: Exception | None) -> None:
        """Forget the connection. What is being answered goes on: it may have changed something."""
        self.phase = Phase.CLOSED
        self._buffer = b""
        self._edge.leave(self)
        if self._task is None:
            self._release_body()

    def data_received(self, data: bytes) -> None:
        """Read on, or keep what came too early."""
        if self.phase in _READING:
            self._advance(data)
        elif self.phase in _ANSWERING:
            self._buffer += data
            if len(self._buffer) > _PIPELINED_BYTES and not self._paused:
                self._paused = True
                self._transport.pause_reading()
        else:
            self._lingered += len(data)
            if self._lingered > self._edge.limits.linger_bytes:
                self._transport.abort()

    def eof_received(self) -> bool:
        """Answer a client that has said all it has to say and still listens; half a request is nothing."""
        self._ended = True
        return self.phase in _ANSWERING

    def resume_writing(self) -> None:
        """Go on to the next request."""
        if self.phase is Phase.SEND:
            self._next()

    # Reading and answering.

    def _advance(self, data: bytes) -> None:
        """Read as far as the end of one request, and have it answered."""
        reader = self._reader
        while data and self.phase in _READING:
            if self.phase is Phase.IDLE:
                self._wait(Phase.HEAD, self._edge.limits.head_seconds)
            data = reader.read(data)
            if reader.refusal is not None:
                self._refuse(reader.refusal)
            elif reader.complete:
                self._dispatch()
            elif reader.head_read and self.phase is Phase.HEAD:
                self._wait(Phase.BODY, self._edge.limits.body_seconds)
                self._body_begun = self._edge.now()
                if reader.expects_continue and not data:
                    self._transport.write(CONTINUE)
        if self.phase in _ANSWERING:
            self._buffer = data

    def _dispatch(self) -> None:
        self._wait(Phase.ANSWER, self._edge.limits.answer_seconds)
        request = self._reader.request(self.address, secure=self._edge.secure)
        if self._edge.admit():
            self._task = self._edge.loop.create_task(self._serve(request))
        else:
            # In a turn of its own: a client may send thousands of requests in one piece.
            self._edge.loop.call_soon(self._answer, request, refusals.busy(request.headers))

    async def _serve(self, request: WireRequest) -> None:
        try:
            response = await self._edge.answer(request)
        except asyncio.CancelledError:
            # The time was over: see `look`. Whether the change was made, 503 leaves open.
            response = refusals.UNAVAILABLE
        except Exception:
            log.exception("a request could not be answered")
            response = refusals.BROKEN
        finally:
            self._edge.done()
        self._task = None
        self._answer(request, response)

    def _answer(self, request: WireRequest, response: WireResponse) -> None:
        self._release_body()
        if self.phase is Phase.CLOSED:
            return
        keep_alive = self._reader.keep_alive and not self._ended and not self._edge.draining
        self._transport.write(self._written(request, response, keep_alive=keep_alive))
        if not keep_alive:
            self._linger()
            return
        self._wait(Phase.SEND, self._edge.limits.send_seconds)
        if self._transport.get_write_buffer_size() == 0:
            self._next()

    def _written(self, request: WireRequest, response: WireResponse, *, keep_alive: bool) -> bytes:
        to_head, old = request.method == "HEAD", self._reader.is_old
        try:
            return write_response(response, to_head=to_head, keep_alive=keep_alive, old=old)
        except HeaderError:
            log.exception("an answer has a header that cannot be sent")
            return write_response(refusals.BROKEN, to_head=to_head, keep_alive=keep_alive, old=old)

    def _next(self) -> None:
        """Wait for the next request, or read it where it has come already."""
        self._reader.next()
        self._wait(Phase.IDLE, self._edge.limits.idle_seconds)
        self._read_again()
        if self._edge.draining:
            self._transport.close()
        elif self._buffer:
            data, self._buffer = self._buffer, b""
            self._advance(data)

    # Ending.

    def _refuse(self, response: WireResponse) -> None:
        """Answer without asking anybody, and close."""
        self._release_body()
        self._transport.write(write_response(response, to_head=False, keep_alive=False, old=False))
        self._linger()

    def _linger(self) -> None:
        """Close once the client has: bytes that nobody reads would make the answer a reset."""
        self._wait(Phase.LINGER, self._edge.limits.linger_seconds)
        self._buffer = b""
        if self._ended or self._edge.draining or not self._transport.can_write_eof():
            self._transport.close()
            return
        self._transport.write_eof()
        self._read_again()

    def _read_again(self) -> None:
        if self._paused:
            self._paused = False
            self._transport.resume_reading()

    def _release_body(self) -> None:
        self._edge.release(self._reader.drop_body())

    def _wait(self, phase: Phase, seconds: float) -> None:
        self.phase = phase
        self._deadline = self._edge.now() + seconds

    def look(self, now: float) -> None:
        """Look, once a second, whether the time of what the connection does is over."""
        if self.phase is Phase.BODY:
            waited = now - self._body_begun - self._edge.limits.body_grace_seconds
            slow = waited > 0 and self._reader.body_bytes < waited * self._edge.limits.least_bytes_per_second
            if slow or now > self._deadline:
                self._refuse(refusals.TOO_SLOW)
        elif now <= self._deadline:
            return
        elif self._task is not None:
            self._task.cancel()
        elif self.phase is Phase.HEAD and self._reader.begun:
            self._refuse(refusals.TOO_SLOW)
        else:
            self._transport.abort()

    def drain(self) -> None:
        """Close where no request is under way; what is being read or answered ends first."""
        if self.phase in {Phase.IDLE, Phase.HEAD, Phase.LINGER}:
            self._transport.close()

    def abort(self) -> None:
        """Close at once."""
        if self._task is not None:
            self._task.cancel()
        self._transport.abort()
