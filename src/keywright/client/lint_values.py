"""Rules about options and their values: what tools read otherwise than it was meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from typing import Final

from keywright.client.ini import DEFAULTS, Option, Section
from keywright.client.ini_edits import newline_of
from keywright.client.known_options import (
    EXAMPLE_KEY_IDS,
    KEY_ID,
    KEY_ID_FORM,
    KNOWN_OPTIONS,
    MISSPELT,
    OUTPUTS,
    PLACEHOLDER,
    PLAIN_OPTIONS,
    REGION_FORM,
    SECRET,
    SECRET_FORM,
    TOKEN,
    is_secret,
)
from keywright.client.lint_lines import Text
from keywright.client.lint_rules import Finding, Replacement

_COMMENT: Final = re.compile(r"\s+[#;].*")


def values(text: Text) -> Iterator[Finding]:
    """Look at every option of a file."""
    for section in text.parsed.sections:
        if section.name == DEFAULTS:
            continue
        for option in section.options.values():
            yield from _name(text, section, option)
            yield from _value(text, option)
        yield from _key(text, section)


def _name(text: Text, section: Section, option: Option) -> Iterator[Finding]:
    line = text.lines[option.index]
    written = line.strip()[: len(option.name)]
    if written != option.name and option.name in KNOWN_OPTIONS:
        small = text.line(option.index, line.rstrip("\r\n").replace(written, option.name, 1))
        yield text.finding("upper-case-option", option.index, written, small)
    if option.name in KNOWN_OPTIONS:
        return
    meant = MISSPELT.get(option.name)
    fix: list[Replacement] = []
    if meant is None:
        meant = next(iter(difflib.get_close_matches(option.name, KNOWN_OPTIONS, 1, 0.8)), None)
    elif meant not in section.options:
        fix = [text.line(option.index, line.rstrip("\r\n").replace(written, meant, 1))]
    if meant is not None:
        yield text.finding("misspelt-option", option.index, f"{written}: {meant} is meant", *fix)


def _value(text: Text, option: Option) -> Iterator[Finding]:
    if option.name not in PLAIN_OPTIONS or option.continued:
        return
    line, value = text.lines[option.index].rstrip("\r\n"), option.value
    shown = "" if is_secret(option.name, value) else f" {value}"
    comment = _COMMENT.search(value)
    bare = value.strip("\"'")
    if comment is not None:
        indent = line[: len(line) - len(line.lstrip())]
        above = f"{indent}{comment[0].strip()}{newline_of(text.lines)}"
        kept = line[: line.rindex(value) + comment.start()]
        fix = Replacement(option.index, option.index + 1, (above, *text.line(option.index, kept).lines))
        yield text.finding("inline-comment", option.index, option.name + shown, fix)
    elif len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        fix = text.line(option.index, line[: line.rindex(value)] + bare)
        yield text.finding("quotes", option.index, option.name + shown, fix)
    elif value and option.name in {KEY_ID, SECRET, "region"} and PLACEHOLDER.fullmatch(value):
        yield text.finding("placeholder", option.index, option.name + shown)
    elif option.name == "region" and value and not REGION_FORM.fullmatch(value):
        zone = value[-1:].isalpha() and REGION_FORM.fullmatch(value[:-1])
        hint = f": an availability zone of {value[:-1]}" if zone else ""
        yield text.finding("region-form", option.index, value + hint)
    elif option.name == "output" and value and value not in OUTPUTS:
        yield text.finding("output-form", option.index, value)


def _key(text: Text, section: Section) -> Iterator[Finding]:
    """Look at a section's access key as a whole."""
    key, secret, token = (section.options.get(name) for name in (KEY_ID, SECRET, TOKEN))
    if key is None:
        if secret is not None:
            yield text.finding("no-key-id", secret.index, SECRET)
        return
    if secret is None:
        yield text.finding("no-secret", key.index, KEY_ID)
    elif SECRET_FORM.fullmatch(key.value) and KEY_ID_FORM.fullmatch(secret.value):
        yield text.finding("swapped-key", key.index, f"{KEY_ID} and {SECRET}")
        return
    yield from _forms(text, key, secret)
    if key.value.startswith("AKIA") and token is not None:
        # A token of several lines is none: what else stands there must be looked at.
        gone = [] if token.continued else [Replacement(token.index, token.index + 1, ())]
        yield text.finding("stale-session-token", token.index, TOKEN, *gone)
    if key.value.startswith("ASIA") and token is None:
        yield text.finding("no-session-token", key.index, key.value)


def _forms(text: Text, key: Option, secret: Option | None) -> Iterator[Finding]:
    if key.value in EXAMPLE_KEY_IDS:
        yield text.finding("example-key", key.index, key.value)
    elif not _reported(key) and not KEY_ID_FORM.fullmatch(key.value):
        # What is no id may be a secret: it is not shown.
        yield text.finding("key-id-form", key.index, KEY_ID)
    if secret is not None and not _reported(secret) and not SECRET_FORM.fullmatch(secret.value):
        yield text.finding("secret-form", secret.index, f"{SECRET}: {len(secret.value)} characters")


def _reported(option: Option) -> bool:
    """Tell whether another rule speaks of this value."""
    value = option.value
    quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
    return quoted or _COMMENT.search(value) is not None or PLACEHOLDER.fullmatch(value) is not None
