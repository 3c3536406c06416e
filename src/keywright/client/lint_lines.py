"""Rules about a file's lines and headers: what tools cannot read, or do not find."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from keywright.client.file_names import Kind, header_of, profile_of
from keywright.client.ini import DEFAULTS, Fault, Parsed, Section, Spoilt, indent_of, parse, value_in
from keywright.client.ini_edits import newline_of
from keywright.client.known_options import KNOWN_OPTIONS, without_secrets
from keywright.client.lint_rules import Finding, Replacement

_UNCLOSED: Final = re.compile(r"\s*\[[^\]]+$")
_HEADER: Final = re.compile(r"\[.+\]\s*([#;].*)?")
_NAME_AND_VALUE: Final = re.compile(r"(\s*)(\w+)[ \t]+(\S.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Text:
    """A file's lines, without a byte order mark, and what they hold."""

    path: Path
    kind: Kind
    lines: list[str]
    parsed: Parsed

    @classmethod
    def of(cls, path: Path, kind: Kind, lines: list[str]) -> Text:
        """Read lines."""
        return cls(path, kind, lines, parse(lines))

    def finding(self, rule: str, index: int, detail: str, *fix: Replacement) -> Finding:
        """Note a finding at a line; a secret that was pasted to where none belongs is not repeated."""
        return Finding(rule, self.path, index, without_secrets(detail), fix)

    def line(self, index: int, text: str) -> Replacement:
        """Put another line in the place of one, with its line end."""
        old = self.lines[index]
        return Replacement(index, index + 1, (text + old[len(old.rstrip("\r\n")) :],))


def spoilt_lines(text: Text) -> Iterator[Finding]:
    """Find the lines at which a parser gives up."""
    for spoilt in text.parsed.faults:
        yield _spoilt_line(text, spoilt)


def _spoilt_line(text: Text, spoilt: Spoilt) -> Finding:
    index = spoilt.index
    line = text.lines[index].rstrip("\r\n")
    if spoilt.fault in {Fault.TEXT_BEFORE_SECTION, Fault.NO_DELIMITER} and _UNCLOSED.match(line):
        return text.finding("unclosed-header", index, line.strip(), text.line(index, line.rstrip() + "]"))
    match spoilt.fault:
        case Fault.NO_DELIMITER:
            named = _NAME_AND_VALUE.fullmatch(line)
            if named is not None and named[2].lower() in KNOWN_OPTIONS:
                return text.finding(
                    "no-delimiter", index, named[2], text.line(index, f"{named[1]}{named[2]} = {named[3]}")
                )
            return text.finding("no-delimiter", index, "", text.line(index, "# " + line))
        case Fault.NO_NAME:
            return text.finding("no-option-name", index, "", text.line(index, "# " + line))
        case Fault.DUPLICATE_SECTION:
            return _double_section(text, spoilt)
        case Fault.DUPLICATE_OPTION:
            return _double_option(text, spoilt)
        case _:
            return text.finding(str(spoilt.fault), index, "")


def _double_section(text: Text, spoilt: Spoilt) -> Finding:
    first = _section_at(text, spoilt.first)
    double = _section_at(text, spoilt.index)
    detail = f"[{double.name}], first in line {first.index + 1}"
    if any(first.value(name) not in {None, option.value} for name, option in double.options.items()):
        return text.finding("duplicate-section", spoilt.index, detail + ": they differ")
    own = [*text.lines[double.index + 1 : double.end]]
    header = text.lines[double.index]
    note = header[header.rindex("]") + 1 :].strip()
    for name in sorted(first.options.keys() & double.options, key=lambda name: -double.options[name].index):
        option = double.options[name]
        for index in sorted((option.index, *option.continued), reverse=True):
            del own[index - double.index - 1]
    if note:
        own.insert(0, f"# {note.lstrip('#; ')}{newline_of(text.lines)}")
    before = text.lines[first.end - 1]
    ended = before if before.endswith(("\n", "\r")) else before + newline_of(text.lines)
    return text.finding(
        "duplicate-section",
        spoilt.index,
        detail,
        Replacement(double.index, double.end, ()),
        Replacement(first.end - 1, first.end, (ended, *own)),
    )


