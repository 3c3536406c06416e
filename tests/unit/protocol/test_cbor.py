"""CBOR: what it reads, what it refuses, and that it reads what it writes."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keywright.protocol.cbor import MAX_DEPTH, read_cbor, write_cbor
from keywright.protocol.refusals import SerializationException

pytestmark = pytest.mark.long

# Appendix A of RFC 8949, each as the value of the one member of a map.
KNOWN = {
    "00": 0,
    "17": 23,
    "1818": 24,
    "1903e8": 1000,
    "1a000f4240": 1000000,
    "1bffffffffffffffff": 18446744073709551615,
    "20": -1,
    "3903e7": -1000,
    "f93c00": 1.0,
    "fa47c35000": 100000.0,
    "fb3ff199999999999a": 1.1,
    "f4": False,
    "f5": True,
    "f6": None,
    "f7": None,
    "c11a514b67b0": 1363896240,
    "4401020304": b"\x01\x02\x03\x04",
    "60": "",
    "62c3bc": "ü",
    "83010203": [1, 2, 3],
    "a0": {},
    "a26161016162820203": {"a": 1, "b": [2, 3]},
    "5f42010243030405ff": b"\x01\x02\x03\x04\x05",
    "7f657374726561646d696e67ff": "streaming",
    "9f018202039f0405ffff": [1, [2, 3], [4, 5]],
    "bf6346756ef563416d7421ff": {"Fun": True, "Amt": -2},
}
BAD = {
    "a name that is no text": "a10101",
    "a name twice": "a2616101616102",
    "an unknown tag": "a16161c001",
    "an unknown simple value": "a16161f0",
    "a reserved length": "a161611c",
    "an endless integer": "a161611f",
    "a text that ends early": "a161616568656c",
    "an array that ends early": "a1616183",
    "an endless array without its break": "a161619f01",
    "an endless text of bytes": "a161617f4101ff",
    "a text that is no UTF-8": "a1616161ff",
    "something after the map": "a000",
    "a float that ends early": "a16161fb3ff1",
    "a break alone": "ff",
}


@pytest.mark.parametrize("written", KNOWN)
def test_what_the_standard_gives_is_read(written: str) -> None:
    """Every example of the standard that AWS's protocol can hold is read as it says."""
    assert read_cbor(b"\xa1\x61a" + bytes.fromhex(written)) == {"a": KNOWN[written]}


def test_no_body_is_an_empty_map() -> None:
    """A call without parameters may come without a body."""
    assert read_cbor(b"") == {}


@pytest.mark.parametrize("name", BAD)
def test_what_is_no_cbor_is_refused(name: str) -> None:
    """A body that is cut, wrong, or of another form is a SerializationException."""
    with pytest.raises(SerializationException) as caught:
        read_cbor(bytes.fromhex(BAD[name]))
    assert caught.value.message == "The request body is not valid CBOR"


def test_another_thing_than_a_map_is_refused() -> None:
    """The body of a request is a map."""
    with pytest.raises(SerializationException) as caught:
        read_cbor(b"\x80")
    assert caught.value.message == "The request body is not a map"


def test_depth_is_bounded() -> None:
    """Nesting ends before the reader's own stack does."""
    read_cbor(b"\xa1\x61a" * MAX_DEPTH + b"\xa0")
    with pytest.raises(SerializationException) as caught:
        read_cbor(b"\xa1\x61a" * (MAX_DEPTH + 1) + b"\xa0")
    assert caught.value.message == "The request body is nested too deeply"


values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**63), 2**64 - 1), st.text(max_size=300)),
    lambda inner: st.one_of(st.lists(inner, max_size=30), st.dictionaries(st.text(max_size=5), inner, max_size=5)),
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.text(max_size=5), values, max_size=3))
def test_what_is_written_is_read(value: dict[str, Any]) -> None:
    """Every answer is read as it was meant."""
    assert read_cbor(write_cbor(value)) == value


def test_what_cannot_be_written_is_an_error() -> None:
    """A value that no answer has is not guessed at."""
    with pytest.raises(ValueError, match="float"):
        write_cbor({"a": 1.5})


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    """No bytes make the reader raise anything but an AWS error."""
    with suppress(SerializationException):
        assert type(read_cbor(body)) is dict
