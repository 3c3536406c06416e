"""`keywright profiles lint | fix`."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any

from keywright.client import lint
from keywright.client.cli.documents import as_json
from keywright.client.cli.profiles_documents import Fixed, Linted, ShownFinding
from keywright.client.cli.terminal import Exit, paint, printable
from keywright.client.fix import fix
from keywright.client.lint_rules import RULES, Finding, Weight

_BY_HAND_NOT = frozenset({"file-mode", "folder-mode", "bom"})
"""Mended by other means than another line."""


def run_lint(flags: Mapping[str, Any]) -> Exit:
    """Say what is wrong with both files, line by line."""
    found = lint.lint(os.environ)
    if flags["json"]:
        print(as_json(Linted(_shown(found))))
    elif found:
        print("\n".join(_text(one) for one in found))
        fixable = sum(_fixable(one) for one in found)
        print(f"{_count(found)}" + (f"; `keywright profiles fix` mends {fixable}" if fixable else ""))
    else:
        print(paint("Nothing is wrong with the AWS files", "green"))
    return Exit.NEGATIVE if found else Exit.FINE


def run_fix(flags: Mapping[str, Any]) -> Exit:
    """Mend what can be mended without a guess."""
    done = fix(os.environ, dry_run=flags["dry_run"])
    if flags["json"]:
        print(as_json(Fixed(flags["dry_run"], _shown(done.mended), _shown(done.left), done.backups)))
    else:
        verb = "would mend" if flags["dry_run"] else "mended"
        for one in done.mended:
            print(f"{verb}: {_text(one)}" + (f": {RULES[one.rule].fixed}" if RULES[one.rule].fixed else ""))
        for one in done.left:
            print(f"left: {_text(one)}")
        for backup in done.backups:
            print(f"as it was before: {backup}")
        if not done.mended and not done.left:
            print(paint("Nothing is wrong with the AWS files", "green"))
    return Exit.NEGATIVE if done.left or (flags["dry_run"] and done.mended) else Exit.FINE


def _fixable(finding: Finding) -> bool:
    return (
        bool(finding.fix) or finding.rule in _BY_HAND_NOT or (finding.rule == "encoding" and finding.index is not None)
    )


def _shown(findings: Sequence[Finding]) -> tuple[ShownFinding, ...]:
    return tuple(
        ShownFinding(
            one.rule,
            str(one.weight),
            one.path,
            None if one.index is None else one.index + 1,
            RULES[one.rule].meaning,
            one.detail,
            _fixable(one),
        )
        for one in findings
    )


def _text(finding: Finding) -> str:
    place = str(finding.path) if finding.index is None else f"{finding.path}:{finding.index + 1}"
    weight = paint(str(finding.weight), "red" if finding.weight is Weight.ERROR else "yellow")
    detail = f" ({printable(finding.detail)})" if finding.detail else ""
    return f"{place}: {weight}: {RULES[finding.rule].meaning}{detail} [{finding.rule}]"


def _count(found: Sequence[Finding]) -> str:
    errors = sum(one.weight is Weight.ERROR for one in found)
    return f"{errors} error{'s' * (errors != 1)}, {len(found) - errors} warning{'s' * (len(found) - errors != 1)}"
