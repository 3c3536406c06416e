"""Buckets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

from sqlalchemy import Row, delete, func, insert, select

from keywright.aws.arn import bucket_arn
from keywright.aws.errors import AccessDenied, NotPerformed
from keywright.aws.model import load_service
from keywright.aws.quotas import BUCKETS_PER_ACCOUNT
from keywright.identity.policies import bucket_policy
from keywright.services.operation import Call, Inputs, Permission, Result, Target, operation
from keywright.services.s3.bucket_tags import read_tags, set_tags
from keywright.services.s3.errors import (
    BucketAlreadyExists,
    BucketAlreadyOwnedByYou,
    IllegalLocationConstraintException,
    InvalidBucketName,
    InvalidLocationConstraint,
    NoSuchBucket,
    TooManyBuckets,
)
from keywright.store.tables import accounts, buckets

_HOME_REGION: Final = "us-east-1"
_NAME: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]{1,61})[a-z0-9]")
_NOT_IN_NAMES: Final = ("..", ".-", "-.")
"""AWS: labels are as DNS has them; each begins and ends with a letter or digit."""
_ADDRESS: Final = re.compile(r"\d+\.\d+\.\d+\.\d+")
_RESERVED_STARTS: Final = ("xn--", "sthree-", "amzn-s3-demo-")
_RESERVED_ENDS: Final = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")
_CONFIGURED: Final = frozenset({"LocationConstraint", "Tags"})
_LOCATION_OF_EU: Final = "eu-west-1"


def bucket(call: Call, inputs: Inputs) -> Target:
    """Name a bucket, with its owner where it exists."""
    name = inputs["bucket"]
    row = _look_up(call, name)
    arn = bucket_arn(name)
    if row is None:
        return Target(arn, f'"{arn}"')
    return Target(arn, f'"{arn}"', row.account_id, policies=() if row.policy is None else bucket_policy(row.policy))


def new_bucket(call: Call, inputs: Inputs) -> Target:
    """Name the bucket that is to be made."""
    del call
    arn = bucket_arn(inputs["bucket"])
    return Target(arn, f'"{arn}"')


def tagging_of_new(call: Call, inputs: Inputs) -> Iterator[Permission]:
    """Ask for the permission to tag as well, where a new bucket is to have tags (API reference, CreateBucket)."""
    if (inputs.get("create_bucket_configuration") or {}).get("Tags"):
        yield Permission("s3:TagResource", new_bucket(call, inputs))


def all_buckets(call: Call, inputs: Inputs) -> Target:
    """Name every bucket; the refusal names none."""
    del call, inputs
    return Target("*", "")


@operation(resource=all_buckets, action="s3:ListAllMyBuckets")
def list_buckets(
    call: Call,
    *,
    max_buckets: int | None = None,
    continuation_token: str | None = None,
    prefix: str | None = None,
    bucket_region: str | None = None,
) -> Result:
    """List the account's buckets by name."""
    statement = select(buckets).where(buckets.c.account_id == call.account_id)
    if prefix is not None:
        # SQLite's LIKE, by which SQLAlchemy's `startswith` goes, knows no upper and lower case.
        statement = statement.where(func.substr(buckets.c.bucket_name, 1, len(prefix)) == prefix)
    if bucket_region is not None:
        statement = statement.where(buckets.c.region == bucket_region)
    if continuation_token is not None:
        statement = statement.where(buckets.c.bucket_name > continuation_token)
    limit = max_buckets or BUCKETS_PER_ACCOUNT
    rows = call.connection.execute(statement.order_by(buckets.c.bucket_name).limit(limit + 1)).all()
    canonical_id = call.connection.execute(
        select(accounts.c.canonical_id).where(accounts.c.account_id == call.account_id)
    ).scalar_one()
    paged = max_buckets is not None or continuation_token is not None
    return {
        "Buckets": [_describe(row, with_region=paged or bucket_region is not None) for row in rows[:limit]],
        "Owner": {"ID": canonical_id},
        "ContinuationToken": rows[limit - 1].bucket_name if len(rows) > limit else None,
        "Prefix": prefix,
    }


@operation(resource=new_bucket, also=tagging_of_new)
def create_bucket(
    call: Call,
    *,
    bucket: str,
    create_bucket_configuration: dict[str, Any] | None = None,
    acl: str = "private",
    object_ownership: str = "BucketOwnerEnforced",
    object_lock_enabled_for_bucket: bool = False,
    bucket_namespace: str = "global",
) -> Result:
    """
    Make a bucket in the region that the request was sent to, or that it names, and set its tags.

    Of the settings that it may name, S3's defaults are taken.
    Raises: InvalidBucketName; BucketAlreadyOwnedByYou; BucketAlreadyExists; TooManyBuckets; IllegalLocation…;
    InvalidTag; BadRequest.
    """
    # DIVERGES: Buckets.
    _check_defaults(
        acl=acl == "private",
        object_ownership=object_ownership == "BucketOwnerEnforced",
        object_lock_enabled_for_bucket=not object_lock_enabled_for_bucket,
        bucket_namespace=bucket_namespace == "global",
    )
    if not _is_valid_name(bucket):
        raise InvalidBucketName("The specified bucket is not valid.", BucketName=bucket)
    region = _region(call, create_bucket_configuration or {})
    tags = read_tags((create_bucket_configuration or {}).get("Tags") or [])
    row = _look_up(call, bucket)
    if row is not None:
        return _already(call, row, region)
    count = call.connection.execute(
        select(func.count()).select_from(buckets).where(buckets.c.account_id == call.account_id)
    ).scalar_one()
    if count >= BUCKETS_PER_ACCOUNT:
        raise TooManyBuckets("You have attempted to create more buckets than allowed")
    call.connection.execute(
        insert(buckets).values(bucket_name=bucket, account_id=call.account_id, region=region, created_at=call.now)
    )
    set_tags(call.connection, bucket, tags)
    return {"Location": f"/{bucket}", "BucketArn": bucket_arn(bucket)}


