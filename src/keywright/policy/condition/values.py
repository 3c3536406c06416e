"""
Read the values that conditions compare: numbers, dates, addresses, binary, booleans.

A reader gives None for text that is not such a value. What requests send repeats, so readings are kept.
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as Base64Error
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from functools import lru_cache
from ipaddress import IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

_NUMBER: Final = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")
_EPOCH: Final = re.compile(r"-?[0-9]{5,15}(?:\.[0-9]{1,9})?|-?[0-9]{1,3}")
_DATE: Final = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:?\d\d)?)?)?)?",
    re.ASCII,
)
_BOOLS: Final = {"true": True, "false": False}
_START: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


@lru_cache(maxsize=1024)
def read_number(text: str) -> Decimal | None:
    """Read an integer or a decimal."""
    return Decimal(text) if _NUMBER.fullmatch(text) else None


@lru_cache(maxsize=1024)
def read_date(text: str) -> Decimal | None:
    """
    Read a date as seconds since 1970: a W3C form of ISO 8601, or the seconds themselves.

    Four digits are a year, as the W3C note has it; what a form leaves out is the first instant, and the zone UTC.
    """
    if _EPOCH.fullmatch(text):
        return Decimal(text)
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    try:
        date = datetime(
            *(int(year), int(month or 1), int(day or 1), int(hour or 0), int(minute or 0), int(second or 0)),
            tzinfo=_read_zone(zone or "Z"),
        )
    except ValueError:
        return None
    return Decimal((date - _START) // _MICROSECOND) / 1_000_000 + Decimal(f"0.{fraction or 0}")


def _read_zone(text: str) -> timezone:
    """Read `Z`, `+hh:mm` or `+hhmm`; raises ValueError for a day or more."""
    if text == "Z":
        return UTC
    offset = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return timezone(-offset if text.startswith("-") else offset)


@lru_cache(maxsize=1024)
def read_address(text: str) -> tuple[int, int]:
    """
    Read an address as its IP version and its number; version 0 for what is no address.

    An IPv4 address in IPv6's clothes is the IPv4 address.
    """
    try:
        address = ip_address(text)
    except ValueError:
        return 0, 0
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        address = address.ipv4_mapped
    return address.version, int(address)


def read_network(text: str) -> IPv4Network | IPv6Network | None:
    """Read an address range in CIDR form; without a prefix length it is the one address."""
    if not text.partition("/")[2].isdecimal() and "/" in text:
        return None
    try:
        return ip_network(text, strict=False)
    except ValueError:
        return None


@lru_cache(maxsize=1024)
def read_binary(text: str) -> bytes | None:
    """Read base-64."""
    try:
        return b64decode(text, validate=True)
    except (Base64Error, ValueError):
        return None


def read_bool(text: str) -> bool | None:
    """Read `true` or `false`, in any case."""
    return _BOOLS.get(text.lower())
