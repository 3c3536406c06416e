"""What is no HTTP, too long or cut short: an answer below 500, soon, and no harm done."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack
from typing import Final

import pytest

from tests.e2e.live_server import LiveServer
from tests.e2e.signing import Key, query, send

pytestmark = pytest.mark.usefixtures("unharmed")

SECONDS: Final = 10
MEBIBYTE: Final = 1 << 20


def _exchange(server: LiveServer, sent: bytes, *, end: bool = False) -> bytes:
    """Send bytes and read until the server closes, or is silent after an answer; `end` says that no more come."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=SECONDS) as connection:
        answer = b""
        try:
            connection.sendall(sent)
            if end:
                connection.shutdown(socket.SHUT_WR)
            while part := connection.recv(65536):
                answer += part
                connection.settimeout(0.3)
        except (ConnectionResetError, BrokenPipeError):
            pass
        except TimeoutError:
            assert answer, f"neither an answer nor an end in {SECONDS} s"
        return answer


def _statuses(answer: bytes) -> list[int]:
    return [int(part[1:4]) for part in answer.split(b"HTTP/1.1")[1:]]


HTTP: Final = {
    "noise": bytes(range(256)) * 8,
    "a TLS hello": bytes.fromhex("16030100a5010000a10303") + bytes(160),
    "HTTP/0.9": b"GET /\r\n\r\n",
    "HTTP/2's preface": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "no version": b"POST / \r\nHost: x\r\n\r\n",
    "an unknown version": b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    "an unknown method": b"BREW / HTTP/1.1\r\nHost: x\r\n\r\n",
    "an absolute target": b"GET http://x/ HTTP/1.1\r\nHost: x\r\n\r\n",
    "a connect": b"CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n",
    "an asterisk": b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n",
    "spaces in the target": b"GET /a b c HTTP/1.1\r\nHost: x\r\n\r\n",
    "a target of high bytes": b"GET /\xff\xfe\x80 HTTP/1.1\r\nHost: x\r\nx-amz-date: x\r\n\r\n",
    "a bad escape in the path": b"GET /%zz/%c3%28/%00 HTTP/1.1\r\nHost: x\r\nx-amz-date: x\r\n\r\n",
    "a bad escape in the query": b"GET /?Action=%zz&%ff=%c3%28&&==&X-Amz-Algorithm=% HTTP/1.1\r\nHost: x\r\n\r\n",
    "no host": b"GET / HTTP/1.1\r\n\r\n",
    "two hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "a host that is none": b"GET / HTTP/1.1\r\nHost: [::1\r\nx-amz-date: x\r\n\r\n",
    "a header without colon": b"GET / HTTP/1.1\r\nHost: x\r\nno colon here\r\n\r\n",
    "a header of high bytes": b"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: \xff\xfe AWS4-HMAC-SHA256\r\n\r\n",
    "a NUL in a header": b"GET / HTTP/1.1\r\nHost: x\r\nX-Amz-Date: 2\x000\r\n\r\n",
    "a folded header": b"GET / HTTP/1.1\r\nHost: x\r\nX-Amz-Date: 2026\r\n 1124\r\n\r\n",
    "a negative length": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
    "a length that is no number": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: ten\r\n\r\n",
    "an absurd length": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999999\r\n\r\n",
    "two lengths": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "a length and chunks": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n"
    b"\r\n0\r\n\r\n",
    "a bad chunk": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
    "an unknown coding": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "an upgrade": b"GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n",
    "an expectation": b"POST / HTTP/1.1\r\nHost: x\r\nExpect: the-unexpected\r\nContent-Length: 2\r\n\r\nab",
}


CUT_SHORT: Final = {
    "nothing": b"",
    "an empty line": b"\r\n\r\n",
    "a body cut short": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nAction=GetUser",
    "a head cut short": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Le",
}


@pytest.mark.parametrize("name", HTTP)
def test_malformed_http(server: LiveServer, name: str) -> None:
    """What is no HTTP, or an odd one, is answered, below 500."""
    statuses = _statuses(_exchange(server, HTTP[name]))
    assert statuses
    assert all(100 <= status < 500 for status in statuses), statuses


@pytest.mark.parametrize("name", CUT_SHORT)
def test_http_cut_short(server: LiveServer, name: str) -> None:
    """A request that ends before it is whole is not performed, and its connection is closed at once."""
    begun = time.monotonic()
    statuses = _statuses(_exchange(server, CUT_SHORT[name], end=True))
    assert all(400 <= status < 500 for status in statuses), statuses
    assert time.monotonic() - begun < SECONDS / 2


def test_oversized_headers(server: LiveServer) -> None:
    """Headers over 64 KiB, in one line or many, are refused with 431 and the connection closed."""
    for headers in (
        b"X-Long: " + b"a" * 70_000 + b"\r\n",
        b"".join(b"X-%d: %b\r\n" % (n, b"a" * 90) for n in range(900)),
    ):
        answer = _exchange(server, b"GET / HTTP/1.1\r\nHost: x\r\n" + headers + b"\r\n")
        assert _statuses(answer) == [431], answer[:200]
    answer = _exchange(server, b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n")
    assert _statuses(answer) == [431], answer[:200]
    endless = _exchange(server, b"GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + b"a" * (4 * MEBIBYTE))
    assert _statuses(endless)[:1] in ([431], [400], [])


def test_headers_below_the_limit(server: LiveServer, admin: Key) -> None:
    """A request with 32 KiB of headers is read and performed."""
    long = query("sts", "GetCallerIdentity").with_header("X-Long", "a" * 32_768)
    assert send(server, long.signed(server, admin)).status == 200


def test_oversized_body(server: LiveServer) -> None:
    """A body over 10,000,000 bytes is refused with 413, whether its length is said or comes in chunks."""
    body = b"a" * 10_000_001
    said = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    assert _statuses(_exchange(server, said))[:1] in ([413], [])
    chunk = b"10000\r\n" + b"a" * 65536 + b"\r\n"
    chunked = (
        b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
        + chunk * 160
        + b"0\r\n\r\n"
    )
    assert _statuses(_exchange(server, chunked))[:1] in ([413], [])


def test_silent_connections_stop_nobody(server: LiveServer, admin: Key) -> None:
    """Two hundred connections that stay silent, or halt in the midst of a request, do not hold up the others."""
    begun = (
        b"",
        b"POST / HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nA",
    )
    with ExitStack() as open_connections:
        for number in range(200):
            connection = socket.create_connection(("127.0.0.1", server.port), timeout=SECONDS)
            open_connections.enter_context(connection)
            connection.sendall(begun[number % len(begun)])
        started = time.monotonic()
        assert send(server, query("sts", "GetCallerIdentity").signed(server, admin)).status == 200
        assert time.monotonic() - started < 2


def test_pipelined_requests(server: LiveServer) -> None:
    """Requests that come in one go are answered each; those with a broken one among them end in 400."""
    health = b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n"
    assert _statuses(_exchange(server, health * 3)) == [200, 200, 200]
    assert _statuses(_exchange(server, health + b"garbage\r\n\r\n" + health))[-1] == 400
