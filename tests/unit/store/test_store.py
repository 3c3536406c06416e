"""What every store promises, on SQLite and on PostgreSQL alike."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterable
from typing import Any

import pytest
from sqlalchemy import Connection, insert, select, update
from sqlalchemy.exc import IntegrityError

from keywright.store.tables import access_keys, accounts, identity_generation, user_policies, users
from keywright.store.transaction import Transaction
from tests.unit.store.conftest import Opened
from tests.unit.store.rows import ACCOUNT, KEY, NOW, account_ids, add_account, add_key, adding, counts, event_row

Run = Callable[[Any], Any]


def test_what_is_written_is_read(opened: Opened, run: Run) -> None:
    """A write gives back what its work gave, and the next read sees it."""

    async def scenario() -> None:
        async with opened() as store:
            assert await store.write(adding(1)) == 1
            assert await store.read(account_ids) == {f"{1:012d}"}
            assert await store.read_aside(account_ids) == {f"{1:012d}"}

    run(scenario())


def test_a_store_keeps_what_it_has(opened: Opened, run: Run) -> None:
    """What was acknowledged is there when the store is opened again."""

    async def scenario() -> None:
        async with opened() as store:
            await store.write(adding(1))
            await store.add(event_row(2), None)
        async with opened() as store:
            assert await store.read(account_ids) == {f"{1:012d}"}
            assert await store.read(counts) == (2, 1)

    run(scenario())


def test_a_failure_rolls_back_alone(opened: Opened, run: Run) -> None:
    """Of concurrent works the failing ones leave nothing, and the others all they did."""

    async def scenario() -> None:
        async with opened() as store:
            works = [adding(number, fails=number % 3 == 0) for number in range(12)]
            outcomes: list[Any] = await asyncio.gather(*(store.write(work) for work in works), return_exceptions=True)
            for number, outcome in enumerate(outcomes):
                if number % 3 == 0:
                    assert isinstance(outcome, LookupError)
                    assert outcome.args == (number,)
                else:
                    assert outcome == number
            assert await store.read(account_ids) == {f"{number:012d}" for number in range(12) if number % 3}
            assert await store.read(counts) == (8, 8)

    run(scenario())


def test_a_broken_constraint_rolls_back_alone(opened: Opened, run: Run) -> None:
    """A row that the database refuses takes nobody else's work along."""

    async def scenario() -> None:
        async with opened() as store:
            await store.write(adding(1))
            twice, once = store.write(adding(1)), store.write(adding(2))
            outcomes = await asyncio.gather(twice, once, return_exceptions=True)
            assert isinstance(outcomes[0], IntegrityError)
            assert outcomes[1] == 2
            assert await store.read(account_ids) == {f"{1:012d}", f"{2:012d}"}
            assert await store.read(counts) == (2, 2)

    run(scenario())


def test_the_store_works_on_after_a_failure(opened: Opened, run: Run) -> None:
    """A failure leaves no transaction behind."""

    async def scenario() -> None:
        async with opened() as store:
            for number in range(3):
                with pytest.raises(LookupError):
                    await store.write(adding(number, fails=True))
            assert await store.write(adding(9)) == 9
            assert await store.read(account_ids) == {f"{9:012d}"}

    run(scenario())


def test_additions_commit_with_their_change(opened: Opened, run: Run) -> None:
    """An event that cannot be written rolls its change back."""

    async def scenario() -> None:
        async with opened() as store:
            await store.add(event_row(1), None)
            with pytest.raises((IntegrityError, sqlite3.IntegrityError)):
                await store.write(adding(1))
            assert await store.read(account_ids) == set()
            assert await store.read(counts) == (1, 0)

    run(scenario())


