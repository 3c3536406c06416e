"""
Read the moment a request was signed.

    class Timestamp(NamedTuple)             text: b"20150830T123600Z", day: "20150830", moment: aware UTC
    def parse_amz_date(value) -> Timestamp | None
    def parse_http_date(value) -> Timestamp | None
    def format_amz_date(moment) -> str
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import NamedTuple

_ISO_BASIC_BYTES = 16
_HTTP_DATE_BYTES = 29
_MONTHS = (b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec")


class Timestamp(NamedTuple):
    """The moment of signing, in the forms that verification needs."""

    text: bytes
    """ISO 8601 basic, as the string to sign has it."""
    day: str
    """YYYYMMDD."""
    moment: datetime
    """Aware, UTC."""


def parse_amz_date(value: bytes) -> Timestamp | None:
    """Parse ISO 8601 basic format, `YYYYMMDDTHHMMSSZ`; None if it is anything else."""
    return _parse_iso_basic(value) if len(value) == _ISO_BASIC_BYTES else None


def parse_http_date(value: bytes) -> Timestamp | None:
    """Parse RFC 9110's preferred form, `Sun, 30 Aug 2015 12:36:00 GMT`; None if it is anything else."""
    return _parse_imf_fixdate(value) if len(value) == _HTTP_DATE_BYTES else None


def format_amz_date(moment: datetime) -> str:
    """Write an aware UTC moment in ISO 8601 basic format, as AWS's messages have it."""
    return moment.strftime("%Y%m%dT%H%M%SZ")


@lru_cache(maxsize=256)
def _parse_iso_basic(value: bytes) -> Timestamp | None:
    if value[8:9] != b"T" or value[15:] != b"Z":
        return None
    return _timestamp(value[0:4], value[4:6], value[6:8], (value[9:11], value[11:13], value[13:15]))


@lru_cache(maxsize=256)
def _parse_imf_fixdate(value: bytes) -> Timestamp | None:
    parts = value.split(b" ")
    if len(parts) != 6 or parts[5] != b"GMT" or parts[2] not in _MONTHS:
        return None
    return _timestamp(parts[3], b"%02d" % (_MONTHS.index(parts[2]) + 1), parts[1], tuple(parts[4].split(b":")))


def _timestamp(year: bytes, month: bytes, day: bytes, time: tuple[bytes, ...]) -> Timestamp | None:
    digits = (year, month, day, *time)
    if len(digits) != 6 or [len(d) for d in digits] != [4, 2, 2, 2, 2, 2] or not all(d.isdigit() for d in digits):
        return None
    try:
        moment = datetime(*(int(d) for d in digits), tzinfo=UTC)  # type: ignore[misc,arg-type]
    except ValueError:
        return None
    text = b"%b%b%bT%b%b%bZ" % digits
    return Timestamp(text, text[:8].decode(), moment)
