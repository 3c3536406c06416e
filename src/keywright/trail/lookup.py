"""Read the trail back: the last 90 days of one account and region, newest first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, func, select

from keywright.store.batches import delete_some
from keywright.store.tables import event_resources, events, last_accessed_jobs, service_uses
from keywright.trail.event import event_time, first_event_id, last_event_id

RETENTION: Final = timedelta(days=90)
TRACKING: Final = timedelta(days=400)
"""How long AWS knows who used which service (User Guide, "Refine permissions using last accessed information")."""
JOB_LIFETIME: Final = timedelta(days=7)
"""How long a report of that is kept."""


class Lookup(NamedTuple):
    """What is looked for."""

    account_id: str
    region: str
    since: datetime
    until: datetime
    """Inclusive, to the second, as CloudTrail's EndTime."""
    attribute: tuple[str, str] | None
    """A name of CloudTrail's LookupAttributeKey, and the value to find."""


class FoundEvent(NamedTuple):
    """An event, and what it was about."""

    row: Row[Any]
    resources: list[tuple[str, str]]
    """Type and name of each."""


def look_up(connection: Connection, lookup: Lookup, before_id: str | None, limit: int) -> list[FoundEvent]:
    """Find at most so many events, those before an id where one is given."""
    # The ids first, so that only the narrow index is searched.
    statement = select(events.c.event_id).where(
        events.c.account_id == lookup.account_id,
        events.c.region == lookup.region,
        events.c.event_id >= first_event_id(lookup.since),
        events.c.event_id <= last_event_id(lookup.until),
    )
    if before_id is not None:
        statement = statement.where(events.c.event_id < before_id)
    if lookup.attribute is not None:
        statement = statement.where(_condition(lookup, *lookup.attribute))
    ids = list(connection.execute(statement.order_by(events.c.event_id.desc()).limit(limit)).scalars())
    rows = connection.execute(
        select(events)
        .where(
            events.c.account_id == lookup.account_id,
            events.c.region == lookup.region,
            events.c.event_id.in_(ids),
        )
        .order_by(events.c.event_id.desc())
    )
    about = _resources(connection, lookup, ids)
    return [FoundEvent(row, about.get(row.event_id, [])) for row in rows]


def prune_events(connection: Connection, now: datetime, limit: int) -> int:
    """Forget at most `limit` events older than CloudTrail keeps them; return how many rows were forgotten."""
    oldest = first_event_id(now - RETENTION)
    forgotten = 0
    for account_id, region in _trails(connection):
        for table in (event_resources, events):
            old = table.c.account_id == account_id, table.c.region == region, table.c.event_id < oldest
            forgotten += delete_some(connection, table, *old, limit=limit - forgotten)
            if forgotten >= limit:
                return forgotten
    return forgotten


def prune_last_accessed(connection: Connection, now: datetime, limit: int) -> int:
    """Forget at most `limit` of who used which service, and of the reports about it; return how many."""
    forgotten = delete_some(connection, service_uses, service_uses.c.used_at < now - TRACKING, limit=limit)
    old = last_accessed_jobs.c.created_at < now - JOB_LIFETIME
    return forgotten + delete_some(connection, last_accessed_jobs, old, limit=limit - forgotten)


def latest_event_at(connection: Connection) -> datetime | None:
    """Return when the latest event of all trails was; None where there is none."""
    latest = max((_latest_event_id(connection, *trail) for trail in _trails(connection)), default=None)
    return None if latest is None else datetime.fromtimestamp(event_time(latest) / 1000, UTC)


def _latest_event_id(connection: Connection, account_id: str, region: str) -> str:
    mine = events.c.account_id == account_id, events.c.region == region
    latest: str = connection.execute(select(func.max(events.c.event_id)).where(*mine)).scalar_one()
    return latest


def _trails(connection: Connection) -> Iterator[tuple[str, str]]:
    """Give each account and region that has events: a look into the index each, however many events there are."""
    account_id = region = ""
    next_account = select(func.min(events.c.account_id))
    next_region = select(func.min(events.c.region))
    while account_id := connection.scalar(next_account.where(events.c.account_id > account_id)) or "":
        mine = events.c.account_id == account_id
        while region := connection.scalar(next_region.where(mine, events.c.region > region)) or "":
            yield account_id, region


def _condition(lookup: Lookup, attribute: str, value: str) -> ColumnElement[bool]:
    match attribute:
        case "EventId":
            return events.c.event_id == value
        case "EventName":
            return events.c.event_name == value
        case "EventSource":
            return events.c.event_source == value
        case "Username":
            return events.c.user_name == value
        case "AccessKeyId":
            return events.c.access_key_id == value
        case "ReadOnly":
            return events.c.read_only.is_(value.lower() == "true")
        case _:
            column = event_resources.c.resource_type if attribute == "ResourceType" else event_resources.c.resource_name
            return events.c.event_id.in_(
                select(event_resources.c.event_id).where(
                    event_resources.c.account_id == lookup.account_id,
                    event_resources.c.region == lookup.region,
                    column == value,
                )
            )


def _resources(connection: Connection, lookup: Lookup, event_ids: list[str]) -> dict[str, list[tuple[str, str]]]:
    rows = connection.execute(
        select(event_resources).where(
            event_resources.c.account_id == lookup.account_id,
            event_resources.c.region == lookup.region,
            event_resources.c.event_id.in_(event_ids),
        )
    )
    about: dict[str, list[tuple[str, str]]] = {}
    for row in rows:
        about.setdefault(row.event_id, []).append((row.resource_type, row.resource_name))
    return about
