"""Roles by boto3: their lives, whom they trust, their policies, boundaries and tags."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import insert, update

from keywright.aws.identifiers import account_of, new_unique_id
from keywright.store.tables import roles
from tests.contract.expect import allow, pages, refused
from tests.contract.in_process import Account

READ_ONLY = "arn:aws:iam::aws:policy/IAMReadOnlyAccess"
BAD_PATH = (
    "The specified value for path is invalid. "
    "It must begin and end with / and contain only alphanumeric characters and/or / characters."
)
POWER_USER = "arn:aws:iam::aws:policy/PowerUserAccess"


def trust(principal: Any, action: Any = "sts:AssumeRole", **more: Any) -> str:
    """Write a trust policy of one statement."""
    statement = {"Effect": "Allow", "Principal": principal, "Action": action} | more
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


EC2 = trust({"Service": "ec2.amazonaws.com"})


def make(iam: Any, name: str = "r", document: str = EC2, **more: Any) -> dict[str, Any]:
    """Make a role and give what was answered."""
    made: dict[str, Any] = iam.create_role(RoleName=name, AssumeRolePolicyDocument=document, **more)["Role"]
    return made


def test_create_role_answers_what_it_made(account: Account) -> None:
    """CreateRole answers path, name, id, ARN, date, trust policy, and what else was asked for."""
    tags = [{"Key": "k", "Value": "v"}]
    made = make(account.iam, "Reader", Path="/a/", Description="d", Tags=tags, PermissionsBoundary=READ_ONLY)
    role_id = made.pop("RoleId")
    assert made.pop("CreateDate").tzinfo is not None
    assert made == {
        "Path": "/a/",
        "RoleName": "Reader",
        "Arn": f"arn:aws:iam::{account.account_id}:role/a/Reader",
        "AssumeRolePolicyDocument": json.loads(EC2),
        "Description": "d",
        "Tags": tags,
        "PermissionsBoundary": {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": READ_ONLY},
    }
    assert (role_id[:4], len(role_id), account_of(role_id)) == ("AROA", 21, account.account_id)


def test_get_role_describes_all_of_it(iam: Any) -> None:
    """GetRole finds a name in any case and adds the session's length, and an empty last use where there was none."""
    made = make(iam, "Reader", MaxSessionDuration=7200)
    assert iam.get_role(RoleName="rEADER")["Role"] == made | {"MaxSessionDuration": 7200, "RoleLastUsed": {}}
    assert iam.get_role(RoleName=make(iam, "plain")["RoleName"])["Role"]["MaxSessionDuration"] == 3600


def test_get_role_says_when_it_was_last_used(account: Account) -> None:
    """The last use of a role is its moment and region."""
    made = make(account.iam)
    now = account.server.clock.now
    last = update(roles).where(roles.c.role_id == made["RoleId"]).values(last_used_at=now, last_used_region="eu-west-1")
    account.server.write(lambda connection: connection.execute(last))
    found = account.iam.get_role(RoleName="r")["Role"]["RoleLastUsed"]
    assert found == {"LastUsedDate": now.replace(microsecond=0), "Region": "eu-west-1"}


def test_a_role_name_is_taken_in_every_case(iam: Any) -> None:
    """Names of roles differ by more than case."""
    make(iam, "Reader")
    with refused("EntityAlreadyExists", 409, "Role with name READER already exists."):
        make(iam, "READER")


