"""Ask whether one may do something, by IAM's policy simulator: nothing is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

from keywright.client.identity import Caller, Unknown, attempt


@dataclass(frozen=True, slots=True)
class Ability:
    """One action, and whether it is allowed."""

    action: Annotated[str, "the action"]
    resource: Annotated[str, "the resource's ARN, or *"]
    decision: Annotated[str | None, "allowed, explicitDeny or implicitDeny; null where it could not be simulated"]
    why: Annotated[str, "the policy that decides, or why there is no decision"]


def ability(iam: Any, caller: Caller, action: str, resource: str | None) -> Ability:
    """Simulate one action as the caller."""
    shown = resource or "*"
    if caller.kind == "root":
        return Ability(action, shown, "allowed", "the root user may do all that no policy of the organization denies")
    source = policy_source(iam, caller)
    if isinstance(source, Unknown):
        return Ability(action, shown, None, source.why)
    asked: dict[str, Any] = {"PolicySourceArn": source, "ActionNames": [action]}
    if resource is not None:
        asked["ResourceArns"] = [resource]
    answer = attempt(lambda: iam.simulate_principal_policy(**asked)["EvaluationResults"][0])
    if isinstance(answer, Unknown):
        return Ability(action, shown, None, answer.why)
    return Ability(action, shown, answer["EvalDecision"], _why(answer))


def policy_source(iam: Any, caller: Caller) -> str | Unknown:
    """Give the entity whose policies count: of a role's session the role."""
    if caller.kind == "user":
        return caller.arn
    if caller.kind == "assumed role":
        name = caller.arn.split("/")[1]
        return attempt(lambda: str(iam.get_role(RoleName=name)["Role"]["Arn"]))
    return Unknown(f"a {caller.kind}'s permissions cannot be simulated")


def _why(answer: dict[str, Any]) -> str:
    matched = ", ".join(sorted({one["SourcePolicyId"] for one in answer.get("MatchedStatements", [])}))
    missing = ", ".join(answer.get("MissingContextValues", []))
    doubt = f"; a real request may differ by {missing}" if missing else ""
    if answer["EvalDecision"] == "allowed":
        return f"by {matched or 'a policy'}{doubt}"
    if answer["EvalDecision"] == "explicitDeny":
        return f"denied by {matched or 'a policy'}{doubt}"
    if answer.get("OrganizationsDecisionDetail", {}).get("AllowedByOrganizations") is False:
        return f"no service control policy allows it{doubt}"
    if answer.get("PermissionsBoundaryDecisionDetail", {}).get("AllowedByPermissionsBoundary") is False:
        return f"the permissions boundary does not allow it{doubt}"
    return f"no policy allows it{doubt}"
