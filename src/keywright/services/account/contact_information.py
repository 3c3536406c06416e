"""An account's contact information: none was ever set."""

from __future__ import annotations

from keywright.aws.errors import AccessDenied, AwsError
from keywright.services.operation import Call, Inputs, Result, Target, operation


class AccessDeniedException(AccessDenied):
    """Another account, which only an organization could give access to."""


class ResourceNotFoundException(AwsError):
    """Nothing was set."""

    status = 404


def own_account(call: Call, inputs: Inputs) -> Target:
    """Name the caller's account."""
    del inputs
    return Target(f"arn:aws:account::{call.account_id}:account", "")


@operation(resource=own_account)
def get_contact_information(call: Call, *, account_id: str | None = None) -> Result:
    """
    Say that the account has no contact information.

    AWS: an account outside of an organization must not name one, not even its own (API reference).
    Raises: ResourceNotFoundException; AccessDeniedException.
    """
    # DIVERGES: Contact information.
    if account_id is not None:
        raise AccessDeniedException(
            f"User: {call.caller.arn} is not authorized to perform: account:GetContactInformation"
        )
    raise ResourceNotFoundException("No contact information was found for this account.")