def test_list_roles_pages_to_the_end(iam: Any) -> None:
    """Pages of one hold every role once, by name, without tags and boundary; a prefix narrows by path."""
    make(iam, "b", Path="/x/", Tags=[{"Key": "k", "Value": "v"}])
    make(iam, "A", Path="/X/")
    found = pages(iam, "list_roles", "Roles")
    assert [[role["RoleName"] for role in page] for page in found] == [["A"], ["b"]]
    assert set(found[1][0]) == {
        *("Path", "RoleName", "RoleId", "Arn", "CreateDate", "AssumeRolePolicyDocument", "MaxSessionDuration")
    }
    assert [role["RoleName"] for role in iam.list_roles(PathPrefix="/x/")["Roles"]] == ["b"]


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"RoleName": "a b"}, "ValidationError"),
        ({"RoleName": "x" * 65}, "ValidationError"),
        ({"MaxSessionDuration": 3599}, "ValidationError"),
        ({"MaxSessionDuration": 43201}, "ValidationError"),
        ({"Description": "x" * 1001}, "ValidationError"),
        ({"PermissionsBoundary": "x" * 20}, "ValidationError"),
        ({"Tags": [{"Key": "k", "Value": "1"}, {"Key": "K", "Value": "2"}]}, "InvalidInput"),
    ],
)
def test_create_role_refuses_bad_parameters(iam: Any, parameters: dict[str, Any], code: str) -> None:
    """Parameters out of IAM's rules are refused, and nothing is made."""
    with refused(code, 400):
        iam.create_role(**({"RoleName": "r", "AssumeRolePolicyDocument": EC2} | parameters))
    assert iam.list_roles()["Roles"] == []


@pytest.mark.parametrize(
    ("path", "code", "message"),
    [
        ("x/", "ValidationError", BAD_PATH),
        ("/x", "ValidationError", BAD_PATH),
        ("//", "ValidationError", BAD_PATH),
        ("/ x/", "ValidationError", BAD_PATH),
        ("/\u007f/", "ValidationError", BAD_PATH),
        ("/é/", "ValidationError", BAD_PATH),
        (
            "/aws-service-role/x.amazonaws.com/",
            "InvalidInput",
            "Path prefix '/aws-service-role/' can only be used for AWS Service linked Roles",
        ),
        (
            "/aws-reserved/sso.amazonaws.com/",
            "InvalidInput",
            "Path prefix '/aws-reserved/' can only be used for AWS reserved Roles",
        ),
    ],
)
def test_a_path_that_is_none_or_awss_own_is_refused(iam: Any, path: str, code: str, message: str) -> None:
    """A role or user gets no path that breaks IAM's rules or that only AWS uses, new or moved."""
    with refused(code, 400, message):
        make(iam, Path=path)
    with refused(code, 400, message):
        iam.create_user(UserName="u", Path=path)
    iam.create_user(UserName="u", Path="/a//b/")
    with refused(code, 400, message.replace("for path", "for newPath")):
        iam.update_user(UserName="u", NewPath=path)
    assert iam.list_roles()["Roles"] == []
    assert iam.get_user(UserName="u")["User"]["Path"] == "/a//b/"


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (EC2[:-1] + ",}", "This policy contains invalid Json"),
        (trust({"Service": "ec2.amazonaws.com"}, Resource="*"), "Has prohibited field Resource"),
        (trust({"Service": "ec2.amazonaws.com"}, "s3:*"), "AssumeRole policy may only specify STS AssumeRole actions."),
        (trust({"AWS": "nobody"}), 'Invalid principal in policy: "AWS":"nobody"'),
    ],
)
def test_what_is_no_trust_policy_is_not_stored(iam: Any, document: str, message: str) -> None:
    """A document that is no trust policy is MalformedPolicyDocument, made or changed, in AWS's words."""
    with refused("MalformedPolicyDocument", 400, message):
        make(iam, document=document)
    make(iam)
    with refused("MalformedPolicyDocument", 400, message):
        iam.update_assume_role_policy(RoleName="r", PolicyDocument=document)
    assert iam.get_role(RoleName="r")["Role"]["AssumeRolePolicyDocument"] == json.loads(EC2)


