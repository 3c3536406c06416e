"""What IAM's simulator says of an action, with the context and the resource's policy that it is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from keywright.aws.global_keys import find_global_key
from keywright.client.why.explanation import Check, Finding
from keywright.client.why.readable_policies import BOUNDARY, IDENTITY, RESOURCE, SCP, ReadPolicy, matched

_TYPES: Final = {"Bool": "boolean", "IPAddress": "ip", "Numeric": "numeric", "Date": "date", "ArrayOfString": "string"}


def simulate(
    iam: Any,
    principal: str,
    action: str,
    resource: str,
    context: Mapping[str, Sequence[str]],
    known: Sequence[ReadPolicy],
    resource_policy: ReadPolicy | None,
) -> Finding:
    """
    Simulate one action; `known` are the principal's policies, in which the statements are found.

    Raises: BotoCoreError; ClientError.
    """
    asked: dict[str, Any] = {"PolicySourceArn": principal, "ActionNames": [action], "ResourceArns": [resource]}
    if context:
        asked["ContextEntries"] = [_entry(key, values) for key, values in context.items()]
    # AWS: a resource's policy is simulated for a user only (API reference, CallerArn).
    if resource_policy is not None and ":user/" in principal:
        asked |= {"ResourcePolicy": resource_policy.text, "CallerArn": principal}
    answer = iam.simulate_principal_policy(**asked)["EvaluationResults"][0]
    decision = answer["EvalDecision"]
    found = [
        statement
        for one in answer.get("MatchedStatements", [])
        if (statement := _matched(one, known, resource_policy)) is not None
    ]
    blocked_by = None if decision == "allowed" else _blocked_by(answer, [one.policy_type for one in found])
    return Finding(
        "incomplete" if answer.get("MissingContextValues") else "simulated",
        allowed=decision == "allowed",
        principal=principal,
        action=action,
        resource=resource,
        blocked_by=blocked_by,
        is_explicit=None if decision == "allowed" else decision == "explicitDeny",
        checks=tuple(_checks(answer)),
        statements=tuple(found),
        missing_context=tuple(answer.get("MissingContextValues", [])),
    )


def _entry(key: str, values: Sequence[str]) -> dict[str, Any]:
    described = find_global_key(key)
    kind = "string" if described is None else _TYPES.get(described.type, "string")
    is_list = len(values) > 1 or (described is not None and described.type == "ArrayOfString")
    return {
        "ContextKeyName": key,
        "ContextKeyType": f"{kind}List" if is_list else kind,
        "ContextKeyValues": list(values),
    }


def _matched(one: Mapping[str, Any], known: Sequence[ReadPolicy], resource_policy: ReadPolicy | None) -> Any:
    policies = list(known)
    if resource_policy is not None:
        policies.append(resource_policy)
    # AWS: a listed statement begins where the one before it ends, so that only its end is in itself.
    place = one.get("EndPosition", {"Line": 0, "Column": 0})
    return matched(policies, one["SourcePolicyId"], place["Line"], place["Column"])


def _blocked_by(answer: Mapping[str, Any], types: Sequence[str]) -> str:
    if answer["EvalDecision"] == "explicitDeny" and types:
        return types[0]
    if answer.get("OrganizationsDecisionDetail", {}).get("AllowedByOrganizations") is False:
        return SCP
    if answer.get("PermissionsBoundaryDecisionDetail", {}).get("AllowedByPermissionsBoundary") is False:
        return BOUNDARY
    return IDENTITY


def _checks(answer: Mapping[str, Any]) -> list[Check]:
    checks = []
    for detail, member, policy_type in (
        ("OrganizationsDecisionDetail", "AllowedByOrganizations", SCP),
        ("PermissionsBoundaryDecisionDetail", "AllowedByPermissionsBoundary", BOUNDARY),
    ):
        allowed = answer.get(detail, {}).get(member)
        if allowed is not None:
            checks.append(Check(policy_type, "allows" if allowed else "does not allow"))
    words = {"allowed": "allows", "explicitDeny": "denies", "implicitDeny": "does not allow"}
    for name, decision in answer.get("EvalDecisionDetails", {}).items():
        checks.append(Check({"Resource Policy": RESOURCE}.get(name, IDENTITY), words[decision]))
    return checks
