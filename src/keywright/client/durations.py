"""Lengths of time as people write them: `90d`, `12h`, `30m`, `45s`."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from keywright.client.errors import UsageError

_FORM: Final = re.compile(r"(\d{1,6})(s|m|h|d)?")
_SECONDS: Final = {"s": 1, "m": 60, "h": 3600, "d": 86400}
_MOST: Final = timedelta(days=3650)


class DurationError(UsageError):
    """A text is no length of time; the message says what is."""


def read_duration(text: str, flag: str, *, unit: str | None = None) -> timedelta:
    """
    Read a length of time; 0 needs no unit, nor does any number where `unit` says which is meant.

    Raises: DurationError.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None or (found[2] is None and unit is None and int(found[1])):
        raise DurationError(f"{flag} takes a length of time such as 90d, 12h, 30m or 45s, not {text!r}")
    duration = timedelta(seconds=int(found[1]) * _SECONDS[found[2] or unit or "s"])
    if duration > _MOST:
        raise DurationError(f"{flag} takes ten years at most, not {text!r}")
    return duration


def write_duration(duration: timedelta) -> str:
    """Write a length of time in the largest unit that it fills, and the next: `1h 30m`."""
    seconds = max(0, round(duration.total_seconds()))
    parts = []
    for unit in ("d", "h", "m", "s"):
        count, seconds = divmod(seconds, _SECONDS[unit])
        if count:
            parts.append(f"{count}{unit}")
    return " ".join(parts[:2]) or "0s"
