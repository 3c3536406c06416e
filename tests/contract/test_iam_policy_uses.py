"""Who a policy is for, what an identity's policies reach, and all of an account at once, by boto3."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.contract.expect import allow, deny, pages, policy, refused
from tests.contract.in_process import Account
from tests.contract.test_iam_roles import EC2, make

READ_ONLY = "arn:aws:iam::aws:policy/IAMReadOnlyAccess"
LISTS = ("UserDetailList", "GroupDetailList", "RoleDetailList", "Policies")


@pytest.fixture
def arn(iam: Any) -> str:
    """A policy that a group, two users and a role bear, and that bounds a user and a role."""
    arn: str = iam.create_policy(PolicyName="shared", PolicyDocument=allow("s3:*"))["Policy"]["Arn"]
    iam.create_group(GroupName="g")
    iam.attach_group_policy(GroupName="g", PolicyArn=arn)
    for name in ("b", "A"):
        iam.create_user(UserName=name, Path="/x/" if name == "b" else "/")
        iam.attach_user_policy(UserName=name, PolicyArn=arn)
    iam.put_user_permissions_boundary(UserName="b", PermissionsBoundary=arn)
    iam.create_user(UserName="bound", PermissionsBoundary=arn)
    make(iam, "r", Path="/x/")
    iam.attach_role_policy(RoleName="r", PolicyArn=arn)
    make(iam, "bound", PermissionsBoundary=arn)
    return arn


def names(answer: dict[str, Any]) -> list[str]:
    """Name what an answer of ListEntitiesForPolicy lists."""
    return [f"{kind}:{one[f'{kind}Name']}" for kind in ("Group", "User", "Role") for one in answer[f"Policy{kind}s"]]


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({}, ["Group:g", "User:A", "User:b", "User:bound", "Role:bound", "Role:r"]),
        ({"EntityFilter": "User"}, ["User:A", "User:b", "User:bound"]),
        ({"EntityFilter": "Group"}, ["Group:g"]),
        ({"EntityFilter": "LocalManagedPolicy"}, []),
        ({"PolicyUsageFilter": "PermissionsBoundary"}, ["User:b", "User:bound", "Role:bound"]),
        ({"PolicyUsageFilter": "PermissionsPolicy"}, ["Group:g", "User:A", "User:b", "Role:r"]),
        ({"PathPrefix": "/x/"}, ["User:b", "Role:r"]),
        ({"PathPrefix": "/x/", "EntityFilter": "Role", "PolicyUsageFilter": "PermissionsPolicy"}, ["Role:r"]),
    ],
)
def test_list_entities_for_policy(iam: Any, arn: str, parameters: dict[str, str], expected: list[str]) -> None:
    """Groups, users and roles are listed by name, each once, as kind, use and path narrow them."""
    answer = iam.list_entities_for_policy(PolicyArn=arn, **parameters)
    assert names(answer) == expected
    assert answer["IsTruncated"] is False


def test_list_entities_for_policy_pages_to_the_end(iam: Any, arn: str) -> None:
    """Pages of two go over from groups to users to roles, and hold each once."""
    paginator = iam.get_paginator("list_entities_for_policy")
    found = [names(page) for page in paginator.paginate(PolicyArn=arn, PaginationConfig={"PageSize": 2})]
    assert found == [["Group:g", "User:A"], ["User:b", "User:bound"], ["Role:bound", "Role:r"]]


def test_list_entities_for_policy_names_ids(iam: Any, arn: str) -> None:
    """Each entity has its unique id beside its name."""
    answer = iam.list_entities_for_policy(PolicyArn=arn, EntityFilter="Role", PathPrefix="/x/")
    assert answer["PolicyRoles"] == [{"RoleName": "r", "RoleId": iam.get_role(RoleName="r")["Role"]["RoleId"]}]


def test_list_entities_for_policy_refuses(account: Account, other: Account, arn: str) -> None:
    """A policy that is not there or another account's is NoSuchEntity; AWS's own is only used in one's own account."""
    with refused("NoSuchEntity", 404, f"Policy {arn}x does not exist or is not attachable."):
        account.iam.list_entities_for_policy(PolicyArn=arn + "x")
    with refused("NoSuchEntity", 404):
        other.iam.list_entities_for_policy(PolicyArn=arn)
    other.iam.create_user(UserName="theirs", PermissionsBoundary=READ_ONLY)
    assert names(account.iam.list_entities_for_policy(PolicyArn=READ_ONLY)) == []
    with refused("ValidationError", 400):
        account.iam.list_entities_for_policy(PolicyArn=arn, EntityFilter="Nobody")


def granting(answer: dict[str, Any]) -> dict[str, list[str]]:
    """Name the policies by service."""
    return {
        entry["ServiceNamespace"]: [one["PolicyName"] for one in entry["Policies"]]
        for entry in answer["PoliciesGrantingServiceAccess"]
    }


