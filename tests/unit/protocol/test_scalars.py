"""Scalars out of text."""

from __future__ import annotations

import pytest

from keywright.protocol.scalars import CONVERSIONS, to_blob, to_boolean, to_float, to_integer, to_long


@pytest.mark.parametrize(("text", "value"), [("1", 1.0), ("-1.5", -1.5), ("+.5", 0.5), ("1.", 1.0), ("1e3", 1000.0)])
def test_floats_are_decimal_and_finite(text: str, value: float) -> None:
    """Decimal notation with and without exponent is a number."""
    assert to_float(text) == value


@pytest.mark.parametrize("text", ["", ".", "NaN", "Infinity", "1e999", "0x1", "1_0", "\u0661", " 1", "1" * 500])
def test_what_is_no_float_is_refused(text: str) -> None:
    """Python's own liberties, and what is not finite, are a ValueError."""
    with pytest.raises(ValueError):
        to_float(text)


def test_integers_have_their_models_width() -> None:
    """An integer has 32 bits, a long 64, with their sign."""
    assert to_integer("-2147483648") == -(2**31)
    assert to_long("9223372036854775807") == 2**63 - 1
    for convert, text in ((to_integer, "2147483648"), (to_long, "-9223372036854775809"), (to_long, "")):
        with pytest.raises(ValueError):
            convert(text)


def test_booleans_and_blobs_are_strict() -> None:
    """XML Schema's four words, and base64 with its padding."""
    assert [to_boolean(text) for text in ("true", "1", "false", "0")] == [True, True, False, False]
    assert to_blob("AAE=") == b"\x00\x01"
    for convert, text in ((to_boolean, "True"), (to_blob, "AAE"), (to_blob, "A\u00e4=="), (to_blob, "A A=")):
        with pytest.raises(ValueError):
            convert(text)


def test_a_string_is_its_own_value() -> None:
    """Text needs no conversion."""
    assert CONVERSIONS["string"] is None
