"""A bucket's tags."""

from __future__ import annotations

from typing import Any

from keywright.services.operation import Call, Result, operation
from keywright.services.s3.bucket_tags import read_tags, set_tags, tags_of
from keywright.services.s3.buckets import bucket as any_bucket
from keywright.services.s3.buckets import find_bucket
from keywright.services.s3.errors import NoSuchTagSet


@operation(resource=any_bucket)
def put_bucket_tagging(
    call: Call,
    *,
    bucket: str,
    tagging: dict[str, Any],
    content_md5: str | None = None,
    checksum_algorithm: str | None = None,
    expected_bucket_owner: str | None = None,
) -> Result:
    """
    Give a bucket these tags and no others. The body's digests were checked when the request came in.

    Raises: NoSuchBucket; AccessDenied; InvalidTag; BadRequest.
    """
    del content_md5, checksum_algorithm
    find_bucket(call, bucket, expected_bucket_owner)
    set_tags(call.connection, bucket, read_tags(tagging["TagSet"]))
    return None


@operation(resource=any_bucket)
def get_bucket_tagging(call: Call, *, bucket: str, expected_bucket_owner: str | None = None) -> Result:
    """
    Give a bucket's tags, by key.

    Raises: NoSuchBucket; AccessDenied; NoSuchTagSet.
    """
    find_bucket(call, bucket, expected_bucket_owner)
    tags = tags_of(call.connection, bucket)
    if not tags:
        raise NoSuchTagSet("The TagSet does not exist", BucketName=bucket)
    return {"TagSet": [{"Key": key, "Value": value} for key, value in tags.items()]}


@operation(resource=any_bucket, action="s3:PutBucketTagging")
def delete_bucket_tagging(call: Call, *, bucket: str, expected_bucket_owner: str | None = None) -> Result:
    """
    Take a bucket's tags away; one that has none is left as it is.

    Raises: NoSuchBucket; AccessDenied.
    """
    find_bucket(call, bucket, expected_bucket_owner)
    set_tags(call.connection, bucket, {})
    return None