def test_list_policies_granting_service_access(account: Account) -> None:
    """A user's own and groups' policies stand by each service any of whose actions they allow, whatever is denied."""
    iam = account.iam
    iam.create_user(UserName="u", Path="/x/", PermissionsBoundary=READ_ONLY)
    iam.create_group(GroupName="g")
    iam.add_user_to_group(GroupName="g", UserName="u")
    own = iam.create_policy(PolicyName="managed", PolicyDocument=allow(["IAM:GetUser", "ec2:*"]))["Policy"]["Arn"]
    iam.attach_user_policy(UserName="u", PolicyArn=own)
    iam.attach_group_policy(GroupName="g", PolicyArn=own)
    everything_but = policy("Allow", "x", NotAction=["ec2:*"])
    document = json.loads(everything_but)
    del document["Statement"][0]["Action"]
    iam.put_user_policy(UserName="u", PolicyName="rest", PolicyDocument=json.dumps(document))
    iam.put_group_policy(GroupName="g", PolicyName="groups", PolicyDocument=allow("*"))
    iam.put_group_policy(GroupName="g", PolicyName="denial", PolicyDocument=deny("iam:*"))
    arn = f"arn:aws:iam::{account.account_id}:user/x/u"
    answer = iam.list_policies_granting_service_access(Arn=arn, ServiceNamespaces=["iam", "ec2", "sqs"])
    assert granting(answer) == {
        "iam": ["managed", "rest", "groups"],
        "ec2": ["managed", "groups"],
        "sqs": ["rest", "groups"],
    }
    assert answer["PoliciesGrantingServiceAccess"][0]["Policies"] == [
        {"PolicyName": "managed", "PolicyType": "MANAGED", "PolicyArn": own},
        {"PolicyName": "rest", "PolicyType": "INLINE", "EntityType": "USER", "EntityName": "u"},
        {"PolicyName": "groups", "PolicyType": "INLINE", "EntityType": "GROUP", "EntityName": "g"},
    ]
    group = iam.list_policies_granting_service_access(
        Arn=f"arn:aws:iam::{account.account_id}:group/g", ServiceNamespaces=["ec2"]
    )
    assert granting(group) == {"ec2": ["managed", "groups"]}


def test_list_policies_granting_service_access_pages(account: Account) -> None:
    """More than a hundred services come in pages, each in its place."""
    make(account.iam)
    account.iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=allow("s5:*"))
    services = [f"s{number}" for number in range(101)]
    arn = f"arn:aws:iam::{account.account_id}:role/r"
    first = account.iam.list_policies_granting_service_access(Arn=arn, ServiceNamespaces=services)
    assert first["IsTruncated"] is True
    last = account.iam.list_policies_granting_service_access(
        Arn=arn, ServiceNamespaces=services, Marker=first["Marker"]
    )
    assert [*granting(first), *granting(last)] == services
    assert granting(first)["s5"] == ["p"]
    assert last["IsTruncated"] is False


def test_list_policies_granting_service_access_refuses(account: Account) -> None:
    """An identity that is not there is NoSuchEntity, what is no identity InvalidInput."""
    base = f"arn:aws:iam::{account.account_id}"
    for arn in (f"{base}:user/none", f"{base}:user/x/admin", "arn:aws:iam::123456789012:user/admin"):
        with refused("NoSuchEntity", 404):
            account.iam.list_policies_granting_service_access(Arn=arn, ServiceNamespaces=["iam"])
    with refused("InvalidInput", 400):
        account.iam.list_policies_granting_service_access(
            Arn=f"{base}:policy/p-of-enough-length", ServiceNamespaces=["iam"]
        )
    with refused("ValidationError", 400):
        account.iam.list_policies_granting_service_access(Arn=f"{base}:user/admin", ServiceNamespaces=[])


def test_account_authorization_details(account: Account, arn: str) -> None:
    """One answer describes users, groups, roles and the policies in use with all that is theirs."""
    iam = account.iam
    iam.add_user_to_group(GroupName="g", UserName="A")
    iam.put_user_policy(UserName="A", PolicyName="inline", PolicyDocument=allow("ec2:*"))
    iam.tag_user(UserName="A", Tags=[{"Key": "k", "Value": "v"}])
    iam.create_instance_profile(InstanceProfileName="p")
    iam.add_role_to_instance_profile(InstanceProfileName="p", RoleName="r")
    answer = iam.get_account_authorization_details()
    assert answer["IsTruncated"] is False
    users = {user["UserName"]: user for user in answer["UserDetailList"]}
    assert list(users) == ["A", "admin", "b", "bound"]
    user = users["A"]
    assert user["GroupList"] == ["g"]
    assert user["UserPolicyList"] == [{"PolicyName": "inline", "PolicyDocument": json.loads(allow("ec2:*"))}]
    assert user["AttachedManagedPolicies"] == [{"PolicyName": "shared", "PolicyArn": arn}]
    assert user["Tags"] == [{"Key": "k", "Value": "v"}]
    assert users["bound"]["PermissionsBoundary"]["PermissionsBoundaryArn"] == arn
    [group] = answer["GroupDetailList"]
    assert (group["GroupPolicyList"], group["AttachedManagedPolicies"]) == (
        [],
        [{"PolicyName": "shared", "PolicyArn": arn}],
    )
    role = answer["RoleDetailList"][1]
    assert (role["RoleName"], role["AssumeRolePolicyDocument"], role["RoleLastUsed"]) == ("r", json.loads(EC2), {})
    assert [one["InstanceProfileName"] for one in role["InstanceProfileList"]] == ["p"]
    policies = {one["Arn"]: one for one in answer["Policies"]}
    assert set(policies) == {arn, "arn:aws:iam::aws:policy/AdministratorAccess"}
    assert (policies[arn]["AttachmentCount"], policies[arn]["PermissionsBoundaryUsageCount"]) == (4, 3)
    [version] = policies[arn]["PolicyVersionList"]
    assert (version["VersionId"], version["IsDefaultVersion"]) == ("v1", True)
    assert version["Document"] == json.loads(allow("s3:*"))


