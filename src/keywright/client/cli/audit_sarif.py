"""An audit's findings as SARIF, for the tools that collect findings."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final, TextIO

from keywright.client import sarif
from keywright.client.audit.findings import Audit, Check, Finding, Severity

_LEVELS: Final[Mapping[Severity, sarif.Level]] = {
    Severity.CRITICAL: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "note",
}


def write_sarif(audit: Audit, stream: TextIO) -> None:
    """Write one run: a rule for each check that was made, a result for each finding."""
    rules = [_rule(result.check) for result in audit.results]
    json.dump(sarif.sarif(rules, list(_results(audit))), stream, indent=2, ensure_ascii=False)
    stream.write("\n")


def _rule(check: Check) -> sarif.Rule:
    controls = ", ".join(f"{benchmark} {number}" for benchmark, number in check.controls.items())
    cis = f" CIS AWS Foundations Benchmark: {controls}." if controls else ""
    name = "".join(part.capitalize() for part in check.name.split("-"))
    return sarif.Rule(check.name, name, check.title, f"{check.why}{cis}", _LEVELS[check.severity])


def _results(audit: Audit) -> Iterator[sarif.Result]:
    account_id = audit.facts.caller.account_id
    arns = {user.name: user.arn for user in audit.facts.users}
    root = f"arn:{audit.facts.caller.arn.split(':')[1]}:iam::{account_id}:root"
    same: Counter[tuple[object, ...]] = Counter()
    for check, one in audit.findings():
        what = (account_id, check.name, one.user_name, one.access_key_id, one.path)
        # What a finding says changes from day to day (ages do): of several about the same, the order tells them apart.
        fingerprint = hashlib.sha256(repr((*map(str, what), same[what])).encode()).hexdigest()
        same[what] += 1
        yield sarif.Result(
            rule_id=check.name,
            level=_LEVELS[check.severity],
            message=_message(one),
            path=None if one.path is None else one.path.as_posix(),
            line=one.line,
            fingerprint=fingerprint,
            logical_name=arns.get(one.user_name or "") or (root if check.is_about_account else None),
        )


def _message(one: Finding) -> str:
    whose = " of ".join(name for name in (one.access_key_id, one.user_name) if name)
    return f"{whose}: {one.what}. Next: {one.next}" if whose else f"{one.what}. Next: {one.next}"
