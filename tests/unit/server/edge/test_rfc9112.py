"""The edge reads HTTP/1.1 as RFC 9112 writes it, however the bytes come."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from keywright.aws.wire import WireRequest
from tests.unit.server.edge.rfc9112 import CASES, CHUNKED, CLOSES, GET, Case
from tests.unit.server.edge.wire import Seen, understood


def _told(request: WireRequest) -> str:
    query = f"?{request.raw_query.decode()}" if request.raw_query else ""
    body = f" {request.body.decode()}" if request.body else ""
    return f"{request.method} {request.raw_path.decode('latin-1')}{query}{body}"


def _outcome(seen: Seen) -> tuple[object, ...]:
    told: Iterator[str] = map(_told, seen.requests)
    statuses = [status for status in seen.statuses if status != 100]
    followed = [next(told) if status == 200 else status for status in statuses]
    return (*followed, *([CLOSES] if seen.closed else []))


def _id(case: Case) -> str:
    return f"{case.paragraph} {case.name}"


def test_there_are_enough_cases() -> None:
    """The table has at least 120 cases, each with a name of its own."""
    assert len({_id(case) for case in CASES}) == len(CASES) >= 120


@pytest.mark.parametrize("case", CASES, ids=_id)
def test_in_one_piece(case: Case) -> None:
    """What comes in one piece is understood as the RFC says."""
    assert _outcome(understood([case.sent])) == case.expected


@pytest.mark.parametrize("case", [case for case in CASES if len(case.sent) < 4096], ids=_id)
def test_byte_by_byte(case: Case) -> None:
    """What comes byte by byte is understood as in one piece: no byte is lost or counted twice where pieces meet."""
    assert _outcome(understood([case.sent[at : at + 1] for at in range(len(case.sent))])) == case.expected


@pytest.mark.parametrize("case", [case for case in CASES if len(case.sent) >= 4096], ids=_id)
def test_in_pieces(case: Case) -> None:
    """What comes in pieces of 1,000 bytes is understood as in one."""
    pieces = [case.sent[at : at + 1000] for at in range(0, len(case.sent), 1000)]
    assert _outcome(understood(pieces)) == case.expected


def test_a_request_behind_chunks() -> None:
    """A request in the same piece as the last chunk is not answered, and its client is told: the connection closes."""
    seen = understood([CHUNKED + b"1\r\na\r\n0\r\n\r\n" + GET])
    assert _outcome(seen) == ("POST / a", CLOSES)
    assert b"connection: close\r\n" in seen.written


def test_trailers_are_no_headers() -> None:
    """A trailer is in no request: a proxy checks headers, and passes trailers (RFC 9110, 6.5.1)."""
    sent = CHUNKED + b"0\r\nX-Forwarded-For: 10.9.9.9\r\nX-Forwarded-Proto: https\r\nAuthorization: x\r\n\r\n"
    (request,) = understood([sent]).requests
    assert sorted(request.headers) == [b"host", b"transfer-encoding"]
