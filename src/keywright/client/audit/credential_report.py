"""
Have IAM make its credential report, and read it.

AWS: its columns are read by name, for there may be more; dates end in Z or +00:00; what is not there is `N/A`,
`no_information` or `not_supported`; booleans come in small letters, and in capitals (facts §4).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from botocore.exceptions import ClientError

ROOT: Final = "<root_account>"
_NOTHING: Final = frozenset({"", "N/A", "no_information", "not_supported"})
_WAITS_SECONDS: Final = (0.2, 0.3, 0.5, 1, 2, 3, 5, 5, 5, 5, 10, 10, 10)
_NOT_YET: Final = frozenset({"ReportInProgress", "ReportNotPresent", "ReportExpired"})
"""AWS: with the suffix `Exception` in some answers (facts §4)."""


@dataclass(frozen=True, slots=True)
class ReportedKey:
    """A key as the report has it: without its id."""

    is_active: bool
    made_at: datetime | None
    last_used_at: datetime | None
    last_used_service: str | None
    last_used_region: str | None


@dataclass(frozen=True, slots=True)
class ReportedUser:
    """A row; what is None does not stand there."""

    name: str
    arn: str
    created_at: datetime | None
    has_password: bool | None
    password_last_used_at: datetime | None
    password_changed_at: datetime | None
    has_mfa: bool | None
    keys: tuple[ReportedKey, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The report."""

    made_at: datetime
    users: Mapping[str, ReportedUser]

    @property
    def root(self) -> ReportedUser | None:
        """Give the root user's row."""
        return self.users.get(ROOT)


def fetch_report(iam: Any, sleep: Callable[[float], None]) -> Report:
    """
    Have the report made, wait for it, and read it.

    Raises: BotoCoreError; ClientError; TimeoutError; ValueError.
    """
    for wait in _WAITS_SECONDS:
        if iam.generate_credential_report()["State"] == "COMPLETE":
            try:
                answer = iam.get_credential_report()
            except ClientError as error:
                if error.response["Error"]["Code"].removesuffix("Exception") not in _NOT_YET:
                    raise
            else:
                return Report(answer["GeneratedTime"], parse_report(answer["Content"].decode()))
        sleep(wait)
    raise TimeoutError("the credential report was not ready within a minute")


def parse_report(text: str) -> dict[str, ReportedUser]:
    """
    Read the report's rows, by user.

    Raises: ValueError.
    """
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    if not {"user", "arn"} <= set(reader.fieldnames or ()):
        raise ValueError("the credential report has no columns `user` and `arn`")
    return {row["user"]: _user(row) for row in reader}


def _user(row: Mapping[str, str]) -> ReportedUser:
    return ReportedUser(
        row["user"],
        row["arn"],
        _moment(row, "user_creation_time"),
        _truth(row, "password_enabled"),
        _moment(row, "password_last_used"),
        _moment(row, "password_last_changed"),
        _truth(row, "mfa_active"),
        tuple(key for slot in (1, 2) if (key := _key(row, f"access_key_{slot}_")) is not None),
    )


def _key(row: Mapping[str, str], prefix: str) -> ReportedKey | None:
    """Read one of the two slots; None: it is empty."""
    is_active, made_at = _truth(row, prefix + "active"), _moment(row, prefix + "last_rotated")
    if not is_active and made_at is None:
        return None
    return ReportedKey(
        bool(is_active),
        made_at,
        _moment(row, prefix + "last_used_date"),
        _text(row, prefix + "last_used_service"),
        _text(row, prefix + "last_used_region"),
    )


def _text(row: Mapping[str, str], column: str) -> str | None:
    text = (row.get(column) or "").strip()
    return None if text in _NOTHING else text


def _truth(row: Mapping[str, str], column: str) -> bool | None:
    text = _text(row, column)
    return None if text is None else text.lower() == "true"


def _moment(row: Mapping[str, str], column: str) -> datetime | None:
    text = _text(row, column)
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
