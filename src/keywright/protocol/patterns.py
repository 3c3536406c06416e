r"""
The models' patterns, which are Java's, as Python's.

Both languages read most of them alike, provided that `\w`, `\d` and `\s` mean ASCII. What differs is translated; what
is neither understood nor translated is refused when the model is compiled.
"""

from __future__ import annotations

import re
from collections.abc import Callable

# AWS: tag keys and values. Python's Unicode `\w` is exactly \p{L}, \p{N} and the underscore (a test compares all code
# points); \p{Z} is spelled out.
_LETTERS_SEPARATORS_NUMBERS = r"\p{L}\p{Z}\p{N}_"
_SEPARATORS = "\u0020\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
_SURROGATE_PAIR = re.compile(r"\\u(D[89AB][0-9A-F]{2})\\u(D[C-F][0-9A-F]{2})", re.IGNORECASE)
_CLASS_OR_ESCAPE_OR_DOT = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]|\.")
_DOT = r"[^\n\r\x85\u2028\u2029]"
"""Java's `.`: not one of five line terminators, where Python's leaves out the line feed only."""

_INLINE_DOT_ALL = "(?s)"


def translate(pattern: str) -> str:
    """
    Write a Java pattern as a Python one of the same meaning, flags inline.

    Raises: ValueError for a construct that has no translation here.
    """
    if _LETTERS_SEPARATORS_NUMBERS in pattern:
        translated = pattern.replace(_LETTERS_SEPARATORS_NUMBERS, r"\w" + _SEPARATORS)
        # Unicode `\w` would widen any other shorthand in the same pattern.
        if re.search(r"\\[wdsWDSpP]", pattern.replace(_LETTERS_SEPARATORS_NUMBERS, "")):
            raise ValueError(f"no translation of the pattern {pattern!r}")
        return translated
    if re.search(r"\\[pPRhHXkGZz]|\(\?[^:!=<s]|&&|\[\[", pattern):
        raise ValueError(f"no translation of the pattern {pattern!r}")
    if pattern.startswith(_INLINE_DOT_ALL):
        return "(?as)" + _join_surrogates(pattern.removeprefix(_INLINE_DOT_ALL))
    return "(?a)" + _CLASS_OR_ESCAPE_OR_DOT.sub(_narrow_dot, _join_surrogates(pattern))


def compile_pattern(pattern: str) -> Callable[[str], object]:
    """Give the test of a whole value against a Java pattern: truthy where it matches from end to end."""
    return re.compile(translate(pattern)).fullmatch


def _join_surrogates(pattern: str) -> str:
    # AWS: CloudTrail's PartitionKeyName spells U+10000 as two escapes; Java reads a pair as the one character it means.
    return _SURROGATE_PAIR.sub(_code_point, pattern)


def _code_point(pair: re.Match[str]) -> str:
    high, low = (int(half, 16) for half in pair.groups())
    return f"\\U{0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00):08x}"


def _narrow_dot(token: re.Match[str]) -> str:
    return _DOT if token.group() == "." else token.group()
