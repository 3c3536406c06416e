"""Look through both AWS files for what tools cannot read, do not find, or read otherwise than it was meant."""

from __future__ import annotations

import codecs
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from keywright.client.file_names import Files, Kind, files, named_in, profile_of
from keywright.client.ini import Section, split_lines
from keywright.client.known_options import KEY_ID
from keywright.client.lint_lines import Text, headers, spellings, spoilt_lines
from keywright.client.lint_rules import Finding
from keywright.client.lint_values import values
from keywright.client.replacing import read_original

_UTF16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Decoded(NamedTuple):
    """A file's text, and what stands in the way of reading it."""

    lines: list[str]
    rule: str | None = None
    readable: bool = True


def decode(content: bytes) -> Decoded:
    """Read a file's bytes as whatever they are."""
    if content.startswith(codecs.BOM_UTF8):
        return Decoded(split_lines(content.decode("utf-8-sig", "replace")), "bom")
    try:
        if content.startswith(_UTF16):
            return Decoded(split_lines(content.decode("utf-16")), "encoding")
        return Decoded(split_lines(content.decode("utf-8")))
    except UnicodeDecodeError:
        return Decoded([], "encoding", readable=False)


def lint(environment: Mapping[str, str]) -> list[Finding]:
    """
    Give what is wrong with both files, in their order.

    Raises: OSError.
    """
    named = files(environment)
    return lint_contents(named, {kind: read_original(named.of(kind)).content for kind in Kind}) + list(_modes(named))


def lint_contents(named: Files, contents: Mapping[Kind, bytes]) -> list[Finding]:
    """Give what is wrong with the contents of both files."""
    found: list[Finding] = []
    texts: dict[Kind, Text] = {}
    for kind in Kind:
        decoded = decode(contents[kind])
        path = named.of(kind)
        if decoded.rule is not None:
            found.append(Finding(decoded.rule, path, 0 if decoded.readable else None, ""))
        texts[kind] = Text.of(path, kind, decoded.lines)
        for rule in (spoilt_lines, headers, spellings, values):
            found.extend(rule(texts[kind]))
    found.extend(_across(texts[Kind.CONFIG], texts[Kind.CREDENTIALS]))
    order = {named.of(kind): place for place, kind in enumerate(Kind)}
    return sorted(found, key=lambda one: (order[one.path], one.index or 0))


def _modes(named: Files) -> Iterator[Finding]:
    for path in dict.fromkeys(named):
        if path.exists() and (mode := stat.S_IMODE(path.stat().st_mode)) & 0o077:
            yield Finding("file-mode", path, None, f"mode {mode:03o}")
    folder = Path("~/.aws").expanduser()
    if folder in {path.parent for path in named} and folder.exists():
        mode = stat.S_IMODE(folder.stat().st_mode)
        if mode & 0o077:
            yield Finding("folder-mode", folder, None, f"mode {mode:03o}")


def _across(config: Text, credentials: Text) -> Iterator[Finding]:
    """Apply the rules that need both files."""
    profiles = {
        name
        for text in (config, credentials)
        for one in text.parsed.sections
        if (name := profile_of(one.name, text.kind)) is not None
    }
    keys = {one.name for one in credentials.parsed.sections if KEY_ID in one.options}
    for text in (config, credentials):
        for section in text.parsed.sections:
            source = section.options.get("source_profile")
            if source is not None and source.value not in profiles:
                yield text.finding("unknown-source-profile", source.index, source.value)
    for section in config.parsed.sections:
        yield from _hidden(config, section, keys)
        for option, word in (("sso_session", "sso-session"), ("services", "services")):
            there = {named_in(one.name, word) for one in config.parsed.sections}
            wanted = section.options.get(option)
            if wanted is not None and wanted.value not in there:
                yield config.finding("unknown-section", wanted.index, f"[{word} {wanted.value}]")


def _hidden(config: Text, section: Section, keys: set[str]) -> Iterator[Finding]:
    if profile_of(section.name, Kind.CONFIG) not in keys:
        return
    for option, rule in (
        (KEY_ID, "shadowed-key"),
        ("credential_process", "shadowed-provider"),
        ("login_session", "shadowed-provider"),
    ):
        if option in section.options:
            yield config.finding(rule, section.options[option].index, option)
