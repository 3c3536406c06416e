"""
Read JSON and keep where every value stood.

The standard reader forgets positions, keeps the last of two equal keys and recurses as deep as it is told to. AWS
reports positions and refuses equal keys; size and depth are bounded here.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

MAX_CHARACTERS: Final = 262_144
"""The longest text read. The API takes 131,072 characters; the longest of AWS's own policies has 157,000."""
MAX_DEPTH: Final = 32
"""A policy nests six deep; no text may make the reader recurse further than this."""

_SPACE: Final = re.compile(r"[ \t\r\n]*")
_MARK: Final = re.compile(rf"{_SPACE.pattern}([]}},:]?)")
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_PLAIN: Final = re.compile(r'[^"\\\x00-\x1f]*')
_SIMPLE_STRING: Final = re.compile(f'{_SPACE.pattern}"({_PLAIN.pattern})"')
_HEX: Final = re.compile(r"[0-9a-fA-F]{4}")
_ESCAPES: Final = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_WORDS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None}


class NotJsonError(ValueError):
    """The text is not JSON, or is longer or deeper than we read; `offset` is where reading stopped."""

    def __init__(self, reason: str, offset: int) -> None:
        super().__init__(f"{reason} at character {offset}")
        self.offset = offset


class DuplicateKeyError(NotJsonError):
    """An object has the same key twice."""


class Number(NamedTuple):
    """A number as it was written: policies compare text, and a float would lose digits."""

    text: str


class Node(NamedTuple):
    """
    A value and its place: offsets into the text, `end` exclusive.

    A named tuple rather than a frozen dataclass: a policy has hundreds, and one costs a third.
    """

    value: str | Number | bool | list[Node] | dict[str, Node] | None
    start: int
    end: int


def read_json(text: str) -> Node:
    """
    Read one JSON value that fills the text.

    Raises: NotJsonError, DuplicateKeyError.
    """
    if len(text) > MAX_CHARACTERS:
        raise NotJsonError("longer than allowed", MAX_CHARACTERS)
    reader = _Reader(text)
    node = reader.value(0)
    if reader.skip_space() != len(text):
        raise NotJsonError("text after the value", reader.at)
    return node


class _Reader:
    """A cursor over the text."""

    __slots__ = ("at", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def skip_space(self) -> int:
        """Step over white space and give the new offset."""
        space = _SPACE.match(self.text, self.at)
        assert space is not None  # the pattern matches the empty string
        self.at = space.end()
        return self.at

    def value(self, depth: int) -> Node:
        """Read the next value."""
        quoted = self.quoted()
        if quoted is not None:
            return Node(*quoted, self.at)
        start = self.at
        first = self.text[start : start + 1]
        if first in ("{", "["):
            if depth == MAX_DEPTH:
                raise NotJsonError("nested too deeply", start)
            items = self.members(depth) if first == "{" else self.elements(depth)
            return Node(items, start, self.at)
        for word, meaning in _WORDS.items():
            if self.text.startswith(word, start):
                self.at += len(word)
                return Node(meaning, start, self.at)
        number = _NUMBER.match(self.text, start)
        if number is None:
            raise NotJsonError("no value", start)
        self.at = number.end()
        return Node(Number(number[0]), start, self.at)

    def take(self, marks: str) -> str:
        """Step over white space and, where one of the marks comes next, over it: give it, else nothing."""
        mark = _MARK.match(self.text, self.at)
        assert mark is not None  # the pattern matches the empty string
        if mark[1] in marks:
            self.at = mark.end()
            return mark[1]
        self.at = mark.start(1)
        return ""

    def elements(self, depth: int) -> list[Node]:
        """Read an array, the cursor on its bracket."""
        self.at += 1
        found: list[Node] = []
        if self.take("]"):
            return found
        while True:
            found.append(self.value(depth + 1))
            mark = self.take("],")
            if mark == "]":
                return found
            if not mark:
                raise NotJsonError("no comma or bracket", self.at)

    def members(self, depth: int) -> dict[str, Node]:
        """Read an object, the cursor on its brace."""
        self.at += 1
        found: dict[str, Node] = {}
        if self.take("}"):
            return found
        while True:
            quoted = self.quoted()
            if quoted is None:
                raise NotJsonError("no key", self.at)
            key, start = quoted
            if key in found:
                raise DuplicateKeyError(f"the key {key!r} appears twice", start)
            if not self.take(":"):
                raise NotJsonError("no colon", self.at)
            found[key] = self.value(depth + 1)
            mark = self.take("},")
            if mark == "}":
                return found
            if not mark:
                raise NotJsonError("no comma or brace", self.at)

    def quoted(self) -> tuple[str, int] | None:
        """Read the string that comes next, and give where it began; None, white space skipped, where there is none."""
        simple = _SIMPLE_STRING.match(self.text, self.at)
        if simple is not None:
            self.at = simple.end()
            return simple[1], simple.start(1) - 1
        start = self.skip_space()
        return (self.string(), start) if self.text.startswith('"', start) else None

    def string(self) -> str:
        """Read a string, the cursor on its opening quote."""
        self.at += 1
        parts: list[str] = []
        while True:
            plain = _PLAIN.match(self.text, self.at)
            assert plain is not None  # the pattern matches the empty string
            parts.append(plain[0])
            self.at = plain.end()
            stop = self.text[self.at : self.at + 1]
            if stop == '"':
                self.at += 1
                return "".join(parts)
            if stop != "\\":
                raise NotJsonError("unfinished string", self.at)
            parts.append(self.escape())

    def escape(self) -> str:
        """Read one escape, the cursor on its backslash; a surrogate pair is one character."""
        name = self.text[self.at + 1 : self.at + 2]
        if name in _ESCAPES:
            self.at += 2
            return _ESCAPES[name]
        unit = self.unit(self.at)
        self.at += 6
        if 0xD800 <= unit < 0xDC00:
            low = self.unit(self.at)
            if not 0xDC00 <= low < 0xE000:
                raise NotJsonError("half a surrogate pair", self.at)
            self.at += 6
            return chr(0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00))
        if 0xDC00 <= unit < 0xE000:
            raise NotJsonError("half a surrogate pair", self.at)
        return chr(unit)

    def unit(self, offset: int) -> int:
        r"""Read the \uXXXX at an offset."""
        digits = _HEX.match(self.text, offset + 2)
        if digits is None or not self.text.startswith("\\u", offset):
            raise NotJsonError("unknown escape", offset)
        return int(digits[0], 16)
