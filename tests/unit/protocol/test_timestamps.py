"""Moments on the wire."""

from __future__ import annotations

import contextlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keywright.protocol.timestamps import (
    from_number,
    parse_text,
    to_iso,
    to_iso_exact,
    to_iso_milliseconds,
    to_number,
    to_rfc822,
)

MOMENT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
moments = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))  # noqa: DTZ001


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-02T03:04:05Z",
        "2026-01-02T03:04:05",
        "2026-01-02T03:04:05.000Z",
        "2026-01-02T04:04:05+01:00",
        "2026-01-02T01:34:05-0130",
        "Fri, 02 Jan 2026 03:04:05 GMT",
        "Fri, 02 Jan 2026 03:04:05 -0000",
        "1767323045",
        "1767323045.0",
    ],
)
def test_all_formats_are_read(text: str) -> None:
    """ISO 8601 with and without offset, RFC 822 and seconds mean the same moment."""
    assert parse_text(text) == MOMENT
    assert parse_text(text).tzinfo is UTC


def test_minutes_alone_are_enough() -> None:
    """ISO 8601 may leave out the seconds."""
    assert parse_text("2026-01-02T03:04Z") == MOMENT.replace(second=0)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "yesterday",
        "2026-13-01T00:00:00Z",
        "2026-01-02",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-01:00",
        "999999999999999",
        "Fri, 99 Jan 2026 03:04:05 GMT",
        "Fri, 31 Dec 9999 23:59:59 -0100",
        "٢٠٢٦-01-02T03:04:05Z",
    ],
)
def test_what_is_no_moment_is_refused(text: str) -> None:
    """Nonsense, and moments beyond the calendar, are a ValueError and nothing else."""
    with pytest.raises(ValueError):
        parse_text(text)


def test_a_number_must_be_within_the_calendar() -> None:
    """Infinity and the far future are no moments."""
    for seconds in (float("inf"), float("nan"), 1e18):
        with pytest.raises(ValueError):
            from_number(seconds)


def test_each_format_is_written_as_aws_does() -> None:
    """IAM has no fraction, S3 milliseconds, headers RFC 822, JSON seconds."""
    moment = MOMENT.replace(microsecond=6789)
    assert to_iso(moment) == "2026-01-02T03:04:05Z"
    assert to_iso_milliseconds(moment) == "2026-01-02T03:04:05.006Z"
    assert to_iso_exact(moment) == "2026-01-02T03:04:05.006Z"
    assert to_iso_exact(MOMENT) == "2026-01-02T03:04:05Z"
    assert to_rfc822(moment) == "Fri, 02 Jan 2026 03:04:05 GMT"
    assert to_number(MOMENT) == 1767323045
    assert isinstance(to_number(MOMENT), int)
    assert to_number(moment) == 1767323045.007


def test_other_zones_are_written_as_utc_and_no_zone_not_at_all() -> None:
    """An aware moment is turned to UTC; a naive one is a mistake of ours."""
    assert to_iso(datetime(2026, 1, 2, 4, 4, 5, tzinfo=timezone(timedelta(hours=1)))) == "2026-01-02T03:04:05Z"
    with pytest.raises(ValueError, match="naive"):
        to_iso(datetime(2026, 1, 2))  # noqa: DTZ001


@given(moments)
def test_every_moment_is_read_back(moment: datetime) -> None:
    """What is written in any year, the first too, is read as the same moment, as far as the format goes."""
    assert parse_text(to_iso(moment)) == moment.replace(microsecond=0)
    assert parse_text(to_iso_milliseconds(moment)) == moment.replace(microsecond=moment.microsecond // 1000 * 1000)


@given(st.text(alphabet="0123456789-:TZ.+ GMTJanFri,", max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Any text is a moment or a ValueError."""
    with contextlib.suppress(ValueError):
        assert parse_text(text).tzinfo is UTC
