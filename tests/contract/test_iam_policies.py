"""Managed policies and their versions by boto3."""

from __future__ import annotations

import json
from typing import Any

import pytest

from keywright.aws.identifiers import account_of
from tests.contract.expect import allow, deny, pages, refused
from tests.contract.in_process import Account

READ_ONLY = "arn:aws:iam::aws:policy/IAMReadOnlyAccess"
DOCUMENT = allow("s3:ListAllMyBuckets")


def make(iam: Any, name: str = "p", document: str = DOCUMENT, **more: Any) -> str:
    """Make a policy and give its ARN."""
    arn: str = iam.create_policy(PolicyName=name, PolicyDocument=document, **more)["Policy"]["Arn"]
    return arn


def test_create_policy_answers_what_it_made(account: Account) -> None:
    """CreatePolicy answers names, counts and dates of a policy at version v1."""
    made = account.iam.create_policy(
        PolicyName="Reader", Path="/team/", PolicyDocument=DOCUMENT, Description="d", Tags=[{"Key": "k", "Value": "v"}]
    )["Policy"]
    policy_id, created, updated = made.pop("PolicyId"), made.pop("CreateDate"), made.pop("UpdateDate")
    made.pop("Description", None)
    assert made == {
        "PolicyName": "Reader",
        "Arn": f"arn:aws:iam::{account.account_id}:policy/team/Reader",
        "Path": "/team/",
        "DefaultVersionId": "v1",
        "AttachmentCount": 0,
        "PermissionsBoundaryUsageCount": 0,
        "IsAttachable": True,
        "Tags": [{"Key": "k", "Value": "v"}],
    }
    assert (policy_id[:4], len(policy_id), account_of(policy_id)) == ("ANPA", 21, account.account_id)
    assert created == updated


def test_get_policy_describes_it(iam: Any) -> None:
    """GetPolicy has description and tags, and counts who bears it and who is bounded by it."""
    arn = make(iam, Description="what it is for", Tags=[{"Key": "k", "Value": "v"}])
    iam.create_user(UserName="a")
    iam.create_user(UserName="b", PermissionsBoundary=arn)
    iam.attach_user_policy(UserName="a", PolicyArn=arn)
    found = iam.get_policy(PolicyArn=arn)["Policy"]
    assert found["Description"] == "what it is for"
    assert found["Tags"] == [{"Key": "k", "Value": "v"}]
    assert (found["AttachmentCount"], found["PermissionsBoundaryUsageCount"]) == (1, 1)


def test_aws_policies_are_there(iam: Any) -> None:
    """AWS's own policies are found by ARN, with a document that is policy JSON."""
    found = iam.get_policy(PolicyArn=READ_ONLY)["Policy"]
    assert (found["PolicyName"], found["Arn"], found["IsAttachable"]) == ("IAMReadOnlyAccess", READ_ONLY, True)
    version = iam.get_policy_version(PolicyArn=READ_ONLY, VersionId=found["DefaultVersionId"])["PolicyVersion"]
    assert version["Document"]["Version"] == "2012-10-17"
    listed = iam.list_policy_versions(PolicyArn=READ_ONLY)["Versions"]
    assert [one["VersionId"] for one in listed] == [found["DefaultVersionId"]]


def test_a_policy_name_is_taken_in_every_case(iam: Any) -> None:
    """The names of an account's policies differ by more than case, on every path."""
    make(iam, "Reader")
    message = "A policy called reader already exists. Duplicate names are not allowed."
    with refused("EntityAlreadyExists", 409, message):
        make(iam, "reader", Path="/other/")


@pytest.mark.parametrize(
    "document", ["{", "[]", "{}", '{"Version":"2012-10-17"}', allow("nonsense"), deny("s3:*", Effect="Maybe")]
)
def test_a_malformed_document_is_not_stored(iam: Any, document: str) -> None:
    """What is no policy is MalformedPolicyDocument, and nothing is made."""
    with refused("MalformedPolicyDocument", 400) as answer:
        make(iam, document=document)
    assert answer["Error"]["Message"]
    assert iam.list_policies(Scope="Local")["Policies"] == []


