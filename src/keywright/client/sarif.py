"""
Write findings as SARIF 2.1.0, which GitHub, GitLab, Azure DevOps and editors read.

Source: OASIS sarif-v2.1.0-errata01; what GitHub code scanning asks beyond it (a rule's `help`, a location, a partial
fingerprint) is kept too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import quote

from keywright import __version__

Level = Literal["error", "warning", "note"]

_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_FINGERPRINT: Final = "keywright/v1"
# GitHub orders alerts by this number, of CVSS's scale.
_SEVERITY: Final = {"error": "9.0", "warning": "6.0", "note": "3.0"}


@dataclass(frozen=True, slots=True)
class Rule:
    """What is looked for."""

    id: str
    """Stable, as `leaked-key`."""
    name: str
    """For people, as `LeakedKey`."""
    summary: str
    help: str
    """What to do about it."""
    level: Level


@dataclass(frozen=True, slots=True)
class Result:
    """One finding: in a line of a file, or of something that has a name only, such as an ARN."""

    rule_id: str
    level: Level
    message: str
    path: str | None
    """With slashes; relative to where the command ran, or absolute."""
    line: int | None
    """Counted from 1."""
    fingerprint: str
    """The same for the same finding in every run."""
    logical_name: str | None = None


def sarif(rules: Sequence[Rule], results: Sequence[Result]) -> dict[str, Any]:
    """
    Make the document, to be written by `json.dumps`.

    Raises: KeyError, where a result names a rule that is not among them.
    """
    index = {rule.id: number for number, rule in enumerate(rules)}
    driver = {
        "name": "keywright",
        "semanticVersion": __version__,
        "rules": [_rule(rule) for rule in rules],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(result, index[result.rule_id]) for result in results],
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.summary},
        "help": {"text": rule.help},
        "defaultConfiguration": {"level": rule.level},
        "properties": {"tags": ["security"], "security-severity": _SEVERITY[rule.level]},
    }


def _result(result: Result, rule_index: int) -> dict[str, Any]:
    written = {
        "ruleId": result.rule_id,
        "ruleIndex": rule_index,
        "level": result.level,
        "message": {"text": result.message},
        "partialFingerprints": {_FINGERPRINT: result.fingerprint},
    }
    location = _location(result)
    return written | ({"locations": [location]} if location else {})


def _location(result: Result) -> dict[str, Any]:
    location: dict[str, Any] = {}
    if result.path is not None:
        physical: dict[str, Any] = {"artifactLocation": {"uri": _uri(result.path)}}
        if result.line is not None:
            physical["region"] = {"startLine": result.line}
        location["physicalLocation"] = physical
    if result.logical_name is not None:
        location["logicalLocations"] = [{"fullyQualifiedName": result.logical_name}]
    return location


def _uri(path: str) -> str:
    """Write a path as a URI reference; a name's bytes that are not UTF-8 stay what they are."""
    quoted = quote(path.encode("utf-8", "surrogateescape"), safe="/~")
    return f"file://{quoted}" if path.startswith("/") else quoted
