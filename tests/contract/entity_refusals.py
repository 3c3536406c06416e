"""What refusals of the operations on groups, roles, instance profiles and their policies say they are about."""

from __future__ import annotations

from typing import Any

from tests.contract.in_process import Account
from tests.contract.test_iam_roles import EC2

IAM = "arn:aws:iam::{account}:"
TAG: dict[str, Any] = {"Tags": [{"Key": "a", "Value": "b"}]}
UNTAG: dict[str, Any] = {"TagKeys": ["a"]}
BOUNDARY, DOCUMENT = {"PermissionsBoundary": "{policy}"}, {"PolicyDocument": "{{}}"}
TRUST = {"AssumeRolePolicyDocument": "{{}}"}
NAMED, MANAGED, OF_BOB = {"PolicyName": "p"}, {"PolicyArn": "{policy}"}, {"UserName": "bob"}
SERVICE_LINKED = IAM + "role/aws-service-role/batch.amazonaws.com/AWSServiceRoleForBatch"
TASK = "task/aws-service-role/batch.amazonaws.com/AWSServiceRoleForBatch/00000000-0000-0000-0000-000000000000"

# The operations on an entity that is there, by what its parameter is called: with what else each is asked.
_ON: dict[str, dict[str, dict[str, Any]]] = {
    "Group": {
        "GetGroup": {},
        "UpdateGroup": {},
        "DeleteGroup": {},
        "AddUserToGroup": OF_BOB,
        "RemoveUserFromGroup": OF_BOB,
    },
    "Role": {
        "GetRole": {},
        "UpdateRole": {},
        "UpdateRoleDescription": {"Description": "d"},
        "UpdateAssumeRolePolicy": DOCUMENT,
        "DeleteRole": {},
        "DeleteServiceLinkedRole": {},
        "TagRole": TAG,
        "UntagRole": UNTAG,
        "ListRoleTags": {},
        "PutRolePermissionsBoundary": BOUNDARY,
        "DeleteRolePermissionsBoundary": {},
        "ListInstanceProfilesForRole": {},
    },
    "User": {
        "ListGroupsForUser": {},
        "PutUserPermissionsBoundary": BOUNDARY,
        "DeleteUserPermissionsBoundary": {},
    },
    "InstanceProfile": {
        "GetInstanceProfile": {},
        "DeleteInstanceProfile": {},
        "RemoveRoleFromInstanceProfile": {"RoleName": "Bob"},
        "TagInstanceProfile": TAG,
        "UntagInstanceProfile": UNTAG,
        "ListInstanceProfileTags": {},
    },
}
for _kind in ("Group", "Role"):
    _ON[_kind] |= {
        f"Put{_kind}Policy": NAMED | DOCUMENT,
        f"Get{_kind}Policy": NAMED,
        f"List{_kind}Policies": {},
        f"Delete{_kind}Policy": NAMED,
        f"Attach{_kind}Policy": MANAGED,
        f"Detach{_kind}Policy": MANAGED,
        f"ListAttached{_kind}Policies": {},
    }
_SPOKEN = {"Group": "group", "Role": "role", "User": "user", "InstanceProfile": "instance profile"}

ENTITY_REFUSALS: list[tuple[str, dict[str, Any], str, str]] = [
    *(
        (
            operation,
            {f"{kind}Name": "bob"} | more,
            f"{IAM}{_SPOKEN[kind].replace(' ', '-')}/team/bob",
            f"{_SPOKEN[kind]} bob",
        )
        for kind, operations in _ON.items()
        for operation, more in operations.items()
    ),
    *(
        (operation, parameters, IAM + resource, IAM + resource)
        for operation, parameters, resource in (
            ("CreateGroup", {"GroupName": "x", "Path": "/p/"}, "group/p/x"),
            ("CreateRole", {"RoleName": "x", "Path": "/p/"} | TRUST, "role/p/x"),
            ("CreateInstanceProfile", {"InstanceProfileName": "x", "Path": "/p/"}, "instance-profile/p/x"),
            ("ListGroups", {"PathPrefix": "/p/"}, "group/p/"),
            ("ListRoles", {}, "role/"),
            ("ListInstanceProfiles", {}, "instance-profile/"),
            ("ListPoliciesGrantingServiceAccess", {"Arn": IAM + "user/bob", "ServiceNamespaces": ["s3"]}, "user/bob"),
        )
    ),
    ("CreateServiceLinkedRole", {"AWSServiceName": "batch.amazonaws.com"}, SERVICE_LINKED, SERVICE_LINKED),
    ("GetServiceLinkedRoleDeletionStatus", {"DeletionTaskId": TASK}, SERVICE_LINKED, SERVICE_LINKED),
    ("GetAccountAuthorizationDetails", {}, "*", "*"),
    ("ListEntitiesForPolicy", MANAGED, "{policy}", "policy {policy}"),
    ("TagPolicy", MANAGED | TAG, "{policy}", "policy {policy}"),
    ("UntagPolicy", MANAGED | UNTAG, "{policy}", "policy {policy}"),
    ("ListPolicyTags", MANAGED, "{policy}", "policy {policy}"),
]
"""The operation, its parameters, the resource that policies are asked about, and the one that the refusal names."""


def make_entities(account: Account) -> None:
    """Make the group, the role and the instance profile that the cases are about."""
    iam = account.iam
    iam.create_group(GroupName="bob", Path="/team/")
    iam.create_role(RoleName="bob", Path="/team/", AssumeRolePolicyDocument=EC2)
    iam.create_instance_profile(InstanceProfileName="bob", Path="/team/")