def test_an_event_may_note_a_keys_use(opened: Opened, run: Run) -> None:
    """`add` writes the event and the last use of the key together."""

    async def scenario() -> None:
        async with opened() as store:
            await store.write(lambda transaction: add_account(transaction.connection))
            await store.write(lambda transaction: add_key(transaction.connection))
            await store.add(event_row(1), (1_764_000_000_123, "sts", "eu-west-1", KEY))
            row = await store.read(lambda connection: connection.execute(select(access_keys)).one())
            assert (row.last_used_service, row.last_used_region) == ("sts", "eu-west-1")
            assert row.last_used_at.timestamp() == 1_764_000_000.123
            assert await store.read(counts) == (1, 0)

    run(scenario())


def test_a_reader_sees_what_is_committed_alone(opened: Opened, run: Run) -> None:
    """Work sees its own rows; a reader sees them once the write has come back."""

    async def scenario() -> None:
        async with opened() as store, opened() as other:
            seen: list[set[str]] = []

            def work(transaction: Transaction) -> None:
                add_account(transaction.connection)
                seen.append(account_ids(transaction.connection))

            assert await other.read(account_ids) == set()
            await store.write(work)
            assert seen[-1] == {ACCOUNT}
            assert await other.read(account_ids) == {ACCOUNT}

    run(scenario())


def test_a_read_is_one_snapshot(opened: Opened, run: Run) -> None:
    """Two looks in one read see the same, whatever is committed between them."""

    async def scenario() -> None:
        async with opened() as store, opened() as other:
            loop = asyncio.get_running_loop()

            def look(connection: Connection) -> tuple[set[str], set[str]]:
                first = account_ids(connection)
                asyncio.run_coroutine_threadsafe(other.write(adding(2)), loop).result(10)
                return first, account_ids(connection)

            await store.write(adding(1))
            first, second = await store.read_aside(look)
            assert first == second == {f"{1:012d}"}
            assert await store.read(account_ids) == {f"{1:012d}", f"{2:012d}"}

    run(scenario())


def test_no_update_is_lost(opened: Opened, run: Run) -> None:
    """Of many read-modify-writes, by two processes at once, each counts."""

    def count_up(transaction: Transaction) -> None:
        row = transaction.connection.execute(select(accounts.c.canonical_id)).scalar_one()
        transaction.connection.execute(update(accounts).values(canonical_id=str(int(row) + 1)))

    async def scenario() -> None:
        async with opened() as store, opened() as other:
            await store.write(lambda transaction: add_account(transaction.connection))
            await asyncio.gather(*(one.write(count_up) for one in (store, other) * 12))
            total = await store.read(
                lambda connection: connection.execute(select(accounts.c.canonical_id)).scalar_one()
            )
            assert int(total) == 24

    run(scenario())


def test_a_users_rows_go_with_the_user(opened: Opened, run: Run) -> None:
    """Foreign keys hold: a row without its owner cannot be, and goes when the owner goes."""

    def add_policy(transaction: Transaction) -> None:
        transaction.connection.execute(
            insert(user_policies).values(user_id="AIDA", policy_name_key="p", policy_name="p", document="{}")
        )

    def add_user(transaction: Transaction) -> None:
        add_account(transaction.connection)
        transaction.connection.execute(
            insert(users).values(
                user_id="AIDA", account_id=ACCOUNT, user_name="a", user_name_key="a", path="/", created_at=NOW
            )
        )
        add_policy(transaction)

    async def scenario() -> None:
        async with opened() as store:
            with pytest.raises(IntegrityError):
                await store.write(add_policy)
            await store.write(add_user)
            await store.write(lambda transaction: transaction.connection.execute(users.delete()) and None)
            left = await store.read(lambda connection: connection.execute(select(user_policies)).all())
            assert left == []

    run(scenario())


def test_close_finishes_what_is_under_way(opened: Opened, run: Run) -> None:
    """Everything that was asked before the close is committed by it."""

    async def scenario() -> None:
        async with opened() as store:
            works = [asyncio.ensure_future(store.write(adding(number))) for number in range(8)]
            adds = [asyncio.ensure_future(store.add(event_row(100 + number), None)) for number in range(8)]
            await asyncio.sleep(0)
        assert await asyncio.gather(*works) == list(range(8))
        await asyncio.gather(*adds)
        async with opened() as store:
            assert len(await store.read(account_ids)) == 8
            assert await store.read(counts) == (16, 8)

    run(scenario())


