"""What the examples of users, groups, roles, policies and instance profiles need."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, update

from keywright.store.tables import roles, users
from tests.contract.example_needs import Need, Ready, answered, nothing
from tests.contract.expect import allow
from tests.contract.in_process import Account
from tests.contract.test_iam_roles import EC2


def with_iam(set_up: Callable[[Any], None]) -> Need:
    """Make something by the administrator's IAM client."""

    def need(account: Account) -> None:
        set_up(account.iam)

    return need


def tags_of(tags: dict[str, str]) -> list[dict[str, str]]:
    """Write tags."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def user(name: str, *policies: str, **tags: str) -> Need:
    """Make a user with inline policies and tags."""

    def set_up(iam: Any) -> None:
        iam.create_user(UserName=name, Tags=tags_of(tags))
        for policy in policies:
            iam.put_user_policy(UserName=name, PolicyName=policy, PolicyDocument=allow("s3:*"))

    return with_iam(set_up)


def listed_users(account: Account) -> Ready:
    """Make the users whom ListUsers lists, who have used their passwords, and nobody else: the root user asks."""
    for one in answered("iam", "ListUsers")["Users"]:
        account.iam.create_user(UserName=one["UserName"], Path=one["Path"])
    ours, at = users.c.account_id == account.account_id, account.server.clock.now - timedelta(days=1)
    used = update(users).where(ours).values(password_last_used=at)
    account.server.write(lambda connection: connection.execute(used))
    account.server.write(lambda connection: connection.execute(delete(users).where(ours, users.c.user_name == "admin")))
    return Ready(key=account.root)


def alias(name: str) -> Need:
    """Give the account its alias, in place of the one that it has: an account has one."""
    return with_iam(lambda iam: iam.create_account_alias(AccountAlias=name))


def role(name: str, **tags: str) -> Need:
    """Make a role with tags."""
    return with_iam(lambda iam: iam.create_role(RoleName=name, AssumeRolePolicyDocument=EC2, Tags=tags_of(tags)))


def used_role(account: Account) -> None:
    """Make the role that has been used."""
    role("Test-Role")(account)
    used = update(roles).where(roles.c.account_id == account.account_id)
    values = {"last_used_at": account.server.clock.now, "last_used_region": "us-east-1"}
    account.server.write(lambda connection: connection.execute(used.values(values)))


def trust_policy(_account: Account) -> Ready:
    """Give the trust policy for which the example has a placeholder."""
    return Ready({"AssumeRolePolicyDocument": EC2}, refused=("MalformedPolicyDocument", 400))


def role_with_policy(account: Account) -> None:
    """Make the role whose policy is deleted."""
    role("Test-Role")(account)
    account.iam.put_role_policy(RoleName="Test-Role", PolicyName="ExamplePolicy", PolicyDocument=allow("s3:*"))


def profile(name: str, role_name: str, *, put_in: bool = True) -> Need:
    """Make an instance profile and a role, the one in the other."""

    def set_up(iam: Any) -> None:
        iam.create_role(RoleName=role_name, AssumeRolePolicyDocument=EC2)
        iam.create_instance_profile(InstanceProfileName=name)
        if put_in:
            iam.add_role_to_instance_profile(InstanceProfileName=name, RoleName=role_name)

    return with_iam(set_up)


def group(name: str, *policies: str, member: str | None = None) -> Need:
    """Make a group with inline policies and a member."""

    def set_up(iam: Any) -> None:
        iam.create_group(GroupName=name)
        for policy in policies:
            iam.put_group_policy(GroupName=name, PolicyName=policy, PolicyDocument=allow("s3:*"))
        if member is not None:
            iam.create_user(UserName=member)
            iam.add_user_to_group(GroupName=name, UserName=member)

    return with_iam(set_up)


def listed_groups(account: Account) -> None:
    """Make the groups that ListGroups lists."""
    for one in answered("iam", "ListGroups")["Groups"]:
        account.iam.create_group(GroupName=one["GroupName"], Path=one["Path"])


def groups_of_bob(account: Account) -> None:
    """Make Bob and the groups that ListGroupsForUser finds him in."""
    iam = account.iam
    iam.create_user(UserName="Bob")
    for one in answered("iam", "ListGroupsForUser")["Groups"]:
        iam.create_group(GroupName=one["GroupName"], Path=one["Path"])
        iam.add_user_to_group(GroupName=one["GroupName"], UserName="Bob")


def bob_beside_admins(account: Account) -> None:
    """Make Bob, and a group that he is not in."""
    account.iam.create_group(GroupName="Admins")
    account.iam.create_user(UserName="Bob")


def granting_policies(account: Account) -> None:
    """Make a user and a group with the policies that ListPoliciesGrantingServiceAccess names."""
    iam = account.iam
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


NEEDS: dict[str, Need] = {
    "AddRoleToInstanceProfile": profile("Webserver", "S3Access", put_in=False),
    "AddUserToGroup": bob_beside_admins,
    "AttachGroupPolicy": group("Finance"),
    "AttachRolePolicy": role("ReadOnlyRole"),
    "AttachUserPolicy": user("Alice"),
    "CreateAccountAlias": nothing,
    "CreateGroup": nothing,
    "CreateInstanceProfile": nothing,
    "CreateRole": trust_policy,
    "CreateUser": nothing,
    "DeleteAccountAlias": alias("mycompany"),
    "DeleteGroupPolicy": group("Admins", "ExamplePolicy"),
    "DeleteInstanceProfile": profile("ExampleInstanceProfile", "Test-Role", put_in=False),
    "DeleteRole": role("Test-Role"),
    "DeleteRolePolicy": role_with_policy,
    "DeleteUser": user("Bob"),
    "DeleteUserPolicy": user("Juan", "ExamplePolicy"),
    "GetInstanceProfile": profile("ExampleInstanceProfile", "Test-Role"),
    "GetRole": used_role,
    "GetUser": user("Bob"),
    "ListAccountAliases": alias("exmaple-corporation"),
    "ListGroupPolicies": group("Admins", "AdminRoot", "KeyPolicy"),
    "ListGroups": listed_groups,
    "ListGroupsForUser": groups_of_bob,
    "ListPoliciesGrantingServiceAccess": granting_policies,
    "ListRoleTags": role("taggedrole1", Dept="12345", Team="Accounting"),
    "ListUsers": listed_users,
    "ListUserTags": user("anika", Dept="12345", Team="Accounting"),
    "PutGroupPolicy": group("Admins"),
    "PutRolePolicy": role("S3Access"),
    "PutUserPolicy": user("Bob"),
    "RemoveRoleFromInstanceProfile": profile("ExampleInstanceProfile", "Test-Role"),
    "RemoveUserFromGroup": group("Admins", member="Bob"),
    "TagRole": role("taggedrole"),
    "TagUser": user("anika"),
    "UntagRole": role("taggedrole", Dept="Accounting"),
    "UntagUser": user("anika", Dept="Accounting"),
    "UpdateAssumeRolePolicy": role("S3AccessForEC2Instances"),
    "UpdateGroup": group("Test"),
    "UpdateUser": user("Bob"),
}
