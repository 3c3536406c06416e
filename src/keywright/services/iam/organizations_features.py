"""
What IAM does for an organisation: nothing for an account that is in none, and no account of Keywright's is in one.

AWS refuses by the same error; the words are the API reference's.
"""

from __future__ import annotations

from keywright.services.iam.errors import NoSuchEntity, OrganizationNotFoundException
from keywright.services.operation import Call, Inputs, Result, Target, everything, operation

_NO_ORGANIZATION = "The request was rejected because no organization is associated with your account."


def access_report(call: Call, inputs: Inputs) -> Target:
    """Name the report about an organisation's entity."""
    return Target(f"arn:aws:iam::{call.account_id}:access-report/{inputs['entity_path']}")


@operation(resource=everything)
def enable_organizations_root_credentials_management(call: Call) -> Result:
    """
    Refuse to manage the root credentials of an organisation's accounts.

    Raises: OrganizationNotFoundException.
    """
    del call
    raise OrganizationNotFoundException(_NO_ORGANIZATION)


@operation(resource=everything)
def disable_organizations_root_credentials_management(call: Call) -> Result:
    """
    Refuse to stop managing them.

    Raises: OrganizationNotFoundException.
    """
    del call
    raise OrganizationNotFoundException(_NO_ORGANIZATION)


@operation(resource=everything)
def enable_organizations_root_sessions(call: Call) -> Result:
    """
    Refuse root sessions in an organisation's accounts.

    Raises: OrganizationNotFoundException.
    """
    del call
    raise OrganizationNotFoundException(_NO_ORGANIZATION)


@operation(resource=everything)
def disable_organizations_root_sessions(call: Call) -> Result:
    """
    Refuse to stop them.

    Raises: OrganizationNotFoundException.
    """
    del call
    raise OrganizationNotFoundException(_NO_ORGANIZATION)


@operation(resource=everything)
def list_organizations_features(call: Call) -> Result:
    """
    Refuse to list the features of an organisation.

    Raises: OrganizationNotFoundException.
    """
    del call
    raise OrganizationNotFoundException(_NO_ORGANIZATION)


@operation(resource=access_report)
def generate_organizations_access_report(
    call: Call, *, entity_path: str, organizations_policy_id: str | None = None
) -> Result:
    """
    Refuse a report about an organisation.

    Raises: OrganizationNotFoundException.
    """
    del call, entity_path, organizations_policy_id
    raise OrganizationNotFoundException(_NO_ORGANIZATION)


@operation(resource=everything)
def get_organizations_access_report(
    call: Call, *, job_id: str, max_items: int | None = None, marker: str | None = None, sort_key: str | None = None
) -> Result:
    """
    Find no report: none is ever made.

    Raises: NoSuchEntity.
    """
    del call, max_items, marker, sort_key
    raise NoSuchEntity(f"The job with id {job_id} cannot be found.")