def test_a_trusted_principal_must_exist(account: Account) -> None:
    """A user or role of this server that is not there, or is on another path, cannot be trusted."""
    account.iam.create_user(UserName="alice", Path="/a/")
    for name in ("user/nobody", "user/alice", "user/a/ALICE", "role/nobody", "role/r"):
        arn = f"arn:aws:iam::{account.account_id}:{name}"
        with refused("MalformedPolicyDocument", 400, f'Invalid principal in policy: "AWS":"{arn}"'):
            make(account.iam, document=trust({"AWS": arn}))
    gone = new_unique_id("AIDA", account.account_id)
    with refused("MalformedPolicyDocument", 400, f'Invalid principal in policy: "AWS":"{gone}"'):
        make(account.iam, document=trust({"AWS": gone}))
    make(account.iam, document=trust({"AWS": ["arn:aws:iam::464622532012:user/theirs", account.account_id]}))


def test_a_trusted_user_is_known_by_its_id(account: Account) -> None:
    """A trust policy shows a user by the ARN of now; when it is deleted by its id, which no later user has."""
    iam = account.iam
    user = iam.create_user(UserName="alice")["User"]
    make(iam, document=trust({"AWS": [user["Arn"], f"arn:aws:iam::{account.account_id}:root"]}))

    def trusted() -> Any:
        return iam.get_role(RoleName="r")["Role"]["AssumeRolePolicyDocument"]["Statement"][0]["Principal"]["AWS"][0]

    assert trusted() == user["Arn"]
    iam.update_user(UserName="alice", NewUserName="alicia")
    assert trusted() == f"arn:aws:iam::{account.account_id}:user/alicia"
    iam.delete_user(UserName="alicia")
    assert trusted() == user["UserId"]
    iam.create_user(UserName="alice")
    assert trusted() == user["UserId"]
    shown = iam.list_roles()["Roles"][0]["AssumeRolePolicyDocument"]
    with refused("MalformedPolicyDocument", 400, f'Invalid principal in policy: "AWS":"{user["UserId"]}"'):
        iam.update_assume_role_policy(RoleName="r", PolicyDocument=json.dumps(shown))


def test_a_trust_policy_has_2048_characters_at_most(iam: Any) -> None:
    """White space does not count towards a trust policy's size; one character too many is LimitExceeded."""
    condition = {"StringEquals": {"sts:ExternalId": ""}}
    empty = len(trust({"Service": "ec2.amazonaws.com"}, Condition=condition).replace(" ", ""))
    condition["StringEquals"]["sts:ExternalId"] = "x" * (2048 - empty)
    fits = trust({"Service": "ec2.amazonaws.com"}, Condition=condition)
    assert len(fits) > 2048
    make(iam, document=fits)
    with refused("LimitExceeded", 409, "Cannot exceed quota for ACLSizePerRole: 2048"):
        iam.update_assume_role_policy(RoleName="r", PolicyDocument=fits.replace("xx", "xxx", 1))


def test_an_account_has_1000_roles_at_most(account: Account) -> None:
    """The 1,001st role is LimitExceeded."""
    rows = [
        {
            "role_id": new_unique_id("AROA", account.account_id),
            "account_id": account.account_id,
            "role_name": f"r{number}",
            "role_name_key": f"r{number}",
            "path": "/",
            "trust_policy": EC2,
            "max_session_duration_seconds": 3600,
            "created_at": account.server.clock.now,
        }
        for number in range(1000)
    ]
    account.server.write(lambda connection: connection.execute(insert(roles), rows))
    with refused("LimitExceeded", 409, "Cannot exceed quota for RolesPerAccount: 1000"):
        make(account.iam, "one-more")


