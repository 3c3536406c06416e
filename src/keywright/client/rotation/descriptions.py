"""Carry a key's description over to the next: the same words, with new dates (`created=…`, `expires=…`)."""

from __future__ import annotations

from datetime import date
from typing import Final

from keywright.client.description import expiry, read_description

_SEPARATOR: Final = " / "
_DATES: Final = frozenset({"created", "expires"})


def carried_over(old: str | None, created: date, today: date, expires: str | None) -> str | None:
    """
    Say of the new key what was said of the old one; None where nothing was, and no expiry is asked for.

    A key that was to serve 90 days from `created` is to serve 90 days again. What somebody else wrote in words of
    their own stays as it is. Raises: DescriptionError.
    """
    end = expiry(expires, today).isoformat() if expires is not None else _end(old or "", created, today)
    if end is None and (old is None or not read_description(old)):
        return old
    kept = [part for part in (old or "").split(_SEPARATOR) if part and part.partition("=")[0] not in _DATES]
    dates = [f"created={today.isoformat()}", *([] if end is None else [f"expires={end}"])]
    return _SEPARATOR.join([*kept, *dates])


def _end(old: str, created: date, today: date) -> str | None:
    """Give the new key as many days as the old one had; None where it had no end."""
    try:
        days = date.fromisoformat(read_description(old).get("expires", "")) - created
    except ValueError:
        return None
    return (today + days).isoformat() if days.days > 0 else None
