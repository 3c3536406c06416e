"""
The edge beside h11, an HTTP/1.1 parser by other people: what both accept they understand alike.

Run for longer: python -m tests.unit.server.edge.test_fuzz SECONDS. The edge may refuse what h11 takes. What h11 refuses
and the edge takes is a difference to be explained, and `_explained` has each.
"""

from __future__ import annotations

import random
import sys
import time
from typing import Final, NamedTuple

import h11
import pytest

from keywright.server.edge.request_reader import RequestReader
from tests.unit.server.edge.rfc9112 import CASES

pytestmark = pytest.mark.long

_SEEDS: Final = [case.sent for case in CASES if len(case.sent) < 2000]
_PIECES: Final = [
    b"\r\n", b"\n", b"\r", b" ", b"\t", b"\0", b":", b";", b",", b"0", b"1", b"3", b"ffff", b"-1", b"+1", b"0x",
    b"chunked", b"Transfer-Encoding: chunked\r\n", b"Content-Length: 3\r\n", b"Content-Length: 0\r\n", b"Host: y\r\n",
    b"Connection: close\r\n", b"Upgrade: h2c\r\n", b"Expect: 100-continue\r\n", b"HTTP/1.0", b"HTTP/1.1", b"GET ",
    b"POST ", b"/", b"?", b"#", b"\xff", b"\x7f", b"abc", b"0\r\n\r\n", b"3\r\nabc\r\n", b"\r\n\r\n",
]  # fmt: skip


class Understood(NamedTuple):
    """A request as a parser understood it."""

    method: bytes
    target: bytes
    hosts: tuple[bytes, ...]
    body: bytes


def _by_us(sent: bytes) -> tuple[list[Understood], bool]:
    """Return the requests, and whether something was refused."""
    reader = RequestReader(lambda _size: True)
    found: list[Understood] = []
    data = sent
    while data:
        data = reader.read(data)
        if reader.refusal is not None:
            return found, True
        if reader.complete:
            request = reader.request("", secure=False)
            target = request.raw_path + (b"?" + request.raw_query if request.raw_query else b"")
            host = request.headers.get(b"host")
            found.append(Understood(request.method.encode(), target, () if host is None else (host,), request.body))
            if not reader.keep_alive:
                return found, False
            reader.next()
    return found, False


def _by_h11(sent: bytes) -> tuple[list[Understood], bool]:
    connection = h11.Connection(h11.SERVER, max_incomplete_event_size=100_000)
    found: list[Understood] = []
    connection.receive_data(sent)
    request, body = None, b""
    try:
        while True:
            event = connection.next_event()
            match event:
                case h11.Request():
                    request, body = event, b""
                case h11.Data():
                    body += bytes(event.data)
                case h11.EndOfMessage() if request is not None:
                    hosts = tuple(bytes(value) for name, value in request.headers if name == b"host")
                    found.append(Understood(bytes(request.method), bytes(request.target), hosts, body))
                    connection.send(h11.Response(status_code=200, headers=[("content-length", "0")]))
                    connection.send(h11.EndOfMessage())
                    if connection.our_state is not h11.DONE or connection.their_state is not h11.DONE:
                        return found, False
                    connection.start_next_cycle()
                case _:
                    return found, False
    except (h11.RemoteProtocolError, h11.LocalProtocolError):
        return found, True


def _normal(one: Understood) -> Understood:
    """Bring a target of h11's to the form that ours has."""
    target = one.target.partition(b"#")[0]
    if b"://" in target and not target.startswith((b"/", b"*")):
        rest = target.partition(b"://")[2]
        at = min((rest.find(mark) for mark in (b"/", b"?") if mark in rest), default=len(rest))
        target = rest[at:] if rest[at : at + 1] == b"/" else b"/" + rest[at:]
    return one._replace(target=target.removesuffix(b"?") if target.count(b"?") == 1 else target)


def _explained(sent: bytes) -> bool:
    """
    Tell whether h11 refuses something that we take for a reason.

    Spaces: llhttp takes more than one between the parts of a request line, which no proxy forwards as another request.
    Empty lines before a request: h11 takes none but the first. Several values in Host, and control characters in chunk
    extensions and trailers, are dropped or refused later.
    """
    lines = sent.split(b"\r\n")
    return (
        any(b"  " in line.rstrip() for line in lines)
        or b"\r\n\r\n\r\n" in sent
        or sent.startswith(b"\r\n")
        or b";" in sent
        or b"0\r\n" in sent
    )


def _mutate(chance: random.Random) -> bytes:
    sent = chance.choice(_SEEDS)
    if chance.random() < 0.3:
        sent += chance.choice(_SEEDS)
    for _ in range(chance.randint(1, 4)):
        at = chance.randint(0, len(sent))
        match chance.randint(0, 3):
            case 0:
                sent = sent[:at] + chance.choice(_PIECES) + sent[at:]
            case 1:
                sent = sent[:at] + sent[at + chance.randint(1, 4) :]
            case 2:
                sent = sent[:at] + bytes([chance.randint(0, 255)]) + sent[at + 1 :]
            case _:
                end = min(len(sent), at + chance.randint(1, 30))
                sent = sent[:end] + sent[at:end] + sent[end:]
    return sent


def _compare(sent: bytes) -> None:
    ours, _ = _by_us(sent)
    theirs, refused = _by_h11(sent)
    for number, one in enumerate(ours):
        if number < len(theirs):
            assert one == _normal(theirs[number]), sent
        else:
            assert not refused or _explained(sent), sent


def _run(seconds: float, seed: int) -> int:
    chance, count, ends = random.Random(seed), 0, time.monotonic() + seconds
    while time.monotonic() < ends:
        for _ in range(100):
            _compare(_mutate(chance))
        count += 100
    return count


def test_as_h11_understands_it() -> None:
    """A thousand mutations of the table's requests are understood as h11 understands them, or refused."""
    chance = random.Random(9112)
    for _ in range(1000):
        _compare(_mutate(chance))


if __name__ == "__main__":
    print(_run(float(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else random.randrange(1 << 32)), "compared")
