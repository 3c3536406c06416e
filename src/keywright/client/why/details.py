"""What the service evaluated, by the authorization id in a refusal (facts §10)."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from botocore.exceptions import ClientError

from keywright.client.why.explanation import Check, Finding, FoundStatement
from keywright.client.why.policy_text import statements
from keywright.client.why.readable_policies import PoliciesOf, ReadPolicy, as_text

_TYPES: Final = {
    "PRINCIPAL": "identity-based policy",
    "RESOURCE": "resource-based policy",
    "PERMISSIONS_BOUNDARY": "permissions boundary",
    "SESSION": "session policy",
    "SERVICE_CONTROL_POLICY": "service control policy",
    "RESOURCE_CONTROL_POLICY": "resource control policy",
    "VPC_ENDPOINT": "VPC endpoint policy",
}
_EFFECTS: Final = {
    "ALLOW": "allows",
    "EXPLICIT_DENY": "denies",
    "IMPLICIT_DENY": "does not allow",
    "NO_IMPACT": "has no say",
}
_TRIES: Final = 4
_WAIT_SECONDS: Final = 2.0
"""AWS: the details are recorded after the refusal, and are not there at once."""


def find_by_id(toolbox: Any, authorization_id: str, policies_of: PoliciesOf) -> Finding:
    """
    Ask what was evaluated; `policies_of` reads the caller's policies, by which an inline one gets its name.

    Raises: BotoCoreError; ClientError.
    """
    details = _wait_for(toolbox, authorization_id)
    refused = [one for one in details["evaluations"] if one["evaluatedEffect"] != "ALLOW"]
    evaluation = (refused or details["evaluations"])[0]
    checks = evaluation.get("checks", [])
    stopped = _stopped(checks)
    infos = {info["uri"]: info for info in details.get("policies", [])}
    principal = _first(details.get("requestContext", {}).get("aws:PrincipalArn"))
    known = policies_of(principal)
    found: list[FoundStatement] = []
    for check in () if stopped is None else (stopped,):
        for matched in check.get("matchedPolicies", []):
            text = _text(toolbox, authorization_id, matched["uri"])
            policy = _named(
                infos.get(matched["uri"], {}),
                matched["uri"],
                text,
                _TYPES.get(check["checkType"], check["checkType"]),
                known,
            )
            found.extend(_statements(policy, matched))
    return Finding(
        "verified",
        allowed=not refused,
        principal=principal,
        action=evaluation["action"],
        resource=evaluation.get("resource") or "*",
        blocked_by=None if stopped is None else _TYPES.get(stopped["checkType"], stopped["checkType"]),
        is_explicit=evaluation["evaluatedEffect"] == "EXPLICIT_DENY",
        checks=tuple(
            Check(_TYPES.get(one["checkType"], one["checkType"]), _EFFECTS.get(one["evaluatedEffect"], "unknown"))
            for one in checks
        ),
        statements=tuple(found),
        context=_context(details, evaluation),
    )


def _context(details: Mapping[str, Any], evaluation: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    told = {**details.get("requestContext", {}), **evaluation.get("context", {})}
    return {key: (value,) if isinstance(value, str) else tuple(map(str, value)) for key, value in told.items()}


def _wait_for(toolbox: Any, authorization_id: str) -> dict[str, Any]:
    for left in reversed(range(_TRIES)):
        try:
            answer: dict[str, Any] = toolbox.get_request_authorization_details(authorizationId=authorization_id)
            break
        except ClientError as error:
            if error.response["Error"]["Code"] != "ResourceNotFoundException" or not left:
                raise
            time.sleep(_WAIT_SECONDS)
    details = answer
    while answer.get("nextToken"):
        asked = {"authorizationId": authorization_id, "nextToken": answer["nextToken"]}
        answer = toolbox.get_request_authorization_details(**asked)
        for member in ("evaluations", "policies"):
            details.setdefault(member, []).extend(answer.get(member, []))
    return details


def _stopped(checks: Sequence[Mapping[str, Any]]) -> Mapping[str, Any] | None:
    """Give the check that stood in the way: a Deny before what does not allow."""
    for effect in ("EXPLICIT_DENY", "IMPLICIT_DENY"):
        for check in checks:
            if check["evaluatedEffect"] == effect:
                return check
    return None


def _text(toolbox: Any, authorization_id: str, uri: str) -> str | None:
    try:
        answer = toolbox.get_request_authorization_policy(authorizationId=authorization_id, policyUri=uri)
    except ClientError:
        return None
    return as_text(answer["policyDocument"], is_quoted=False)


def _named(
    info: Mapping[str, Any], uri: str, text: str | None, policy_type: str, known: Sequence[ReadPolicy]
) -> ReadPolicy:
    """Name the policy; one that is the caller's too is taken as it was written, for its lines."""
    same = next((one for one in known if text is not None and _means_the_same(one.text, text)), None)
    if not info.get("inline"):
        return ReadPolicy(uri, uri, policy_type, same.text if same is not None else text or "")
    if same is not None:
        return ReadPolicy(same.name, uri, policy_type, same.text)
    bearer = ", ".join(one["arn"] for one in info.get("attachedTo", [])) or "the caller"
    return ReadPolicy(f"an inline policy of {bearer}", uri, policy_type, text or "")


def _means_the_same(one: str, other: str) -> bool:
    try:
        return bool(json.loads(one) == json.loads(other))
    except ValueError:
        return False


def _statements(policy: ReadPolicy, matched: Mapping[str, Any]) -> Iterator[FoundStatement]:
    placed = {one.sid or f"Statement{one.number - 1}": one for one in statements(policy.text)}
    for one in matched.get("matchedStatements", []):
        statement = placed.get(one.get("sid", ""))
        if statement is not None:
            yield policy.found(statement)
        else:
            effect = one["evaluatedEffect"].capitalize()
            yield FoundStatement(policy.name, policy.policy_type, effect, one.get("sid"), None, None, None, None)


def _first(value: Any) -> str | None:
    if isinstance(value, list):
        value = value[0] if value else None
    return value if isinstance(value, str) else None