def test_update_role(iam: Any) -> None:
    """UpdateRole changes the description and the session's length, each where it is given; the other stays."""
    make(iam, Description="old", Tags=[{"Key": "k", "Value": "v"}])
    assert iam.update_role(RoleName="r", MaxSessionDuration=7200)["ResponseMetadata"]["HTTPStatusCode"] == 200
    role = iam.get_role(RoleName="r")["Role"]
    assert (role["Description"], role["MaxSessionDuration"]) == ("old", 7200)
    iam.update_role(RoleName="r", Description="new")
    role = iam.get_role(RoleName="r")["Role"]
    assert (role["Description"], role["MaxSessionDuration"]) == ("new", 7200)
    iam.update_role(RoleName="r")
    described = iam.update_role_description(RoleName="r", Description="newer")["Role"]
    assert described["Description"] == "newer"
    assert not {"MaxSessionDuration", "Tags"} & set(described)
    assert iam.get_role(RoleName="r")["Role"]["MaxSessionDuration"] == 7200
    iam.update_role(RoleName="r", Description="")
    assert iam.get_role(RoleName="r")["Role"]["Description"] == ""
    with refused("ValidationError", 400):
        iam.update_role(RoleName="r", MaxSessionDuration=1)


def test_update_assume_role_policy(iam: Any) -> None:
    """Another trust policy takes the place of the first."""
    make(iam)
    other = trust({"Service": "lambda.amazonaws.com"})
    iam.update_assume_role_policy(RoleName="r", PolicyDocument=other)
    assert iam.get_role(RoleName="r")["Role"]["AssumeRolePolicyDocument"] == json.loads(other)


def test_delete_role_says_what_is_left(iam: Any) -> None:
    """A role in an instance profile, or with policies, is a DeleteConflict, each in AWS's words; then it goes."""
    make(iam)
    iam.create_instance_profile(InstanceProfileName="p")
    iam.add_role_to_instance_profile(InstanceProfileName="p", RoleName="r")
    iam.attach_role_policy(RoleName="r", PolicyArn=READ_ONLY)
    iam.put_role_policy(RoleName="r", PolicyName="i", PolicyDocument=allow("s3:*"))
    with refused("DeleteConflict", 409, "Cannot delete entity, must remove roles from instance profile first."):
        iam.delete_role(RoleName="r")
    iam.remove_role_from_instance_profile(InstanceProfileName="p", RoleName="r")
    with refused("DeleteConflict", 409, "Cannot delete entity, must detach all policies first."):
        iam.delete_role(RoleName="r")
    iam.detach_role_policy(RoleName="r", PolicyArn=READ_ONLY)
    with refused("DeleteConflict", 409, "Cannot delete entity, must delete policies first."):
        iam.delete_role(RoleName="r")
    iam.delete_role_policy(RoleName="r", PolicyName="i")
    iam.delete_role(RoleName="r")
    with refused("NoSuchEntity", 404, "The role with name r cannot be found."):
        iam.get_role(RoleName="r")


@pytest.mark.parametrize(
    ("operation", "more"),
    [
        ("get_role", {}),
        ("delete_role", {}),
        ("update_role", {}),
        ("update_role_description", {"Description": "d"}),
        ("update_assume_role_policy", {"PolicyDocument": EC2}),
        ("tag_role", {"Tags": [{"Key": "k", "Value": "v"}]}),
        ("untag_role", {"TagKeys": ["k"]}),
        ("list_role_tags", {}),
        ("put_role_policy", {"PolicyName": "p", "PolicyDocument": allow("s3:*")}),
        ("get_role_policy", {"PolicyName": "p"}),
        ("list_role_policies", {}),
        ("delete_role_policy", {"PolicyName": "p"}),
        ("attach_role_policy", {"PolicyArn": READ_ONLY}),
        ("detach_role_policy", {"PolicyArn": READ_ONLY}),
        ("list_attached_role_policies", {}),
        ("put_role_permissions_boundary", {"PermissionsBoundary": READ_ONLY}),
        ("delete_role_permissions_boundary", {}),
        ("list_instance_profiles_for_role", {}),
        ("delete_service_linked_role", {}),
    ],
)
def test_a_role_that_is_not_there(iam: Any, operation: str, more: dict[str, Any]) -> None:
    """Everything that is asked of a role that is not there is NoSuchEntity, in AWS's words."""
    with refused("NoSuchEntity", 404, "The role with name nobody cannot be found."):
        getattr(iam, operation)(RoleName="nobody", **more)