@pytest.mark.parametrize(
    ("filters", "filled"),
    [
        (["User"], {"UserDetailList": 4}),
        (["Group", "Role"], {"GroupDetailList": 1, "RoleDetailList": 2}),
        (["LocalManagedPolicy"], {"Policies": 1}),
        (["AWSManagedPolicy"], {"Policies": 1}),
        (["AWSManagedPolicy", "LocalManagedPolicy"], {"Policies": 2}),
    ],
)
@pytest.mark.usefixtures("arn")
def test_account_authorization_details_by_filter(iam: Any, filters: list[str], filled: dict[str, int]) -> None:
    """A filter leaves the other lists empty."""
    answer = iam.get_account_authorization_details(Filter=filters)
    assert {name: len(answer[name]) for name in LISTS} == dict.fromkeys(LISTS, 0) | filled


@pytest.mark.usefixtures("arn")
@pytest.mark.parametrize("size", [1, 2, 4, 9])
def test_account_authorization_details_page_to_the_end(iam: Any, size: int) -> None:
    """Pages of every size hold all of it once, none of them too much, and the last one something."""
    paginator = iam.get_paginator("get_account_authorization_details")
    found = list(paginator.paginate(PaginationConfig={"PageSize": size}))
    counts = [sum(len(page[name]) for name in LISTS) for page in found]
    assert counts == [size] * (9 // size) + ([9 % size] if 9 % size else [])
    whole = iam.get_account_authorization_details()
    for name in LISTS:
        assert [one["Arn"] for page in found for one in page[name]] == [one["Arn"] for one in whole[name]]


def test_account_authorization_details_refuse(iam: Any) -> None:
    """A filter or a marker that is none is a ValidationError."""
    for parameters in ({"Filter": ["Everything"]}, {"Marker": "x"}, {"Marker": "User.x"}, {"MaxItems": 1001}):
        with refused("ValidationError", 400):
            iam.get_account_authorization_details(**parameters)


def test_the_summary_counts_entities(iam: Any, arn: str) -> None:
    """GetAccountSummary counts groups, roles and instance profiles."""
    assert arn
    iam.create_instance_profile(InstanceProfileName="p")
    counted = iam.get_account_summary()["SummaryMap"]
    assert (counted["Groups"], counted["Roles"], counted["InstanceProfiles"], counted["Users"]) == (1, 2, 1, 4)


def test_a_policys_tags(iam: Any, arn: str) -> None:
    """Tags of a policy are set, paged and removed; AWS's own policies have none and take none."""
    iam.tag_policy(PolicyArn=arn, Tags=[{"Key": "b", "Value": "1"}, {"Key": "A", "Value": "2"}])
    found = [page for page in pages(iam, "list_policy_tags", "Tags", PolicyArn=arn) if page]
    assert found == [[{"Key": "A", "Value": "2"}], [{"Key": "b", "Value": "1"}]]
    iam.untag_policy(PolicyArn=arn, TagKeys=["B"])
    assert iam.get_policy(PolicyArn=arn)["Policy"]["Tags"] == [{"Key": "A", "Value": "2"}]
    with refused("LimitExceeded", 409, "Cannot exceed quota for TagsPerPolicy: 50"):
        iam.tag_policy(PolicyArn=arn, Tags=[{"Key": f"k{number}", "Value": ""} for number in range(50)])
    assert iam.list_policy_tags(PolicyArn=READ_ONLY)["Tags"] == []
    with refused("NoSuchEntity", 404):
        iam.tag_policy(PolicyArn=READ_ONLY, Tags=[{"Key": "k", "Value": "v"}])
    for operation, more in (("list_policy_tags", {}), ("untag_policy", {"TagKeys": ["k"]})):
        with refused("NoSuchEntity", 404, f"Policy {arn}x does not exist or is not attachable."):
            getattr(iam, operation)(PolicyArn=arn + "x", **more)


def test_a_managed_policy_is_of_the_newer_version(iam: Any, arn: str) -> None:
    """A managed policy must say the version 2012-10-17, in AWS's words; an inline one need not."""
    old = json.dumps({"Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]})
    message = "Policy document must be version 2012-10-17 or greater."
    with refused("MalformedPolicyDocument", 400, message):
        iam.create_policy(PolicyName="old", PolicyDocument=old)
    with refused("MalformedPolicyDocument", 400, message):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=old)
    iam.put_group_policy(GroupName="g", PolicyName="old", PolicyDocument=old)
