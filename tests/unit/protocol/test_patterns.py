"""Java's patterns in Python."""

from __future__ import annotations

import re
import unicodedata

import pytest

from keywright.aws.model import ServiceModel
from keywright.protocol.patterns import compile_pattern, translate
from tests.unit.endings import must_end


def test_every_pattern_of_every_model_compiles(models: dict[str, ServiceModel]) -> None:
    """No pattern in the models is left unchecked."""
    patterns = {shape.pattern for service in models.values() for shape in service.shapes.values() if shape.pattern}
    assert len(patterns) > 80
    for pattern in patterns:
        compile_pattern(pattern)


def test_every_pattern_takes_linear_time(models: dict[str, ServiceModel]) -> None:
    """Long values that almost fit do not make any pattern of the models backtrack its way through them."""
    patterns = {shape.pattern for service in models.values() for shape in service.shapes.values() if shape.pattern}
    values = [
        unit * (40_000 // len(unit)) + "\x00" for unit in ("a", "a-", "/a", "a:", "0", "a/", ".", "a1-", "https://")
    ]
    with must_end():
        for pattern in patterns:
            fits = compile_pattern(pattern)
            for value in values:
                fits(value)


def test_word_characters_are_ascii() -> None:
    r"""Java's `\w` and `\d` take no letters and digits beyond ASCII."""
    fits = compile_pattern(r"[\w+=,.@-]+")
    assert fits("Alice_1")
    assert not fits("älice")
    assert not compile_pattern(r"\d{12}")("١١١١٢٢٢٢٣٣٣٣")


def test_a_pattern_must_fit_from_end_to_end() -> None:
    """A newline at the end is not overlooked, as Python's `$` would."""
    assert not compile_pattern(r"^[a-z]+$")("abc\n")
    assert not compile_pattern(r"[a-z]+")("abc1")


def test_letters_numbers_and_separators_are_unicodes() -> None:
    r"""The class of tag keys takes exactly \p{L}, \p{Z}, \p{N} and the listed signs, for every code point there is."""
    fits = re.compile(translate(r"[\p{L}\p{Z}\p{N}_.:/=+\-@]+"))
    everything = "".join(chr(code) for code in range(0x110000))
    expected = {c for c in everything if unicodedata.category(c)[0] in "LZN" or c in "_.:/=+-@"}
    assert set("".join(fits.findall(everything))) == expected


def test_a_dot_stops_at_javas_line_terminators() -> None:
    """Java's dot leaves out five characters, unless the flag says otherwise; in a class it is a dot."""
    assert [c for c in "\n\r\x85\u2028\u2029\t" if compile_pattern(".")(c)] == ["\t"]
    assert compile_pattern("(?s).*")("a\nb")
    assert compile_pattern(r"[.]\.")("..")
    assert not compile_pattern(r"[.]\.")("ab")


def test_a_surrogate_pair_means_its_character() -> None:
    """CloudTrail's spelling of U+10000 to U+10FFFF takes a character beyond the basic plane."""
    fits = compile_pattern(r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\t]*")
    assert fits("plain 𝒳")
    assert not fits("\n")


@pytest.mark.parametrize("pattern", [r"\p{Lu}+", r"[\p{L}\p{Z}\p{N}_\d]", r"a\Z", r"[a&&b]", r"(?i)a", r"\h"])
def test_what_cannot_be_translated_is_refused(pattern: str) -> None:
    """A construct with another meaning in Python stops the start, instead of checking something else."""
    with pytest.raises(ValueError, match="no translation"):
        translate(pattern)
