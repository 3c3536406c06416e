"""LISTEN: the ASGI callable. It reads a request whole, within limits, and sends one answer."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

from keywright.aws.wire import WireRequest, WireResponse, merge_headers
from keywright.server.pages import console_file, own_page, plain_text
from keywright.server.pipeline import Handled, handle
from keywright.server.proxies import TrustedProxies
from keywright.server.request_log import RequestLog
from keywright.server.runtime import Runtime
from keywright.server.signin.handling import asks_sign_in, handle_sign_in

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]

MAX_BODY_BYTES: Final = 10_000_000
"""AWS: STS refuses a longer body with 413 (facts §11)."""

_TOO_LARGE: Final = plain_text(413, "Request body too large\n")


class App:
    """The server, as ASGI has it."""

    def __init__(self, runtime: Runtime, log: RequestLog, proxies: TrustedProxies | None = None) -> None:
        self._runtime: Final = runtime
        self._log: Final = log
        self._proxies: Final = proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection's request, or the server's own life."""
        if scope["type"] == "http":
            await self._serve(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)
        else:
            raise RuntimeError(f"unexpected ASGI scope {scope['type']}")

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        started = time.perf_counter()
        body = await _read_body(receive)
        request = WireRequest(
            scope["method"],
            scope["raw_path"],
            scope["query_string"],
            merge_headers(scope["headers"]),
            body or b"",
            scope["scheme"] == "https",
            scope["client"][0] if scope["client"] else "",
        )
        if self._proxies is not None:
            address, secure = self._proxies.client(request.client_address, request.headers, secure=request.secure)
            request = request._replace(client_address=address, secure=secure)
        response, handled = (_TOO_LARGE, None) if body is None else await self._answer(request)
        await send({"type": "http.response.start", "status": response.status, "headers": response.headers})
        await send({"type": "http.response.body", "body": response.body})
        self._log.write(request, handled, response.status, (time.perf_counter() - started) * 1000)

    async def _answer(self, request: WireRequest) -> tuple[WireResponse, Handled | None]:
        """Answer what the console asks of this server itself, then what is AWS's, then all else."""
        if asks_sign_in(request):
            signing_in = await handle_sign_in(request, self._runtime)
            return signing_in.response, signing_in
        file = console_file(request, self._runtime)
        if file is not None:
            return file, None
        handled = await handle(request, self._runtime)
        if handled is not None:
            return handled.response, handled
        return await own_page(request, self._runtime), None

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._runtime.start()
                await send({"type": "lifespan.startup.complete"})
            else:
                await self._runtime.stop()
                await send({"type": "lifespan.shutdown.complete"})
                return


async def _read_body(receive: Receive) -> bytes | None:
    """Read the body; None for one over the limit."""
    message = await receive()
    body: bytes = message.get("body", b"")
    if not message.get("more_body"):
        return body if len(body) <= MAX_BODY_BYTES else None
    parts, size = [body], len(body)
    while message.get("more_body"):
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        if size > MAX_BODY_BYTES:
            return None
        parts.append(part)
    return b"".join(parts)
