"""What scan prints: one document, as a table, as JSON, or as SARIF."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated

from keywright.client.cli.terminal import paint, printable
from keywright.client.sarif import Result, sarif
from keywright.client.scan.findings import RULES, Finding
from keywright.client.scan.owners import Owner


@dataclass(frozen=True, slots=True)
class Scan:
    """`scan`."""

    scanned: Annotated[int, "how many files were looked at; with --history and --pushed, how many of git's objects"]
    findings: Annotated[tuple[Finding, ...], "what was found, by path"]
    baselined: Annotated[int, "how many findings the baseline names, which are not told of"]
    keys: Annotated[tuple[Owner, ...], "whose the found keys are"]
    unread: Annotated[tuple[str, ...], "the files that could not be read, and why"]
    notes: Annotated[tuple[str, ...], "what else is to be known"]


def as_sarif(document: Scan) -> str:
    """Write the findings as SARIF."""
    owners = {one.access_key_id: one for one in document.keys}
    return json.dumps(sarif(tuple(RULES.values()), [_result(one, owners) for one in document.findings]), indent=2)


def table_of(document: Scan) -> Iterator[str]:
    """Write the findings for a person, line by line."""
    for one in document.findings:
        yield f"{paint(one.rule, 'red')}  {paint(printable(_where(one)), 'bold')}  {one.access_key_id or ''}".rstrip()
        for text in _details(one):
            yield f"    {printable(text)}"
    if document.keys:
        yield ""
    for owner in document.keys:
        yield f"{owner.access_key_id}  {printable(', '.join(_facts(owner)))}"


def summary_of(document: Scan) -> str:
    """Say in a line what came of it."""
    found = len(document.findings)
    beside = f", {document.baselined} more in the baseline" if document.baselined else ""
    return f"{found or 'no'} finding{'' if found == 1 else 's'}{beside}; {document.scanned} looked at"


def _result(one: Finding, owners: dict[str, Owner]) -> Result:
    key = f" {one.access_key_id}" if one.access_key_id else ""
    facts = "; ".join(_facts(owners[one.access_key_id])) if one.access_key_id in owners else ""
    text = f"{RULES[one.rule].summary.removesuffix('.')}{':' if key else ''}{key}{f' ({facts})' if facts else ''}."
    where = None if one.path is not None else _where(one)
    # The line of what was unpacked is none of the file's.
    line = one.line if one.path is not None and one.within in {None, "base64", "UTF-16"} else None
    return Result(one.rule, RULES[one.rule].level, text, one.path, line, one.fingerprint, where)


def _where(one: Finding) -> str:
    if one.path is not None:
        return f"{one.path}:{one.line}"
    return f"{one.place} {one.object_id}" if one.place != "file" else f"object {one.object_id}, which no commit has"


def _details(one: Finding) -> Iterator[str]:
    if one.commit is not None:
        yield f"brought in by {one.commit.id} on {one.commit.at:%Y-%m-%d} by {one.commit.author}"
    if one.occurrences > 1:
        yield f"in {one.occurrences} {'places' if one.commit is None else 'versions'}"
    if one.within is not None:
        yield f"within {one.within}"
    if one.with_token:
        yield "a session token is beside it"


def _facts(owner: Owner) -> Iterator[str]:
    yield f"account {owner.account_id or 'unknown'}"
    if owner.user_name is not None:
        yield f"user {owner.user_name}"
    if owner.status is not None:
        yield owner.status + (" from now on" if owner.deactivated else "")
    if owner.last_used_at is not None:
        yield f"last used {owner.last_used_at:%Y-%m-%d} with {owner.last_used_service}"
    if owner.profiles:
        yield f"in the profile{'s' if len(owner.profiles) > 1 else ''} {', '.join(owner.profiles)} of this machine"
    if owner.reason is not None:
        yield f"not more: {owner.reason}"
