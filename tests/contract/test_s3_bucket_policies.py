"""Bucket policies by boto3: what a bucket says of who may use it, alone and across accounts."""

from __future__ import annotations

import json
import secrets
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.contract.expect import allow, deny, policy, refused
from tests.contract.in_process import CLIENT_ADDRESS, Account

MALFORMED = "MalformedPolicy"


@pytest.fixture
def bucket(account: Account) -> str:
    """A bucket of the administrator's account."""
    name = f"b-{secrets.token_hex(12)}"
    account.client("s3").create_bucket(Bucket=name)
    return name


def granting(bucket: str, principal: Any, action: str = "s3:ListBucket", **more: Any) -> str:
    """Write a bucket policy of one statement."""
    return policy("Allow", action, f"arn:aws:s3:::{bucket}", Principal=principal, **more)


def put(account: Account, bucket: str, document: str) -> None:
    """Set a bucket's policy as its administrator."""
    account.client("s3").put_bucket_policy(Bucket=bucket, Policy=document)


def may_list(account: Account, key: Any, bucket: str) -> bool:
    """Tell whether a key may use a bucket."""
    try:
        account.client("s3", key).head_bucket(Bucket=bucket)
    except ClientError as error:
        return bool(error.response["ResponseMetadata"]["HTTPStatusCode"] != 403)
    return True


def arn(account: Account, name: str) -> str:
    """Name a user."""
    return f"arn:aws:iam::{account.account_id}:user/{name}"


def test_a_policy_is_set_shown_and_taken_away(account: Account, bucket: str) -> None:
    """GetBucketPolicy gives the text that was put, to the character; after the deletion there is none."""
    account.user("alice")
    s3, document = account.client("s3"), granting(bucket, {"AWS": [arn(account, "alice")]}).replace(": ", " :  ")
    with refused("NoSuchBucketPolicy", 404, "The bucket policy does not exist"):
        s3.get_bucket_policy(Bucket=bucket)
    assert s3.put_bucket_policy(Bucket=bucket, Policy=document)["ResponseMetadata"]["HTTPStatusCode"] == 204
    assert s3.get_bucket_policy(Bucket=bucket)["Policy"] == document
    for _ in range(2):
        s3.delete_bucket_policy(Bucket=bucket)
    with refused("NoSuchBucketPolicy", 404):
        s3.get_bucket_policy(Bucket=bucket)


def test_it_alone_lets_a_user_of_the_account(account: Account, bucket: str) -> None:
    """A user without any policy may what the bucket's says, once it says so, and no more than it says."""
    alice, bob = account.user("alice"), account.user("bob")
    assert not may_list(account, alice, bucket)
    put(account, bucket, granting(bucket, {"AWS": arn(account, "alice")}))
    assert may_list(account, alice, bucket)
    assert not may_list(account, bob, bucket)
    with refused("AccessDenied", 403):
        account.client("s3", alice).get_bucket_location(Bucket=bucket)


def test_across_accounts_both_sides_must_allow(account: Account, other: Account, bucket: str) -> None:
    """A stranger needs the bucket's word and that of his own account's policies."""
    with_policy, without = other.user("visitor", allow("s3:ListBucket")), other.user("passer-by")
    assert not may_list(other, with_policy, bucket)
    put(account, bucket, granting(bucket, {"AWS": other.account_id}))
    assert may_list(other, with_policy, bucket)
    assert not may_list(other, without, bucket)
    assert not may_list(other, other.user("denied", deny("s3:*")), bucket)


def test_its_deny_beats_every_allow(account: Account, bucket: str) -> None:
    """What the bucket denies nobody may, the administrator neither; the refusal says which policy it was."""
    statement = policy("Deny", "s3:GetBucketLocation", f"arn:aws:s3:::{bucket}", Principal="*")
    put(account, bucket, statement)
    message = (
        f"User: {arn(account, 'admin')} is not authorized to perform: s3:GetBucketLocation on resource: "
        f'"arn:aws:s3:::{bucket}" with an explicit deny in a resource-based policy'
    )
    with refused("AccessDenied", 403, message):
        account.client("s3").get_bucket_location(Bucket=bucket)


def test_the_root_user_is_not_locked_out(account: Account, bucket: str) -> None:
    """The root user of the account may read and take away a policy that denies everybody everything."""
    put(account, bucket, policy("Deny", "s3:*", f"arn:aws:s3:::{bucket}", Principal="*"))
    with refused("AccessDenied", 403):
        account.client("s3").delete_bucket_policy(Bucket=bucket)
    root = account.client("s3", account.root)
    assert "Deny" in root.get_bucket_policy(Bucket=bucket)["Policy"]
    root.delete_bucket_policy(Bucket=bucket)
    assert may_list(account, account.admin, bucket)


