"""Tags of buckets, and the settings of new ones that state S3's defaults."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.contract.expect import allow, refused
from tests.contract.in_process import Account
from tests.contract.roles import events

BLUE = [{"Key": "stage", "Value": "test"}, {"Key": "team", "Value": "blue"}]


@pytest.fixture
def s3(account: Account) -> Any:
    """Make the administrator's S3 client."""
    return account.client("s3")


def fresh() -> str:
    """Make up a bucket's name."""
    return f"bucket-{uuid.uuid4()}"


@pytest.mark.parametrize(
    "more",
    [
        {"ACL": "private"},
        {"ObjectOwnership": "BucketOwnerEnforced"},
        {"ObjectLockEnabledForBucket": False},
        {"BucketNamespace": "global"},
        {"ACL": "private", "ObjectOwnership": "BucketOwnerEnforced"},
    ],
)
def test_a_stated_default_is_taken(s3: Any, more: dict[str, Any]) -> None:
    """Terraform and rclone state S3's default for new buckets: what they say is what they get."""
    name = fresh()
    s3.create_bucket(Bucket=name, **more)
    s3.head_bucket(Bucket=name)


def test_a_bucket_is_made_with_tags(account: Account, s3: Any) -> None:
    """Tags at creation are kept, and the event has them."""
    name = fresh()
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"Tags": BLUE})
    assert s3.get_bucket_tagging(Bucket=name)["TagSet"] == BLUE
    assert "blue" in str(events(account, "CreateBucket")[0]["requestParameters"])


def test_tags_at_creation_need_a_permission_of_their_own(account: Account) -> None:
    """CreateBucket alone does not tag: s3:TagResource does, and policies may ask for the tags."""
    name = fresh()
    configuration = {"Tags": BLUE}
    key = account.user("alice", allow("s3:CreateBucket"))
    with refused("AccessDenied", 403) as answer:
        account.client("s3", key).create_bucket(Bucket=name, CreateBucketConfiguration=configuration)
    assert "s3:TagResource" in answer["Error"]["Message"]
    only_blue = {"StringEquals": {"aws:RequestTag/team": "blue"}}
    account.iam.put_user_policy(
        UserName="alice", PolicyName="tag", PolicyDocument=allow("s3:TagResource", Condition=only_blue)
    )
    red = {"Tags": [{"Key": "team", "Value": "red"}]}
    with refused("AccessDenied", 403):
        account.client("s3", key).create_bucket(Bucket=name, CreateBucketConfiguration=red)
    account.client("s3", key).create_bucket(Bucket=name, CreateBucketConfiguration=configuration)


def test_tags_are_set_read_and_taken_away(s3: Any) -> None:
    """Setting replaces all, keys differ by case, and without tags there is no tag set."""
    name = fresh()
    s3.create_bucket(Bucket=name)
    with refused("NoSuchTagSet", 404, "The TagSet does not exist"):
        s3.get_bucket_tagging(Bucket=name)
    set_to = s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": BLUE})
    assert set_to["ResponseMetadata"]["HTTPStatusCode"] == 204
    cased = [{"Key": "Team", "Value": "a"}, {"Key": "team", "Value": "ü +-=._:/@"}]
    s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": cased})
    assert s3.get_bucket_tagging(Bucket=name)["TagSet"] == cased
    assert s3.delete_bucket_tagging(Bucket=name)["ResponseMetadata"]["HTTPStatusCode"] == 204
    with refused("NoSuchTagSet", 404):
        s3.get_bucket_tagging(Bucket=name)
    s3.delete_bucket_tagging(Bucket=name)
    s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": BLUE})
    s3.delete_bucket(Bucket=name)
    s3.create_bucket(Bucket=name)
    with refused("NoSuchTagSet", 404):
        s3.get_bucket_tagging(Bucket=name)


@pytest.mark.parametrize(
    ("tags", "code"),
    [
        ([{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}], "InvalidTag"),
        ([{"Key": "aws:a", "Value": "1"}], "InvalidTag"),
        ([{"Key": "k" * 129, "Value": "1"}], "InvalidTag"),
        ([{"Key": "a", "Value": "v" * 257}], "InvalidTag"),
        ([{"Key": "a", "Value": "<>"}], "InvalidTag"),
        ([{"Key": "a;b", "Value": "1"}], "InvalidTag"),
        ([{"Key": f"k{number}", "Value": ""} for number in range(51)], "BadRequest"),
    ],
)
def test_tags_that_cannot_be_are_refused(s3: Any, tags: list[dict[str, str]], code: str) -> None:
    """At creation no bucket is made; later the tags stay as they were."""
    name = fresh()
    with refused(code, 400):
        s3.create_bucket(Bucket=name, CreateBucketConfiguration={"Tags": tags})
    with refused("404", 404):
        s3.head_bucket(Bucket=name)
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"Tags": BLUE})
    with refused(code, 400):
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": tags})
    assert s3.get_bucket_tagging(Bucket=name)["TagSet"] == BLUE


def test_each_call_has_its_action(account: Account, s3: Any) -> None:
    """Reading asks for GetBucketTagging, setting and taking away for PutBucketTagging."""
    name = fresh()
    s3.create_bucket(Bucket=name)
    reader = account.client("s3", account.user("reader", allow("s3:GetBucketTagging")))
    writer = account.client("s3", account.user("writer", allow("s3:PutBucketTagging")))
    with refused("AccessDenied", 403):
        reader.put_bucket_tagging(Bucket=name, Tagging={"TagSet": BLUE})
    writer.put_bucket_tagging(Bucket=name, Tagging={"TagSet": BLUE})
    with refused("AccessDenied", 403):
        writer.get_bucket_tagging(Bucket=name)
    reader.get_bucket_tagging(Bucket=name)
    with refused("AccessDenied", 403):
        reader.delete_bucket_tagging(Bucket=name)
    writer.delete_bucket_tagging(Bucket=name)


@pytest.mark.parametrize("operation", ["get_bucket_tagging", "delete_bucket_tagging"])
def test_a_bucket_that_is_not_there_or_not_ones_own(account: Account, other: Account, s3: Any, operation: str) -> None:
    """NoSuchBucket for the one; Access Denied for the other, and where another owner is expected."""
    with refused("NoSuchBucket", 404):
        getattr(s3, operation)(Bucket=fresh())
    name = fresh()
    s3.create_bucket(Bucket=name)
    with refused("AccessDenied", 403):
        getattr(other.client("s3"), operation)(Bucket=name)
    with refused("AccessDenied", 403):
        getattr(s3, operation)(Bucket=name, ExpectedBucketOwner=other.account_id)
