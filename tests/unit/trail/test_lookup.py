"""Reading the trail back, and forgetting what is too old."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import Connection, create_engine, func, insert, select

from keywright.store.tables import event_resources, events, metadata
from keywright.trail.event import Described, OpenEvent, Outcome, Who, close_event
from keywright.trail.lookup import RETENTION, FoundEvent, Lookup, latest_event_at, look_up, prune_events

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MINE, THEIRS = "111122223333", "444455556666"


@pytest.fixture
def connection() -> Iterator[Connection]:
    """An empty trail."""
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def record(connection: Connection, at: datetime, name: str, account_id: str = MINE, region: str = "us-east-1") -> str:
    """Record a change of a user; gives the event's id."""
    who = Who(account_id, "alice", "AKIA", orjson.Fragment(b"{}"))
    described = Described("iam.amazonaws.com", "CreateUser", False, str)
    outcome = Outcome({"userName": name}, None, None)
    row, resources = close_event(OpenEvent(at, "r", "a", None), described, who, region, outcome)
    connection.execute(insert(events).values(row))
    connection.execute(insert(event_resources).values(resources))
    return row[2]


def everything(account_id: str = MINE, region: str = "us-east-1") -> Lookup:
    """Ask for all there is."""
    return Lookup(account_id, region, NOW - RETENTION, NOW + timedelta(days=1), None)


def names(found: list[FoundEvent]) -> list[str]:
    """Give the users that events were about."""
    return [name for event in found for kind, name in event.resources if kind == "AWS::IAM::User"]


def test_events_come_newest_first_up_to_a_limit(connection: Connection) -> None:
    """The limit cuts off the oldest; an id goes on before it."""
    ids = [record(connection, NOW + timedelta(seconds=number), str(number)) for number in range(5)]
    assert names(look_up(connection, everything(), None, 10)) == ["4", "3", "2", "1", "0"]
    assert names(look_up(connection, everything(), None, 2)) == ["4", "3"]
    assert names(look_up(connection, everything(), ids[3], 10)) == ["2", "1", "0"]


def test_events_are_one_accounts_and_regions(connection: Connection) -> None:
    """Neither another account's events are found, nor another region's, by any attribute."""
    record(connection, NOW, "mine")
    record(connection, NOW, "theirs", THEIRS)
    elsewhere = record(connection, NOW, "elsewhere", MINE, "eu-west-1")
    assert names(look_up(connection, everything(), None, 10)) == ["mine"]
    for attribute in (
        ("EventName", "CreateUser"),
        ("ResourceType", "AWS::IAM::User"),
        ("ResourceName", "theirs"),
        ("EventId", elsewhere),
        ("Username", "alice"),
        ("AccessKeyId", "AKIA"),
        ("ReadOnly", "false"),
        ("EventSource", "iam.amazonaws.com"),
    ):
        found = names(look_up(connection, everything()._replace(attribute=attribute), None, 10))
        assert found in (["mine"], [])


def test_times_are_inclusive_to_the_second(connection: Connection) -> None:
    """An event in the second of the end is found, one in the next is not."""
    at = NOW.replace(microsecond=0)
    record(connection, at + timedelta(milliseconds=999), "in")
    record(connection, at + timedelta(seconds=1), "out")
    lookup = everything()._replace(since=at, until=at)
    assert names(look_up(connection, lookup, None, 10)) == ["in"]


def test_pruning_forgets_what_is_too_old(connection: Connection) -> None:
    """After 90 days an event and its resources are gone; before that they stay."""
    record(connection, NOW, "old")
    record(connection, NOW + timedelta(days=1), "young")
    prune_events(connection, NOW + RETENTION + timedelta(hours=1), 100)
    for table in (events, event_resources):
        assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 1
    assert names(look_up(connection, everything()._replace(until=NOW + timedelta(days=5)), None, 10)) == ["young"]
    assert prune_events(connection, NOW + RETENTION + timedelta(hours=1), 100) == 0


def test_pruning_takes_a_few_at_a_time(connection: Connection) -> None:
    """No more rows go in one transaction than were asked for, of all trails together; then the next ones do."""
    for account_id in (MINE, THEIRS):
        for _ in range(4):
            record(connection, NOW, "old", account_id)
    rows = count(connection)
    now = NOW + RETENTION + timedelta(hours=1)
    while rows:
        assert prune_events(connection, now, 3) == min(3, rows)
        assert count(connection) == max(0, rows - 3)
        rows = count(connection)
    assert prune_events(connection, now, 3) == 0


def count(connection: Connection) -> int:
    """Count the rows of the trail."""
    return sum(
        connection.execute(select(func.count()).select_from(table)).scalar_one() for table in (events, event_resources)
    )


def test_the_latest_event(connection: Connection) -> None:
    """The latest event of all trails is known to the millisecond; of none there is none."""
    assert latest_event_at(connection) is None
    for account_id, region, days in ((MINE, "us-east-1", 0), (MINE, "eu-west-1", 2), (THEIRS, "us-east-1", 1)):
        record(connection, NOW + timedelta(days=days), "event", account_id, region)
    latest = latest_event_at(connection)
    assert latest is not None
    assert abs(latest - (NOW + timedelta(days=2))) < timedelta(milliseconds=1)


def test_pruning_forgets_in_every_trail(connection: Connection) -> None:
    """What is too old goes from each account's and each region's trail, and from no other's what is young."""
    for account_id in (MINE, THEIRS):
        for region in ("us-east-1", "eu-west-1"):
            record(connection, NOW, "old", account_id, region)
    record(connection, NOW + timedelta(days=1), "young", THEIRS, "ap-south-1")
    prune_events(connection, NOW + RETENTION + timedelta(hours=1), 100)
    for table in (events, event_resources):
        assert connection.execute(select(table.c.account_id, table.c.region)).all() == [(THEIRS, "ap-south-1")]


def test_pruning_does_not_look_at_what_stays(connection: Connection) -> None:
    """A hundred times as many events that stay cost no more of SQLite's steps: every hour nobody waits for them."""
    driver: Any = connection.connection.driver_connection
    steps = 0

    def count() -> None:
        nonlocal steps
        steps += 1

    def prune_counted() -> int:
        nonlocal steps
        steps = 0
        driver.set_progress_handler(count, 1)
        prune_events(connection, NOW, 100)
        driver.set_progress_handler(None, 0)
        return steps

    for _ in range(10):
        record(connection, NOW, "young")
    few = prune_counted()
    for _ in range(1000):
        record(connection, NOW, "young")
    assert prune_counted() < few * 1.1


@pytest.mark.parametrize(
    "until",
    [
        datetime(1960, 1, 1, tzinfo=UTC),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC),
    ],
)
def test_every_moment_may_be_asked_for(connection: Connection, until: datetime) -> None:
    """An end before 1970 finds nothing, one at the end of the calendar finds all."""
    record(connection, NOW, "one")
    lookup = Lookup(MINE, "us-east-1", datetime(1970, 1, 1, tzinfo=UTC), until, None)
    assert names(look_up(connection, lookup, None, 10)) == (["one"] if until.year == 9999 else [])
