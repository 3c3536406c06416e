"""Tag conditions on actions of services whose resources carry no such tags."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from keywright.aws import service_reference
from keywright.services.accessanalyzer.findings import Finding, found
from keywright.services.accessanalyzer.policy_tree import Line, Policy, Statement

_KEY: Final = "aws:resourcetag/"
_PATTERN: Final = "aws:resourcetag/${tagkey}"


def check_tags(policy: Policy) -> Iterator[Finding]:
    """Check the conditions on a resource's tags."""
    for statement in policy.statements:
        for line in statement.lines:
            if line.folded_key.startswith(_KEY) and statement.effect in ("Allow", "Deny"):
                yield from _check(statement, line)


def _check(statement: Statement, line: Line) -> Iterator[Finding]:
    effect = str(statement.effect).upper()
    if "NotAction" in statement.elements:
        code = f"{effect}_NOTACTION_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE"
        yield found(code, line.place, statement.elements["NotAction"], key=line.key)
        return
    prefixes = {text.partition(":")[0].lower() for text in statement.texts("Action") if ":" in text}
    without = sorted(prefix for prefix in prefixes if not _knows_tags(prefix))
    if without:
        code = f"{effect}_WITH_UNSUPPORTED_TAG_CONDITION_KEY_FOR_SERVICE"
        yield found(code, line.place, key=line.key, services=", ".join(without))


def _knows_tags(prefix: str) -> bool:
    reference = service_reference.service(prefix)
    return reference is None or _PATTERN in reference.condition_keys