@operation(resource=bucket, action="s3:ListBucket")
def head_bucket(call: Call, *, bucket: str, expected_bucket_owner: str | None = None) -> Result:
    """
    Tell that a bucket exists, and in which region.

    Raises: NoSuchBucket; AccessDenied.
    """
    row = find_bucket(call, bucket, expected_bucket_owner)
    return {"BucketRegion": row.region, "BucketArn": bucket_arn(bucket), "AccessPointAlias": False}


@operation(resource=bucket)
def get_bucket_location(call: Call, *, bucket: str, expected_bucket_owner: str | None = None) -> Result:
    """
    Tell a bucket's region; us-east-1 is none.

    Raises: NoSuchBucket; AccessDenied.
    """
    row = find_bucket(call, bucket, expected_bucket_owner)
    return {"LocationConstraint": None if row.region == _HOME_REGION else row.region}


@operation(resource=bucket)
def delete_bucket(call: Call, *, bucket: str, expected_bucket_owner: str | None = None) -> Result:
    """
    Delete a bucket.

    Raises: NoSuchBucket; AccessDenied.
    """
    find_bucket(call, bucket, expected_bucket_owner)
    call.connection.execute(delete(buckets).where(buckets.c.bucket_name == bucket))
    return None


def _check_defaults(**is_default: bool) -> None:
    """
    Refuse a setting that is not S3's default for new buckets.

    Raises: NotPerformed.
    """
    others = sorted(name for name, default in is_default.items() if not default)
    if others:
        raise NotPerformed(f"s3:CreateBucket: this value of {others[0]} is not implemented by this server.")


def _region(call: Call, configuration: dict[str, Any]) -> str:
    unhandled = sorted(name for name, value in configuration.items() if name not in _CONFIGURED and value)
    if unhandled:
        raise NotPerformed(f"CreateBucketConfiguration.{unhandled[0]} is not implemented by this server")
    asked: str | None = configuration.get("LocationConstraint") or None
    if call.region == _HOME_REGION:
        if asked is not None and asked not in _locations():
            raise InvalidLocationConstraint("The specified location-constraint is not valid", LocationConstraint=asked)
        return _LOCATION_OF_EU if asked == "EU" else asked or _HOME_REGION
    if asked != call.region:
        raise IllegalLocationConstraintException(
            f"The {asked or 'unspecified'} location constraint is incompatible for the region specific endpoint this "
            "request was sent to."
        )
    return asked


@cache
def _locations() -> frozenset[str]:
    """Give the regions that a bucket can be asked for; us-east-1 is asked for by asking for none."""
    return frozenset(load_service("s3").shapes["BucketLocationConstraint"].enum)


def _already(call: Call, row: Row[Any], region: str) -> Result:
    if row.account_id != call.account_id:
        raise BucketAlreadyExists(
            "The requested bucket name is not available. The bucket namespace is shared by all users of the system. "
            "Please select a different name and try again.",
            BucketName=row.bucket_name,
        )
    if row.region == region == _HOME_REGION:
        # AWS: in us-east-1 creating what one owns already succeeds (API reference, CreateBucket).
        return {"Location": f"/{row.bucket_name}", "BucketArn": bucket_arn(row.bucket_name)}
    raise BucketAlreadyOwnedByYou(
        "Your previous request to create the named bucket succeeded and you already own it.",
        BucketName=row.bucket_name,
    )


def _look_up(call: Call, name: str) -> Row[Any] | None:
    return call.connection.execute(select(buckets).where(buckets.c.bucket_name == name)).one_or_none()


def find_bucket(call: Call, name: str, expected_owner: str | None) -> Row[Any]:
    """
    Find a bucket, whosever it is.

    Raises: NoSuchBucket; AccessDenied (another owner than the caller expects).
    """
    row = _look_up(call, name)
    if row is None:
        raise NoSuchBucket("The specified bucket does not exist", BucketName=name)
    if expected_owner is not None and expected_owner != row.account_id:
        raise AccessDenied("Access Denied")
    return row


def _is_valid_name(name: str) -> bool:
    return (
        _NAME.fullmatch(name) is not None
        and not any(pair in name for pair in _NOT_IN_NAMES)
        and _ADDRESS.fullmatch(name) is None
        and not name.startswith(_RESERVED_STARTS)
        and not name.endswith(_RESERVED_ENDS)
    )


def _describe(row: Row[Any], *, with_region: bool) -> dict[str, Any]:
    description = {"Name": row.bucket_name, "CreationDate": row.created_at, "BucketArn": bucket_arn(row.bucket_name)}
    if with_region:
        description["BucketRegion"] = row.region
    return description
