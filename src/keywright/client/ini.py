"""
Read an AWS file as botocore reads it, which is Python's RawConfigParser, with every line kept in its place.

Where the parser would give up ("Unable to parse config file", without a line number), this one notes the fault with its
line and reads on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

_LINE: Final = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_HEADER: Final = re.compile(r"\[(?P<name>.+)\]")
_OPTION: Final = re.compile(r"(?P<name>.*?)\s*[=:]\s*(?P<value>.*)$")
DEFAULTS: Final = "DEFAULT"
"""The parser's own section: its options count as every section's."""


class Fault(StrEnum):
    """What makes every AWS tool refuse the whole file."""

    TEXT_BEFORE_SECTION = "text-before-section"
    NO_DELIMITER = "no-delimiter"
    NO_NAME = "no-option-name"
    DUPLICATE_SECTION = "duplicate-section"
    DUPLICATE_OPTION = "duplicate-option"
    NESTED_WITHOUT_VALUE = "nested-without-value"


@dataclass(slots=True)
class Option:
    """An option with its value, which indented lines may continue."""

    name: str
    """In small letters, as the parser has it."""
    index: int
    """Its line, counted from 0."""
    continued: list[int] = field(default_factory=list)
    """The lines that continue it."""
    value: str = ""


@dataclass(slots=True)
class Section:
    """A header and what follows it, up to the next."""

    name: str
    """All that stands between the brackets."""
    index: int
    """The header's line, counted from 0."""
    end: int
    """The line after its last option: further ones go there."""
    options: dict[str, Option] = field(default_factory=dict)

    def value(self, option: str) -> str | None:
        """Give an option's value; None where it is missing."""
        found = self.options.get(option)
        return None if found is None else found.value


@dataclass(frozen=True, slots=True)
class Spoilt:
    """A line at which a parser gives up."""

    fault: Fault
    index: int
    first: int | None = None
    """The line of which it is the double."""


@dataclass(slots=True)
class Parsed:
    """What a file holds; sections that stand there twice are here twice."""

    sections: list[Section] = field(default_factory=list)
    faults: list[Spoilt] = field(default_factory=list)


def split_lines(text: str) -> list[str]:
    """Split a text where Python's text files do (not where `splitlines` does), keeping the line ends."""
    return _LINE.findall(text)


def is_comment(line: str) -> bool:
    """Tell whether the parser skips a line."""
    text = line.strip()
    return not text or text[0] in "#;"


def indent_of(line: str) -> int:
    """Count the white space before a line's text."""
    return len(line) - len(line.lstrip())


def value_in(line: str) -> str:
    """Give the value in an option's line, as the parser has it."""
    found = _OPTION.match(line.strip())
    return "" if found is None else found["value"]


def parse(lines: Sequence[str]) -> Parsed:
    """Read lines, which keep their ends."""
    parsed = Parsed()
    section: Section | None = None
    option: Option | None = None
    indent = 0
    for index, line in enumerate(lines):
        if is_comment(line):
            continue
        if section is not None and option is not None and indent_of(line) > indent:
            option.continued.append(index)
            section.end = index + 1
            continue
        indent, text = indent_of(line), line.strip()
        header = _HEADER.match(text)
        if header is not None:
            section, option = _open_section(parsed, header["name"], index), None
        elif section is None:
            parsed.faults.append(Spoilt(Fault.TEXT_BEFORE_SECTION, index))
        else:
            option = _open_option(parsed, section, text, index) or option
    for one in parsed.sections:
        for found in one.options.values():
            _read_value(parsed, found, lines)
    parsed.faults.sort(key=lambda spoilt: spoilt.index)
    return parsed


def _open_section(parsed: Parsed, name: str, index: int) -> Section:
    if name != DEFAULTS:
        first = next((one for one in parsed.sections if one.name == name), None)
        if first is not None:
            parsed.faults.append(Spoilt(Fault.DUPLICATE_SECTION, index, first.index))
    section = Section(name, index, index + 1)
    parsed.sections.append(section)
    return section


def _open_option(parsed: Parsed, section: Section, text: str, index: int) -> Option | None:
    found = _OPTION.match(text)
    section.end = index + 1
    if found is None:
        parsed.faults.append(Spoilt(Fault.NO_DELIMITER, index))
        return None
    name = found["name"].rstrip().lower()
    if not name:
        parsed.faults.append(Spoilt(Fault.NO_NAME, index))
        return None
    option = Option(name, index, value=found["value"])
    section.options.setdefault(name, option)
    first = next(one.options[name] for one in parsed.sections if one.name == section.name and name in one.options)
    if first is not option:
        parsed.faults.append(Spoilt(Fault.DUPLICATE_OPTION, index, first.index))
    return option


def _read_value(parsed: Parsed, option: Option, lines: Sequence[str]) -> None:
    """Put the lines of a value together; a value that begins on its second line holds options of its own."""
    if not option.continued:
        return
    nested = not option.value
    for index in range(option.index + 1, option.continued[-1] + 1):
        text = lines[index].strip()
        if text and text[0] in "#;":
            continue
        option.value += "\n" + text
        # The nested options are split by `splitlines`, which knows more line ends than files do.
        if nested and any(part.strip() and "=" not in part for part in text.splitlines()):
            parsed.faults.append(Spoilt(Fault.NESTED_WITHOUT_VALUE, index))
