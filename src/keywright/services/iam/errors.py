"""IAM's errors, by their codes; the model has their statuses."""

from __future__ import annotations

from keywright.aws.errors import AwsError


class NoSuchEntity(AwsError):
    """What is named does not exist."""

    status = 404


class EntityAlreadyExists(AwsError):
    """The name is taken."""

    status = 409


class DeleteConflict(AwsError):
    """Something still hangs on what is to be deleted."""

    status = 409


class LimitExceeded(AwsError):
    """A quota is reached."""

    status = 409


class InvalidInput(AwsError):
    """A value that the model permits and IAM does not."""


class ValidationError(AwsError):
    """A value outside of what its operation takes."""


class MalformedPolicyDocument(AwsError):
    """A text that is not a policy, or not one of this kind."""


def quota_exceeded(quota: str, limit: int) -> LimitExceeded:
    """Say that a quota is reached, as IAM does."""
    return LimitExceeded(f"Cannot exceed quota for {quota}: {limit}")
