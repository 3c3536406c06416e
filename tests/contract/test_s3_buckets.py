"""Buckets by boto3."""

from __future__ import annotations

import secrets
from typing import Any

import pytest

from tests.contract.expect import allow, refused
from tests.contract.in_process import Account, SteppingClock

NOT_VALID = "The specified bucket is not valid."
NOT_THERE = "The specified bucket does not exist"


@pytest.fixture
def s3(account: Account) -> Any:
    """The administrator's S3 client."""
    return account.client("s3")


def fresh() -> str:
    """Name a bucket: the names are shared by all accounts, and so by all tests."""
    return f"b-{secrets.token_hex(12)}"


def test_a_bucket_is_made_and_listed(account: Account, s3: Any, clock: SteppingClock) -> None:
    """CreateBucket answers where it is; ListBuckets shows it with its date and its owner."""
    name, before = fresh(), clock.now
    made = s3.create_bucket(Bucket=name)
    assert (made["Location"], made["BucketArn"]) == (f"/{name}", f"arn:aws:s3:::{name}")
    listed = s3.list_buckets()
    assert [(one["Name"], one["BucketArn"]) for one in listed["Buckets"]] == [(name, f"arn:aws:s3:::{name}")]
    assert before.replace(microsecond=0) <= listed["Buckets"][0]["CreationDate"] <= clock.now
    assert len(listed["Owner"]["ID"]) == 64
    assert int(listed["Owner"]["ID"], 16) >= 0


def test_list_buckets_pages_to_the_end(s3: Any) -> None:
    """Pages of one hold each bucket once, by name, with its region, and end."""
    stem = fresh()
    names = sorted(f"{stem}-{letter}" for letter in "cab")
    for name in names:
        s3.create_bucket(Bucket=name)
    paginator = s3.get_paginator("list_buckets")
    found = [page["Buckets"] for page in paginator.paginate(PaginationConfig={"PageSize": 1})]
    assert [[bucket["Name"] for bucket in page] for page in found] == [[name] for name in names]
    assert found[0][0]["BucketRegion"] == "us-east-1"


def test_list_buckets_by_prefix_and_region(account: Account, s3: Any) -> None:
    """A prefix selects by the name's characters, a region by where the bucket is."""
    one, two = fresh(), fresh()
    s3.create_bucket(Bucket=one)
    s3.create_bucket(Bucket=two, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})

    def names(**parameters: str) -> list[str]:
        return [bucket["Name"] for bucket in s3.list_buckets(**parameters)["Buckets"]]

    assert names(Prefix=one[:10]) == [one]
    assert s3.list_buckets(Prefix=one[:10])["Prefix"] == one[:10]
    assert names(BucketRegion="eu-west-1") == [two]
    assert names(Prefix="b_") == []
    assert names(Prefix="B-") == []


def test_list_buckets_refuses_a_bad_size(s3: Any) -> None:
    """A page size out of 1 to 10,000 is InvalidArgument."""
    for size in (0, 10_001):
        with refused("InvalidArgument", 400):
            s3.list_buckets(MaxBuckets=size)


@pytest.mark.parametrize("constraint", ["eu-west-1", "ap-southeast-2"])
def test_a_bucket_lies_where_it_was_asked_to(s3: Any, constraint: str) -> None:
    """A location constraint is the bucket's region from then on."""
    name = fresh()
    s3.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": constraint})
    assert s3.get_bucket_location(Bucket=name)["LocationConstraint"] == constraint
    head = s3.head_bucket(Bucket=name)
    assert head["BucketRegion"] == constraint
    assert head["ResponseMetadata"]["HTTPHeaders"]["x-amz-bucket-region"] == constraint


def test_us_east_1_has_no_location(s3: Any) -> None:
    """A bucket in us-east-1 has no location constraint."""
    name = fresh()
    s3.create_bucket(Bucket=name)
    assert s3.get_bucket_location(Bucket=name)["LocationConstraint"] is None
    assert s3.head_bucket(Bucket=name)["BucketRegion"] == "us-east-1"


def test_locations_that_are_refused(account: Account, s3: Any) -> None:
    """us-east-1 is no constraint; elsewhere the constraint is the region's own (recorded words)."""
    with refused("InvalidLocationConstraint", 400, "The specified location-constraint is not valid"):
        s3.create_bucket(Bucket=fresh(), CreateBucketConfiguration={"LocationConstraint": "us-east-1"})
    frankfurt = account.client("s3", region="eu-central-1")
    message = "The {} location constraint is incompatible for the region specific endpoint this request was sent to."
    with refused("IllegalLocationConstraintException", 400, message.format("unspecified")):
        frankfurt.create_bucket(Bucket=fresh())
    with refused("IllegalLocationConstraintException", 400, message.format("eu-west-1")):
        frankfurt.create_bucket(Bucket=fresh(), CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    name = fresh()
    frankfurt.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    with refused("BucketAlreadyOwnedByYou", 409):
        frankfurt.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})


def test_a_location_that_is_no_region(s3: Any) -> None:
    """A constraint that names no region is refused."""
    with refused("InvalidLocationConstraint", 400, "The specified location-constraint is not valid"):
        s3.create_bucket(Bucket=fresh(), CreateBucketConfiguration={"LocationConstraint": "eu-nowhere-9"})


def test_making_a_bucket_again(account: Account, other: Account, s3: Any) -> None:
    """In us-east-1 one's own is made again without a word; another account's is BucketAlreadyExists."""
    name = fresh()
    s3.create_bucket(Bucket=name)
    assert s3.create_bucket(Bucket=name)["Location"] == f"/{name}"
    message = (
        "The requested bucket name is not available. The bucket namespace is shared by all users of the system. "
        "Please select a different name and try again."
    )
    with refused("BucketAlreadyExists", 409, message) as answer:
        other.client("s3").create_bucket(Bucket=name)
    assert answer["Error"]["BucketName"] == name