def _double_option(text: Text, spoilt: Spoilt) -> Finding:
    assert spoilt.first is not None  # INVARIANT: a double has a first
    index, first = spoilt.index, spoilt.first
    section = max((one for one in text.parsed.sections if one.index < index), key=lambda one: one.index)
    kept = next(option for one in text.parsed.sections for option in one.options.values() if option.index == first)
    detail = f"{kept.name}, first in line {first + 1}"
    following = next((line for line in text.lines[index + 1 :] if line.strip()), "")
    same = kept.value == value_in(text.lines[index])
    if same and section.name != DEFAULTS and indent_of(following) <= indent_of(text.lines[index]):
        return text.finding("duplicate-option", index, detail, Replacement(index, index + 1, ()))
    return text.finding("duplicate-option", index, detail + ": their values differ")


def _section_at(text: Text, index: int | None) -> Section:
    return next(one for one in text.parsed.sections if one.index == index)


def headers(text: Text) -> Iterator[Finding]:
    """Find the headers that tools, or `aws configure`, do not find."""
    for section in text.parsed.sections:
        yield from _header(text, section)
        for option in section.options.values():
            for index in option.continued:
                if _HEADER.fullmatch(text.lines[index].strip()):
                    moved = Replacement(index, index + 1, (text.lines[index].lstrip(),))
                    yield text.finding("header-in-value", index, text.lines[index].strip(), moved)


def _header(text: Text, section: Section) -> Iterator[Finding]:
    line, name, index = text.lines[section.index], section.name, section.index
    if indent_of(line):
        moved = Replacement(index, index + 1, (line.lstrip(),))
        yield text.finding("indented-header", index, f"[{name}]", moved)
    better = _better_header(section, text.kind)
    if better is None:
        return
    rule, header = better
    fix: tuple[Replacement, ...] = ()
    if header is not None and all(one.name != header for one in text.parsed.sections):
        fix = (Replacement(index, index + 1, (line.replace(f"[{name}]", f"[{header}]", 1),)),)
    yield text.finding(rule, index, f"[{name}]", *fix)


def _better_header(section: Section, kind: Kind) -> tuple[str, str | None] | None:
    """Give the rule that a header breaks, and what it should be."""
    name = section.name
    if name == DEFAULTS:
        return "defaults-section", None
    if name != name.strip():
        return "spaces-in-header", name.strip()
    word, _, rest = name.partition(" ")
    if name.lower() == "default" and name != "default":
        return "header-case", "default"
    if kind is Kind.CREDENTIALS:
        named = profile_of(name, Kind.CONFIG) if word == "profile" and rest else None
        return ("profile-prefix", named) if named else None
    if word.lower() == "profile" and word != "profile":
        return "header-case", f"profile {rest}"
    if word == "profile" and profile_of(name, kind) is None:
        bare = rest.strip()
        return "unquoted-name", header_of(bare, kind) if bare and not set(bare) & set("\"'\\") else None
    if (
        profile_of(name, kind) is None
        and word not in {"sso-session", "services"}
        and section.options.keys() & KNOWN_OPTIONS
    ):
        return "no-profile-prefix", header_of(name, kind)
    return None


def spellings(text: Text) -> Iterator[Finding]:
    """Find profiles that are there under two spellings."""
    first: dict[str, Section] = {}
    for section in text.parsed.sections:
        profile = profile_of(section.name, text.kind)
        if profile is None:
            continue
        other = first.setdefault(profile, section)
        if other.name != section.name:
            yield text.finding(
                "spelt-twice", section.index, f"[{section.name}] hides [{other.name}], line {other.index + 1}"
            )