def test_a_roles_inline_policies(iam: Any) -> None:
    """An inline policy of a role is put, replaced, read, listed and deleted; 10,240 characters hold them all."""
    make(iam)
    iam.put_role_policy(RoleName="r", PolicyName="P", PolicyDocument=allow("s3:*"))
    iam.put_role_policy(RoleName="r", PolicyName="p", PolicyDocument=allow("ec2:*"))
    found = iam.get_role_policy(RoleName="r", PolicyName="P")
    assert (found["RoleName"], found["PolicyDocument"]["Statement"][0]["Action"]) == ("r", "ec2:*")
    iam.put_role_policy(RoleName="r", PolicyName="a", PolicyDocument=allow("s3:*"))
    assert pages(iam, "list_role_policies", "PolicyNames", RoleName="r") == [["a"], ["p"]]
    long = allow("s3:Get*", "arn:aws:s3:::" + "x" * 10240)
    with refused("LimitExceeded", 409, "Maximum policy size of 10240 bytes exceeded for role r"):
        iam.put_role_policy(RoleName="r", PolicyName="long", PolicyDocument=long)
    iam.delete_role_policy(RoleName="r", PolicyName="A")
    with refused("NoSuchEntity", 404, "The role policy with name a cannot be found."):
        iam.get_role_policy(RoleName="r", PolicyName="a")


def test_a_roles_managed_policies(iam: Any) -> None:
    """A role bears managed policies, twenty at the most; AWS's for service-linked roles are not for it."""
    make(iam)
    own = iam.create_policy(PolicyName="own", Path="/x/", PolicyDocument=allow("s3:*"))["Policy"]["Arn"]
    for arn in (own, own, READ_ONLY):
        iam.attach_role_policy(RoleName="r", PolicyArn=arn)
    attached = pages(iam, "list_attached_role_policies", "AttachedPolicies", RoleName="r")
    assert [[one["PolicyArn"] for one in page] for page in attached] == [[own], [READ_ONLY]]
    narrowed = iam.list_attached_role_policies(RoleName="r", PathPrefix="/x/")["AttachedPolicies"]
    assert narrowed == [{"PolicyName": "own", "PolicyArn": own}]
    iam.detach_role_policy(RoleName="r", PolicyArn=own)
    with refused("NoSuchEntity", 404, f"Policy {own} was not found."):
        iam.detach_role_policy(RoleName="r", PolicyArn=own)
    service_role = "arn:aws:iam::aws:policy/aws-service-role/AutoScalingServiceRolePolicy"
    with refused("PolicyNotAttachable", 400, "Cannot attach a Service Role Policy to a Customer Role."):
        iam.attach_role_policy(RoleName="r", PolicyArn=service_role)
    missing = "arn:aws:iam::aws:policy/NoneOfThatName"
    with refused("NoSuchEntity", 404, f"Policy {missing} does not exist or is not attachable."):
        iam.attach_role_policy(RoleName="r", PolicyArn=missing)
    for number in range(19):
        more = iam.create_policy(PolicyName=f"p{number}", PolicyDocument=allow("s3:*"))["Policy"]["Arn"]
        iam.attach_role_policy(RoleName="r", PolicyArn=more)
    with refused("LimitExceeded", 409, "Cannot exceed quota for PoliciesPerRole: 20"):
        iam.attach_role_policy(RoleName="r", PolicyArn=own)


