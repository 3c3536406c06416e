"""Find the statements that are missing, and have the engine decide with them before anybody is told of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final, NamedTuple

from keywright.aws.service_reference import find_action
from keywright.client.why.circumstances import Circumstances
from keywright.client.why.engine import Case
from keywright.client.why.explanation import AdvisedPolicy, Finding
from keywright.client.why.readable_policies import BOUNDARY, IDENTITY, RESOURCE, TRUST
from keywright.client.why.resources import role_of
from keywright.client.why.smallest import PASSED_TO, smallest_grant, smallest_policy
from keywright.client.why.unread import may_have_policy
from keywright.policy.decide import Decision

_OWN: Final = (IDENTITY, BOUNDARY, RESOURCE, TRUST)
"""What the account itself can change, by a statement more."""


class Checked(NamedTuple):
    """The statements that would allow it; or why there are none to advise."""

    needed: tuple[AdvisedPolicy, ...] = ()
    why_not: str | None = None
    doubts: tuple[str, ...] = ()
    """The context keys of which it depends whether a Deny applies."""


def check(finding: Finding, case: Case | None) -> Checked:
    """
    Add the smallest statements to what was read until the engine allows the request.

    Nothing is added beside a statement that would allow it but for its conditions: somebody has narrowed it on purpose.
    """
    kind = finding.blocked_by or IDENTITY
    if finding.allowed or finding.is_explicit or finding.action is None or finding.near_misses or kind not in _OWN:
        return Checked()
    asked = _case(finding, case)
    needed: list[AdvisedPolicy] = []
    while kind not in {one.policy_type for one in needed}:
        if kind == RESOURCE and not may_have_policy(finding.action, finding.resource):
            return Checked(
                (), "such a resource has no policy that could let another account in: assume a role in its own"
            )
        needed.append(AdvisedPolicy(kind, _statement(kind, finding, asked)))
        decision, doubts = asked.decide(needed)
        if decision.allowed:
            return Checked(tuple(needed), None, doubts)
        kind = _kind(decision, asked)
        if decision.outcome == "explicitDeny":
            return Checked((), _denied(decision, asked))
        if kind not in _OWN:
            break
        if asked.near_misses(kind):
            return Checked((), f"the {kind} has a statement that would allow it but for its conditions, too")
    return Checked((), f"the {kind} would still not allow it")


def _case(finding: Finding, case: Case | None) -> Case:
    if case is None:
        principal, action = finding.principal, finding.action or ""
        case = Case(principal, action, finding.resource, (), Circumstances())
    if (finding.action or "").lower() == "iam:passrole" and case.circumstances.get(PASSED_TO.lower()) is None:
        # The service is left for a person to fill in; the statement is checked as if it were that one's.
        known = replace(case.circumstances, values={**case.circumstances.values, PASSED_TO.lower(): (_SERVICE,)})
        case = replace(case, circumstances=known)
    return case


_SERVICE: Final = "SERVICE.amazonaws.com"


def _statement(kind: str, finding: Finding, case: Case) -> str:
    action, resource = finding.action or "", finding.resource or "*"
    if kind in {RESOURCE, TRUST}:
        principal = role_of(finding.principal) or finding.principal or ""
        return smallest_grant(action, resource, principal, is_trust=kind == TRUST)
    passed_to = case.circumstances.get(PASSED_TO.lower())
    return smallest_policy(action, resource, passed_to[0] if passed_to else _SERVICE)


def _kind(decision: Decision, case: Case) -> str:
    kinds = {"identity": IDENTITY, "boundary": BOUNDARY, "resource": TRUST if case.is_assuming else RESOURCE}
    return kinds.get(decision.blocked_by or "", f"{decision.blocked_by} policy")


def _denied(decision: Decision, case: Case) -> str:
    found = case.statement(decision.statements[0])
    where = "a statement" if found is None else f"the statement {found.sid or found.number} of {found.policy}"
    return f"{where} denies it, which no Allow outweighs"


def names_enough(finding: Finding) -> bool:
    """Tell whether a statement about the resource is no broader than what was asked."""
    described = None if finding.action is None else find_action(finding.action)
    return finding.resource not in {None, "*"} or described is None or not described.resources
