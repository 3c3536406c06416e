"""Bucket policies: what a bucket itself says of who may use it."""

from __future__ import annotations

import re
from typing import Final

from sqlalchemy import update

from keywright.aws.arn import bucket_arn
from keywright.identity.policy_principals import InvalidPrincipal, keep_principals, show_principals
from keywright.policy.document import Document, MalformedDocument
from keywright.policy.validate import read_policy
from keywright.services.operation import Call, Inputs, Result, Target, operation
from keywright.services.s3.buckets import bucket as any_bucket
from keywright.services.s3.buckets import find_bucket
from keywright.services.s3.errors import MalformedPolicy, MethodNotAllowed, NoSuchBucketPolicy
from keywright.store.tables import buckets

_MAX_BYTES: Final = 20_480
"""AWS: bucket policies are limited to 20 KB (S3 User Guide, "Bucket policies")."""
_BUCKET_OF: Final = re.compile(r"arn:[^:]*:s3:::([^/]*)(?:/.*)?", re.DOTALL)


def policied_bucket(call: Call, inputs: Inputs) -> Target:
    """
    Name the bucket whose policy is acted upon.

    AWS: the root user of the bucket's account may read, change and delete the policy whatever it says, so that nobody
    locks an account out of its bucket (API reference, PutBucketPolicy).
    """
    target = any_bucket(call, inputs)
    if call.caller.kind == "Root" and target.account_id == call.account_id:
        return target._replace(policies=())
    return target


@operation(resource=policied_bucket)
def put_bucket_policy(
    call: Call,
    *,
    bucket: str,
    policy: str,
    content_md5: str | None = None,
    checksum_algorithm: str | None = None,
    expected_bucket_owner: str | None = None,
) -> Result:
    """
    Set a bucket's policy. The body's digests were checked when the request came in (`sigv4.digests`).

    Raises: NoSuchBucket; AccessDenied; MethodNotAllowed; MalformedPolicy.
    """
    del content_md5, checksum_algorithm
    _find_own(call, bucket, expected_bucket_owner)
    document = _read(policy, bucket)
    try:
        kept = keep_principals(call.connection, document)
    except InvalidPrincipal:
        raise MalformedPolicy("Invalid principal in policy") from None
    call.connection.execute(update(buckets).where(buckets.c.bucket_name == bucket).values(policy=kept))
    return None


@operation(resource=policied_bucket)
def get_bucket_policy(call: Call, *, bucket: str, expected_bucket_owner: str | None = None) -> Result:
    """
    Give a bucket's policy.

    Raises: NoSuchBucket; AccessDenied; MethodNotAllowed; NoSuchBucketPolicy.
    """
    policy: str | None = _find_own(call, bucket, expected_bucket_owner)
    if policy is None:
        raise NoSuchBucketPolicy("The bucket policy does not exist", BucketName=bucket)
    return {"Policy": show_principals(call.connection, policy)}


@operation(resource=policied_bucket)
def delete_bucket_policy(call: Call, *, bucket: str, expected_bucket_owner: str | None = None) -> Result:
    """
    Take a bucket's policy away; one that has none is left as it is.

    Raises: NoSuchBucket; AccessDenied; MethodNotAllowed.
    """
    _find_own(call, bucket, expected_bucket_owner)
    call.connection.execute(update(buckets).where(buckets.c.bucket_name == bucket).values(policy=None))
    return None


def _find_own(call: Call, bucket: str, expected_owner: str | None) -> str | None:
    """
    Give the kept policy of one of the account's own buckets.

    AWS: a stranger whom the policy allows is still told MethodNotAllowed (API reference, GetBucketPolicy).
    """
    row = find_bucket(call, bucket, expected_owner)
    if row.account_id != call.account_id:
        raise MethodNotAllowed("The specified method is not allowed against this resource.")
    policy: str | None = row.policy
    return policy


def _read(text: str, bucket: str) -> Document:
    """
    Check a policy as it was sent.

    AWS: the first message is recorded, and the engine's "Missing required field Statement" (facts/aws-errors.md).
    """
    if not text.lstrip().startswith("{"):
        raise MalformedPolicy("Policies must be valid JSON and the first byte must be '{'")
    if len(text.encode()) > _MAX_BYTES:
        raise MalformedPolicy("Normalized policy document exceeds the maximum allowed size")
    try:
        document = read_policy(text, "resource")
    except MalformedDocument as error:
        raise MalformedPolicy(error.message) from None
    for statement in document.statements:
        for resource in statement.resources or statement.not_resources or ():
            named = _BUCKET_OF.fullmatch(resource)
            if named is None or (named[1] != bucket and bucket_arn(bucket) != resource):
                raise MalformedPolicy("Policy has invalid resource")
    return document