def test_an_unknown_operator_cannot_be_stored(iam: Any) -> None:
    """A condition that could not be decided is refused when it is written."""
    with refused("MalformedPolicyDocument", 400):
        make(iam, document=allow("s3:*", Condition={"StringResembles": {"aws:username": "a"}}))


@pytest.mark.parametrize(
    "parameters",
    [
        {"PolicyName": "a b"},
        {"PolicyName": "x" * 129},
        {"Path": "/a b/"},
        {"Path": "//"},
        {"Path": "team"},
        {"Description": "x" * 1001},
        {"PolicyDocument": ""},
        {"PolicyDocument": "€"},
    ],
)
def test_create_policy_refuses_bad_parameters(iam: Any, parameters: dict[str, str]) -> None:
    """Names, paths, descriptions and documents out of IAM's rules are ValidationErrors."""
    with refused("ValidationError", 400):
        iam.create_policy(**({"PolicyName": "p", "PolicyDocument": DOCUMENT} | parameters))


def test_a_managed_policy_has_6144_characters_at_most(iam: Any) -> None:
    """White space does not count towards a policy's size; one character too many is LimitExceeded."""
    empty = len(allow("s3:Get*", "arn:aws:s3:::").replace(" ", ""))
    fits = json.dumps(json.loads(allow("s3:Get*", "arn:aws:s3:::" + "x" * (6144 - empty))), indent=8)
    assert len(fits) > 6144
    make(iam, "fits", fits)
    with refused("LimitExceeded", 409, "Cannot exceed quota for PolicySize: 6144"):
        make(iam, "long", allow("s3:Get*", "arn:aws:s3:::" + "x" * (6145 - empty)))


@pytest.mark.parametrize(
    ("arn", "code", "message"),
    [
        ("AdministratorAccess-by-name", "ValidationError", "Invalid ARN:  Could not be parsed!"),
        ("arn:aws:iam::aws:policy/DoesNotExist", "NoSuchEntity", "Policy {} was not found."),
        (
            "arn:aws:iam::{account}:policy/nothing",
            "NoSuchEntity",
            "Policy {} does not exist or is not attachable.",
        ),
    ],
)
def test_get_policy_refuses(account: Account, arn: str, code: str, message: str) -> None:
    """GetPolicy says what is no ARN, and which policy is not there, in AWS's recorded words."""
    arn = arn.format(account=account.account_id)
    with refused(code, 404 if code == "NoSuchEntity" else 400, message.format(arn)):
        account.iam.get_policy(PolicyArn=arn)


def test_list_policies_pages_to_the_end(iam: Any) -> None:
    """Pages of one hold each of the account's policies once, without description and tags."""
    for name in ("b", "A", "c"):
        make(iam, name, Description="d", Tags=[{"Key": "k", "Value": "v"}])
    found = [page for page in pages(iam, "list_policies", "Policies", Scope="Local") if page]
    assert [[policy["PolicyName"] for policy in page] for page in found] == [["A"], ["b"], ["c"]]
    assert "Description" not in found[0][0]
    assert "Tags" not in found[0][0]


def test_list_policies_by_scope_use_and_path(iam: Any) -> None:
    """Scope, attachment, use and path each narrow the list."""
    plain, attached, bound = make(iam, "plain", Path="/x/"), make(iam, "attached"), make(iam, "bound")
    iam.create_user(UserName="u", PermissionsBoundary=bound)
    iam.attach_user_policy(UserName="u", PolicyArn=attached)

    def arns(**parameters: Any) -> set[str]:
        found = pages(iam, "list_policies", "Policies", 100, **parameters)
        return {policy["Arn"] for page in found for policy in page}

    assert arns(Scope="Local") == {plain, attached, bound}
    assert arns(Scope="Local", OnlyAttached=True) == {attached}
    assert arns(Scope="Local", PolicyUsageFilter="PermissionsPolicy") == {attached}
    assert arns(PolicyUsageFilter="PermissionsBoundary") == {bound}
    assert arns(Scope="Local", PathPrefix="/x/") == {plain}
    aws = arns(Scope="AWS")
    assert READ_ONLY in aws
    assert all(arn.startswith("arn:aws:iam::aws:policy/") for arn in aws)
    assert arns() == aws | {plain, attached, bound}


