"""
Change one thing in the lines of an AWS file, and leave every other byte as it is.

The lines must be free of faults (`ini.parse`): `aws_files` sees to that.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from keywright.client.ini import Section, indent_of, is_comment

_BEFORE_VALUE: Final = re.compile(r"\s*[^=:]*?\s*[=:][ \t]*")
_BRACKETS: Final = re.compile(r"\[.+\]")


def set_options(lines: list[str], section: Section | None, header: str, options: Mapping[str, str]) -> None:
    """Set options of a section, which is made at the end of the file where there is none."""
    newline = newline_of(lines)
    if section is None:
        _end_line(lines, len(lines) - 1, newline)
        if lines and lines[-1].strip():
            lines.append(newline)
        lines.append(f"[{header}]{newline}")
        section = Section(header, len(lines) - 1, len(lines))
    missing = [name for name in options if name not in section.options]
    indent = _indent_for_more(lines, section)
    _end_line(lines, section.end - 1, newline)
    lines[section.end : section.end] = [f"{indent}{name} = {options[name]}{newline}" for name in missing]
    _change(lines, section, {name: value for name, value in options.items() if name not in missing})


def unset_options(lines: list[str], section: Section, names: Iterable[str]) -> None:
    """Take options out of a section, with the lines that continue them."""
    gone = [section.options[name] for name in names if name in section.options]
    for index in sorted((index for option in gone for index in (option.index, *option.continued)), reverse=True):
        del lines[index]


def rename_section(lines: list[str], section: Section, header: str) -> None:
    """Give a section another header; what else stands in its line stays."""
    lines[section.index] = _BRACKETS.sub(lambda _found: f"[{header}]", lines[section.index], count=1)


def delete_section(lines: list[str], section: Section) -> None:
    """Take a section out, with the comments in it and right below it, and the gap that it leaves."""
    end = section.end
    below = end
    while below < len(lines) and lines[below].strip() and is_comment(lines[below]):
        below += 1
    # A comment that touches the next header is about what comes next.
    if below == len(lines) or not lines[below].strip():
        end = below
    while end < len(lines) and not lines[end].strip():
        end += 1
    del lines[section.index : end]
    if section.index == len(lines):
        while lines and not lines[-1].strip():
            lines.pop()


def newline_of(lines: list[str]) -> str:
    """Give the line end that a file uses."""
    return "\r\n" if any(line.endswith("\r\n") for line in lines) else "\n"


def _indent_for_more(lines: list[str], section: Section) -> str:
    """Give a further option's indent: deeper than the option before it would continue that one's value."""
    if section.options:
        line = lines[max(option.index for option in section.options.values())]
    else:
        # A header deeper than the option before it would be taken for a value.
        line = next((line for line in lines[section.end :] if not is_comment(line)), "")
    return line[: indent_of(line)]


def _change(lines: list[str], section: Section, options: Mapping[str, str]) -> None:
    continued: list[int] = []
    for name, value in options.items():
        option = section.options[name]
        line = lines[option.index]
        if option.value == value:
            continue
        before = _BEFORE_VALUE.match(line)
        assert before is not None  # INVARIANT: an option's line has a delimiter
        space = " " if before[0].endswith((" =", " :")) else ""
        ending = line[len(line.rstrip("\r\n")) :]
        lines[option.index] = f"{before[0]}{space}{value}{ending}"
        continued += option.continued
    for index in sorted(continued, reverse=True):
        del lines[index]


def _end_line(lines: list[str], index: int, newline: str) -> None:
    """End a line that is the file's last without a line end."""
    if lines and not lines[index].endswith(("\n", "\r")):
        lines[index] += newline
