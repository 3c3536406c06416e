"""An answer in one piece: what goes over the socket, and what never may."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import uvicorn

from keywright.aws.wire import WireResponse
from keywright.server.http import RESPOND, HttpProtocol

CLOSING = b"Host: x\r\nConnection: close\r\n\r\n"


def exchange(response: WireResponse, request: bytes) -> bytes:
    """Send a request to a server that always gives one answer; give all that comes back."""

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        await scope["extensions"][RESPOND](response)

    async def run() -> bytes:
        listener = socket.create_server(("127.0.0.1", 0))
        config = uvicorn.Config(app, http=HttpProtocol, lifespan="off", log_config=None, server_header=False)
        server = uvicorn.Server(config)
        serving = asyncio.ensure_future(server.serve([listener]))
        reader, writer = await asyncio.open_connection(*listener.getsockname())
        writer.write(request)
        answer = await asyncio.wait_for(reader.read(), 30)
        writer.close()
        await writer.wait_closed()
        server.should_exit = True
        await serving
        return answer

    return asyncio.run(run())


def test_an_answer_is_whole() -> None:
    """Status, headers, an end of the connection where one was asked for, and the body."""
    head, _, body = exchange(
        WireResponse(404, [(b"content-length", b"3"), (b"x-one", b"1")], b"abc"), b"GET / HTTP/1.1\r\n" + CLOSING
    ).partition(b"\r\n\r\n")
    first, *lines = head.split(b"\r\n")
    assert (first, body) == (b"HTTP/1.1 404 Not Found", b"abc")
    assert {b"content-length: 3", b"x-one: 1", b"connection: close"} < set(lines)
    assert any(line.startswith(b"date: ") for line in lines)


def test_an_answer_to_head_has_no_body() -> None:
    """HEAD is told how long the body is, and does not get it."""
    answer = exchange(WireResponse(200, [(b"content-length", b"3")], b"abc"), b"HEAD / HTTP/1.1\r\n" + CLOSING)
    assert b"content-length: 3\r\n" in answer
    assert answer.endswith(b"\r\n\r\n")


def test_no_header_makes_another() -> None:
    """A value that holds the end of a line is an error of ours, and does not reach the client."""
    response = WireResponse(200, [(b"content-length", b"0"), (b"location", b"/\r\nset-cookie: a=b")], b"")
    answer = exchange(response, b"GET / HTTP/1.1\r\n" + CLOSING)
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert b"set-cookie" not in answer