@pytest.mark.parametrize(
    "parameters", [{"Scope": "Mine"}, {"MaxItems": 0}, {"Marker": "x"}, {"PathPrefix": "x"}, {"PolicyUsageFilter": "x"}]
)
def test_list_policies_refuses_bad_parameters(iam: Any, parameters: dict[str, Any]) -> None:
    """A scope, use, size, marker or prefix that is none is a ValidationError."""
    with refused("ValidationError", 400):
        iam.list_policies(**parameters)


def test_delete_policy(iam: Any) -> None:
    """A deleted policy is gone, and its name is free."""
    arn = make(iam)
    iam.delete_policy(PolicyArn=arn)
    with refused("NoSuchEntity", 404):
        iam.get_policy(PolicyArn=arn)
    assert make(iam) == arn
    assert [one["VersionId"] for one in iam.list_policy_versions(PolicyArn=arn)["Versions"]] == ["v1"]


def test_delete_policy_refuses_what_is_in_use(iam: Any) -> None:
    """A policy that somebody bears or is bounded by, or that has more versions, is a DeleteConflict."""
    arn = make(iam)
    iam.create_user(UserName="u")
    iam.attach_user_policy(UserName="u", PolicyArn=arn)
    with refused("DeleteConflict", 409, "Cannot delete a policy attached to entities."):
        iam.delete_policy(PolicyArn=arn)
    iam.detach_user_policy(UserName="u", PolicyArn=arn)
    iam.create_user(UserName="bound", PermissionsBoundary=arn)
    with refused("DeleteConflict", 409):
        iam.delete_policy(PolicyArn=arn)
    iam.delete_user(UserName="bound")
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=DOCUMENT)
    message = (
        "This policy has more than one version. Before you delete a policy, you must delete the policy's versions. "
        "The default version is deleted with the policy."
    )
    with refused("DeleteConflict", 409, message):
        iam.delete_policy(PolicyArn=arn)
    iam.delete_policy_version(PolicyArn=arn, VersionId="v2")
    iam.delete_policy(PolicyArn=arn)


def test_delete_policy_refuses_what_is_not_there(account: Account) -> None:
    """Deleting a policy that does not exist is NoSuchEntity in the words recorded for DeletePolicy."""
    arn = f"arn:aws:iam::{account.account_id}:policy/non-existent-policy"
    with refused("NoSuchEntity", 404, f"Policy {arn} was not found."):
        account.iam.delete_policy(PolicyArn=arn)


def test_nobody_changes_aws_policies(iam: Any) -> None:
    """AWS's own policies are neither deleted nor given versions."""
    for change in (
        lambda: iam.delete_policy(PolicyArn=READ_ONLY),
        lambda: iam.create_policy_version(PolicyArn=READ_ONLY, PolicyDocument=DOCUMENT),
        lambda: iam.set_default_policy_version(PolicyArn=READ_ONLY, VersionId="v1"),
        lambda: iam.delete_policy_version(PolicyArn=READ_ONLY, VersionId="v1"),
    ):
        with refused("NoSuchEntity", 404):
            change()


