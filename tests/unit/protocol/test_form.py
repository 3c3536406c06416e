"""Forms and query strings."""

from __future__ import annotations

from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keywright.protocol.form import MAX_FIELDS, decode_form, decode_pairs, percent_decode
from keywright.protocol.refusals import MalformedQueryString, RequestEntityTooLarge
from tests.unit.endings import must_end

texts = st.text(st.characters(exclude_categories=["Cs"]))


@given(st.dictionaries(texts.filter(bool), texts))
def test_any_form_is_read_back(fields: dict[str, str]) -> None:
    """Whatever urlencode writes, decode_form and decode_pairs read, in order."""
    raw = urlencode(fields).encode()
    assert list(decode_form(raw).items()) == list(fields.items())
    assert decode_pairs(raw) == list(fields.items())


@given(texts)
def test_any_text_is_percent_decoded(text: str) -> None:
    """Whatever quote writes, percent_decode reads, equals signs and newlines too."""
    assert percent_decode(quote(text, safe="=\n\r").encode()) == text


def test_plain_forms_take_the_short_way_to_the_same_end() -> None:
    """Fields without escapes, without a value, without anything, mean what they mean with escapes elsewhere."""
    assert decode_form(b"a=1&b&&c=d=e") == {"a": "1", "b": "", "c": "d=e"}
    assert decode_form(b"a=1&b&&c=d=e&x=%20") == {"a": "1", "b": "", "c": "d=e", "x": " "}
    assert decode_form(b"") == {}
    assert decode_form("ä=ö".encode()) == {"ä": "ö"}
    assert decode_pairs(b"a=1&a=2&&b") == [("a", "1"), ("a", "2"), ("b", "")]


@pytest.mark.parametrize("raw", [b"a=%", b"a=%4", b"a=%zz", b"a=%ff", b"%C3=1", b"a=\xff", b"a=%u0041"])
def test_wrong_encoding_is_refused(raw: bytes) -> None:
    """A stray percent sign, or bytes that are no UTF-8, are an error and not a guess."""
    for read in (decode_form, decode_pairs):
        with pytest.raises(MalformedQueryString):
            read(raw)


@pytest.mark.parametrize("raw", [b"a=1&a=2", b"a=1&%61=2", b"a&a"])
def test_a_name_that_comes_twice_is_refused(raw: bytes) -> None:
    """Of two values for one name neither is dropped in silence."""
    with pytest.raises(MalformedQueryString, match="twice"):
        decode_form(raw)


def test_the_number_of_fields_is_bounded() -> None:
    """One field more than the limit is refused, before any is decoded."""
    for read in (decode_form, decode_pairs):
        assert len(read(b"&".join(b"a%d" % number for number in range(MAX_FIELDS)))) == MAX_FIELDS
        with pytest.raises(RequestEntityTooLarge):
            read(b"&" * MAX_FIELDS)


def test_escapes_by_the_megabyte_are_cheap() -> None:
    """Ten megabytes of %41 are decoded, and do not explode."""
    with must_end():
        assert len(percent_decode(b"%41" * 3_300_000)) == 3_300_000
