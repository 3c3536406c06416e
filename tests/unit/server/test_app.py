"""The app: what is not AWS's, and the server's health."""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keywright.aws.clock import system_clock
from keywright.aws.wire import WireRequest, WireResponse
from keywright.server.app import App
from keywright.server.request_log import RequestLog
from keywright.server.runtime import build_runtime
from keywright.services.catalogue import all_services
from keywright.store.opening import locate, open_store


def asked(method: str = "GET", path: str = "/") -> WireRequest:
    """Make a request that nobody signed."""
    return WireRequest(
        method, path.encode(), b"", {b"host": b"localhost"}, b"", secure=False, client_address="192.0.2.7"
    )


@pytest.fixture
def with_app(tmp_path: Path) -> Callable[[Callable[[App], Any]], None]:
    """Run a body with an app that lives for as long."""

    async def live(body: Callable[[App], Any]) -> None:
        store, sealer = open_store(locate(tmp_path / "data", None), {})
        runtime = build_runtime(store, sealer, all_services(), system_clock)
        runtime.start()
        try:
            await body(App(runtime, RequestLog(io.StringIO(), "json")))
        finally:
            await runtime.stop()

    return lambda body: asyncio.run(live(body))


def test_what_is_not_awss(with_app: Callable[[Any], None]) -> None:
    """Health, a word for browsers, not found, and no other method: each with its length, none to be cached."""

    async def body(app: App) -> None:
        for request, status in (
            (asked(path="/health"), 200),
            (asked("HEAD", "/health"), 200),
            (asked(), 200),
            (asked(path="/nothing/here"), 404),
            (asked("PUT", "/health"), 405),
        ):
            response: WireResponse = await app.answer(request)
            headers = dict(response.headers)
            assert response.status == status
            assert int(headers[b"content-length"]) == len(response.body)
            assert headers[b"cache-control"] == b"no-store"

    with_app(body)


def test_ready_once_the_store_was_written(with_app: Callable[[Any], None]) -> None:
    """A server is alive at once, and ready when its store was written and read."""

    async def body(app: App) -> None:
        assert (await app.answer(asked(path="/health"))).status == 200
        deadline = time.monotonic() + 5
        while (response := await app.answer(asked(path="/ready"))).status != 200:
            assert (response.status, response.body) == (503, b"not ready: starting\n")
            assert time.monotonic() < deadline
            await asyncio.sleep(0.01)

    with_app(body)
