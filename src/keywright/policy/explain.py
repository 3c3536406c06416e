"""Say why a request was refused, in the words that AWS ends its refusals with."""

from __future__ import annotations

from typing import Final

from keywright.policy.decide import Decision
from keywright.policy.evaluate import PolicyType
from keywright.policy.principals import TRUST_ACTIONS

_TYPE_NAMES: Final[dict[PolicyType, str]] = {
    "identity": "identity-based policy",
    "boundary": "permissions boundary",
    "session": "session policy",
    "resource": "resource-based policy",
    "scp": "service control policy",
    "rcp": "resource control policy",
}


def denial_clause(decision: Decision) -> str:
    """
    Give the tail of the refusal, a space first; empty for an allowed request.

    AWS names one policy type, and with an explicit deny the policy's ARN where it has one (User Guide, "Troubleshoot
    access denied error messages").
    """
    if decision.blocked_by is None:
        return ""
    kind = _TYPE_NAMES[decision.blocked_by]
    if decision.blocked_by == "resource" and decision.action.lower() in TRUST_ACTIONS:
        kind = "role trust policy"
    if decision.outcome == "implicitDeny":
        return f" because no {kind} allows the {decision.action} action"
    arn = decision.statements[0].source.arn
    article = "an" if kind[0] in "aeiou" else "a"
    return f" with an explicit deny in {article} {kind}" + (f": {arn}" if arn is not None else "")
