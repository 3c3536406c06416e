"""The smallest policy that would allow an action, and what is dangerous about it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

from keywright.aws.service_reference import find_action, has_placeholder

_ESCALATING: Final = re.compile(
    r"iam:(?:(?:Attach|Put)\w+Policy|CreatePolicyVersion|SetDefaultPolicyVersion|CreateAccessKey|CreateLoginProfile"
    r"|UpdateLoginProfile|UpdateAssumeRolePolicy|AddUserToGroup|PassRole|Detach\w+Policy|Delete\w+Polic\w+"
    r"|(?:Put|Delete)\w+PermissionsBoundary|CreateServiceSpecificCredential|DeactivateMFADevice)"
    r"|lambda:UpdateFunctionCode|lambda:AddPermission|ssm:SendCommand|ec2-instance-connect:SendSSHPublicKey"
    r"|sts:GetFederationToken|secretsmanager:PutResourcePolicy|kms:PutKeyPolicy|s3:PutBucketPolicy",
    re.IGNORECASE,
)
"""Who may do such a thing may give themselves more, or somebody else."""


PASSED_TO: Final = "iam:PassedToService"
_ANY_SERVICE: Final = "SERVICE.amazonaws.com"


def smallest_policy(action: str, resource: str, passed_to: str = _ANY_SERVICE) -> str:
    """Write the policy that allows one action on one resource, and no more."""
    statement: dict[str, Any] = {"Effect": "Allow", "Action": action, "Resource": _narrow(action, resource)}
    if action.lower() == "iam:passrole":
        statement["Condition"] = {"StringEquals": {PASSED_TO: passed_to}}
    return _document(statement)


def smallest_grant(action: str, resource: str, principal: str, *, is_trust: bool) -> str:
    """Write the statement of a resource's own policy that lets one principal do one action."""
    statement: dict[str, Any] = {"Effect": "Allow", "Principal": {"AWS": principal}, "Action": action}
    if not is_trust:
        statement["Resource"] = resource
    return _document(statement)


def dangers(action: str, resource: str) -> Iterator[str]:
    """Say what is dangerous about allowing it."""
    if _ESCALATING.fullmatch(action):
        yield f"{action} is a way to more permissions: allow it to those only who may have them all"
    if action.lower() == "iam:passrole":
        yield "put the one service that is to get the role in place of SERVICE"
    if "*" in action:
        yield f"{action} is more than one action"
    described = find_action(action)
    if resource == "*" and described is not None and described.resources:
        yield f"{action} can be limited to a resource, which the refusal does not name: put its ARN in place of *"
    elif described is None:
        yield f"{action} is not in AWS's service reference: is it spelt right?"


def _narrow(action: str, resource: str) -> str:
    """Give the resource; `*` for an action that takes none."""
    described = find_action(action)
    if described is not None and not described.resources:
        return "*"
    return "*" if has_placeholder(resource) else resource


def _document(statement: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})
