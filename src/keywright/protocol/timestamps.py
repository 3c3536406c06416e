"""Moments in the formats that the models name: iso8601, rfc822, unixTimestamp."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime

_ISO = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(?:Z|([+-])(\d\d):?(\d\d))?", re.ASCII
)
_NUMBER = re.compile(r"-?\d{1,15}(?:\.\d{1,9})?", re.ASCII)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def parse_text(text: str) -> datetime:
    """
    Read a moment from any of the three formats; without an offset it is UTC.

    Raises: ValueError.
    """
    match = _ISO.fullmatch(text)
    if match is not None:
        return _from_iso(match)
    if _NUMBER.fullmatch(text):
        return from_number(float(text))
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (TypeError, IndexError, OverflowError) as cause:
        raise ValueError(f"no timestamp: {text!r}") from cause


def from_number(seconds: float) -> datetime:
    """
    Read a moment from seconds since 1970.

    Raises: ValueError where the calendar ends.
    """
    try:
        return _EPOCH + timedelta(seconds=seconds)
    except (OverflowError, ValueError) as cause:
        raise ValueError(f"no timestamp: {seconds!r}") from cause


def _from_iso(match: re.Match[str]) -> datetime:
    year, month, day, hour, minute, second, fraction, sign, offset_hours, offset_minutes = match.groups()
    micros = int((fraction or "0")[:6].ljust(6, "0"))
    moment = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0), micros, tzinfo=UTC)
    if sign is None:
        return moment
    offset = timedelta(hours=int(offset_hours), minutes=int(offset_minutes))
    try:
        return moment - offset if sign == "+" else moment + offset
    except OverflowError as cause:
        raise ValueError(f"no timestamp: {match.group()!r}") from cause


def to_iso(moment: datetime) -> str:
    """Write `2026-01-02T03:04:05Z`, as IAM and STS do."""
    return _utc(moment).isoformat(timespec="seconds")[:19] + "Z"


def to_iso_milliseconds(moment: datetime) -> str:
    """Write `2026-01-02T03:04:05.006Z`, as S3 does in its bodies."""
    return _utc(moment).isoformat(timespec="milliseconds")[:23] + "Z"


def to_iso_exact(moment: datetime) -> str:
    """Write `2026-01-02T03:04:05Z`, with milliseconds where there are any."""
    return to_iso_milliseconds(moment) if moment.microsecond else to_iso(moment)


def to_rfc822(moment: datetime) -> str:
    """Write `Fri, 02 Jan 2026 03:04:05 GMT`, as HTTP headers have it."""
    return format_datetime(_utc(moment), usegmt=True)


def to_number(moment: datetime) -> int | float:
    """Give seconds since 1970, whole where they are whole, else to the millisecond."""
    seconds = (_utc(moment) - _EPOCH).total_seconds()
    return int(seconds) if seconds.is_integer() else round(seconds, 3)


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is UTC:
        return moment
    if moment.tzinfo is None:
        raise ValueError("a naive datetime has no place on the wire")
    return moment.astimezone(UTC)
