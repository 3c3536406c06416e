"""The ASGI callable: bodies within limits, its own life, and what is not AWS's."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from keywright.aws.clock import system_clock
from keywright.server.app import MAX_BODY_BYTES, App
from keywright.server.request_log import RequestLog
from keywright.server.runtime import build_runtime
from keywright.services.catalogue import all_services
from keywright.store.opening import locate, open_store

Message = dict[str, Any]


def scope(method: str = "GET", path: str = "/", **more: Any) -> Message:
    """Make a request's scope."""
    return {
        "type": "http",
        "method": method,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"localhost")],
        "scheme": "http",
        "client": ("192.0.2.7", 1),
    } | more


async def ask(app: App, asked: Message, *parts: bytes) -> tuple[int, dict[bytes, bytes], bytes]:
    """Send a request whose body comes in parts; gives status, headers and body."""
    waiting = list(parts or (b"",))
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(asked, receive, send)
    start, content = sent
    return start["status"], dict(start["headers"]), content["body"]


@pytest.fixture
def with_app(tmp_path: Path) -> Callable[[Callable[[App], Any]], None]:
    """Run a body with an app that lives for as long."""

    async def live(body: Callable[[App], Any]) -> None:
        store, sealer = open_store(locate(tmp_path / "data", None), {})
        app = App(build_runtime(store, sealer, all_services(), system_clock), RequestLog(io.StringIO(), "json"))
        messages: asyncio.Queue[Message] = asyncio.Queue()
        told: asyncio.Queue[Message] = asyncio.Queue()
        life = asyncio.ensure_future(app({"type": "lifespan"}, messages.get, told.put))
        await messages.put({"type": "lifespan.startup"})
        assert await told.get() == {"type": "lifespan.startup.complete"}
        try:
            await body(app)
        finally:
            await messages.put({"type": "lifespan.shutdown"})
            assert await told.get() == {"type": "lifespan.shutdown.complete"}
            await life

    return lambda body: asyncio.run(live(body))


def test_what_is_not_awss(with_app: Callable[[Any], None]) -> None:
    """Health, a word for browsers, not found, and no other method: each with its length, none to be cached."""

    async def body(app: App) -> None:
        for asked, status in (
            (scope(path="/health"), 200),
            (scope("HEAD", "/health"), 200),
            (scope(), 200),
            (scope(path="/nothing/here"), 404),
            (scope("PUT", "/health"), 405),
        ):
            found, headers, content = await ask(app, asked)
            assert found == status
            assert int(headers[b"content-length"]) == len(content)
            assert headers[b"cache-control"] == b"no-store"

    with_app(body)


def test_a_body_comes_in_parts(with_app: Callable[[Any], None]) -> None:
    """A body in many parts is one body: the same answer as in one part."""
    asked = scope("POST", headers=[(b"host", b"localhost"), (b"content-type", b"application/x-www-form-urlencoded")])

    async def body(app: App) -> None:
        whole = await ask(app, asked, b"Action=MakeCoffee&Version=2010-05-08")
        parts = await ask(app, asked, b"Action=Make", b"", b"Coffee&Version", b"=2010-05-08", b"")
        assert whole[0] == parts[0] == 400
        assert b"MakeCoffee" in whole[2]
        assert b"MakeCoffee" in parts[2]

    with_app(body)


@pytest.mark.parametrize(
    ("parts", "too_large"),
    [
        ([b"x" * MAX_BODY_BYTES], False),
        ([b"x" * (MAX_BODY_BYTES + 1)], True),
        ([b"x" * (MAX_BODY_BYTES - 1), b"x"], False),
        ([b"x" * MAX_BODY_BYTES, b"x", b"x"], True),
    ],
    ids=["fits", "one too many", "fits in parts", "one too many in parts"],
)
def test_a_body_has_a_limit(with_app: Callable[[Any], None], parts: list[bytes], too_large: bool) -> None:
    """A body of 10,000,000 bytes is read, one more byte is 413, in one part or in many."""

    async def body(app: App) -> None:
        status, _, _ = await ask(app, scope("POST"), *parts)
        assert (status == 413) is too_large

    with_app(body)


def test_health_fails_with_the_store(with_app: Callable[[Any], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """A server whose store does not answer says that it cannot serve."""

    async def fail() -> None:
        raise OSError("gone")

    async def body(app: App) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(app._runtime.store, "refresh", fail)
            assert (await ask(app, scope(path="/health")))[0] == 503
        assert (await ask(app, scope(path="/health")))[0] == 200

    with_app(body)


def test_another_kind_of_scope_is_an_error(with_app: Callable[[Any], None]) -> None:
    """A websocket is none of ours."""

    async def body(app: App) -> None:
        with pytest.raises(RuntimeError, match="websocket"):
            await ask(app, {"type": "websocket"})

    with_app(body)
