"""Permissions boundaries: managed policies that cap what a user may do."""

from __future__ import annotations

from keywright.services.iam.managed import find_attachable_policy
from keywright.services.operation import Call


def check_boundary(call: Call, policy_arn: str) -> None:
    """
    Refuse a boundary that is no managed policy of this account or of AWS.

    Raises: NoSuchEntity; ValidationError; PolicyNotAttachable.
    """
    find_attachable_policy(call, policy_arn)


def describe_boundary(policy_arn: str | None) -> dict[str, str] | None:
    """Describe a boundary, None where there is none."""
    if policy_arn is None:
        return None
    return {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": policy_arn}