def test_conditions_are_asked(account: Account, bucket: str) -> None:
    """A condition of the bucket's policy looks at the request as one of a user's policy does."""
    alice = account.user("alice")
    for address, lets in ((f"{CLIENT_ADDRESS}/32", True), ("10.9.8.0/24", False)):
        condition = {"IpAddress": {"aws:SourceIp": address}}
        put(account, bucket, granting(bucket, {"AWS": arn(account, "alice")}, Condition=condition))
        assert may_list(account, alice, bucket) is lets


def test_who_takes_the_name_later_is_not_trusted(account: Account, bucket: str) -> None:
    """A policy means the user of that name when it was put: a user made later under the name is another one."""
    alice = account.user("alice")
    put(account, bucket, granting(bucket, {"AWS": arn(account, "alice")}))
    user_id = account.iam.get_user(UserName="alice")["User"]["UserId"]
    account.iam.delete_access_key(UserName="alice", AccessKeyId=alice.access_key_id)
    account.iam.delete_user(UserName="alice")
    assert not may_list(account, account.user("alice"), bucket)
    shown = json.loads(account.client("s3").get_bucket_policy(Bucket=bucket)["Policy"])
    assert shown["Statement"][0]["Principal"] == {"AWS": user_id}


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("", "Policies must be valid JSON and the first byte must be '{'"),
        ("[]", "Policies must be valid JSON and the first byte must be '{'"),
        ("{}", "Missing required field Statement"),
        (policy("Allow", "s3:ListBucket", "arn:aws:s3:::BUCKET"), "Missing required field Principal"),
        (policy("Allow", "s3:ListBucket", "arn:aws:s3:::other", Principal="*"), "Policy has invalid resource"),
        (policy("Allow", "s3:ListBucket", "arn:aws:s3:::BUCKET-2/*", Principal="*"), "Policy has invalid resource"),
        (policy("Allow", "list", "arn:aws:s3:::BUCKET", Principal="*"), "Policy has invalid action"),
        (
            policy("Allow", "s3:ListBucket", "arn:aws:s3:::BUCKET", Principal={"AWS": "x"}),
            "Invalid principal in policy",
        ),
        ("{" + " " * 20_480 + "}", "Normalized policy document exceeds the maximum allowed size"),
    ],
)
def test_what_is_no_policy_of_this_bucket_is_refused(
    account: Account, bucket: str, document: str, message: str
) -> None:
    """A text that is no policy, or speaks of other buckets, is MalformedPolicy, and nothing is set."""
    s3 = account.client("s3")
    with refused(MALFORMED, 400, message):
        s3.put_bucket_policy(Bucket=bucket, Policy=document.replace("BUCKET", bucket))
    with refused("NoSuchBucketPolicy", 404):
        s3.get_bucket_policy(Bucket=bucket)


def test_a_user_who_is_not_there_cannot_be_named(account: Account, bucket: str) -> None:
    """A principal of an account on this server must exist."""
    with refused(MALFORMED, 400, "Invalid principal in policy"):
        put(account, bucket, granting(bucket, {"AWS": arn(account, "nobody")}))


def test_strangers_do_not_handle_the_policy(account: Account, other: Account, bucket: str) -> None:
    """Who is allowed from another account is told MethodNotAllowed, who is not, AccessDenied."""
    visitor = other.user("visitor", allow("s3:*"))
    with refused("AccessDenied", 403):
        other.client("s3", visitor).get_bucket_policy(Bucket=bucket)
    put(account, bucket, granting(bucket, {"AWS": other.account_id}, "s3:*"))
    with refused("MethodNotAllowed", 405):
        other.client("s3", visitor).get_bucket_policy(Bucket=bucket)


def test_a_bucket_that_is_not_there(account: Account) -> None:
    """Each of the three says NoSuchBucket."""
    s3, name = account.client("s3"), f"b-{secrets.token_hex(12)}"
    for call in (s3.get_bucket_policy, s3.delete_bucket_policy):
        with refused("NoSuchBucket", 404, "The specified bucket does not exist"):
            call(Bucket=name)
    with refused("NoSuchBucket", 404):
        s3.put_bucket_policy(Bucket=name, Policy=granting(name, "*"))


def test_the_owner_may_be_named(account: Account, other: Account, bucket: str) -> None:
    """An expected owner who is not the bucket's is AccessDenied, and nothing is done."""
    s3 = account.client("s3")
    document = granting(bucket, "*")
    with refused("AccessDenied", 403):
        s3.put_bucket_policy(Bucket=bucket, Policy=document, ExpectedBucketOwner=other.account_id)
    s3.put_bucket_policy(Bucket=bucket, Policy=document, ExpectedBucketOwner=account.account_id)
    assert s3.get_bucket_policy(Bucket=bucket, ExpectedBucketOwner=account.account_id)["Policy"] == document
