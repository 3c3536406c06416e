"""One-time codes, by RFC 6238's own test vectors."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from keywright.identity.totp import find_step, time_step, totp

SEED = b"12345678901234567890"


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_are_the_rfcs(seconds: int, code: str) -> None:
    """At the moments of RFC 6238's appendix B the codes are its last six digits, leading zeros and all."""
    assert totp(SEED, time_step(datetime.fromtimestamp(seconds, UTC))) == code


def test_the_nearest_step_is_found() -> None:
    """Codes in a row are found at the step of the first, before or after the middle, within reach and not beyond."""
    codes = totp(SEED, 1005), totp(SEED, 1006)
    assert find_step(SEED, codes, around=1000, reach=5) == 1005
    assert find_step(SEED, codes, around=1010, reach=5) == 1005
    assert find_step(SEED, codes, around=1000, reach=4) is None
    assert find_step(SEED, codes[::-1], around=1000, reach=20) is None
    assert find_step(SEED, codes[:1], around=1005, reach=0) == 1005
