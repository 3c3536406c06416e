"""One-time codes from a shared seed and the time (RFC 6238 over RFC 4226: HMAC-SHA1, six digits, 30 seconds)."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from datetime import datetime
from typing import Final

STEP_SECONDS: Final = 30
_DIGITS: Final = 6


def time_step(moment: datetime) -> int:
    """Count the 30-second steps from 1970 to a moment."""
    return int(moment.timestamp()) // STEP_SECONDS


def totp(seed: bytes, step: int) -> str:
    """Give the six digits that a device with this seed shows during a step."""
    digest = hmac.digest(seed, step.to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return f"{number % 10**_DIGITS:0{_DIGITS}}"


def find_step(seed: bytes, codes: tuple[str, ...], around: int, reach: int) -> int | None:
    """
    Find the step in which a device shows the first of these codes, the others in the steps right after it.

    Looks from `around` outwards, at most `reach` steps each way. None where there is no such step.
    """
    for step in _outwards(around, reach):
        shown = (totp(seed, step + place) for place in range(len(codes)))
        if all(hmac.compare_digest(one, code) for one, code in zip(shown, codes, strict=True)):
            return step
    return None


def _outwards(middle: int, reach: int) -> Iterator[int]:
    yield middle
    for distance in range(1, reach + 1):
        yield middle - distance
        yield middle + distance
