"""
Bytes become a request, or a refusal: no socket, no clock.

A request's head and its body go through httptools, which refuses what RFC 9112 lets a server refuse: both framings at
once, folded headers, bare line feeds. Trailers are read and dropped: they are no headers (RFC 9110, 6.5.1).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import httptools

from keywright.aws.wire import Headers, WireRequest, WireResponse, merge_headers
from keywright.server.edge import refusals
from keywright.server.edge.limits import (
    FREE_BODY_BYTES,
    MAX_BODY_BYTES,
    MAX_FRAMING_BYTES,
    MAX_HEAD_BYTES,
    MAX_HEADERS,
    MAX_METADATA_BYTES,
    takes_metadata,
)

_END_OF_HEAD: Final = b"\r\n\r\n"


class RequestReader:
    """Reads one request after the other; `reserve` takes room for a part of a body, and tells whether there was any."""

    def __init__(self, reserve: Callable[[int], bool]) -> None:
        self._reserve: Final = reserve
        self._parser = httptools.HttpRequestParser(self)
        self._overran = False
        self.next()

    def next(self) -> None:
        """Begin the next request."""
        if self._overran:
            # The parser has begun to read what stood behind the last request.
            self._parser = httptools.HttpRequestParser(self)
        self._overran = False
        self._url = b""
        self._headers: Headers = []
        self._head = bytearray()
        self._method = ""
        self._body: list[bytes] = []
        self._length: int | None = None
        self._chunked = False
        self._framing_bytes = 0
        self._old = False
        self.head_read = False
        self.complete = False
        self.keep_alive = True
        self.body_bytes = 0
        self.reserved = 0
        self.refusal: WireResponse | None = None

    @property
    def begun(self) -> bool:
        """Whether anything of a request has come."""
        return bool(self._url)

    @property
    def is_old(self) -> bool:
        """Whether the request is of HTTP/1.0."""
        return self._old

    @property
    def expects_continue(self) -> bool:
        """Whether the client waits to be told that it may send the body."""
        return not self.is_old and any(name == b"expect" for name, _ in self._headers)

    def request(self, address: str, *, secure: bool) -> WireRequest:
        """Return the request, once it is complete."""
        path, _, query = self._target().partition(b"?")
        body = self._body[0] if len(self._body) == 1 else b"".join(self._body)
        return WireRequest(self._method, path, query, merge_headers(self._headers), body, secure, address)

    def headers(self) -> dict[bytes, bytes]:
        """Return the headers that have come."""
        return merge_headers(self._headers)

    def drop_body(self) -> int:
        """Forget the body, and return how much room it had taken."""
        self._body = []
        room, self.reserved = self.reserved, 0
        return room

    def read(self, data: bytes) -> bytes:
        """Read up to the end of the head, or of the body; return what is left. Then look at the attributes."""
        return self._read_body(data) if self.head_read else self._read_head(data)

    def _read_head(self, data: bytes) -> bytes:
        before = len(self._head)
        self._head += data
        found = self._head.find(_END_OF_HEAD, max(0, before - 3))
        end = len(data) if found < 0 else found + len(_END_OF_HEAD) - before
        if before + end > MAX_HEAD_BYTES:
            self.refusal = refusals.TOO_LARGE_HEAD
            return b""
        if end < len(data):
            del self._head[before + end :]
        self._feed(data[:end])
        if found >= 0 and self.begun and not self.head_read:
            # Empty lines may come before a request (RFC 9112, 2.2); this was the end of one.
            self.refusal = self.refusal or refusals.MALFORMED
        return data[end:]

    def _read_body(self, data: bytes) -> bytes:
        """Read on; where the body comes in chunks all of the data is taken, since its end is not known."""
        end = len(data) if self._chunked or self._length is None else min(len(data), self._length - self.body_bytes)
        before = self.body_bytes
        self._feed(data[:end])
        if self._chunked and not self.complete:
            self._framing_bytes = 0 if self.body_bytes > before else self._framing_bytes + end
            if self._framing_bytes > MAX_FRAMING_BYTES:
                self.refusal = self.refusal or refusals.MALFORMED
        return data[end:]

    def _feed(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            if self.complete:
                # It asks for an upgrade, which is ignored, or something broken stands behind it.
                self._overran = True
            else:
                self.refusal = self.refusal or refusals.MALFORMED
        if self._overran and self._chunked:
            # A request came behind the chunks, and the parser has taken a part of it: its client must ask again.
            self.keep_alive = False

    def _target(self) -> bytes:
        """Return path and query; an absolute target names the host once more (RFC 9112, 3.2.2)."""
        target = self._url.partition(b"#")[0]
        if target.startswith(b"/") or target == b"*":
            return target
        after = target.partition(b"://")[2]
        slash, mark = after.find(b"/"), after.find(b"?")
        if slash >= 0 and (mark < 0 or slash < mark):
            return after[slash:]
        return b"/" + (after[mark:] if mark >= 0 else b"")

    # The parser's calls. What it says after `on_message_complete` is about the next request.

    def on_message_begin(self) -> None:
        """Notice a second request in what the first one's last bytes came with."""
        self._overran = self.complete

    def on_url(self, url: bytes) -> None:
        """Take (a part of) the target."""
        if not self.complete:
            self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header; one that comes after the head is a trailer, and dropped."""
        if self.head_read:
            return
        self._headers.append((name.lower(), value.strip(b" \t")))
        if len(self._headers) > MAX_HEADERS:
            self.refusal = refusals.TOO_LARGE_HEAD

    def on_headers_complete(self) -> None:
        """Check the head."""
        if self.complete:
            return
        self.head_read = True
        self.refusal = self.refusal or self._check_head()

    def _check_head(self) -> WireResponse | None:
        names = [name for name, _ in self._headers]
        values = dict(self._headers)
        head = self._head.lstrip(b"\r\n")
        line = head.partition(b"\r\n")[0]
        self._old = line.endswith(b" HTTP/1.0")
        empty_lines = self._head[: len(self._head) - len(head)]
        hosts = names.count(b"host")
        # The parser knows more protocols and versions.
        if not (self._old or line.endswith(b" HTTP/1.1")) or hosts > 1 or not (hosts or self._old):
            return refusals.MALFORMED
        if empty_lines.replace(b"\r\n", b""):
            return refusals.MALFORMED
        self._method = self._parser.get_method().decode("ascii")
        if self._method == "CONNECT":
            return refusals.NO_TUNNEL
        if not self._url.startswith(b"/") and self._url != b"*" and b"://" not in self._url:
            return refusals.MALFORMED
        if b"content-length" in values:
            # The parser has refused a second one, and one that is no number.
            self._length = int(values[b"content-length"])
            if self._length > MAX_METADATA_BYTES:
                return refusals.TOO_LARGE_BODY
        elif b"transfer-encoding" in values:
            codings = [value.strip().lower() for name, value in self._headers if name == b"transfer-encoding"]
            if codings != [b"chunked"] or self._old:
                return refusals.MALFORMED
            self._chunked = True
        if self._parser.should_upgrade() and (self._length or self._chunked):
            # The parser would leave the body to be read as the next request.
            return refusals.MALFORMED
        expected = values.get(b"expect", b"100-continue")
        return None if expected.strip().lower() == b"100-continue" else refusals.EXPECTATION_FAILED

    def on_body(self, body: bytes) -> None:
        """Take a part of the body, as far as it may go."""
        if self.complete:
            return
        self._body.append(body)
        self.body_bytes += len(body)
        coming = max(self.body_bytes, self._length or 0)
        if coming > MAX_METADATA_BYTES or (coming > MAX_BODY_BYTES and not takes_metadata(self._body, self._length)):
            self.refusal = refusals.TOO_LARGE_BODY
            return
        beyond = self.body_bytes - FREE_BODY_BYTES - self.reserved
        if beyond > 0:
            if self._reserve(beyond):
                self.reserved += beyond
            else:
                self.refusal = refusals.busy(self.headers())

    def on_message_complete(self) -> None:
        """Have the request."""
        if not self.complete:
            self.keep_alive = self._parser.should_keep_alive()
        self.complete = True
