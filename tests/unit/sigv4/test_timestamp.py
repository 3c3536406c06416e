"""The moment of signing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from keywright.sigv4.timestamp import format_amz_date, parse_amz_date, parse_http_date

MOMENT = datetime(2015, 8, 30, 12, 36, 0, tzinfo=UTC)


def test_both_forms_give_the_same_moment() -> None:
    """ISO basic and HTTP's date are one moment, and the string to sign has it in ISO basic."""
    iso = parse_amz_date(b"20150830T123600Z")

    assert iso == parse_http_date(b"Sun, 30 Aug 2015 12:36:00 GMT")
    assert iso == (b"20150830T123600Z", "20150830", MOMENT)
    assert format_amz_date(MOMENT) == "20150830T123600Z"


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"20150830T123600",
        b"20150830 123600Z",
        b"20150830T123600z",
        b"2015083aT123600Z",
        b"20150832T123600Z",
        b"20150830T123660Z",
        b"00000830T123600Z",
        b"2015+830T123600Z",
    ],
)
def test_anything_else_is_not_iso_basic(text: bytes) -> None:
    """A date in any other form, or of no calendar, is none."""
    assert parse_amz_date(text) is None


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"Sun, 30 Aug 2015 12:36:00 UTC",
        b"Sun, 30 Xxx 2015 12:36:00 GMT",
        b"Sun, 31 Feb 2015 12:36:00 GMT",
        b"Sun, 30 Aug 2015 12-36-00 GMT",
        b"Sun, 30 Aug 2015 1:236:00 GMT",
        b"Sun,  30 Aug 201512:36:00 GMT",
        b"Sunday, 30-Aug-15 12:36:00 GM",
    ],
)
def test_anything_else_is_not_an_http_date(text: bytes) -> None:
    """Only HTTP's preferred form is read."""
    assert parse_http_date(text) is None
