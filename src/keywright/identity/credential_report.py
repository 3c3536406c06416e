"""
The credential report: every user of an account and the state of their credentials, as CSV (facts §4).

It is made a few users at a time, and rests in between for longer than it works, so that an account of 100,000 users is
reported on in half a minute and nobody notices.
"""

from __future__ import annotations

import time
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import BindParameter, Connection, Row, Select, and_, bindparam, exists, or_, select, update

from keywright.aws.arn import iam_arn, root_arn
from keywright.aws.clock import iso8601
from keywright.identity.mfa import Bearer, has_mfa
from keywright.identity.password_policy import PasswordPolicy, find_password_policy
from keywright.store.tables import (
    access_keys,
    accounts,
    credential_reports,
    login_profiles,
    mfa_devices,
    signing_certificates,
    users,
)

LIFETIME: Final = timedelta(hours=4)
"""How long a report is given out, and no new one made."""
_ABANDONED: Final = timedelta(minutes=10)
"""After how long a report that was claimed and never came is somebody else's to make."""
CHUNK: Final = 15
"""Users at a time: few enough that nobody waits for the interpreter while they are written."""
_REST: Final = 3.0
"""How long to rest after each chunk, as a multiple of the time that it took."""
_ABSENT: Final = "N/A"
_NEVER: Final = "no_information"
_KEY_COLUMNS: Final = ("active", "last_rotated", "last_used_date", "last_used_region", "last_used_service")
HEADER: Final = ",".join(
    (
        *("user", "arn", "user_creation_time"),
        *("password_enabled", "password_last_used", "password_last_changed", "password_next_rotation", "mfa_active"),
        *(f"access_key_{number}_{column}" for number in (1, 2) for column in _KEY_COLUMNS),
        *(f"cert_{number}_{column}" for number in (1, 2) for column in ("active", "last_rotated")),
    )
)


class _Reading(NamedTuple):
    """The statements that read keys and certificates, made once for a report: that takes as long as to run them."""

    keys: Select[Any]
    certificates: Select[Any]

    @classmethod
    def of(cls, keys_where: Iterable[Any], certificates_where: Iterable[Any]) -> _Reading:
        """Make those for the keys and the certificates that meet conditions."""
        keys = select(
            access_keys.c.user_id,
            access_keys.c.status,
            access_keys.c.created_at,
            access_keys.c.last_used_at,
            access_keys.c.last_used_region,
            access_keys.c.last_used_service,
        ).order_by(access_keys.c.access_key_id)
        certificates = select(
            signing_certificates.c.user_id, signing_certificates.c.status, signing_certificates.c.created_at
        ).order_by(signing_certificates.c.created_at, signing_certificates.c.certificate_id)
        return cls(keys.where(*keys_where), certificates.where(*certificates_where))

    def read(self, connection: Connection, parameters: Mapping[str, Any]) -> _Held:
        """Read them, by user."""
        found = (connection.execute(statement, parameters) for statement in self)
        return _Held(*map(_by_user, found))


class _Held(NamedTuple):
    """The keys and certificates of some users, by user id; None is the root user's."""

    keys: dict[str | None, list[Row[Any]]]
    certificates: dict[str | None, list[Row[Any]]]


def find_requested(connection: Connection, now: datetime) -> str | None:
    """Find an account whose report is to be made, and by nobody yet."""
    return connection.execute(
        select(credential_reports.c.account_id).where(_is_to_be_made(now)).limit(1)
    ).scalar_one_or_none()


def claim(connection: Connection, account_id: str, now: datetime) -> bool:
    """Take it upon oneself to make an account's report, unless somebody was faster."""
    claimed = connection.execute(
        update(credential_reports)
        .where(credential_reports.c.account_id == account_id, _is_to_be_made(now))
        .values(claimed_at=now)
    ).rowcount
    return claimed == 1


def release(connection: Connection, account_id: str) -> None:
    """Leave an account's report to somebody else."""
    connection.execute(
        update(credential_reports).where(credential_reports.c.account_id == account_id).values(claimed_at=None)
    )


def make_report(connection: Connection, account_id: str, rest: Callable[[float], None] = time.sleep) -> bytes:
    """Write an account's report (CSV, compressed by zlib) on one snapshot, resting in between."""
    compressor = zlib.compressobj(1)
    policy = find_password_policy(connection, account_id)
    written = [compressor.compress(f"{HEADER}\n{_root_row(connection, account_id)}".encode())]
    ids: BindParameter[Any] = bindparam("ids", expanding=True)
    reading = _Reading.of((access_keys.c.user_id.in_(ids),), (signing_certificates.c.user_id.in_(ids),))
    began = time.monotonic()
    for chunk in _chunks_of_users(connection, account_id):
        held = reading.read(connection, {"ids": [user.user_id for user in chunk]})
        rows = "".join(f"\n{row}" for row in _user_rows(account_id, chunk, held, policy))
        written.append(compressor.compress(rows.encode()))
        rest((time.monotonic() - began) * _REST)
        began = time.monotonic()
    written.append(compressor.flush())
    return b"".join(written)


