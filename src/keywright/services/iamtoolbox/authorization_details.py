"""Why a call was refused: what was evaluated, by the authorization id in the refusal."""

from __future__ import annotations

from typing import Any

from keywright.aws.errors import AwsError
from keywright.services.operation import Call, Result, everything, operation
from keywright.trail.denials import find_denial, read_document


class ResourceNotFoundException(AwsError):
    """No such refusal of this account's, or it was longer than a day ago."""

    status = 404


class ValidationException(AwsError):
    """A value outside of what its operation takes."""


@operation(resource=everything, action="iam:GetRequestAuthorizationDetails")
def get_request_authorization_details(call: Call, *, authorization_id: str, next_token: str | None = None) -> Result:
    """
    Tell what was asked of which policies, and what each said. All of it fits one page.

    Raises: ResourceNotFoundException; ValidationException.
    """
    if next_token is not None:
        raise ValidationException("The specified next token is not valid.")
    details = _find(call, authorization_id)
    return {name: details[name] for name in ("requestContext", "evaluations", "policies")}


@operation(resource=everything, action="iam:GetRequestAuthorizationPolicy")
def get_request_authorization_policy(call: Call, *, authorization_id: str, policy_uri: str) -> Result:
    """
    Give a policy as it was when the call was refused.

    Raises: ResourceNotFoundException.
    """
    digest: str | None = _find(call, authorization_id)["documents"].get(policy_uri)
    if digest is None:
        raise ResourceNotFoundException(f"The policy {policy_uri} was not evaluated for this authorization ID.")
    return {"policyDocument": read_document(call.connection, digest)}


def _find(call: Call, authorization_id: str) -> dict[str, Any]:
    # DIVERGES: Authorization details. They are answered in every region, whichever the refused call was made in.
    details = find_denial(call.connection, call.account_id, authorization_id, call.now)
    if details is None:
        raise ResourceNotFoundException(f"The authorization ID {authorization_id} does not exist or has expired.")
    return details
