"""Ask our own engine what the simulator leaves out: trust policies, buckets and roles; and where it does not answer."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from keywright.aws.global_keys import find_global_key
from keywright.client.why.engine import Case, read_by_engine
from keywright.client.why.explanation import AdvisedPolicy, Evidence, Finding
from keywright.client.why.readable_policies import BOUNDARY, IDENTITY, RESOURCE, TRUST, ReadPolicy
from keywright.client.why.smallest import smallest_grant, smallest_policy
from keywright.policy.context_keys import context_keys
from keywright.policy.decide import Decision

_OF_NOW = frozenset({"aws:currenttime", "aws:epochtime"})


def asked_keys(policies: Sequence[ReadPolicy]) -> tuple[str, ...]:
    """Give the context keys that policies ask for."""
    found: dict[str, str] = {}
    for policy in policies:
        document = read_by_engine(policy)
        for key in () if document is None else context_keys(document.document):
            found.setdefault(key.lower(), key)
    return tuple(found.values())


def simulated_keys(case: Case) -> Iterator[str]:
    """Give the keys whose values the simulator is told: those of a type that is known, but not the time."""
    for key in asked_keys(case.policies):
        folded = key.lower()
        if folded not in _OF_NOW and (find_global_key(key) is not None or folded.startswith("iam:resourcetag/")):
            yield key


def decided(now: Finding | None, case: Case) -> tuple[Finding | None, tuple[Evidence, ...]]:
    """Give what a simulation found, or what our engine does of what the simulation left out."""
    if case.resource is None:
        return now, ()
    if case.is_across_accounts and case.identity_is_read and not case.resource_is_read and _lacks_allow_only(now):
        return _of_callers_side(case)
    if now is not None and not now.allowed and not case.is_assuming:
        return now, ()
    if case.identity_is_read and (now is None or case.resource_is_read):
        decision, doubts = case.decide()
        return _of_decision(decision, doubts, case), (_evidence(decision),)
    if not case.resource_is_read or case.resource_policy is None or not (case.is_assuming or case.is_across_accounts):
        return now, ()
    # The caller's own policies are not known, but without the resource's word it is denied whatever they say.
    anything = AdvisedPolicy(IDENTITY, smallest_policy(case.action, case.resource))
    decision, doubts = dataclasses.replace(case, policies=(case.resource_policy,)).decide([anything])
    if decision.allowed:
        found = _of_decision(decision, doubts, case) if now is None else now
        return found, (Evidence("engine", f"{case.resource_policy.name} allows it to the caller"),)
    return _of_decision(decision, doubts, case), (_evidence(decision),)


def _lacks_allow_only(now: Finding | None) -> bool:
    """Tell whether a simulation's no may be for want of the other account's word, which it was not given."""
    return now is None or now.allowed or (now.is_explicit is False and now.blocked_by == IDENTITY)


def _of_callers_side(case: Case) -> tuple[Finding, tuple[Evidence, ...]]:
    """Decide as if the other account's policy, which cannot be read, allowed it."""
    kind = TRUST if case.is_assuming else RESOURCE
    grant = smallest_grant(case.action, case.resource or "*", case.principal or "", is_trust=case.is_assuming)
    decision, doubts = case.decide([AdvisedPolicy(kind, grant)])
    said = "allow" if decision.allowed else "deny"
    return _of_decision(decision, doubts, case), (Evidence("engine", f"the caller's own policies {said} it"),)


def _of_decision(decision: Decision, doubts: tuple[str, ...], case: Case) -> Finding:
    kinds = {"identity": IDENTITY, "boundary": BOUNDARY, "resource": TRUST if case.is_assuming else RESOURCE}
    found = [case.statement(one) for one in decision.statements]
    blocked_by = None if decision.allowed else kinds.get(decision.blocked_by or "", IDENTITY)
    unknown = (
        []
        if decision.allowed
        else [line.key for miss in case.near_misses(blocked_by) for line in miss.conditions if not line.is_known]
    )
    missing = tuple(dict.fromkeys((*doubts, *unknown)))
    return Finding(
        "incomplete" if missing else "simulated",
        allowed=decision.allowed,
        principal=case.principal,
        action=case.action,
        resource=case.resource,
        blocked_by=blocked_by,
        is_explicit=None if decision.allowed else decision.outcome == "explicitDeny",
        statements=tuple(one for one in found if one is not None),
        missing_context=missing,
    )


def _evidence(decision: Decision) -> Evidence:
    return Evidence("engine", f"{'allows' if decision.allowed else 'denies'} it, by the policies that were read")
