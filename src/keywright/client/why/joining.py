"""Join what several sources of evidence tell of one denial."""

from __future__ import annotations

import dataclasses
from typing import Final

from keywright.client.why.explanation import Finding
from keywright.client.why.readable_policies import BOUNDARY, IDENTITY, RESOURCE, TRUST

_SIMULATED: Final = frozenset({IDENTITY, BOUNDARY, None})
"""The types of policy that a simulation knows all of."""


def completed(finding: Finding, said: Finding) -> Finding:
    """Take from the words what the service's answer leaves open."""
    return dataclasses.replace(
        finding,
        principal=finding.principal or said.principal,
        resource=finding.resource or said.resource,
        blocked_by=finding.blocked_by or said.blocked_by,
    )


def joined(finding: Finding | None, now: Finding | None, *, resource_is_read: bool) -> Finding | None:
    """Join what was with what a simulation, or our own engine, says of now."""
    if finding is None or now is None:
        return finding or now
    if now.allowed:
        decided = _SIMULATED | {RESOURCE, TRUST} if resource_is_read else _SIMULATED
        return now if finding.blocked_by in decided and now.confidence == "simulated" else finding
    if finding.blocked_by is None and finding.confidence == "incomplete":
        return dataclasses.replace(now, principal=finding.principal or now.principal)
    same = finding.blocked_by in {None, now.blocked_by} and finding.is_explicit == now.is_explicit
    if not same:
        return finding
    return dataclasses.replace(
        finding,
        blocked_by=finding.blocked_by or now.blocked_by,
        statements=finding.statements or now.statements,
        checks=finding.checks or now.checks,
        missing_context=now.missing_context,
    )


def only_deciding(finding: Finding | None) -> Finding | None:
    """Leave out what allowed where something denies."""
    if finding is None or not finding.is_explicit:
        return finding
    return dataclasses.replace(finding, statements=tuple(one for one in finding.statements if one.effect == "Deny"))
