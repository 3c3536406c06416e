"""Policies by the `aws` command, as on AWS; and that they decide who may do what."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, Final

import pytest

from tests.e2e.aws_cli import AwsCli, CliError
from tests.e2e.conftest import MakeCli
from tests.e2e.denials import without_pointer
from tests.e2e.live_server import Account
from tests.e2e.signing import Key

READ_ONLY: Final = "arn:aws:iam::aws:policy/ReadOnlyAccess"


def _document(*actions: str, effect: str = "Allow", resource: str = "*") -> str:
    statement = {"Effect": effect, "Action": list(actions), "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _denial(cli: AwsCli, *arguments: str) -> CliError:
    """Give IAM's refusal of a call, its words alone."""
    refused = cli.error(*arguments)
    return refused._replace(message=without_pointer(refused.message))


@pytest.fixture(scope="module")
def policy_arn(aws: AwsCli) -> str:
    """Make a managed policy."""
    made = aws.json(
        *("iam", "create-policy", "--policy-name", "Buckets", "--path", "/team/", "--description", "What it is for"),
        *("--policy-document", _document("s3:ListAllMyBuckets")),
    )["Policy"]
    assert made["PolicyId"].startswith("ANPA")
    assert (made["DefaultVersionId"], made["AttachmentCount"], made["Path"]) == ("v1", 0, "/team/")
    arn: str = made["Arn"]
    return arn


def test_managed_policy(aws: AwsCli, policy_arn: str, account: Account) -> None:
    """A managed policy is described, listed by scope, and taken by name in any case."""
    assert policy_arn == f"arn:aws:iam::{account.account_id}:policy/team/Buckets"
    described = aws.json("iam", "get-policy", "--policy-arn", policy_arn)["Policy"]
    assert (described["PolicyName"], described["Description"]) == ("Buckets", "What it is for")
    own = aws.json("iam", "list-policies", "--scope", "Local")["Policies"]
    assert [policy["Arn"] for policy in own] == [policy_arn]
    names = {policy["PolicyName"] for policy in aws.json("iam", "list-policies", "--scope", "AWS")["Policies"]}
    assert names >= {
        *("AdministratorAccess", "PowerUserAccess", "IAMFullAccess", "IAMReadOnlyAccess", "ReadOnlyAccess"),
        *("SecurityAudit", "IAMUserChangePassword", "AmazonS3FullAccess", "AmazonS3ReadOnlyAccess"),
        *("AWSCloudTrail_ReadOnlyAccess", "SignInLocalDevelopmentAccess", "AWSCompromisedKeyQuarantineV3"),
    }
    again = aws.error("iam", "create-policy", "--policy-name", "bUCKETS", "--policy-document", _document("s3:*"))
    assert again == CliError(
        "EntityAlreadyExists",
        "CreatePolicy",
        "A policy called bUCKETS already exists. Duplicate names are not allowed.",
    )


def test_five_versions(aws: AwsCli, iam: Any) -> None:
    """A policy has five versions at most; the default one cannot be deleted; numbers are not used again."""
    arn = aws.json("iam", "create-policy", "--policy-name", "Versioned", "--policy-document", _document("s3:Get*"))[
        "Policy"
    ]["Arn"]
    policy = ("--policy-arn", arn)
    for number in range(2, 5):
        iam.create_policy_version(PolicyArn=arn, PolicyDocument=_document(f"s3:Get{number}"))
    fifth = aws.json(
        "iam", "create-policy-version", *policy, "--policy-document", _document("s3:Get5"), "--set-as-default"
    )
    assert (fifth["PolicyVersion"]["VersionId"], fifth["PolicyVersion"]["IsDefaultVersion"]) == ("v5", True)
    sixth = aws.error("iam", "create-policy-version", *policy, "--policy-document", _document("s3:*"))
    assert sixth == CliError(
        "LimitExceeded",
        "CreatePolicyVersion",
        "A managed policy can have up to 5 versions. Before you create a new version, you must delete an existing "
        "version.",
    )
    default = aws.error("iam", "delete-policy-version", *policy, "--version-id", "v5")
    assert default.code == "DeleteConflict"
    aws.json("iam", "set-default-policy-version", *policy, "--version-id", "v2")
    aws.json("iam", "delete-policy-version", *policy, "--version-id", "v5")
    made = aws.json("iam", "create-policy-version", *policy, "--policy-document", _document("s3:*"))
    assert made["PolicyVersion"]["VersionId"] == "v6"
    versions = aws.json("iam", "list-policy-versions", *policy)["Versions"]
    assert [version["VersionId"] for version in versions] == ["v6", "v4", "v3", "v2", "v1"]
    assert [version["VersionId"] for version in versions if version["IsDefaultVersion"]] == ["v2"]
    second = aws.json("iam", "get-policy-version", *policy, "--version-id", "v2")["PolicyVersion"]
    assert second["Document"]["Statement"][0]["Action"] == ["s3:Get2"]
    assert aws.error("iam", "delete-policy", *policy).code == "DeleteConflict"
    for version in ("v1", "v3", "v4", "v6"):
        iam.delete_policy_version(PolicyArn=arn, VersionId=version)
    aws.json("iam", "delete-policy", *policy)
    assert aws.error("iam", "get-policy", *policy).code == "NoSuchEntity"


