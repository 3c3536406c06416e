"""Find the statements of a policy's text, each with its place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

_SPACE: Final = re.compile(r"[ \t\r\n]*")


@dataclass(frozen=True, slots=True)
class PlacedStatement:
    """A statement, and where it stands; lines and columns from 1, of its opening brace."""

    number: int
    line: int
    column: int
    end_line: int
    end_column: int
    text: str
    members: dict[str, Any]

    @property
    def sid(self) -> str | None:
        """Give its Sid."""
        sid = self.members.get("Sid")
        return sid if isinstance(sid, str) else None

    def spans(self, line: int, column: int) -> bool:
        """Tell whether a place is in it."""
        return (self.line, self.column) <= (line, column) <= (self.end_line, self.end_column)


def statements(text: str) -> list[PlacedStatement]:
    """Read a policy's statements; a text that is no policy has none."""
    try:
        return [_placed(text, number, *one) for number, one in enumerate(_spans(text), 1)]
    except (ValueError, IndexError, RecursionError):
        return []


def _spans(text: str) -> Iterator[tuple[int, int, dict[str, Any]]]:
    """
    Give the offsets of each statement.

    Raises: ValueError; IndexError.
    """
    decoder = json.JSONDecoder()
    at = _expect(text, 0, "{")
    while True:
        key, at = decoder.raw_decode(text, _after_space(text, at))
        at = _after_space(text, _expect(text, at, ":"))
        if key == "Statement":
            many = text[at] == "["
            at += many
            while True:
                start = _after_space(text, at)
                if many and text[start] == "]":
                    return
                members, at = decoder.raw_decode(text, start)
                if not isinstance(members, dict):
                    raise ValueError(text[start:at])  # noqa: TRY004 - the text is wrong, not a type
                yield start, at, members
                at = _after_space(text, at)
                if not many or text[at] != ",":
                    return
                at += 1
        _, at = decoder.raw_decode(text, at)
        at = _expect(text, at, ",")


def _after_space(text: str, at: int) -> int:
    space = _SPACE.match(text, at)
    assert space is not None  # the pattern matches the empty string
    return space.end()


def _expect(text: str, at: int, character: str) -> int:
    at = _after_space(text, at)
    if text[at] != character:
        raise ValueError(character)
    return at + 1


def _placed(text: str, number: int, start: int, end: int, members: dict[str, Any]) -> PlacedStatement:
    return PlacedStatement(number, *_place(text, start), *_place(text, end), text[start:end], members)


def _place(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)
