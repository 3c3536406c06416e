"""Who am I, and whose is this key: the questions that need no permission, or next to none."""

from __future__ import annotations

from keywright.aws.errors import AwsError
from keywright.aws.identifiers import account_of
from keywright.services.operation import Call, Result, everything, operation


class ValidationError(AwsError):
    """A value outside of what its operation takes."""


@operation(resource=None)
def get_caller_identity(call: Call) -> Result:
    """Tell who signed. Nobody needs a permission for it, and a policy that denies it changes nothing."""
    caller = call.caller
    return {"UserId": caller.principal_id, "Account": caller.account_id, "Arn": caller.arn}


@operation(resource=everything)
def get_access_key_info(call: Call, *, access_key_id: str) -> Result:
    """
    Tell the account of an access key id, whoever's it is: it is read off the id.

    Raises: ValidationError.
    """
    del call
    account_id = account_of(access_key_id)
    if account_id is None or access_key_id[:4] not in {"AKIA", "ASIA"}:
        raise ValidationError(f"Invalid access key ID: {access_key_id}")
    return {"Account": account_id}
