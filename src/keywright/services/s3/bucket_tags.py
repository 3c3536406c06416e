"""The tags of buckets: their rules, and where they are kept."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import Connection, delete, insert, select

from keywright.aws.quotas import TAGS_PER_BUCKET
from keywright.services.s3.errors import BadRequest, InvalidTag
from keywright.store.tables import bucket_tags

_TEXT: Final = re.compile(r"[\w\s.:/=+@-]*")
"""AWS: letters, digits, spaces and these (S3 User Guide, "Using cost allocation S3 bucket tags")."""
_MAX_KEY: Final = 128
_MAX_VALUE: Final = 256


def read_tags(tags: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """
    Check tags as they were sent; keys differ by case.

    Raises: InvalidTag; BadRequest.
    """
    found: dict[str, str] = {}
    for tag in tags:
        key, value = tag["Key"], tag["Value"]
        if key in found:
            raise InvalidTag("Cannot provide multiple Tags with the same key", TagKey=key)
        if key.startswith("aws:"):
            raise InvalidTag("System tags cannot be added/updated by requester", TagKey=key)
        if not 0 < len(key) <= _MAX_KEY or _TEXT.fullmatch(key) is None:
            raise InvalidTag("The TagKey you have provided is invalid", TagKey=key)
        if len(value) > _MAX_VALUE or _TEXT.fullmatch(value) is None:
            raise InvalidTag("The TagValue you have provided is invalid", TagKey=key, TagValue=value)
        found[key] = value
    if len(found) > TAGS_PER_BUCKET:
        raise BadRequest(f"Bucket tag count cannot be greater than {TAGS_PER_BUCKET}")
    return found


def set_tags(connection: Connection, bucket: str, tags: Mapping[str, str]) -> None:
    """Give a bucket these tags and no others."""
    connection.execute(delete(bucket_tags).where(bucket_tags.c.bucket_name == bucket))
    if tags:
        rows = [{"bucket_name": bucket, "tag_key": key, "tag_value": value} for key, value in tags.items()]
        connection.execute(insert(bucket_tags), rows)


def tags_of(connection: Connection, bucket: str) -> dict[str, str]:
    """Read a bucket's tags, by key."""
    rows = connection.execute(
        select(bucket_tags.c.tag_key, bucket_tags.c.tag_value)
        .where(bucket_tags.c.bucket_name == bucket)
        .order_by(bucket_tags.c.tag_key)
    )
    return {row.tag_key: row.tag_value for row in rows}
