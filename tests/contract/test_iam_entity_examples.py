"""The examples that botocore documents for groups, roles, policies and instance profiles, each called as it stands."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import botocore.loaders
import pytest
from botocore import xform_name
from sqlalchemy import update

from keywright.store.tables import roles
from tests.contract.expect import allow
from tests.contract.in_process import Account
from tests.contract.test_iam_roles import EC2

READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess"
EXAMPLES = botocore.loaders.Loader().load_service_model("iam", "examples-1")["examples"]


def profile_with_role(name: str, role: str, *, put_in: bool = True) -> Callable[[Any], None]:
    """Make an instance profile and a role, the one in the other."""

    def set_up(iam: Any) -> None:
        iam.create_role(RoleName=role, AssumeRolePolicyDocument=EC2)
        iam.create_instance_profile(InstanceProfileName=name)
        if put_in:
            iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=role)

    return set_up


def role(name: str, **tags: str) -> Callable[[Any], None]:
    """Make a role with tags."""

    def set_up(iam: Any) -> None:
        listed = [{"Key": key, "Value": value} for key, value in tags.items()]
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=EC2, Tags=listed)

    return set_up


def group(name: str, *policies: str, member: str | None = None) -> Callable[[Any], None]:
    """Make a group with inline policies and a member."""

    def set_up(iam: Any) -> None:
        iam.create_group(GroupName=name)
        for policy in policies:
            iam.put_group_policy(GroupName=name, PolicyName=policy, PolicyDocument=allow("s3:*"))
        if member is not None:
            iam.create_user(UserName=member)
            iam.add_user_to_group(GroupName=name, UserName=member)

    return set_up


def listed_groups(iam: Any) -> None:
    """Make the groups that the example of ListGroups lists."""
    for one in EXAMPLES["ListGroups"][0]["output"]["Groups"]:
        iam.create_group(GroupName=one["GroupName"], Path=one["Path"])


def groups_of_bob(iam: Any) -> None:
    """Make Bob and the groups that the example of ListGroupsForUser finds him in."""
    iam.create_user(UserName="Bob")
    for one in EXAMPLES["ListGroupsForUser"][0]["output"]["Groups"]:
        iam.create_group(GroupName=one["GroupName"], Path=one["Path"])
        iam.add_user_to_group(GroupName=one["GroupName"], UserName="Bob")


def bob_beside_admins(iam: Any) -> None:
    """Make Bob, and a group that he is not in."""
    iam.create_group(GroupName="Admins")
    iam.create_user(UserName="Bob")


def example_policies(iam: Any) -> None:
    """Make a user and a group with the policies that the example of ListPoliciesGrantingServiceAccess names."""
    iam.create_user(UserName="ExampleUser01")
    for service in ("iam", "ec2"):
        name = f"Example{service.capitalize()}Policy"
        arn = iam.create_policy(PolicyName=name, PolicyDocument=allow(f"{service}:*"))["Policy"]["Arn"]
        iam.attach_user_policy(UserName="ExampleUser01", PolicyArn=arn)
    iam.create_group(GroupName="AWSExampleGroup1")
    iam.put_group_policy(
        GroupName="AWSExampleGroup1", PolicyName="ExampleGroup1Policy", PolicyDocument=allow("iam:GetUser")
    )
    iam.add_user_to_group(GroupName="AWSExampleGroup1", UserName="ExampleUser01")


def role_with_policy(iam: Any) -> None:
    """Make the role whose policy is deleted."""
    role("Test-Role")(iam)
    iam.put_role_policy(RoleName="Test-Role", PolicyName="ExamplePolicy", PolicyDocument=allow("s3:*"))


def nothing(_iam: Any) -> None:
    """Make nothing: the example makes it."""


SET_UP: dict[str, Callable[[Any], None]] = {
    "AddRoleToInstanceProfile": profile_with_role("Webserver", "S3Access", put_in=False),
    "AddUserToGroup": bob_beside_admins,
    "AttachGroupPolicy": group("Finance"),
    "AttachRolePolicy": role("ReadOnlyRole"),
    "CreateGroup": nothing,
    "CreateInstanceProfile": nothing,
    "CreateRole": nothing,
    "DeleteGroupPolicy": group("Admins", "ExamplePolicy"),
    "DeleteInstanceProfile": profile_with_role("ExampleInstanceProfile", "Test-Role", put_in=False),
    "DeleteRole": role("Test-Role"),
    "DeleteRolePolicy": role_with_policy,
    "GetInstanceProfile": profile_with_role("ExampleInstanceProfile", "Test-Role"),
    "GetRole": role("Test-Role"),
    "ListGroupPolicies": group("Admins", "AdminRoot", "KeyPolicy"),
    "ListGroups": listed_groups,
    "ListGroupsForUser": groups_of_bob,
    "ListPoliciesGrantingServiceAccess": example_policies,
    "ListRoleTags": role("taggedrole1", Dept="12345", Team="Accounting"),
    "PutGroupPolicy": group("Admins"),
    "PutRolePolicy": role("S3Access"),
    "RemoveRoleFromInstanceProfile": profile_with_role("ExampleInstanceProfile", "Test-Role"),
    "RemoveUserFromGroup": group("Admins", member="Bob"),
    "TagRole": role("taggedrole"),
    "UntagRole": role("taggedrole", Dept="Accounting"),
    "UpdateAssumeRolePolicy": role("S3AccessForEC2Instances"),
    "UpdateGroup": group("Test"),
}
_MADE_UP = re.compile(r".*(?:Arn|Id|Date|Document)")
"""Members whose values are another account's, or a document's placeholder."""


def check(expected: Any, actual: Any, name: str = "") -> None:
    """Compare an answer with the documented one: the same members, and what is not made up in them the same."""
    if isinstance(expected, dict):
        assert expected.keys() <= actual.keys(), name
        for member, value in expected.items():
            check(value, actual[member], member)
    elif isinstance(expected, list) and expected and isinstance(expected[0], dict):
        assert len(expected) == len(actual), name
        if name == "Groups":
            # The documented lists are in no order.
            expected, actual = (sorted(groups, key=lambda one: one["GroupName"]) for groups in (expected, actual))
        for one, other in zip(expected, actual, strict=True):
            check(one, other, name)
    elif not _MADE_UP.fullmatch(name):
        assert expected == actual, name


@pytest.mark.parametrize("operation", SET_UP)
def test_documented_example(account: Account, operation: str) -> None:
    """The documented input is taken, and the answer has the documented members and values."""
    iam = account.iam
    SET_UP[operation](iam)
    if operation == "GetRole":
        used = update(roles).where(roles.c.account_id == account.account_id)
        values = {"last_used_at": account.server.clock.now, "last_used_region": "us-east-1"}
        account.server.write(lambda connection: connection.execute(used.values(values)))
    [example] = EXAMPLES[operation]
    written = json.dumps(example["input"]).replace("123456789012", account.account_id)
    parameters = json.loads(written)
    if operation == "CreateRole":
        assert parameters["AssumeRolePolicyDocument"] == "<Stringified-JSON>"
        parameters["AssumeRolePolicyDocument"] = EC2
    answer = getattr(iam, xform_name(operation))(**parameters)
    assert answer.pop("ResponseMetadata")["HTTPStatusCode"] == 200
    if "output" in example:
        check(example["output"], answer)
    else:
        assert answer == {}