def test_a_roles_tags(iam: Any) -> None:
    """Tags of a role are set, replaced in any case of their keys, paged and removed."""
    make(iam)
    iam.tag_role(RoleName="r", Tags=[{"Key": "b", "Value": "1"}, {"Key": "A", "Value": "2"}])
    iam.tag_role(RoleName="r", Tags=[{"Key": "B", "Value": "3"}])
    found = [page for page in pages(iam, "list_role_tags", "Tags", RoleName="r") if page]
    assert found == [[{"Key": "A", "Value": "2"}], [{"Key": "B", "Value": "3"}]]
    iam.untag_role(RoleName="r", TagKeys=["a", "none"])
    assert iam.get_role(RoleName="r")["Role"]["Tags"] == [{"Key": "B", "Value": "3"}]
    with refused("LimitExceeded", 409, "Cannot exceed quota for TagsPerRole: 50"):
        iam.tag_role(RoleName="r", Tags=[{"Key": f"k{number}", "Value": ""} for number in range(50)])


@pytest.mark.parametrize("kind", ["user", "role"])
def test_permissions_boundaries(iam: Any, kind: str) -> None:
    """A boundary is set, replaced, counted and taken away, of a user and of a role."""
    name = {f"{kind.capitalize()}Name": "x"}
    iam.create_user(UserName="x")
    make(iam, "x")
    own = iam.create_policy(PolicyName="own", PolicyDocument=allow("s3:*"))["Policy"]["Arn"]
    put = getattr(iam, f"put_{kind}_permissions_boundary")

    def found() -> Any:
        return getattr(iam, f"get_{kind}")(**name)[kind.capitalize()].get("PermissionsBoundary")

    for arn in (READ_ONLY, own):
        put(**name, PermissionsBoundary=arn)
        assert found() == {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn}
    assert iam.get_policy(PolicyArn=own)["Policy"]["PermissionsBoundaryUsageCount"] == 1
    with refused("DeleteConflict", 409, "Cannot delete a policy attached to entities."):
        iam.delete_policy(PolicyArn=own)
    with refused("NoSuchEntity", 404, f"Policy {own}x does not exist or is not attachable."):
        put(**name, PermissionsBoundary=own + "x")
    for _ in range(2):
        getattr(iam, f"delete_{kind}_permissions_boundary")(**name)
        assert found() is None


def test_a_boundary_limits_at_once(account: Account) -> None:
    """A user whose boundary is put in place can do no more than it allows, from the next request on."""
    alice = account.client("iam", account.user("alice", allow("iam:*")))
    alice.list_users()
    account.iam.put_user_permissions_boundary(UserName="alice", PermissionsBoundary=POWER_USER)
    message = (
        f"User: arn:aws:iam::{account.account_id}:user/alice is not authorized to perform: iam:ListUsers on resource: "
        f"arn:aws:iam::{account.account_id}:user/ because no permissions boundary allows the iam:ListUsers action"
    )
    with refused("AccessDenied", 403, message):
        alice.list_users()
    account.iam.delete_user_permissions_boundary(UserName="alice")
    alice.list_users()


def test_refusals_say_the_role(account: Account) -> None:
    """A refusal says the role as AWS does: by ARN where it is made, by name where it is used, by path in a list."""
    alice = account.client("iam", account.user("alice"))
    head = f"User: arn:aws:iam::{account.account_id}:user/alice is not authorized to perform: iam:"
    tail = " because no identity-based policy allows the iam:{} action"
    parameters: dict[str, Any]
    for operation, name, resource, parameters in (
        (
            "create_role",
            "CreateRole",
            f"arn:aws:iam::{account.account_id}:role/h",
            {"RoleName": "h", "AssumeRolePolicyDocument": EC2},
        ),
        ("get_role", "GetRole", "role g", {"RoleName": "g"}),
        ("list_roles", "ListRoles", f"arn:aws:iam::{account.account_id}:role/x/", {"PathPrefix": "/x/"}),
    ):
        with refused("AccessDenied", 403, f"{head}{name} on resource: {resource}{tail.format(name)}"):
            getattr(alice, operation)(**parameters)
