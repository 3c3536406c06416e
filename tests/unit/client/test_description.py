"""A key's description: what the guide wants to be known, in the one tag that the console has for it."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keywright.client.description import DescriptionError, describe, expiry, orphans, read_description

TODAY = date(2026, 11, 24)
# AWS: the pattern of a tag's value in botocore's model of IAM.
_AWS = re.compile(r"[\w\s.:/=+\-@]*")


def test_describe() -> None:
    """The description is readable, and reads back as what it was made of."""
    values = {"purpose": "CLI access", "owner": "ada@example.com", "expires": "2027-02-22"}
    text = describe(values)
    assert text == "purpose=CLI access / owner=ada@example.com / expires=2027-02-22"
    assert read_description(text) == values


@given(st.dictionaries(st.text("abc-_", min_size=1, max_size=8), st.text(max_size=20), max_size=6))
def test_whatever_is_described_reads_back(values: dict[str, str]) -> None:
    """Any values are either refused or come back, in a tag that AWS takes."""
    try:
        text = describe(values)
    except DescriptionError:
        return
    assert read_description(text) == values
    assert len(text) <= 256
    assert _AWS.fullmatch(text) or any(ord(character) > 127 for character in text)


@pytest.mark.parametrize("value", ["", " x", "x ", "a / b", "a,b", "a\nb", "x" * 256, "<x>"])
def test_values_that_a_tag_cannot_hold(value: str) -> None:
    """What AWS refuses, or would not read back, is refused before a key is made."""
    with pytest.raises(DescriptionError):
        describe({"purpose": value})


def test_what_others_wrote() -> None:
    """A description that was typed into the console has none of our values, and is no error."""
    assert read_description("my laptop") == {}
    assert read_description("my laptop / owner=ada") == {"owner": "ada"}


def test_expiry() -> None:
    """Days are counted from today, dates are taken as they are; neither may be past."""
    assert expiry("90d", TODAY) == date(2027, 2, 22)
    assert expiry("2027-01-01", TODAY) == date(2027, 1, 1)
    for wrong in ("", "0d", "d", "90", "-1d", "tomorrow", "2026-11-24", "2020-01-01", "2027-13-01"):
        with pytest.raises(DescriptionError):
            expiry(wrong, TODAY)


def test_orphans() -> None:
    """A tag named by a key that is no more is left over; tags of another kind are not ours to judge."""
    tags = {"AKIAQQQQQQQQQQQQQQQQ": "old", "akiaxyaflig2dfbkvwhj": "kept", "team": "blue", "AKIA": "a word"}
    assert orphans(tags, ["AKIAXYAFLIG2DFBKVWHJ"]) == ["AKIAQQQQQQQQQQQQQQQQ"]
