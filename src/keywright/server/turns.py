"""One after the other for each account: work that would else fill the threads which all accounts share."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """Gives each account one turn at a time, in the order in which they were asked for."""

    def __init__(self) -> None:
        self._locks: dict[str, asyncio.Lock] = {}
        self._asking: dict[str, int] = {}

    @asynccontextmanager
    async def of(self, account_id: str, *, takes_turns: bool) -> AsyncIterator[None]:
        """Wait for the account's turn; who takes none goes at once."""
        if not takes_turns:
            yield
            return
        lock = self._locks.setdefault(account_id, asyncio.Lock())
        self._asking[account_id] = self._asking.get(account_id, 0) + 1
        try:
            async with lock:
                yield
        finally:
            self._asking[account_id] -= 1
            if not self._asking[account_id]:
                del self._asking[account_id], self._locks[account_id]
