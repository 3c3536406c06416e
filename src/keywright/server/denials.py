"""
Tell why policies refused a call, to those who may know.

IAM's refusals name an authorization id, under which all that was evaluated is kept for a day; it is answered by
iam-toolbox. Other services' refusals carry the same in short, sealed, for DecodeAuthorizationMessage.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from keywright.policy.decide import Decision
from keywright.policy.evaluate import CompiledPolicy, CompiledStatement, PolicyType
from keywright.policy.policy_set import PolicySet
from keywright.policy.request import AuthorizationRequest
from keywright.server.context import RequestContext, Values
from keywright.trail.denials import Denial, new_authorization_id

_CHECKS: Final[tuple[tuple[PolicyType, str, str], ...]] = (
    ("rcp", "RESOURCE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"),
    ("scp", "SERVICE_CONTROL_POLICY", "SERVICE_CONTROL_POLICY"),
    ("resource", "RESOURCE", "RESOURCE_BASED_POLICY"),
    ("identity", "PRINCIPAL", "IDENTITY_BASED_POLICY"),
    ("boundary", "PERMISSIONS_BOUNDARY", "PERMISSIONS_BOUNDARY"),
    ("session", "SESSION", "SESSION_POLICY"),
)
"""In the order of the answer: the type of policy, the check's name, the policy type's name."""
_EFFECTS: Final = {"allowed": "ALLOW", "explicitDeny": "EXPLICIT_DENY", "implicitDeny": "IMPLICIT_DENY"}


class Asked(NamedTuple):
    """One question that was put to the policies, and its answer."""

    request: AuthorizationRequest
    context: RequestContext
    policies: PolicySet
    decision: Decision


def describe(asked: Sequence[Asked]) -> Denial:
    """
    Write what GetRequestAuthorizationDetails answers of a refused call, under a new id.

    Ask while the call's connection is open: context keys are looked up.
    """
    policies = {id(policy): (kind, policy) for one in asked for kind, policy in _policies(one.policies)}
    bearer = asked[0].request
    details = {
        "requestContext": _written(asked[0].context.of_request()),
        "evaluations": [_evaluation(one) for one in asked],
        "policies": [_policy(kind, policy, bearer) for kind, policy in policies.values()],
    }
    documents = {_uri(policy): policy.document.text for _, policy in policies.values()}
    return Denial(new_authorization_id(), details, documents)


def describe_briefly(asked: Asked) -> dict[str, Any]:
    """Write one refused question as the message that DecodeAuthorizationMessage opens."""
    request = asked.request
    context = {**asked.context.of_request(), **asked.context.of_permission()}
    return {
        "allowed": False,
        "explicitDeny": asked.decision.outcome == "explicitDeny",
        "matchedStatements": {"items": [_brief_statement(one) for one in asked.decision.statements]},
        "failures": {"items": []},
        "context": {
            "principal": {
                "id": asked.context.call.caller.principal_id,
                "name": asked.context.call.caller.user_name,
                "arn": request.principal.arn,
            },
            "action": request.action,
            "resource": request.resource,
            "conditions": {"items": [{"key": key, "values": _items(values)} for key, values in context.items()]},
        },
    }


def _items(values: Sequence[str]) -> dict[str, Any]:
    return {"items": [{"value": value} for value in values]}


def _brief_statement(compiled: CompiledStatement) -> dict[str, Any]:
    statement = compiled.statement
    lines = [
        {"key": line.key, "operator": line.operator, "values": _items(line.values)} for line in statement.conditions
    ]
    return {
        "statementId": statement.sid or "",
        "effect": statement.effect.upper(),
        "sourcePolicyId": compiled.source.name,
        "actions": _items(statement.actions or statement.not_actions or ()),
        "resources": _items(statement.resources or statement.not_resources or ()),
        "conditions": {"items": lines},
    }


def _policies(policies: PolicySet) -> Iterator[tuple[PolicyType, CompiledPolicy]]:
    for kind, _, _ in _CHECKS:
        for policy in _of_type(policies, kind):
            yield kind, policy


def _of_type(policies: PolicySet, kind: PolicyType) -> tuple[CompiledPolicy, ...]:
    match kind:
        case "identity":
            return policies.identity
        case "boundary":
            return policies.boundary or ()
        case "session":
            return policies.session or ()
        case "resource":
            return policies.resource
        case "scp":
            return policies.scps
        case "rcp":
            return policies.rcps


def _evaluation(asked: Asked) -> dict[str, Any]:
    request = asked.request
    return {
        "action": request.action,
        "resource": "" if request.resource == "*" else request.resource,
        "context": _written(asked.context.of_permission()),
        "evaluatedEffect": _EFFECTS[asked.decision.outcome],
        "checks": list(_checks(asked)),
    }


def _checks(asked: Asked) -> Iterator[dict[str, Any]]:
    for kind, name, policy_type in _CHECKS:
        outcome = asked.decision.outcome_of(kind)
        if outcome is None or (kind == "resource" and outcome == "implicitDeny" and not _owner_must_allow(asked)):
            continue
        settled = asked.decision.allowed and outcome == "implicitDeny"
        yield {
            "checkType": name,
            "evaluatedEffect": "NO_IMPACT" if settled else _EFFECTS[outcome],
            "relevantPolicyTypes": [policy_type],
            "matchedPolicies": list(_matched(asked, kind)),
        }


def _owner_must_allow(asked: Asked) -> bool:
    other = asked.request.resource_account != asked.request.principal.account_id
    return other or asked.policies.resource_must_allow


def _matched(asked: Asked, kind: PolicyType) -> Iterator[dict[str, Any]]:
    action = asked.request.action.lower()
    for policy in _of_type(asked.policies, kind):
        matched = [one for one in policy.candidates(action) if one.applies(asked.request)]
        if matched:
            statements = [{"sid": _sid(policy, one), "evaluatedEffect": one.effect.upper()} for one in matched]
            yield {"uri": _uri(policy), "matchedStatements": statements}


def _sid(policy: CompiledPolicy, compiled: CompiledStatement) -> str:
    """Give a statement's id, one made of its place where it has none."""
    return compiled.statement.sid or f"Statement{policy.statements.index(compiled)}"


def _policy(kind: PolicyType, policy: CompiledPolicy, request: AuthorizationRequest) -> dict[str, Any]:
    bearer = request.resource if kind == "resource" else request.principal.issuer_arn or request.principal.arn
    return {
        "type": next(policy_type for one, _, policy_type in _CHECKS if one == kind),
        "inline": policy.source.arn is None,
        "uri": _uri(policy),
        "attachedTo": [{"arn": policy.source.attached_to or bearer}],
    }


def _uri(policy: CompiledPolicy) -> str:
    """Give a managed policy's ARN; what tells an inline one from every other."""
    if policy.source.arn is not None:
        return policy.source.arn
    of = repr((policy.source, policy.document.text))
    return f"inline/{hashlib.sha256(of.encode()).hexdigest()[:32]}"


def _written(keys: Mapping[str, Values]) -> dict[str, str | list[str]]:
    """Write a key's one value as text, several as a list."""
    return {key: values[0] if len(values) == 1 else list(values) for key, values in keys.items()}
