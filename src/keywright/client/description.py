"""
Describe a key as the console does: by a tag of its user, named by the key's id (facts §2).

What the guide wants to be known of a key stands in its value, to be read by people and by us:
`purpose=CLI access / owner=alice / expires=2027-02-22`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Final

from keywright.client.errors import UsageError

_SEPARATOR: Final = " / "
_MAX: Final = 256
_DAYS: Final = re.compile(r"([1-9]\d{0,3})d")
_KEY_ID: Final = re.compile(r"AKIA[A-Z0-9]{12,124}")


class DescriptionError(UsageError):
    """A description cannot stand in a tag; the message says why."""


def describe(values: Mapping[str, str]) -> str:
    """
    Write a description.

    Raises: DescriptionError.
    """
    for name, value in values.items():
        for character in f"{name}{value}":
            # AWS: a tag's value is made of letters, digits, spaces and _.:/=+-@ (facts §6).
            if unicodedata.category(character)[0] not in "LNZ" and character not in "_.:/=+-@":
                raise DescriptionError(f"a tag cannot hold {character!r}: {name}={value}")
        if _SEPARATOR in value or value != value.strip() or not value or "=" in name:
            raise DescriptionError(f"a description cannot hold {name}={value!r}")
    text = _SEPARATOR.join(f"{name}={value}" for name, value in values.items())
    if len(text) > _MAX:
        raise DescriptionError(f"the description has {len(text)} characters, and a tag holds {_MAX}")
    return text


def read_description(text: str) -> dict[str, str]:
    """Read a description; what somebody else wrote gives whatever of it has our form."""
    return {name: value for name, is_ours, value in (part.partition("=") for part in text.split(_SEPARATOR)) if is_ours}


def expiry(text: str, today: date) -> date:
    """
    Read `90d`, or a day as 2027-02-22.

    Raises: DescriptionError.
    """
    days = _DAYS.fullmatch(text)
    try:
        day = today + timedelta(days=int(days[1])) if days else date.fromisoformat(text)
    except ValueError:
        raise DescriptionError(f"--expires takes 90d or 2027-02-22, not {text!r}") from None
    if day <= today:
        raise DescriptionError(f"{day} is not in the future")
    return day


def orphans(tags: Mapping[str, str], keys: list[str]) -> list[str]:
    """Give the tags that describe keys which are no more."""
    return [name for name in tags if _KEY_ID.fullmatch(name.upper()) and name.upper() not in keys]
