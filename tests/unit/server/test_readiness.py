"""Ready is what has written and read within the last seconds."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from keywright.server.readiness import NO_ANSWER, NO_WRITE, STARTING, WRONG_READ, Readiness
from keywright.store.opening import locate, open_store
from keywright.store.transaction import Store

NOW = datetime(2026, 11, 24, 9, 0, 0, tzinfo=UTC)


def with_store(tmp_path: Path, body: Callable[[Any], Awaitable[None]]) -> None:
    """Run a body with a store of its own."""

    async def run() -> None:
        store, _ = open_store(locate(tmp_path / "data", None), {})
        try:
            await body(store)
        finally:
            await store.close()

    asyncio.run(run())


def reasons(readiness: Readiness) -> list[str | None]:
    """Ask once."""
    return [readiness.reason]


def test_it_is_ready_while_it_writes(tmp_path: Path) -> None:
    """Ready after the first success, for some seconds from each."""

    async def body(store: Store) -> None:
        monotonic = 100.0
        readiness = Readiness(store, lambda: NOW, lambda: monotonic)
        assert reasons(readiness) == [STARTING]
        await readiness.attempt()
        assert reasons(readiness) == [None]
        monotonic += 7
        assert reasons(readiness) == [None]
        monotonic += 2
        assert reasons(readiness) == [NO_ANSWER]
        await readiness.attempt()
        assert reasons(readiness) == [None]
        assert not readiness.lost.is_set()

    with_store(tmp_path, body)


def test_a_store_that_fails(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A write that fails is said, without the error's own words, and logged once with them; a success ends it."""

    async def body(store: Any) -> None:
        readiness = Readiness(store, lambda: NOW)
        real = store.write

        async def fail(_work: Any) -> None:
            raise OSError("/secret/path is full")

        store.write = fail
        for _ in range(3):
            await readiness.attempt()
            assert reasons(readiness) == [NO_WRITE]
        store.write = real
        await readiness.attempt()
        assert reasons(readiness) == [None]

    with caplog.at_level(logging.ERROR):
        with_store(tmp_path, body)
    assert [record.getMessage() for record in caplog.records] == [f"not ready: {NO_WRITE} (/secret/path is full)"]


def test_a_store_that_does_not_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write that does not come back ends in time."""
    monkeypatch.setattr("keywright.server.readiness._ATTEMPT_SECONDS", 0.01)

    async def body(store: Any) -> None:
        readiness = Readiness(store, lambda: NOW)

        async def hang(_work: Any) -> None:
            await asyncio.sleep(3600)

        store.write = hang
        await readiness.attempt()
        assert reasons(readiness) == [NO_ANSWER]

    with_store(tmp_path, body)


def test_a_store_that_forgets(tmp_path: Path) -> None:
    """A write that is not read back is no success; one of another process, later than ours, is."""

    async def body(store: Any) -> None:
        await Readiness(store, lambda: NOW + timedelta(hours=1)).attempt()
        readiness = Readiness(store, lambda: NOW)

        async def forget(_work: Any) -> None:
            return None

        real, store.write = store.write, forget
        await readiness.attempt()
        assert reasons(readiness) == [None]
        later = Readiness(store, lambda: NOW + timedelta(hours=2))
        await later.attempt()
        assert reasons(later) == [WRONG_READ]
        store.write = real

    with_store(tmp_path, body)


@pytest.mark.parametrize("how", ["unlinked", "replaced"])
def test_a_database_that_is_taken_away(tmp_path: Path, how: str) -> None:
    """A file that was removed, or that another took the name of, is lost."""

    async def body(store: Any) -> None:
        readiness = Readiness(store, lambda: NOW)
        await readiness.attempt()
        assert not readiness.lost.is_set()
        file = tmp_path / "data" / "keywright.db"
        kept = file.rename(file.with_name("elsewhere.db"))
        if how == "replaced":
            file.write_bytes(kept.read_bytes())
        await readiness.attempt()
        assert readiness.lost.is_set()

    with_store(tmp_path, body)
