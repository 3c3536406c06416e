"""An answer as bytes on the wire."""

from __future__ import annotations

import time
from email.utils import formatdate
from http import HTTPStatus
from typing import Final

from keywright.aws.wire import WireResponse

CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
_STATUS_LINES: Final = {status.value: f"HTTP/1.1 {status.value} {status.phrase}\r\n".encode() for status in HTTPStatus}
_BODILESS: Final = frozenset({204, 304})
_CLOSE: Final = b"connection: close\r\n"
_KEEP_ALIVE: Final = b"connection: keep-alive\r\n"


class HeaderError(ValueError):
    """A header of an answer holds a line end or a NUL: it would be read as something else."""


class _Clock:
    """The Date header's line, written once a second."""

    __slots__ = ("_at", "_line")

    def __init__(self) -> None:
        self._at = 0
        self._line = b""

    def line(self) -> bytes:
        now = int(time.time())
        if now != self._at:
            self._at = now
            self._line = f"date: {formatdate(now, usegmt=True)}\r\n".encode()
        return self._line


_clock: Final = _Clock()


def write_response(response: WireResponse, *, to_head: bool, keep_alive: bool, old: bool) -> bytes:
    """
    Return an answer's bytes: to HEAD without its body, to HTTP/1.0 (`old`) saying whether the connection stays open.

    Raises: HeaderError.
    """
    parts = [b"%b: %b\r\n" % header for header in response.headers]
    fields = b"".join(parts)
    if fields.count(b"\n") != len(parts) or fields.count(b"\r") != len(parts) or b"\0" in fields:
        raise HeaderError
    has_body = response.status not in _BODILESS
    if has_body and b"content-length: " not in fields:
        fields += b"content-length: %d\r\n" % len(response.body)
    connection = (_KEEP_ALIVE if old else b"") if keep_alive else _CLOSE
    head = _STATUS_LINES[response.status] + _clock.line() + fields + connection + b"\r\n"
    return head if to_head or not has_body else head + response.body
