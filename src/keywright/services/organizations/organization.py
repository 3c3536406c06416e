"""The organization that an account belongs to: none."""

from __future__ import annotations

from keywright.aws.errors import AwsError
from keywright.services.operation import Call, Result, operation, unnamed


class AWSOrganizationsNotInUseException(AwsError):
    """The account belongs to no organization."""


@operation(resource=unnamed)
def describe_organization(call: Call) -> Result:
    """
    Say that the account belongs to no organization.

    Raises: AWSOrganizationsNotInUseException.
    """
    del call
    raise AWSOrganizationsNotInUseException("Your account is not a member of an organization.")
