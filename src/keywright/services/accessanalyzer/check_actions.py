"""Whether the actions exist, and what they may be in this kind of policy."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from typing import Final

from keywright.aws import service_reference
from keywright.policy.match import compile_glob
from keywright.services.accessanalyzer.findings import Finding, found
from keywright.services.accessanalyzer.policy_tree import TRUST, Place, Policy

_OF_RESOURCE_TYPE: Final = {
    "AWS::S3::Bucket": ("s3",),
    "AWS::S3::AccessPoint": ("s3",),
    "AWS::S3::MultiRegionAccessPoint": ("s3",),
    "AWS::S3ObjectLambda::AccessPoint": ("s3-object-lambda",),
    "AWS::DynamoDB::Table": ("dynamodb",),
    TRUST: ("sts",),
}
"""The services whose actions the policy of a resource may name."""


def check_actions(policy: Policy) -> Iterator[Finding]:
    """Check the Action and NotAction elements."""
    places = [
        place for statement in policy.statements for name in ("Action", "NotAction") for place in statement.listed(name)
    ]
    # By service, so that each service's reference is read once however the actions are mixed.
    places.sort(key=lambda place: (place.text or "").partition(":")[0].lower())
    findings = [finding for place in places for finding in _check_action(policy, place)]
    yield from sorted(findings, key=lambda finding: finding.places[0].node.start)


def _check_action(policy: Policy, place: Place) -> Iterator[Finding]:
    action = place.text or ""
    if "${" in action:
        variable = action[action.index("${") :].partition("}")[0] + "}"
        yield found("VARIABLE_UNSUPPORTED_IN_ELEMENT", place, variable=variable)
        return
    if policy.type == "SERVICE_CONTROL_POLICY" and ("*" in action[:-1] or "?" in action):
        yield found("SCP_SYNTAX_ERROR_ACTION_WILDCARD", place, action=action)
    if action == "*":
        return
    prefix, colon, name = action.partition(":")
    if not colon:
        yield found("INVALID_ACTION", place, action=action, suggestion="")
    elif "*" in prefix or "?" in prefix:
        yield found("WILDCARD_IN_SERVICE_NAME", place)
    else:
        yield from _check_name(policy, place, prefix, name)


def _check_name(policy: Policy, place: Place, prefix: str, name: str) -> Iterator[Finding]:
    reference = service_reference.service(prefix.lower())
    if reference is None:
        suggestion = _suggest(prefix.lower(), service_reference.services())
        yield found("INVALID_SERVICE_IN_ACTION", place, service=prefix, suggestion=suggestion)
        return
    if not any(map(compile_glob(name.lower()), reference.actions)):
        names = {one.name for one in reference.actions.values()}
        suggestion = _suggest(name, names, before=f"{prefix}:")
        yield found("INVALID_ACTION", place, action=f"{prefix}:{name}", suggestion=suggestion)
    allowed = _OF_RESOURCE_TYPE.get(policy.resource_type or "", (prefix.lower(),))
    if prefix.lower() not in allowed:
        resource_type = str(policy.resource_type)
        yield found("UNSUPPORTED_ACTION_IN_POLICY", place, action=f"{prefix}:{name}", resource_type=resource_type)


def _suggest(text: str, known: frozenset[str] | set[str], before: str = "") -> str:
    """Guess what was meant; empty where nothing is near."""
    by_case = {one.lower(): one for one in known}
    close = difflib.get_close_matches(text.lower(), by_case, 1, 0.7)
    return f" Did you mean {before}{by_case[close[0]]}?" if close else ""
