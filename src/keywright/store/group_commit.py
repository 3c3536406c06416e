"""Commits that many share: the group, the changes in it, and the thread that waits for the disk."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Any, Final

from sqlalchemy import Connection

from keywright.store.transaction import Additions, Transaction

Finish = Callable[[BaseException | None], None]


class Group:
    """The work that shares a commit."""

    __slots__ = ("changes", "rows", "waiters")

    def __init__(self) -> None:
        self.changes: list[Change] = []
        self.rows: Final = Additions.none()
        self.waiters: Final[list[asyncio.Future[None]]] = []
        """Those who only added rows."""


class Change:
    """One caller's work, and how it ended."""

    __slots__ = ("_error", "_result", "_work", "changed_accounts", "done", "generation")

    def __init__(self, work: Callable[[Transaction], Any], done: asyncio.Future[Any]) -> None:
        self._work: Final = work
        self._result: Any = None
        self._error: Exception | None = None
        self.changed_accounts: set[str] = set()
        self.generation: int | None = None
        self.done: Final = done

    def run(self, connection: Connection, driver: sqlite3.Connection, rows: Additions) -> None:
        """Run in a savepoint of its own, so that its failure takes nobody else's work along."""
        driver.execute("SAVEPOINT change")
        transaction = Transaction(connection)
        try:
            self._result = self._work(transaction)
        except Exception as error:  # noqa: BLE001 - whatever it is, it goes to the caller
            self._error = error
            driver.execute("ROLLBACK TO change")
        else:
            rows.take(transaction.additions)
            self.changed_accounts = transaction.changed_accounts
            self.generation = transaction.generation
        driver.execute("RELEASE change")

    def finish(self, error: BaseException | None) -> None:
        """Wake the caller, unless it went away; `error` is the whole group's."""
        if self.done.cancelled():
            return
        if error is None:
            error = self._error
        if error is None:
            self.done.set_result(self._result)
        else:
            self.done.set_exception(error)


class Committer:
    """The thread that waits for the disk."""

    def __init__(self, driver: sqlite3.Connection) -> None:
        self._driver: Final = driver
        self._orders: Final[SimpleQueue[tuple[asyncio.AbstractEventLoop, Finish] | None]] = SimpleQueue()
        self._thread: Final = Thread(target=self._run, name="commit", daemon=True)
        self._thread.start()

    def commit(self, finish: Finish) -> None:
        """Commit, then call `finish` on the loop with the error, if there was one."""
        self._orders.put((asyncio.get_running_loop(), finish))

    def stop(self) -> None:
        """End the thread."""
        self._orders.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (order := self._orders.get()) is not None:
            loop, finish = order
            error: sqlite3.Error | None = None
            try:
                self._driver.execute("COMMIT")
            except sqlite3.Error as failed:
                error = failed
                roll_back(self._driver)
            loop.call_soon_threadsafe(finish, error)


def roll_back(driver: sqlite3.Connection) -> None:
    """Undo a group, unless SQLite has done so already (it does on a full disk)."""
    if driver.in_transaction:
        driver.execute("ROLLBACK")
