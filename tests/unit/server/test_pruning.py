"""What is too old goes, a few rows at a time, while the clock can be believed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from keywright.server.pruning import BATCH, ClockWatch, Pruning
from keywright.store.opening import locate, open_store
from keywright.store.tables import events
from keywright.store.transaction import EventRow, Store, Transaction
from keywright.trail.event import new_event_id
from keywright.trail.lookup import RETENTION

NOW = datetime(2026, 11, 24, 9, 0, 0, tzinfo=UTC)
DAY = 86_400.0


def event(at: datetime) -> EventRow:
    """Make an event."""
    return ("111122223333", "us-east-1", new_event_id(at), "iam.amazonaws.com", "GetUser", None, None, True, b"{}")


def with_store(tmp_path: Path, body: Callable[[Store], Awaitable[None]]) -> None:
    """Run a body with a store of its own."""

    async def run() -> None:
        store, _ = open_store(locate(tmp_path / "data", None), {})
        try:
            await body(store)
        finally:
            await store.close()

    asyncio.run(run())


async def count(store: Store) -> int:
    """Count the events."""
    return await store.read(
        lambda connection: connection.execute(select(func.count()).select_from(events)).scalar_one()
    )


def test_others_write_between_the_batches(tmp_path: Path) -> None:
    """Thousands of old events go in transactions of a few rows; who writes meanwhile waits for one of them at most."""

    async def body(store: Store) -> None:
        old = NOW - RETENTION - timedelta(days=1)
        await asyncio.gather(*(store.add(event(old), None) for _ in range(BATCH * 4 + 1)))
        await store.add(event(NOW), None)
        turns: list[str] = []
        real: Any = store.write

        async def write(work: Callable[[Transaction], Any]) -> Any:
            turns.append("pruning")
            return await real(work)

        store.write = write  # type: ignore[method-assign]
        pruning = asyncio.create_task(Pruning(store, lambda: NOW).prune())
        while not pruning.done():
            await store.add(event(NOW), None)
            turns.append("caller")
            await asyncio.sleep(0)
        await pruning
        assert await count(store) == turns.count("caller") + 1
        firsts = [at for at, turn in enumerate(turns) if turn == "pruning"][:5]
        assert len(firsts) == 5
        assert all("caller" in turns[before:after] for before, after in pairwise(firsts))

    with_store(tmp_path, body)


def test_a_clock_far_ahead_at_the_start_prunes_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A server that starts 91 days after its last event keeps the trail, says so once, and prunes after three days."""

    async def body(store: Store) -> None:
        now, monotonic = NOW + timedelta(days=91), 100.0
        pruning = Pruning(store, lambda: now, lambda: monotonic)
        await store.add(event(NOW), None)
        await pruning.prune()
        await store.add(event(now), None)
        now, monotonic = now + timedelta(days=2), monotonic + 2 * DAY
        await pruning.prune()
        assert await count(store) == 2
        now, monotonic = now + timedelta(days=2), monotonic + 2 * DAY
        await pruning.prune()
        assert await count(store) == 1

    with caplog.at_level(logging.WARNING):
        with_store(tmp_path, body)
    assert [record.getMessage().split(":")[0] for record in caplog.records] == [
        "the clock is 91 days ahead of what was seen before"
    ]


def test_a_clock_that_jumps_while_serving_prunes_nothing() -> None:
    """A clock that gains 91 days in an hour is not believed for three days; one that keeps its pace is."""
    watch = ClockWatch(NOW, NOW + timedelta(hours=1), 0.0)
    assert watch.believes(NOW + timedelta(hours=2), 3600.0)
    assert not watch.believes(NOW + timedelta(days=91), 7200.0)
    assert not watch.believes(NOW + timedelta(days=93), 7200.0 + 2 * DAY)
    assert watch.believes(NOW + timedelta(days=95), 7200.0 + 4 * DAY)


def test_a_clock_that_goes_back_and_a_new_store_are_believed() -> None:
    """Only what is ahead makes things old."""
    assert ClockWatch(None, NOW, 0.0).believes(NOW, 1.0)
    watch = ClockWatch(NOW, NOW, 0.0)
    assert watch.believes(NOW - timedelta(days=30), 3600.0)
    assert not watch.believes(NOW, 7200.0)