def test_versions_are_numbered_once_and_for_all(iam: Any) -> None:
    """Versions come newest first; a deleted one's number is not used again."""
    arn = make(iam)
    second = iam.create_policy_version(PolicyArn=arn, PolicyDocument=allow("s3:*"))["PolicyVersion"]
    assert (second["VersionId"], second["IsDefaultVersion"], "Document" in second) == ("v2", False, False)
    iam.delete_policy_version(PolicyArn=arn, VersionId="v2")
    third = iam.create_policy_version(PolicyArn=arn, PolicyDocument=allow("s3:*"), SetAsDefault=True)["PolicyVersion"]
    assert (third["VersionId"], third["IsDefaultVersion"]) == ("v3", True)
    found = pages(iam, "list_policy_versions", "Versions", PolicyArn=arn)
    assert [[(one["VersionId"], one["IsDefaultVersion"]) for one in page] for page in found] == [
        [("v3", True)],
        [("v1", False)],
    ]
    assert iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"] == "v3"


def test_a_policy_has_five_versions_at_most(iam: Any) -> None:
    """The sixth version is LimitExceeded, in AWS's words."""
    arn = make(iam)
    for _ in range(4):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=DOCUMENT)
    message = (
        "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing "
        "version."
    )
    with refused("LimitExceeded", 409, message):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=DOCUMENT)


def test_create_policy_version_refuses_what_is_no_policy(iam: Any) -> None:
    """A malformed document makes no version."""
    arn = make(iam)
    with refused("MalformedPolicyDocument", 400):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument="{}")
    assert len(iam.list_policy_versions(PolicyArn=arn)["Versions"]) == 1


def test_a_document_comes_back_as_it_was_written(iam: Any) -> None:
    """GetPolicyVersion gives the document that was stored, which botocore decodes and reads."""
    text = '{\n "Version" : "2012-10-17","Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"*","Sid":"ab"}}'
    arn = make(iam, document=text)
    assert iam.get_policy_version(PolicyArn=arn, VersionId="v1")["PolicyVersion"]["Document"] == json.loads(text)


@pytest.mark.parametrize(
    ("version", "code"), [("v2", "NoSuchEntity"), ("v1.a", "NoSuchEntity"), ("1", "ValidationError")]
)
@pytest.mark.parametrize("operation", ["get_policy_version", "set_default_policy_version", "delete_policy_version"])
def test_versions_that_are_not_there(iam: Any, operation: str, version: str, code: str) -> None:
    """A version that does not exist is NoSuchEntity, one that cannot a ValidationError."""
    arn = make(iam)
    with refused(code, 404 if code == "NoSuchEntity" else 400):
        getattr(iam, operation)(PolicyArn=arn, VersionId=version)


def test_the_version_in_force_is_not_deleted(iam: Any) -> None:
    """Deleting the default version is a DeleteConflict."""
    arn = make(iam)
    with refused("DeleteConflict", 409, "Cannot delete the default version of a policy."):
        iam.delete_policy_version(PolicyArn=arn, VersionId="v1")


def test_the_default_version_decides_at_once(account: Account) -> None:
    """Putting another version in force changes what its bearers may do in their next request."""
    iam = account.iam
    arn = make(iam, document=allow("iam:ListUsers"))
    alice = account.client("iam", account.user("alice"))
    iam.attach_user_policy(UserName="alice", PolicyArn=arn)
    alice.list_users()
    iam.create_policy_version(PolicyArn=arn, PolicyDocument=allow("iam:GetUser"))
    alice.list_users()
    iam.set_default_policy_version(PolicyArn=arn, VersionId="v2")
    with refused("AccessDenied", 403):
        alice.list_users()
    iam.set_default_policy_version(PolicyArn=arn, VersionId="v1")
    alice.list_users()


@pytest.mark.parametrize("operation", ["list_policy_versions", "create_policy_version", "set_default_policy_version"])
def test_versions_of_no_policy(account: Account, operation: str) -> None:
    """The versions of a policy that is not there are NoSuchEntity."""
    arn = f"arn:aws:iam::{account.account_id}:policy/nothing"
    more = {
        "list_policy_versions": {},
        "create_policy_version": {"PolicyDocument": DOCUMENT},
        "set_default_policy_version": {"VersionId": "v1"},
    }[operation]
    with refused("NoSuchEntity", 404):
        getattr(account.iam, operation)(PolicyArn=arn, **more)
