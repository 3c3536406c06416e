"""
Raw requests, and what RFC 9112 (and 9110, where it says so) makes of them.

Each case: the paragraph, a name, the bytes, and what follows. A text `METHOD target` is a request that is answered,
with its body after a space where it has one; a number is a refusal. CLOSES at the end: so does the connection.
"""

from __future__ import annotations

from typing import NamedTuple

CLOSES = "closes"
H = b"Host: x\r\n"
CHUNKED = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
GET = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


class Case(NamedTuple):
    """A raw request and what becomes of it."""

    paragraph: str
    name: str
    sent: bytes
    expected: tuple[object, ...]


def _post(headers: bytes, body: bytes = b"") -> bytes:
    return b"POST / HTTP/1.1\r\nHost: x\r\n" + headers + b"\r\n" + body


def _get(headers: bytes) -> bytes:
    return b"GET / HTTP/1.1\r\nHost: x\r\n" + headers + b"\r\n"


MESSAGE = [
    Case("2.1", "the smallest request", GET, ("GET /",)),
    Case("2.2", "one empty line before the request line", b"\r\n" + GET, ("GET /",)),
    Case("2.2", "empty lines before the request line", b"\r\n\r\n\r\n" + GET, ("GET /",)),
    Case("2.2", "an empty line between two requests", GET + b"\r\n" + GET, ("GET /", "GET /")),
    Case("2.2", "a bare line feed before the request line", b"\n" + GET, (400, CLOSES)),
    Case("2.2", "a bare carriage return before it", b"\r" + GET, (400, CLOSES)),
    Case("2.2", "bare line feeds", b"GET / HTTP/1.1\nHost: x\n\n", (400, CLOSES)),
    Case("2.2", "a bare line feed after the request line", b"GET / HTTP/1.1\nHost: x\r\n\r\n", (400, CLOSES)),
    Case("2.2", "a bare line feed after a header", b"GET / HTTP/1.1\r\nHost: x\nA: b\r\n\r\n", (400, CLOSES)),
    Case("2.2", "a bare carriage return in a header", _get(b"A: b\rc\r\n"), (400, CLOSES)),
    Case("2.2", "a bare carriage return in the target", b"GET /a\rb HTTP/1.1\r\nHost: x\r\n\r\n", (400, CLOSES)),
    Case("2.2", "white space before the first header", b"GET / HTTP/1.1\r\n Host: x\r\n\r\n", (400, CLOSES)),
    Case("2.2", "a tab before the first header", b"GET / HTTP/1.1\r\n\tHost: x\r\n\r\n", (400, CLOSES)),
    Case("2.3", "HTTP/1.0", b"GET / HTTP/1.0\r\nHost: x\r\n\r\n", ("GET /", CLOSES)),
    Case("2.3", "HTTP/1.0 that stays", b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", ("GET /",)),
    Case("2.3", "HTTP/0.9", b"GET /\r\n\r\n", (400, CLOSES)),
    Case("2.3", "HTTP/1.2", b"GET / HTTP/1.2\r\nHost: x\r\n\r\n", (400, CLOSES)),
    Case("2.3", "HTTP/2.0", b"GET / HTTP/2.0\r\nHost: x\r\n\r\n", (400, CLOSES)),
    Case("2.3", "HTTP/9.9", b"GET / HTTP/9.9\r\nHost: x\r\n\r\n", (400, CLOSES)),
    Case("2.3", "a version of two digits", b"GET / HTTP/1.10\r\nHost: x\r\n\r\n", (400, CLOSES)),
    Case("2.3", "a version in lower case", b"GET / http/1.1\r\nHost: x\r\n\r\n", (400, CLOSES)),
    Case("2.3", "a version without its point", b"GET / HTTP/11\r\nHost: x\r\n\r\n", (400, CLOSES)),
    Case("2.3", "another protocol", b"GET / RTSP/1.0\r\nHost: x\r\n\r\n", (400, CLOSES)),
    Case("2.3", "HTTP/2's preface", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", (400, CLOSES)),
]

REQUEST_LINE = [
    Case("3", "two spaces after the method", b"GET  / HTTP/1.1\r\nHost: x\r\n\r\n", ("GET /",)),
    Case("3", "two spaces before the version", b"GET /  HTTP/1.1\r\nHost: x\r\n\r\n", ("GET /",)),
    Case("3", "a tab after the method", b"GET\t/ HTTP/1.1\r\nHost: x\r\n\r\n", (400, CLOSES)),
    Case("3", "a space before the method", b" GET / HTTP/1.1\r\nHost: x\r\n\r\n", (400, CLOSES)),
    Case("3", "no target", b"GET HTTP/1.1\r\nHost: x\r\n\r\n", (400, CLOSES)),
    Case("3", "a space in the target", b"GET /a b HTTP/1.1\r\nHost: x\r\n\r\n", (400, CLOSES)),
    Case("3", "only the method", b"GET\r\n\r\n", (400, CLOSES)),
    Case("3.1", "a method in lower case", b"get / HTTP/1.1\r\nHost: x\r\n\r\n", (400, CLOSES)),
    Case("3.1", "an unknown method", b"BREW / HTTP/1.1\r\nHost: x\r\n\r\n", (400, CLOSES)),
    Case("3.1", "a method that is no token", b"GE(T / HTTP/1.1\r\nHost: x\r\n\r\n", (400, CLOSES)),
    Case("3.1", "an empty method", b" / HTTP/1.1\r\nHost: x\r\n\r\n", (400, CLOSES)),
    Case("3.1", "HEAD", b"HEAD / HTTP/1.1\r\nHost: x\r\n\r\n", ("HEAD /",)),
    Case("3.1", "PUT", b"PUT /b HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n", ("PUT /b",)),
    Case("3.1", "DELETE", b"DELETE /b HTTP/1.1\r\nHost: x\r\n\r\n", ("DELETE /b",)),
    Case("3.1", "OPTIONS", b"OPTIONS /b HTTP/1.1\r\nHost: x\r\n\r\n", ("OPTIONS /b",)),
    Case("3.1", "PATCH", b"PATCH /b HTTP/1.1\r\nHost: x\r\n\r\n", ("PATCH /b",)),
    Case("3.2", "a fragment", b"GET /a#b HTTP/1.1\r\nHost: x\r\n\r\n", ("GET /a",)),
    Case("3.2", "a high byte", b"GET /\xff HTTP/1.1\r\nHost: x\r\n\r\n", (400, CLOSES)),
    Case("3.2", "a NUL", b"GET /\0 HTTP/1.1\r\nHost: x\r\n\r\n", (400, CLOSES)),
    Case("3.2.1", "a query", b"GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n", ("GET /a?b=c",)),
    Case("3.2.1", "two question marks", b"GET /a?b?c HTTP/1.1\r\nHost: x\r\n\r\n", ("GET /a?b?c",)),
    Case("3.2.1", "escapes stay", b"GET /%2e%2e/%2F HTTP/1.1\r\nHost: x\r\n\r\n", ("GET /%2e%2e/%2F",)),
    Case("3.2.1", "dots stay", b"GET /a/../b HTTP/1.1\r\nHost: x\r\n\r\n", ("GET /a/../b",)),
    Case("3.2.1", "two slashes stay", b"GET //a//b HTTP/1.1\r\nHost: x\r\n\r\n", ("GET //a//b",)),
    Case("3.2.1", "no slash", b"GET a HTTP/1.1\r\nHost: x\r\n\r\n", (400, CLOSES)),
    Case("3.2.2", "an absolute target", b"GET http://y/a?b HTTP/1.1\r\nHost: x\r\n\r\n", ("GET /a?b",)),
    Case("3.2.2", "an absolute target without path", b"GET http://y HTTP/1.1\r\nHost: x\r\n\r\n", ("GET /",)),
    Case("3.2.2", "one with a query alone", b"GET http://y?b HTTP/1.1\r\nHost: x\r\n\r\n", ("GET /?b",)),
    Case("3.2.2", "one with a slash in its query", b"GET http://y?b/c HTTP/1.1\r\nHost: x\r\n\r\n", ("GET /?b/c",)),
    Case("3.2.3", "a tunnel", b"CONNECT y:443 HTTP/1.1\r\nHost: y:443\r\n\r\n", (405, CLOSES)),
    Case("3.2.4", "an asterisk", b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", ("OPTIONS *",)),
    Case("3.2.4", "more than an asterisk", b"OPTIONS *a HTTP/1.1\r\nHost: x\r\n\r\n", (400, CLOSES)),
    Case("3.2", "no host", b"GET / HTTP/1.1\r\n\r\n", (400, CLOSES)),
    Case("3.2", "two hosts", b"GET / HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n", (400, CLOSES)),
    Case("3.2", "two hosts in different case", b"GET / HTTP/1.1\r\nHost: x\r\nhOST: y\r\n\r\n", (400, CLOSES)),
    Case("3.2", "an empty host", b"GET / HTTP/1.1\r\nHost:\r\n\r\n", ("GET /",)),
    Case("3.2", "two hosts in HTTP/1.0", b"GET / HTTP/1.0\r\nHost: x\r\nHost: y\r\n\r\n", (400, CLOSES)),
    Case("3.2", "no host in HTTP/1.0", b"GET / HTTP/1.0\r\n\r\n", ("GET /", CLOSES)),
]

FIELDS = [
    Case("5", "a header without colon", _get(b"no colon here\r\n"), (400, CLOSES)),
    Case("5", "a header without name", _get(b": value\r\n"), (400, CLOSES)),
    Case("5", "a header without value", _get(b"A:\r\n"), ("GET /",)),
    Case("5", "white space around a value", _get(b"A: \t b \t \r\n"), ("GET /",)),
    Case("5", "no white space before a value", _get(b"A:b\r\n"), ("GET /",)),
    Case("5.1", "a space before the colon", _get(b"A : b\r\n"), (400, CLOSES)),
    Case("5.1", "a tab before the colon", _get(b"A\t: b\r\n"), (400, CLOSES)),
    Case("5.1", "a space in a name", _get(b"A b: c\r\n"), (400, CLOSES)),
    Case("5.1", "a quote in a name", _get(b'A"b: c\r\n'), (400, CLOSES)),
    Case("5.1", "a NUL in a name", _get(b"A\0b: c\r\n"), (400, CLOSES)),
    Case("5.1", "a high byte in a name", _get(b"A\xffb: c\r\n"), (400, CLOSES)),
    Case("5.1", "a Content-Length with a space", _post(b"Content-Length : 1\r\n", b"a"), (400, CLOSES)),
    Case("5.1", "a Transfer-Encoding with a space", _post(b"Transfer-Encoding : chunked\r\n"), (400, CLOSES)),
    Case("5.2", "a folded header", _get(b"A: b\r\n c\r\n"), (400, CLOSES)),
    Case("5.2", "a header folded with a tab", _get(b"A: b\r\n\tc\r\n"), (400, CLOSES)),
    Case("5.2", "a folded Transfer-Encoding", _post(b"Transfer-Encoding:\r\n chunked\r\n"), (400, CLOSES)),
    Case("5.2", "a folded Content-Length", _post(b"Content-Length: 1\r\n 0\r\n"), (400, CLOSES)),
    Case("9110 5.5", "a NUL in a value", _get(b"A: b\0c\r\n"), (400, CLOSES)),
    Case("9110 5.5", "a control character in a value", _get(b"A: b\x01c\r\n"), (400, CLOSES)),
    Case("9110 5.5", "a DEL in a value", _get(b"A: b\x7fc\r\n"), (400, CLOSES)),
    Case("9110 5.5", "a high byte in a value", _get(b"A: b\xffc\r\n"), ("GET /",)),
    Case("9110 5.4", "two hundred headers", _get(b"A: b\r\n" * 199), ("GET /",)),
    Case("9110 5.4", "two hundred and one", _get(b"A: b\r\n" * 200), (431, CLOSES)),
    Case("9110 5.4", "64 KiB of headers", _get(b"A: " + b"b" * (65_536 - len(_get(b"A: \r\n"))) + b"\r\n"), ("GET /",)),
    Case("9110 5.4", "a byte more", _get(b"A: " + b"b" * (65_537 - len(_get(b"A: \r\n"))) + b"\r\n"), (431, CLOSES)),
    Case("9110 5.4", "a header that does not end", GET[:-4] + b"\r\nA: " + b"b" * 70_000, (431, CLOSES)),
    Case("9110 15.5.15", "a target of 70,000 bytes", b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n", (431, CLOSES)),
]

LENGTH = [
    Case("6.2", "a body", _post(b"Content-Length: 3\r\n", b"abc"), ("POST / abc",)),
    Case("6.2", "an empty body", _post(b"Content-Length: 0\r\n"), ("POST /",)),
    Case("6.2", "a GET with a body", _get(b"Content-Length: 3\r\n") + b"abc", ("GET / abc",)),
    Case("6.2", "a body of line ends", _post(b"Content-Length: 4\r\n", b"\r\n\r\n"), ("POST / \r\n\r\n",)),
    Case("6.2", "a length with zeros before it", _post(b"Content-Length: 003\r\n", b"abc"), ("POST / abc",)),
    Case("6.2", "a request behind the body", _post(b"Content-Length: 1\r\n", b"a" + GET), ("POST / a", "GET /")),
    Case("6.3", "neither length nor coding", b"POST / HTTP/1.1\r\nHost: x\r\n\r\n", ("POST /",)),
    Case("6.3", "the same, and a request behind", b"POST / HTTP/1.1\r\nHost: x\r\n\r\n" + GET, ("POST /", "GET /")),
    Case("6.3", "two lengths that differ", _post(b"Content-Length: 1\r\nContent-Length: 2\r\n", b"ab"), (400, CLOSES)),
    Case("6.3", "two lengths alike", _post(b"Content-Length: 1\r\nContent-Length: 1\r\n", b"a"), (400, CLOSES)),
    Case("6.3", "two lengths in one line", _post(b"Content-Length: 1, 1\r\n", b"a"), (400, CLOSES)),
    Case("6.3", "a negative length", _post(b"Content-Length: -1\r\n"), (400, CLOSES)),
    Case("6.3", "a length with a sign", _post(b"Content-Length: +1\r\n", b"a"), (400, CLOSES)),
    Case("6.3", "a length in hexadecimal", _post(b"Content-Length: 0x1\r\n", b"a"), (400, CLOSES)),
    Case("6.3", "a length with a point", _post(b"Content-Length: 1.0\r\n", b"a"), (400, CLOSES)),
    Case("6.3", "a length in words", _post(b"Content-Length: ten\r\n"), (400, CLOSES)),
    Case("6.3", "an empty length", _post(b"Content-Length:\r\n"), (400, CLOSES)),
    Case("6.3", "a length over 64 bits", _post(b"Content-Length: 99999999999999999999\r\n"), (400, CLOSES)),
    Case("6.3", "a length with an underscore", _post(b"Content-Length: 1_0\r\n", b"a" * 10), (400, CLOSES)),
    Case("6.3", "a length in other digits", _post("Content-Length: ١\r\n".encode(), b"a"), (400, CLOSES)),
    Case("9110 8.6", "more than anything takes", _post(b"Content-Length: 10000001\r\n"), (413, CLOSES)),
]

CODING = [
    Case("6.1", "chunks", CHUNKED + b"3\r\nabc\r\n0\r\n\r\n", ("POST / abc",)),
    Case("6.1", "chunked in capitals", _post(b"Transfer-Encoding: CHUNKED\r\n", b"0\r\n\r\n"), ("POST /",)),
    Case("6.1", "another coding", _post(b"Transfer-Encoding: gzip\r\n", b"0\r\n\r\n"), (400, CLOSES)),
    Case("6.1", "another coding, then chunked", _post(b"Transfer-Encoding: gzip, chunked\r\n"), (400, CLOSES)),
    Case("6.1", "chunked, then another coding", _post(b"Transfer-Encoding: chunked, gzip\r\n"), (400, CLOSES)),
    Case("6.1", "chunked twice", _post(b"Transfer-Encoding: chunked, chunked\r\n"), (400, CLOSES)),
    Case("6.1", "chunked in two headers", _post(b"Transfer-Encoding: chunked\r\n" * 2, b"0\r\n\r\n"), (400, CLOSES)),
    Case("6.1", "identity", _post(b"Transfer-Encoding: identity\r\n", b"a"), (400, CLOSES)),
    Case("6.1", "a word that ends in chunked", _post(b"Transfer-Encoding: xchunked\r\n"), (400, CLOSES)),
    Case("6.1", "chunked with a parameter", _post(b"Transfer-Encoding: chunked;a=b\r\n"), (400, CLOSES)),
    Case("6.1", "chunked in quotes", _post(b'Transfer-Encoding: "chunked"\r\n'), (400, CLOSES)),
    Case("6.1", "an empty coding", _post(b"Transfer-Encoding:\r\n"), (400, CLOSES)),
    Case("6.1", "a vertical tab before chunked", _post(b"Transfer-Encoding: \x0bchunked\r\n"), (400, CLOSES)),
    Case(
        "6.1", "a coding in HTTP/1.0", b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", (400, CLOSES)
    ),
    Case(
        "6.1",
        "a length, then chunks",
        _post(b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", b"0\r\n\r\n"),
        (400, CLOSES),
    ),
    Case(
        "6.1",
        "chunks, then a length",
        _post(b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", b"0\r\n\r\n"),
        (400, CLOSES),
    ),
    Case("7.1", "chunks of several sizes", CHUNKED + b"1\r\na\r\n2\r\nbc\r\n0\r\n\r\n", ("POST / abc",)),
    Case("7.1", "a size in capitals", CHUNKED + b"A\r\n0123456789\r\n0\r\n\r\n", ("POST / 0123456789",)),
    Case("7.1", "a size with zeros before it", CHUNKED + b"0003\r\nabc\r\n000\r\n\r\n", ("POST / abc",)),
    Case("7.1", "a size that is no number", CHUNKED + b"zz\r\nabc\r\n0\r\n\r\n", (400, CLOSES)),
    Case("7.1", "a size with 0x", CHUNKED + b"0x3\r\nabc\r\n0\r\n\r\n", (400, CLOSES)),
    Case("7.1", "a negative size", CHUNKED + b"-3\r\nabc\r\n0\r\n\r\n", (400, CLOSES)),
    Case("7.1", "an empty size", CHUNKED + b"\r\nabc\r\n0\r\n\r\n", (400, CLOSES)),
    Case("7.1", "a size over 64 bits", CHUNKED + b"fffffffffffffffff\r\nabc\r\n", (400, CLOSES)),
    Case("7.1", "a space before a size", CHUNKED + b" 3\r\nabc\r\n0\r\n\r\n", (400, CLOSES)),
    Case("7.1", "a chunk longer than it says", CHUNKED + b"3\r\nabcd\r\n0\r\n\r\n", (400, CLOSES)),
    Case("7.1", "a chunk shorter than it says", CHUNKED + b"4\r\nabc\r\n0\r\n\r\n", (400, CLOSES)),
    Case("7.1", "a bare line feed after a size", CHUNKED + b"3\nabc\r\n0\r\n\r\n", (400, CLOSES)),
    Case("7.1", "a bare line feed after a chunk", CHUNKED + b"3\r\nabc\n0\r\n\r\n", (400, CLOSES)),
    Case("7.1.1", "an extension", CHUNKED + b"3;a=b\r\nabc\r\n0\r\n\r\n", ("POST / abc",)),
    Case("7.1.1", "an extension in quotes", CHUNKED + b'3;a="b c"\r\nabc\r\n0\r\n\r\n', ("POST / abc",)),
    Case("7.1.1", "an extension of 70,000 bytes", CHUNKED + b"3;" + b"a" * 70_000, (400, CLOSES)),
    Case("7.1.2", "a trailer", CHUNKED + b"3\r\nabc\r\n0\r\nX-Forwarded-For: 10.9.9.9\r\n\r\n", ("POST / abc",)),
    Case("7.1.2", "a trailer Host", CHUNKED + b"0\r\nHost: evil\r\n\r\n", ("POST /",)),
    Case("7.1.2", "a trailer Content-Length", CHUNKED + b"0\r\nX: y\r\nA: 5\r\n\r\n", ("POST /",)),
    Case("7.1.2", "a trailer without colon", CHUNKED + b"0\r\nno colon\r\n\r\n", (400, CLOSES)),
    Case("7.1.2", "trailers of 70,000 bytes", CHUNKED + b"0\r\n" + b"A: b\r\n" * 12_000, (400, CLOSES)),
    Case("7.1", "a body of 1 MiB and a byte in chunks", CHUNKED + b"100001\r\n" + b"a" * 0x100001, (413, CLOSES)),
]

CONNECTION = [
    Case("9.3", "the connection stays", GET + GET, ("GET /", "GET /")),
    Case("9.3.2", "three in one piece", GET * 3, ("GET /",) * 3),
    Case("9.3.2", "one in chunks, and silence", CHUNKED + b"1\r\na\r\n0\r\n\r\n", ("POST / a",)),
    Case("9.3.2", "something broken behind a request", GET + b"garbage\r\n\r\n" + GET, ("GET /", 400, CLOSES)),
    Case("9.6", "close", _get(b"Connection: close\r\n"), ("GET /", CLOSES)),
    Case("9.6", "close in capitals among others", _get(b"Connection: foo, CLOSE\r\n"), ("GET /", CLOSES)),
    Case("9.6", "close, and one behind it", _get(b"Connection: close\r\n") + GET, ("GET /", CLOSES)),
    Case("9110 7.8", "an upgrade", _get(b"Connection: Upgrade\r\nUpgrade: websocket\r\n"), ("GET /",)),
    Case("9110 7.8", "an upgrade to h2c", _get(b"Connection: Upgrade\r\nUpgrade: h2c\r\n") + GET, ("GET /", "GET /")),
    Case(
        "9110 7.8",
        "an upgrade with a body",
        _post(b"Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 40\r\n", GET),
        (400, CLOSES),
    ),
    Case("9110 10.1.1", "100-continue", _post(b"Expect: 100-continue\r\nContent-Length: 1\r\n", b"a"), ("POST / a",)),
    Case("9110 10.1.1", "the same in capitals", _post(b"Expect: 100-Continue\r\nContent-Length: 0\r\n"), ("POST /",)),
    Case("9110 10.1.1", "another expectation", _post(b"Expect: more\r\nContent-Length: 1\r\n", b"a"), (417, CLOSES)),
]

CASES = [*MESSAGE, *REQUEST_LINE, *FIELDS, *LENGTH, *CODING, *CONNECTION]
