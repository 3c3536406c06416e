"""
Forget what is too old to keep: a few rows at a time, and only while the clock can be believed.

A clock that is ahead makes everything old. What it did not pass through while the server looked on, or since the last
event before the server's start, it may have jumped over: then nothing is forgotten until it has held for three days.
A server that was off for as long loses nothing by the delay.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection

from keywright.aws.clock import Clock
from keywright.identity.browser_sessions import prune_sessions
from keywright.identity.sign_in_throttle import prune_attempts
from keywright.store.transaction import Store
from keywright.trail.denials import prune_denials
from keywright.trail.lookup import latest_event_at, prune_events, prune_last_accessed

log: Final = logging.getLogger("keywright.pruning")

BATCH: Final = 500
"""Rows forgotten in one transaction: some milliseconds."""
_EVERY_SECONDS: Final = 3600.0
_REST: Final = 4.0
"""How many times as long as a batch took the writer is left to others after it."""
_LEAST_REST_SECONDS: Final = 0.01
_JUMP: Final = timedelta(days=2)
"""How far the clock may be ahead of what is known before it counts as a jump."""
_HOLD: Final = timedelta(days=3)

Prune = Callable[[Connection, datetime, int], int]
_PRUNES: Final[tuple[Prune, ...]] = (
    prune_events,
    prune_last_accessed,
    prune_denials,
    prune_sessions,
    prune_attempts,
)


class ClockWatch:
    """Tells whether the clock can be believed: it is compared with the last event and with a clock that cannot jump."""

    def __init__(self, latest_event_at: datetime | None, now: datetime, monotonic: float) -> None:
        self._seen: tuple[datetime, float] = (now, monotonic)
        self._held_from: float | None = None
        if latest_event_at is not None and now - latest_event_at > _JUMP:
            self._hold(now - latest_event_at, monotonic)

    def believes(self, now: datetime, monotonic: float) -> bool:
        """Return whether what is old by this clock is old."""
        before, before_monotonic = self._seen
        self._seen = (now, monotonic)
        ahead = now - before - timedelta(seconds=monotonic - before_monotonic)
        if ahead > _JUMP:
            self._hold(ahead, monotonic)
        return self._held_from is None or monotonic - self._held_from >= _HOLD.total_seconds()

    def _hold(self, ahead: timedelta, monotonic: float) -> None:
        self._held_from = monotonic
        log.warning(
            "the clock is %d days ahead of what was seen before: no event is pruned for %d days; if it is wrong, "
            "set it right and start the server again",
            ahead.days,
            _HOLD.days,
        )


class Pruning:
    """Looks once an hour for what is too old."""

    def __init__(self, store: Store, clock: Clock, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._store: Final = store
        self._clock: Final = clock
        self._monotonic: Final = monotonic
        self._watch: ClockWatch | None = None

    async def run(self) -> None:
        """Prune until cancelled; what goes wrong is logged, and tried again the next time."""
        while True:
            try:
                await self.prune()
            except Exception:
                log.exception("pruning failed")
            await asyncio.sleep(_EVERY_SECONDS)

    async def prune(self) -> None:
        """Forget what is too old, unless the clock cannot be believed."""
        now, monotonic = self._clock(), self._monotonic()
        if self._watch is None:
            self._watch = ClockWatch(await self._store.read(latest_event_at), now, monotonic)
        if not self._watch.believes(now, monotonic):
            return
        for prune in _PRUNES:
            await self._prune_all(prune, now)

    async def _prune_all(self, prune: Prune, now: datetime) -> None:
        forgotten = BATCH
        while forgotten >= BATCH:
            began = time.monotonic()
            forgotten = await self._store.write(lambda transaction: prune(transaction.connection, now, BATCH))
            await asyncio.sleep(max(_LEAST_REST_SECONDS, (time.monotonic() - began) * _REST))
