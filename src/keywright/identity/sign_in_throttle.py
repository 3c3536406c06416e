"""
Guessing is slowed down: per name that is tried, and per address that tries.

An attempt counts as failed from its beginning, so that a hundred at once are no way round, and is taken back when the
password was right. Who must wait is not looked at at all: no password is checked, no event is written, and the wait
does not grow. The counts are in the store, the same for every server process.
"""

from __future__ import annotations

import hashlib
import ipaddress
import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Row, delete, insert, select, update

from keywright.store.tables import sign_in_attempts

_FORGOTTEN_AFTER: Final = timedelta(hours=1)
_FIRST_WAIT_SECONDS: Final = 2


class Subject(NamedTuple):
    """What failed attempts are counted for."""

    key: str
    free: int
    """How many may fail before the first wait; each further one doubles it."""
    longest_wait_seconds: int


def user_subject(account: str, user_name: str) -> Subject:
    """Count for a user of an account, be there one or not."""
    return _name_subject("user", account, user_name.casefold())


def root_subject(email: str) -> Subject:
    """Count for a root user's e-mail address, be there one or not."""
    return _name_subject("root", email.casefold())


def address_subject(address: str) -> Subject:
    """Count for a client's address; of IPv6, for the network of 64 bits that a single client has for itself."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return Subject(_key("address", address), 30, 60)
    if parsed.version == 6:
        address = str(ipaddress.ip_network((parsed, 64), strict=False))
    return Subject(_key("address", address), 30, 60)


def begin_attempt(connection: Connection, subjects: Sequence[Subject], now: datetime) -> int | None:
    """Count an attempt as failed for now; or tell how many seconds there is to wait, and count nothing."""
    found = {subject: _find(connection, subject, now) for subject in subjects}
    wait = max(_wait_seconds(subject, row, now) for subject, row in found.items())
    if wait > 0:
        return math.ceil(wait)
    for subject, row in found.items():
        if row is None:
            # One that is forgotten may stand there yet.
            connection.execute(delete(sign_in_attempts).where(sign_in_attempts.c.subject == subject.key))
            connection.execute(
                insert(sign_in_attempts).values(subject=subject.key, failures=1, failed_at=now, failed_before=now)
            )
        else:
            connection.execute(
                update(sign_in_attempts)
                .where(sign_in_attempts.c.subject == subject.key)
                .values(failures=row.failures + 1, failed_at=now, failed_before=row.failed_at)
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


def prune_attempts(connection: Connection, now: datetime) -> None:
    """Forget attempts that are too old to count."""
    connection.execute(delete(sign_in_attempts).where(sign_in_attempts.c.failed_at < now - _FORGOTTEN_AFTER))


def _find(connection: Connection, subject: Subject, now: datetime) -> Row[Any] | None:
    return connection.execute(
        select(sign_in_attempts).where(
            sign_in_attempts.c.subject == subject.key, sign_in_attempts.c.failed_at >= now - _FORGOTTEN_AFTER
        )
    ).one_or_none()


def _wait_seconds(subject: Subject, row: Row[Any] | None, now: datetime) -> float:
    if row is None or row.failures < subject.free:
        return 0.0
    doublings = min(row.failures - subject.free, 16)
    wait = min(_FIRST_WAIT_SECONDS * 2**doublings, subject.longest_wait_seconds)
    return float((row.failed_at + timedelta(seconds=wait) - now).total_seconds())


def _name_subject(*parts: str) -> Subject:
    return Subject(_key(*parts), 5, 300)


def _key(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "replace")).hexdigest()
