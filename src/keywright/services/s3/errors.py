"""S3's errors, by their codes; the model has their statuses."""

from __future__ import annotations

from keywright.aws.errors import AwsError


class NoSuchBucket(AwsError):
    """No bucket has that name."""

    status = 404


class BucketAlreadyOwnedByYou(AwsError):
    """The caller's account has it already."""

    status = 409


class BucketAlreadyExists(AwsError):
    """Another account has it."""

    status = 409


class InvalidBucketName(AwsError):
    """No bucket can have that name."""


class InvalidLocationConstraint(AwsError):
    """A location that means nothing."""


class IllegalLocationConstraintException(AwsError):
    """A location other than the one that the request was sent to."""


class TooManyBuckets(AwsError):
    """The quota is reached."""


class InvalidArgument(AwsError):
    """A value outside of what the operation takes."""


class InvalidTag(AwsError):
    """A tag that cannot be, or is there twice."""


class BadRequest(AwsError):
    """More tags than a bucket may have."""


class NoSuchTagSet(AwsError):
    """The bucket has no tags."""

    status = 404


class MalformedPolicy(AwsError):
    """A text that is no bucket policy, or not this bucket's."""


class NoSuchBucketPolicy(AwsError):
    """The bucket has no policy."""

    status = 404


class MethodNotAllowed(AwsError):
    """Another account's bucket, whatever its policy says."""

    status = 405