def store_report(connection: Connection, account_id: str, content: bytes, now: datetime) -> None:
    """Put down a report that is made."""
    connection.execute(
        update(credential_reports)
        .where(credential_reports.c.account_id == account_id)
        .values(content=content, generated_at=now)
    )


def _is_to_be_made(now: datetime) -> Any:
    return and_(
        credential_reports.c.generated_at.is_(None),
        or_(credential_reports.c.claimed_at.is_(None), credential_reports.c.claimed_at < now - _ABANDONED),
    )


def _chunks_of_users(connection: Connection, account_id: str) -> Iterator[Sequence[Row[Any]]]:
    """Read an account's users by name, some at a time, with what the report says of their passwords."""
    has_device = exists().where(mfa_devices.c.user_id == users.c.user_id)
    statement = (
        select(
            users.c.user_id,
            users.c.user_name,
            users.c.user_name_key,
            users.c.path,
            users.c.created_at,
            users.c.password_last_used,
            login_profiles.c.password_changed_at,
            has_device.label("mfa_active"),
        )
        .outerjoin(login_profiles, login_profiles.c.user_id == users.c.user_id)
        .where(users.c.account_id == account_id, users.c.user_name_key > bindparam("after"))
        .order_by(users.c.user_name_key)
        .limit(CHUNK)
    )
    after = ""
    while chunk := connection.execute(statement, {"after": after}).all():
        yield chunk
        after = chunk[-1].user_name_key


def _root_row(connection: Connection, account_id: str) -> str:
    account = connection.execute(
        select(accounts.c.created_at, accounts.c.root_password_last_used).where(accounts.c.account_id == account_id)
    ).one()
    reading = _Reading.of(
        (access_keys.c.account_id == account_id, access_keys.c.user_id.is_(None)),
        (signing_certificates.c.account_id == account_id, signing_certificates.c.user_id.is_(None)),
    )
    held = reading.read(connection, {})
    created_at = iso8601(account.created_at)
    last_used = account.root_password_last_used
    fields = [
        "<root_account>",
        root_arn(account_id),
        created_at,
        "true",
        _NEVER if last_used is None else iso8601(last_used),
        created_at,
        "not_supported",
        _boolean(has_mfa(connection, Bearer(account_id, None))),
        *_held_fields(held, None),
    ]
    return ",".join(fields)


def _user_rows(account_id: str, chunk: Sequence[Row[Any]], held: _Held, policy: PasswordPolicy | None) -> Iterator[str]:
    for user in chunk:
        fields = [
            _quoted(user.user_name),
            _quoted(iam_arn(account_id, "user", user.path, user.user_name)),
            iso8601(user.created_at),
            *_password_fields(user, policy),
            _boolean(user.mfa_active),
            *_held_fields(held, user.user_id),
        ]
        yield ",".join(fields)


def _by_user(rows: Iterable[Any]) -> dict[str | None, list[Row[Any]]]:
    found: dict[str | None, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        found[row.user_id].append(row)
    return found


def _password_fields(user: Row[Any], policy: PasswordPolicy | None) -> tuple[str, str, str, str]:
    changed_at = user.password_changed_at
    if changed_at is None:
        return "false", _ABSENT, _ABSENT, _ABSENT
    used = _NEVER if user.password_last_used is None else iso8601(user.password_last_used)
    expires_at = None if policy is None else policy.expires_at(changed_at)
    return "true", used, iso8601(changed_at), _moment(expires_at)


def _held_fields(held: _Held, user_id: str | None) -> list[str]:
    fields: list[str] = []
    keys = held.keys[user_id]
    for place in range(2):
        if place < len(keys):
            key = keys[place]
            fields += _status(key.status), iso8601(key.created_at), _moment(key.last_used_at)
            fields += key.last_used_region or _ABSENT, key.last_used_service or _ABSENT
        else:
            fields += "false", *[_ABSENT] * 4
    certificates = held.certificates[user_id]
    for place in range(2):
        if place < len(certificates):
            fields += _status(certificates[place].status), iso8601(certificates[place].created_at)
        else:
            fields += "false", _ABSENT
    return fields


def _status(status: str) -> str:
    return _boolean(status == "Active")


def _boolean(value: bool) -> str:  # noqa: FBT001 - a column's value, not a switch
    return "true" if value else "false"


def _moment(moment: datetime | None) -> str:
    return _ABSENT if moment is None else iso8601(moment)


def _quoted(text: str) -> str:
    """Quote a name that CSV would take apart: a comma may be in one, and a quotation mark in a path."""
    if "," not in text and '"' not in text:
        return text
    return '"' + text.replace('"', '""') + '"'
