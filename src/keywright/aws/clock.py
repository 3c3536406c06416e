"""Time, passed in: nothing in Keywright asks the machine for it but the server's edge."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def system_clock() -> datetime:
    """Tell the time (aware, UTC)."""
    return datetime.now(UTC)


def iso8601(moment: datetime) -> str:
    """Write a moment as AWS's APIs do: `2026-11-24T06:37:00Z`."""
    return f"{moment.isoformat('T', 'seconds')[:19]}Z"
