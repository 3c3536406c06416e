"""
Guessing is slowed down: per name that is tried, and per address that tries.

An attempt counts as failed from its beginning, so that a hundred at once are no way round, and is taken back when the
password was right; with time failures are forgotten, one by one. Who must wait is not looked at at all: no password is
checked, no event is written, and the wait does not grow. The counts are in the store, the same for every process.
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from keywright.store.batches import delete_some
from keywright.store.tables import sign_in_attempts

_FIRST_WAIT_SECONDS: Final = 2
_MOST_WAITS: Final = 16
"""Beyond so many failures that were not free no more are counted: the wait has long been the longest."""
_KEPT: Final = timedelta(days=1)
"""By then the most that is counted is forgotten."""


class Subject(NamedTuple):
    """What failed attempts are counted for."""

    key: str
    free: int
    """How many may fail before the first wait; each further one doubles it."""
    longest_wait_seconds: int
    forgets_in: timedelta
    """How long it takes to forget one."""


def user_subject(account: str, user_name: str) -> Subject:
    """Count for a user of an account, be there one or not."""
    return _name_subject("user", account, user_name.casefold())


def root_subject(email: str) -> Subject:
    """Count for a root user's e-mail address, be there one or not."""
    return _name_subject("root", email.casefold())


def address_subject(address: str) -> Subject:
    """Count for a client's address; of IPv6, for the network of 64 bits that a single client has for itself."""
    return Subject(_key("address", _network_of(address)), 30, 60, timedelta(minutes=2))


def begin_attempt(connection: Connection, subjects: Sequence[Subject], now: datetime) -> int | None:
    """Count an attempt as failed for now; or tell how many seconds there is to wait, and count nothing."""
    found = {subject: _find(connection, subject, now) for subject in subjects}
    wait = max(_wait_seconds(subject, count, now) for subject, count in found.items())
    if wait > 0:
        return math.ceil(wait)
    for subject, count in found.items():
        if count is None:
            first = insert(sign_in_attempts).values(subject=subject.key, failures=1, failed_at=now, failed_before=now)
            connection.execute(first)
            continue
        failures = min(count.failures, subject.free + _MOST_WAITS) + 1
        connection.execute(
            update(sign_in_attempts)
            .where(sign_in_attempts.c.subject == subject.key)
            .values(failures=failures, failed_at=now, failed_before=count.since)
        )
    return None


def take_back(connection: Connection, subjects: Sequence[Subject]) -> None:
    """Say that an attempt was none that guesses; those before it still count."""
    connection.execute(
        update(sign_in_attempts)
        .where(sign_in_attempts.c.subject.in_([subject.key for subject in subjects]), sign_in_attempts.c.failures > 0)
        .values(failures=sign_in_attempts.c.failures - 1, failed_at=sign_in_attempts.c.failed_before)
    )


def forget(connection: Connection, subject: Subject) -> None:
    """Start counting anew for a name that has signed in."""
    connection.execute(delete(sign_in_attempts).where(sign_in_attempts.c.subject == subject.key))


def prune_attempts(connection: Connection, now: datetime, limit: int) -> int:
    """Drop at most `limit` of the counts that time has brought to nothing; return how many."""
    return delete_some(connection, sign_in_attempts, sign_in_attempts.c.failed_at < now - _KEPT, limit=limit)


class _Count(NamedTuple):
    failures: int
    """Those that are not forgotten."""
    since: datetime
    """The last failure, or when the last one was forgotten since."""
    failed_at: datetime


def _find(connection: Connection, subject: Subject, now: datetime) -> _Count | None:
    row = connection.execute(select(sign_in_attempts).where(sign_in_attempts.c.subject == subject.key)).one_or_none()
    if row is None:
        return None
    forgotten = max((now - row.failed_at) // subject.forgets_in, 0)
    since = row.failed_at + forgotten * subject.forgets_in
    return _Count(max(row.failures - forgotten, 0), since, row.failed_at)


def _wait_seconds(subject: Subject, count: _Count | None, now: datetime) -> float:
    if count is None or count.failures < subject.free:
        return 0.0
    wait = min(_FIRST_WAIT_SECONDS * 2 ** (count.failures - subject.free), subject.longest_wait_seconds)
    return (count.failed_at + timedelta(seconds=wait) - now).total_seconds()


def _network_of(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return address if parsed.version == 4 else str(ipaddress.ip_network((parsed, 64), strict=False))


def _name_subject(*parts: str) -> Subject:
    return Subject(_key(*parts), 5, 300, timedelta(minutes=12))


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()
