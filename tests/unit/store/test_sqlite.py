"""What SQLite's store promises beyond every store's: grouping, locks, and files."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from sqlalchemy import text

from keywright.store import sqlite
from keywright.store.group_commit import Finish
from keywright.store.opening import Location
from keywright.store.sqlite import SqliteStore
from keywright.store.transaction import Transaction
from tests.unit.store.conftest import opening
from tests.unit.store.rows import account_ids, adding, counts, event_row

Run = Callable[[Any], Any]


def count_commits(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Note each commit."""
    commits: list[int] = []
    commit = store._committer.commit

    def counting(finish: Finish) -> None:
        commits.append(1)
        commit(finish)

    monkeypatch.setattr(store._committer, "commit", counting)
    return commits


def as_sqlite(store: object) -> SqliteStore:
    """Take a store that is known to be SQLite's."""
    assert isinstance(store, SqliteStore)
    return store


def test_concurrent_work_shares_a_commit(sqlite_location: Location, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hundred callers of one turn cost one commit, or two: not a hundred."""

    async def scenario() -> None:
        async with opening(sqlite_location) as opened:
            store = as_sqlite(opened)
            commits = count_commits(store, monkeypatch)
            adds = (store.add(event_row(1000 + number), None) for number in range(50))
            works = (store.write(adding(number)) for number in range(50))
            await asyncio.gather(*adds, *works)
            assert await store.read(counts) == (100, 50)
            assert 1 <= len(commits) <= 10

    run(scenario())


def test_a_long_group_commits_in_parts(sqlite_location: Location, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work beyond a group's time goes into the next, in order."""
    monkeypatch.setattr(sqlite, "_GROUP_SECONDS", 0.0)

    async def scenario() -> None:
        async with opening(sqlite_location) as opened:
            store = as_sqlite(opened)
            commits = count_commits(store, monkeypatch)
            ended: list[int] = []

            async def write(number: int) -> None:
                await store.write(adding(number))
                ended.append(number)

            await asyncio.gather(*(write(number) for number in range(5)))
            assert ended == list(range(5))
            assert len(commits) == 5

    run(scenario())


def test_a_lock_of_another_process_is_waited_for(sqlite_location: Location, run: Run) -> None:
    """While another process writes, work waits; when it is done, the work is."""

    async def scenario() -> None:
        async with opening(sqlite_location) as store:
            other = sqlite3.connect(str(sqlite_location.sqlite_file), isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            write = asyncio.ensure_future(store.write(adding(1)))
            await asyncio.sleep(0.05)
            assert not write.done()
            assert await store.read(account_ids) == set()
            other.execute("COMMIT")
            other.close()
            assert await write == 1

    run(scenario())


def test_a_lock_that_stays_fails_who_waits(
    sqlite_location: Location, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has waited too long is told so; who comes after the lock is gone is served."""
    monkeypatch.setattr(sqlite, "_LOCK_SECONDS", 0.03)

    async def scenario() -> None:
        async with opening(sqlite_location) as store:
            other = sqlite3.connect(str(sqlite_location.sqlite_file), isolation_level=None)
            other.execute("BEGIN IMMEDIATE")
            outcomes = await asyncio.gather(
                store.write(adding(1)), store.add(event_row(2), None), return_exceptions=True
            )
            assert all(isinstance(outcome, sqlite3.OperationalError) for outcome in outcomes)
            other.execute("ROLLBACK")
            other.close()
            assert await store.write(adding(3)) == 3
            assert await store.read(account_ids) == {f"{3:012d}"}
            assert await store.read(counts) == (1, 1)

    run(scenario())


def test_a_commit_that_fails_is_told_to_its_whole_group(
    sqlite_location: Location, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When the disk refuses a commit, nobody of the group is told that it is done, nothing of it is there."""

    class Refusing:
        """A driver that cannot commit."""

        def __init__(self, driver: sqlite3.Connection) -> None:
            self._driver = driver
            self.in_transaction = True

        def execute(self, statement: str) -> object:
            """Refuse a commit."""
            if statement == "COMMIT":
                raise sqlite3.OperationalError("disk I/O error")
            return self._driver.execute(statement)

    async def scenario() -> None:
        async with opening(sqlite_location) as opened:
            store = as_sqlite(opened)
            dropped: list[object] = []
            store.on_identity_change(dropped.append)
            driver = store._committer._driver
            monkeypatch.setattr(store._committer, "_driver", Refusing(driver))

            def work(transaction: Transaction) -> None:
                transaction.identity_changed("1")

            outcomes = await asyncio.gather(
                store.write(adding(1)), store.write(work), store.add(event_row(2), None), return_exceptions=True
            )
            assert all(isinstance(outcome, sqlite3.OperationalError) for outcome in outcomes)
            assert dropped == []
            monkeypatch.setattr(store._committer, "_driver", driver)
            assert await store.read(account_ids) == set()
            assert await store.write(adding(3)) == 3

    run(scenario())


def test_no_change_is_missed_between_commit_and_notice(
    sqlite_location: Location, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A look that falls between a commit and its notice does not hide another process's next change."""

    async def scenario() -> None:
        async with opening(sqlite_location) as opened, opening(sqlite_location) as other:
            store = as_sqlite(opened)
            drops: list[Iterable[str] | None] = []
            store.on_identity_change(drops.append)
            commit = store._committer.commit

            def looking_first(finish: Finish) -> None:
                def look_then_finish(error: BaseException | None) -> None:
                    # SQLite's refresh does not wait: this is the loop's turn between commit and notice.
                    with pytest.raises(StopIteration):
                        store.refresh().send(None)
                    finish(error)

                commit(look_then_finish)

            def change(transaction: Transaction) -> None:
                transaction.identity_changed("1")

            monkeypatch.setattr(store._committer, "commit", looking_first)
            await store.write(change)
            await other.write(change)
            drops.clear()
            await store.refresh()
            assert drops == [None]

    run(scenario())


def test_a_store_is_for_its_owner_alone(sqlite_location: Location, run: Run) -> None:
    """Folder 0700; database, log, index and master key 0600, while in use and after."""

    def modes() -> dict[str, str]:
        return {path.name: oct(stat.S_IMODE(path.stat().st_mode)) for path in sqlite_location.folder.iterdir()}

    async def scenario() -> None:
        async with opening(sqlite_location) as store:
            await store.write(adding(1))
            found = modes()
            assert {"keywright.db", "keywright.db-wal", "keywright.db-shm", "master.key"} <= found.keys()
            assert set(found.values()) == {"0o600"}
        assert set(modes().values()) == {"0o600"}
        assert oct(stat.S_IMODE(sqlite_location.folder.stat().st_mode)) == "0o700"

    run(scenario())


def test_close_folds_the_log(sqlite_location: Location, run: Run) -> None:
    """After a close there is the database alone: no log to forget when it is copied."""

    async def scenario() -> None:
        async with opening(sqlite_location) as store:
            await store.write(adding(1))
        names = {path.name for path in sqlite_location.folder.iterdir()}
        assert names == {"keywright.db", "master.key"}

    run(scenario())


def test_commits_reach_the_disk(sqlite_location: Location, run: Run) -> None:
    """The writer's commits wait for the disk (synchronous FULL), in a write-ahead log, with foreign keys checked."""

    async def scenario() -> None:
        async with opening(sqlite_location) as store:

            def look(transaction: Transaction) -> list[Any]:
                names = ("synchronous", "journal_mode", "foreign_keys")
                return [transaction.connection.execute(text(f"PRAGMA {name}")).scalar() for name in names]

            assert await store.write(look) == [2, "wal", 1]

    run(scenario())