def test_attachments(aws: AwsCli, policy_arn: str) -> None:
    """A policy is attached once, counted, kept from deletion, detached, and then no longer attached."""
    user = ("--user-name", "ann")
    aws.json("iam", "create-user", *user)
    for _ in range(2):
        assert aws.json("iam", "attach-user-policy", *user, "--policy-arn", policy_arn) is None
    attached = aws.json("iam", "list-attached-user-policies", *user)["AttachedPolicies"]
    assert attached == [{"PolicyName": "Buckets", "PolicyArn": policy_arn}]
    assert aws.json("iam", "get-policy", "--policy-arn", policy_arn)["Policy"]["AttachmentCount"] == 1
    refused = aws.error("iam", "delete-policy", "--policy-arn", policy_arn)
    assert refused == CliError("DeleteConflict", "DeletePolicy", "Cannot delete a policy attached to entities.")
    aws.json("iam", "detach-user-policy", *user, "--policy-arn", policy_arn)
    assert aws.error("iam", "detach-user-policy", *user, "--policy-arn", policy_arn) == CliError(
        "NoSuchEntity", "DetachUserPolicy", f"Policy {policy_arn} was not found."
    )
    missing = policy_arn + "123"
    assert aws.error("iam", "attach-user-policy", *user, "--policy-arn", missing) == CliError(
        "NoSuchEntity", "AttachUserPolicy", f"Policy {missing} does not exist or is not attachable."
    )
    assert aws.error("iam", "attach-user-policy", *user, "--policy-arn", "just-some-random-name") == CliError(
        "ValidationError", "AttachUserPolicy", "Invalid ARN:  Could not be parsed!"
    )


def test_inline_policies(aws: AwsCli) -> None:
    """An inline policy is put, read back as it was, replaced, listed and deleted."""
    user = ("--user-name", "ida")
    named = (*user, "--policy-name", "own")
    aws.json("iam", "create-user", *user)
    for action in ("s3:GetObject", "s3:ListAllMyBuckets"):
        aws.json("iam", "put-user-policy", *named, "--policy-document", _document(action))
    got = aws.json("iam", "get-user-policy", *named)
    assert got == {"UserName": "ida", "PolicyName": "own", "PolicyDocument": json.loads(_document(action))}
    assert aws.json("iam", "list-user-policies", *user)["PolicyNames"] == ["own"]
    aws.json("iam", "delete-user-policy", *named)
    assert aws.error("iam", "get-user-policy", *named) == CliError(
        "NoSuchEntity", "GetUserPolicy", "The user policy with name own cannot be found."
    )
    malformed = aws.error("iam", "put-user-policy", *named, "--policy-document", '{"Version":"2012-10-17",}')
    assert malformed.code == "MalformedPolicyDocument"
    long = _document(*(f"s3:Action{number:04d}" for number in range(200)))
    assert aws.error("iam", "put-user-policy", *named, "--policy-document", long) == CliError(
        "LimitExceeded", "PutUserPolicy", "Maximum policy size of 2048 bytes exceeded for user ida"
    )


