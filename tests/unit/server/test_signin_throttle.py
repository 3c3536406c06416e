"""How failed sign-ins are counted: for whom, how many are free, how long the wait is, and what is taken back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection, create_engine

from keywright.identity.sign_in_throttle import (
    Subject,
    address_subject,
    begin_attempt,
    forget,
    root_subject,
    take_back,
    user_subject,
)
from keywright.store.tables import sign_in_attempts

START = datetime(2026, 11, 24, 9, tzinfo=UTC)
ALICE = user_subject("111122223333", "alice")


@pytest.fixture
def connection() -> Iterator[Connection]:
    """A store with nothing but the count in it."""
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        sign_in_attempts.create(connection)
        yield connection
    engine.dispose()


def fail(connection: Connection, subject: Subject, times: int, at: datetime = START) -> datetime:
    """Fail so many times, waiting as long as is asked; gives the moment of the last."""
    done = 0
    while done < times:
        wait = begin_attempt(connection, (subject,), at)
        if wait is None:
            done += 1
        else:
            at += timedelta(seconds=wait)
    return at


def test_the_wait_doubles_and_has_an_end(connection: Connection) -> None:
    """Five are free for a name; then 2, 4, 8 seconds and so on, five minutes at the most."""
    at = fail(connection, ALICE, 5)
    assert at == START
    waits = []
    for _ in range(10):
        wait = begin_attempt(connection, (ALICE,), at)
        assert wait is not None
        waits.append(wait)
        at += timedelta(seconds=wait)
        assert begin_attempt(connection, (ALICE,), at) is None
    assert waits == [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


def test_failures_are_forgotten_one_by_one(connection: Connection) -> None:
    """Every twelve minutes one failure of a name is forgotten, every two minutes one of an address."""
    for subject, minutes in ((ALICE, 12), (address_subject("192.0.2.7"), 2)):
        at = fail(connection, subject, subject.free + 3)
        at += timedelta(minutes=minutes) * 5
        assert fail(connection, subject, 2, at) == at
        assert begin_attempt(connection, (subject,), at) == 2
        at += timedelta(days=2)
        assert fail(connection, subject, subject.free, at) == at


def test_taking_back_forgets_nothing(connection: Connection) -> None:
    """However often an attempt is taken back, no more failures are forgotten than their time has come for."""
    at = fail(connection, ALICE, 10) + timedelta(minutes=13)
    for _ in range(10):
        assert begin_attempt(connection, (ALICE,), at) is None
        take_back(connection, (ALICE,))
    assert begin_attempt(connection, (ALICE,), at) is None
    assert begin_attempt(connection, (ALICE,), at) == 64


def test_no_count_grows_for_ever(connection: Connection) -> None:
    """Years of guessing are forgotten within a day."""
    at = fail(connection, ALICE, 40) + timedelta(hours=23)
    assert fail(connection, ALICE, 5, at) == at


def test_what_was_no_guess_is_taken_back(connection: Connection) -> None:
    """A right password leaves the count, and the wait, as they were; those before it still count."""
    at = fail(connection, ALICE, 6) + timedelta(minutes=1)
    for _ in range(20):
        assert begin_attempt(connection, (ALICE,), at) is None
        take_back(connection, (ALICE,))
    assert begin_attempt(connection, (ALICE,), at) is None
    assert begin_attempt(connection, (ALICE,), at) == 8
    forget(connection, ALICE)
    assert begin_attempt(connection, (ALICE,), at) is None


def test_who_waits_is_not_counted(connection: Connection) -> None:
    """Asking during the wait makes it no longer, for none of those that are counted together."""
    address = address_subject("192.0.2.7")
    at = fail(connection, ALICE, 6)
    for _ in range(50):
        assert begin_attempt(connection, (ALICE, address), at) == 4
    assert begin_attempt(connection, (address,), at) is None


def test_who_is_counted_together() -> None:
    """A name in whatever case, and a whole network of IPv6; no user with a root user, no user of another account."""
    assert user_subject("1", "Alice") == user_subject("1", "alice") != user_subject("2", "alice")
    assert root_subject("A@x") == root_subject("a@x") != user_subject("a@x", "")
    assert (
        address_subject("2001:db8::1") == address_subject("2001:db8:0:0:ffff::") != address_subject("2001:db8:0:1::1")
    )
    assert address_subject("192.0.2.1") != address_subject("192.0.2.2")
    assert address_subject("not an address") == address_subject("not an address")
    assert len(ALICE.key) == 64
