"""Flags that take a length of time."""

from __future__ import annotations

from datetime import timedelta

from keywright.client.cli.terminal import Exit, stop
from keywright.client.durations import DurationError, read_duration


def duration_of(text: str, flag: str) -> timedelta:
    """
    Read a length of time.

    Raises: Stop.
    """
    try:
        return read_duration(text, flag)
    except DurationError as error:
        stop(str(error), Exit.USAGE)