def test_without_policies_then_attached_then_denied(
    aws: AwsCli, make_cli: MakeCli, new_key: Callable[[str], Key], account: Account
) -> None:
    """A new user may nothing, in AWS's words; an attached policy allows; an explicit deny wins over it."""
    own = make_cli(new_key("eve"))
    me = f"arn:aws:iam::{account.account_id}:user/eve"
    other = f"arn:aws:iam::{account.account_id}:user/bob"
    create = ("iam", "create-user", "--user-name", "bob")
    assert own.json("sts", "get-caller-identity")["Arn"] == me
    assert _denial(own, *create) == CliError(
        "AccessDenied",
        "CreateUser",
        f"User: {me} is not authorized to perform: iam:CreateUser on resource: {other} because no identity-based "
        "policy allows the iam:CreateUser action",
    )
    assert own.error("s3api", "list-buckets") == CliError(
        "AccessDenied",
        "ListBuckets",
        f"User: {me} is not authorized to perform: s3:ListAllMyBuckets because no identity-based policy allows the "
        "s3:ListAllMyBuckets action",
    )
    assert own.error("cloudtrail", "lookup-events") == CliError(
        "AccessDeniedException",
        "LookupEvents",
        f"User: {me} is not authorized to perform: cloudtrail:LookupEvents because no identity-based policy allows "
        "the cloudtrail:LookupEvents action",
    )
    aws.json("iam", "put-user-policy", "--user-name", "eve", "--policy-name", "may", "--policy-document",
             _document("iam:CreateUser", resource=other))  # fmt: skip
    own.json(*create)
    assert own.error("iam", "create-user", "--user-name", "bobby").code == "AccessDenied"
    aws.json("iam", "attach-user-policy", "--user-name", "eve", "--policy-arn", "arn:aws:iam::aws:policy/IAMFullAccess")
    own.json("iam", "delete-user", "--user-name", "bob")
    deny = _document("iam:Create*", effect="Deny")
    aws.json("iam", "put-user-policy", "--user-name", "eve", "--policy-name", "no", "--policy-document", deny)
    assert _denial(own, *create) == CliError(
        "AccessDenied",
        "CreateUser",
        f"User: {me} is not authorized to perform: iam:CreateUser on resource: {other} with an explicit deny in an "
        "identity-based policy",
    )
    assert own.json("iam", "list-users")["Users"]
    aws.json("iam", "delete-user-policy", "--user-name", "eve", "--policy-name", "no")
    own.json(*create)


def test_denied_by_a_managed_policy(
    aws: AwsCli, make_cli: MakeCli, new_key: Callable[[str], Key], account: Account
) -> None:
    """AWSCompromisedKeyQuarantineV3 on a user stops their new keys and sessions, not their identity."""
    own = make_cli(new_key("mallory"))
    quarantine = "arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3"
    for arn in ("arn:aws:iam::aws:policy/AdministratorAccess", quarantine):
        aws.json("iam", "attach-user-policy", "--user-name", "mallory", "--policy-arn", arn)
    refused = _denial(own, "iam", "create-access-key")
    assert refused.code == "AccessDenied"
    assert refused.message == (
        f"User: arn:aws:iam::{account.account_id}:user/mallory is not authorized to perform: iam:CreateAccessKey on "
        f"resource: user mallory with an explicit deny in an identity-based policy: {quarantine}"
    )
    assert own.error("sts", "get-session-token").code == "AccessDenied"
    assert own.json("sts", "get-caller-identity")["Account"] == account.account_id


def test_what_a_deny_of_a_write_looks_like_in_the_trail(
    aws: AwsCli, make_cli: MakeCli, new_key: Callable[[str], Key]
) -> None:
    """A refused call is an event too, with its error and without a response."""
    key = new_key("trudy")
    make_cli(key).error("iam", "delete-user", "--user-name", "admin")
    found = aws.json(
        "cloudtrail",
        "lookup-events",
        "--lookup-attributes",
        f"AttributeKey=AccessKeyId,AttributeValue={key.access_key_id}",
    )["Events"]
    record: dict[str, Any] = json.loads(found[0]["CloudTrailEvent"])
    assert (record["eventName"], record["errorCode"]) == ("DeleteUser", "AccessDenied")
    assert record["errorMessage"].startswith("User: ")
    assert record["requestParameters"] == {"userName": "admin"}
    assert record["responseElements"] is None
