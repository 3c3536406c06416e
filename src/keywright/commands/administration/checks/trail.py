"""Every event can be read, and is where its time says."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import orjson
from sqlalchemy import Connection, select

from keywright.aws.clock import system_clock
from keywright.commands.administration.checks.problem import Problem
from keywright.store.tables import events
from keywright.trail.event import event_time

_CHECK: Final = "event"
_VERSION: Final = 7
_AHEAD: Final = timedelta(minutes=5)
_RESTORE: Final = "restore the last backup that `keywright check` finds nothing in; the event cannot be shown"


def check_events(connection: Connection) -> Iterator[Problem | None]:
    """Read every event; None for one that is good."""
    latest = system_clock() + _AHEAD
    query = select(events.c.account_id, events.c.region, events.c.event_id, events.c.event_name, events.c.record)
    for row in connection.execute(query, execution_options={"yield_per": 1000}):
        what = _wrong(row, latest)
        where = f"events/{row.account_id}/{row.region}/{row.event_id}"
        yield None if what is None else Problem(_CHECK, where, what, _RESTORE)


def _wrong(row: Any, latest: datetime) -> str | None:
    try:
        record = orjson.loads(row.record)
        said = datetime.fromisoformat(record["eventTime"])
        names = (record["eventID"], record["recipientAccountId"], record["awsRegion"], record["eventName"])
    except (orjson.JSONDecodeError, KeyError, TypeError, ValueError):
        return "its record is no event: it cannot be parsed"
    if names != (row.event_id, row.account_id, row.region, row.event_name):
        return f"its record is another event's, {names[0]}"
    try:
        is_ordered = uuid.UUID(row.event_id).version == _VERSION
    except ValueError:
        is_ordered = False
    if not is_ordered:
        return "its id does not begin with its time, so that it is out of order"
    at = datetime.fromtimestamp(event_time(row.event_id) // 1000, UTC)
    # The id's time is rounded to a millisecond, the record's cut off to a second.
    if at - said not in {timedelta(0), timedelta(seconds=1)}:
        return (
            f"its id says {at:%Y-%m-%dT%H:%M:%SZ} and its record {said:%Y-%m-%dT%H:%M:%SZ}, so that it is out of order"
        )
    if at > latest:
        return f"it is of {at:%Y-%m-%dT%H:%M:%SZ}, which is yet to come: the clock was wrong when it was written"
    return None
