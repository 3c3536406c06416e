"""
Whether the server can do its work: it writes to the store and reads back, every few seconds.

A question is answered from what the last attempts showed, so that asking costs nothing.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from typing import Final

from sqlalchemy import Connection, select, update

from keywright.aws.clock import Clock
from keywright.store.tables import heartbeat, to_milliseconds
from keywright.store.transaction import Store, Transaction

log: Final = logging.getLogger("keywright.readiness")

_EVERY_SECONDS: Final = 2.0
_ATTEMPT_SECONDS: Final = 4.0
_STALE_SECONDS: Final = 8.0
"""After how long without a success the server is not ready, whatever the attempts say."""

STARTING: Final = "starting"
NO_ANSWER: Final = "the store does not answer"
NO_WRITE: Final = "the store cannot be written"
WRONG_READ: Final = "the store does not give back what was written"


class Readiness:
    """Keeps what the last attempts showed."""

    def __init__(self, store: Store, clock: Clock, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._store: Final = store
        self._clock: Final = clock
        self._monotonic: Final = monotonic
        self._reason: str | None = STARTING
        self._succeeded_at = 0.0
        self.lost: Final = asyncio.Event()
        """Set when the database is no longer where it was opened: what is written to it is lost."""

    @property
    def reason(self) -> str | None:
        """Why the server is not ready, in words that say nothing of the machine; None where it is."""
        if self._reason is None and self._monotonic() - self._succeeded_at > _STALE_SECONDS:
            return NO_ANSWER
        return self._reason

    async def run(self) -> None:
        """Try until cancelled."""
        while True:
            await self.attempt()
            await asyncio.sleep(_EVERY_SECONDS)

    async def attempt(self) -> None:
        """Write and read once."""
        if not self._store.is_in_place():
            self.lost.set()
        now = self._clock()

        def beat(transaction: Transaction) -> None:
            transaction.connection.execute(update(heartbeat).values(beat_at=now))

        def read(connection: Connection) -> int:
            return to_milliseconds(connection.execute(select(heartbeat.c.beat_at)).scalar_one())

        try:
            async with asyncio.timeout(_ATTEMPT_SECONDS):
                await self._store.write(beat)
                # Another process may have written since.
                fresh = await self._store.read(read) >= to_milliseconds(now)
        except TimeoutError:
            self._failed(NO_ANSWER)
        except Exception as error:  # noqa: BLE001 - whatever is wrong, it cannot serve
            self._failed(NO_WRITE, error)
        else:
            if fresh:
                self._reason, self._succeeded_at = None, self._monotonic()
            else:
                self._failed(WRONG_READ)

    def _failed(self, reason: str, error: Exception | None = None) -> None:
        """Note why; the log has it once for as long as it lasts."""
        if self._reason != reason:
            log.error("not ready: %s%s", reason, f" ({' '.join(str(error).split())})" if error else "")
        self._reason = reason