@pytest.mark.parametrize(
    "name",
    [
        *("ab", "x" * 64, "Upper", "a_b", "-abc", "abc-", "a..b", "foo.-bar", "foo-.bar", "192.168.5.4"),
        *("xn--abc", "abc-s3alias", "sthree-abc"),
    ],
)
def test_names_that_no_bucket_has(s3: Any, name: str) -> None:
    """A name out of S3's rules is InvalidBucketName (recorded words)."""
    with refused("InvalidBucketName", 400, NOT_VALID) as answer:
        s3.create_bucket(Bucket=name)
    assert answer["Error"]["BucketName"] == name


def test_buckets_that_are_not_there(s3: Any) -> None:
    """Locating and deleting what is not there is NoSuchBucket, asking for its head a bare 404."""
    name = fresh()
    for call in (s3.get_bucket_location, s3.delete_bucket):
        with refused("NoSuchBucket", 404, NOT_THERE) as answer:
            call(Bucket=name)
        assert answer["Error"]["BucketName"] == name
    with refused("404", 404, "Not Found"):
        s3.head_bucket(Bucket=name)


def test_a_deleted_bucket_is_gone(account: Account, other: Account, s3: Any) -> None:
    """A deleted bucket's name is free for everybody."""
    name = fresh()
    s3.create_bucket(Bucket=name)
    assert s3.delete_bucket(Bucket=name)["ResponseMetadata"]["HTTPStatusCode"] == 204
    with refused("404", 404):
        s3.head_bucket(Bucket=name)
    other.client("s3").create_bucket(Bucket=name)


def test_another_accounts_bucket_is_refused(account: Account, other: Account, s3: Any) -> None:
    """Whatever one's own policies allow, another account's bucket says Access Denied and no more."""
    name = fresh()
    s3.create_bucket(Bucket=name)
    for key in (other.admin, other.root):
        theirs = other.client("s3", key)
        for call in (theirs.get_bucket_location, theirs.delete_bucket):
            with refused("AccessDenied", 403, "Access Denied"):
                call(Bucket=name)
        with refused("403", 403, "Forbidden"):
            theirs.head_bucket(Bucket=name)
        assert theirs.list_buckets()["Buckets"] == []
    s3.head_bucket(Bucket=name)


@pytest.mark.parametrize("operation", ["head_bucket", "get_bucket_location", "delete_bucket"])
def test_an_expected_owner_must_be_the_owner(account: Account, other: Account, s3: Any, operation: str) -> None:
    """A request that expects another owner is refused, one that expects the right one is not."""
    name = fresh()
    s3.create_bucket(Bucket=name)
    with refused("403" if operation == "head_bucket" else "AccessDenied", 403):
        getattr(s3, operation)(Bucket=name, ExpectedBucketOwner=other.account_id)
    getattr(s3, operation)(Bucket=name, ExpectedBucketOwner=account.account_id)


def test_what_is_not_handled_is_refused(s3: Any) -> None:
    """A parameter that Keywright does not act upon is NotImplemented, never dropped; and no bucket is made."""
    name = fresh()
    with refused("NotImplemented", 501):
        s3.create_bucket(Bucket=name, ACL="public-read")
    for more in (
        {"ObjectOwnership": "ObjectWriter"},
        {"ObjectLockEnabledForBucket": True},
        {"BucketNamespace": "account-regional"},
        {"GrantRead": "id=abc"},
        {"CreateBucketConfiguration": {"Bucket": {"Type": "Directory"}}},
    ):
        with refused("NotImplemented", 501) as answer:
            s3.create_bucket(Bucket=name, **more)
    with refused("NotImplemented", 501) as answer:
        s3.get_bucket_website(Bucket=name)
    assert "GetBucketWebsite" in answer["Error"]["Message"]
    with refused("404", 404):
        s3.head_bucket(Bucket=name)


def test_refusals_quote_the_bucket(account: Account, s3: Any) -> None:
    """S3 writes the bucket's ARN in quotes, and none at all for ListBuckets; a head has no words."""
    name = fresh()
    s3.create_bucket(Bucket=name)
    alice = account.client("s3", account.user("alice", allow("s3:GetBucketTagging")))
    who = f"User: arn:aws:iam::{account.account_id}:user/alice is not authorized to perform: "
    why = " because no identity-based policy allows the {} action"
    for call, action in (
        (alice.get_bucket_location, "s3:GetBucketLocation"),
        (alice.delete_bucket, "s3:DeleteBucket"),
    ):
        with refused("AccessDenied", 403, f'{who}{action} on resource: "arn:aws:s3:::{name}"{why.format(action)}'):
            call(Bucket=name)
    with refused("AccessDenied", 403, f"{who}s3:ListAllMyBuckets{why.format('s3:ListAllMyBuckets')}"):
        alice.list_buckets()
    with refused("403", 403):
        alice.head_bucket(Bucket=name)


def test_a_policy_for_one_bucket(account: Account, s3: Any) -> None:
    """HeadBucket is s3:ListBucket on that bucket alone."""
    mine, not_mine = fresh(), fresh()
    for name in (mine, not_mine):
        s3.create_bucket(Bucket=name)
    alice = account.client("s3", account.user("alice", allow("s3:ListBucket", f"arn:aws:s3:::{mine}")))
    alice.head_bucket(Bucket=mine)
    with refused("403", 403):
        alice.head_bucket(Bucket=not_mine)
