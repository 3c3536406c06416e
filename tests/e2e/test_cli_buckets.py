"""Buckets by the `aws` command, as on AWS."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.e2e.aws_cli import AwsCli, CliError
from tests.e2e.conftest import MakeCli, MakeClient
from tests.e2e.signing import Key


def test_make_list_remove(aws: AwsCli) -> None:
    """`aws s3 mb`, `ls` and `rb` make, list and remove a bucket."""
    before = aws.text("s3", "ls").splitlines()
    for name in ("b-second", "a-first"):
        aws.text("s3", "mb", f"s3://{name}")
    made = [line for line in aws.text("s3", "ls").splitlines() if line not in before]
    assert [line.split()[2] for line in made] == ["a-first", "b-second"]
    assert aws.text("s3", "rb", "s3://a-first") == "remove_bucket: a-first\n"
    left = [bucket["Name"] for bucket in aws.json("s3api", "list-buckets")["Buckets"]]
    assert ("a-first" in left, "b-second" in left, len(left)) == (False, True, len(before) + 1)


def test_head_and_missing(aws: AwsCli) -> None:
    """A bucket that is there is found with its region; one that is not is 404."""
    aws.text("s3", "mb", "s3://headed")
    assert aws.json("s3api", "head-bucket", "--bucket", "headed")["BucketRegion"] == "us-east-1"
    missing = aws.error("s3api", "head-bucket", "--bucket", "not-there")
    assert missing == CliError("404", "HeadBucket", "Not Found")
    for operation in ("get-bucket-location", "delete-bucket"):
        refused = aws.error("s3api", operation, "--bucket", "not-there")
        assert (refused.code, refused.message) == ("NoSuchBucket", "The specified bucket does not exist")


def test_locations(aws: AwsCli, make_cli: MakeCli, admin: Key) -> None:
    """A bucket's location is where it was made; us-east-1 is none."""
    aws.text("s3", "mb", "s3://located-home")
    assert aws.json("s3api", "get-bucket-location", "--bucket", "located-home") == {"LocationConstraint": None}
    away = make_cli(admin, AWS_DEFAULT_REGION="eu-west-1")
    away.text("s3", "mb", "s3://located-away")
    assert aws.json("s3api", "get-bucket-location", "--bucket", "located-away") == {"LocationConstraint": "eu-west-1"}
    wrong = away.error("s3api", "create-bucket", "--bucket", "located-wrong")
    assert wrong.code == "IllegalLocationConstraintException"
    assert wrong.message == (
        "The unspecified location constraint is incompatible for the region specific endpoint this request was sent to."
    )


def test_names(make_client: MakeClient, admin: Key) -> None:
    """A name that no bucket can have is InvalidBucketName; one's own in us-east-1 may be made again."""
    s3 = make_client("s3", admin)
    for name in ("Upper-Case", "under_score", "192.168.1.1", "xn--bucket", "two..dots"):
        with pytest.raises(ClientError) as refused:
            s3.create_bucket(Bucket=name)
        response: Any = refused.value.response
        assert response["Error"]["Code"] == "InvalidBucketName"
        assert response["Error"]["Message"] == "The specified bucket is not valid."
        assert response["ResponseMetadata"]["HTTPStatusCode"] == 400
    for _ in range(2):
        assert s3.create_bucket(Bucket="made-twice")["Location"] == "/made-twice"


def test_objects_are_not_performed(aws: AwsCli) -> None:
    """What goes into buckets is for a later day, and says so."""
    aws.text("s3", "mb", "s3://no-objects")
    refused = aws.error("s3api", "list-objects-v2", "--bucket", "no-objects")
    assert refused.code == "NotImplemented"
    assert "s3:ListObjectsV2" in refused.message