def test_a_caller_that_goes_away_stops_nobody(opened: Opened, run: Run) -> None:
    """A cancelled write leaves the writes beside it, and the store, as they are."""

    async def scenario() -> None:
        async with opened() as store:
            gone, stays = (asyncio.ensure_future(store.write(adding(number))) for number in (1, 2))
            added = asyncio.ensure_future(store.add(event_row(7), None))
            await asyncio.sleep(0)
            gone.cancel()
            added.cancel()
            assert await stays == 2
            assert await store.write(adding(3)) == 3
            assert {f"{2:012d}", f"{3:012d}"} <= await store.read(account_ids)

    run(scenario())


class Drops(list[Any]):
    """A cache that notes what it is told to drop."""

    def __call__(self, changed: Iterable[str] | None) -> None:
        """Note."""
        self.append(None if changed is None else set(changed))


def changing(account_id: str, *, fails: bool = False) -> Any:
    """Make work that says that an account's identities changed."""

    def work(transaction: Transaction) -> None:
        transaction.identity_changed(account_id)
        if fails:
            raise LookupError

    return work


def test_caches_drop_what_changed_at_once(opened: Opened, run: Run) -> None:
    """When a write comes back, the caches of its process have dropped its account, and no other."""

    async def scenario() -> None:
        async with opened() as store:
            drops = Drops()
            store.on_identity_change(drops)
            await store.write(changing("1"))
            assert drops == [{"1"}]
            await store.write(adding(1))
            assert drops == [{"1"}]

    run(scenario())


def test_a_change_that_failed_drops_nothing(opened: Opened, run: Run) -> None:
    """What was rolled back changed nobody."""

    async def scenario() -> None:
        async with opened() as store:
            drops = Drops()
            store.on_identity_change(drops)
            with pytest.raises(LookupError):
                await store.write(changing("1", fails=True))
            await store.refresh()
            assert drops == []

    run(scenario())


def test_another_process_notices_at_its_next_look(opened: Opened, run: Run) -> None:
    """A change by another process drops every cache at the next refresh, and not again after it."""

    async def scenario() -> None:
        async with opened() as store, opened() as other:
            drops = Drops()
            other.on_identity_change(drops)
            await other.refresh()
            assert drops == []
            await store.write(changing("1"))
            await other.refresh()
            assert drops == [None]
            await other.refresh()
            assert drops == [None]
            await store.write(changing("2"))
            await other.refresh()
            assert drops == [None, None]

    run(scenario())


def test_changes_of_both_processes_are_noticed(opened: Opened, run: Run) -> None:
    """A process that changes something itself still notices what another changed before and after it."""

    async def scenario() -> None:
        async with opened() as store, opened() as other:
            drops = Drops()
            other.on_identity_change(drops)
            await store.write(changing("theirs"))
            await other.write(changing("mine"))
            await other.refresh()
            assert None in drops
            drops.clear()
            await other.write(changing("mine"))
            await store.write(changing("theirs"))
            await other.refresh()
            assert None in drops

    run(scenario())


def test_many_identity_changes_at_once_all_commit(opened: Opened, run: Run) -> None:
    """Every one of many concurrent changes is committed and counted once, by two processes."""

    async def scenario() -> None:
        async with opened() as store, opened() as other:
            await asyncio.gather(*(one.write(changing(str(number))) for number in range(16) for one in (store, other)))
            generation = select(identity_generation.c.generation)
            assert await store.read(lambda connection: connection.execute(generation).scalar_one()) == 32

    run(scenario())


def test_generation_is_one_row(opened: Opened, run: Run) -> None:
    """A new store counts its identity changes from nothing."""

    async def scenario() -> None:
        async with opened() as store:
            every = select(identity_generation.c.generation)
            assert await store.read(lambda connection: list(connection.execute(every).scalars())) == [0]

    run(scenario())
