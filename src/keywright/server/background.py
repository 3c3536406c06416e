"""Work that a request leaves behind: reports, made aside one after the other."""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import Final

from keywright.aws.clock import Clock
from keywright.identity.credential_report import claim, find_requested, make_report, release, store_report
from keywright.store.transaction import Store

log: Final = logging.getLogger("keywright.background")

_LOOK_SECONDS: Final = 5.0
"""How often to look for what another process was asked for, or left undone when it was stopped."""


class Stopping(Exception):
    """The server is being stopped: what is not done yet is left to the next."""


class Background:
    """Makes what was asked for. What is to be done stands in the store, so that a restart forgets nothing."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store: Final = store
        self._clock: Final = clock
        self._asked: Final = asyncio.Event()
        self._stopping: Final = threading.Event()

    def wake(self) -> None:
        """Say that there is work."""
        self._asked.set()

    async def run(self) -> None:
        """Work until cancelled; what goes wrong is logged, and tried again later."""
        try:
            await self._work()
        finally:
            # The thread that makes a report would go on, and the store waits for it.
            self._stopping.set()

    async def _work(self) -> None:
        while True:
            self._asked.clear()
            try:
                while await self._make_one():
                    pass
            except Exception:
                log.exception("a report could not be made")
            try:
                async with asyncio.timeout(_LOOK_SECONDS):
                    await self._asked.wait()
            except TimeoutError:
                continue

    async def _make_one(self) -> bool:
        """Make one report, if one is asked for."""
        now = self._clock()
        account_id = await self._store.read(lambda connection: find_requested(connection, now))
        if account_id is None:
            return False
        if not await self._store.write(lambda transaction: claim(transaction.connection, account_id, now)):
            return True
        try:
            content = await self._store.read_aside(lambda connection: make_report(connection, account_id, self._rest))
        except BaseException:
            await self._store.write(lambda transaction: release(transaction.connection, account_id))
            raise
        made_at = self._clock()
        await self._store.write(lambda transaction: store_report(transaction.connection, account_id, content, made_at))
        return True

    def _rest(self, seconds: float) -> None:
        """Rest on the thread that makes a report, unless the server stops meanwhile."""
        if self._stopping.wait(seconds):
            raise Stopping
