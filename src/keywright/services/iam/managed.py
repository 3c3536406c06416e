"""Find managed policies: the account's own, and AWS's."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Row, func, select

from keywright.identity.aws_managed import AwsManagedPolicy, aws_managed_policy
from keywright.services.iam.errors import NoSuchEntity, ValidationError
from keywright.services.operation import Call, Inputs, Target
from keywright.store.tables import policies, policy_versions, user_policy_attachments, users

_POLICY_ARN: Final = re.compile(r"arn:aws:iam::(\d{12}|aws):policy/.+")


class Policy(NamedTuple):
    """A managed policy, whoever keeps it."""

    policy_name: str
    policy_id: str
    arn: str
    path: str
    default_version_id: str
    description: str
    created_at: datetime
    updated_at: datetime
    is_aws_managed: bool


class Usage(NamedTuple):
    """How many of the account's entities bear a policy, and how many are bounded by it."""

    attachments: int
    boundaries: int


UNUSED: Final = Usage(0, 0)


def find_policy(call: Call, policy_arn: str) -> Policy:
    """
    Find a policy by ARN: one of AWS's or of the calling account.

    Raises: ValidationError (no ARN); NoSuchEntity.
    """
    if not policy_arn.startswith("arn:"):
        raise ValidationError("Invalid ARN:  Could not be parsed!")
    match = _POLICY_ARN.fullmatch(policy_arn)
    if match is not None and match[1] == "aws":
        aws_policy = aws_managed_policy(policy_arn)
        if aws_policy is None:
            raise NoSuchEntity(f"Policy {policy_arn} was not found.")
        return from_aws(aws_policy)
    if match is None or match[1] != call.account_id:
        raise no_such_policy(policy_arn)
    row = call.connection.execute(select(policies).where(policies.c.arn == policy_arn)).one_or_none()
    if row is None:
        raise no_such_policy(policy_arn)
    return from_row(row)


def find_own_policy(call: Call, policy_arn: str) -> Policy:
    """
    Find a policy of the calling account, to change it.

    Raises: ValidationError; NoSuchEntity. AWS's own policies are refused by authorisation on AWS; here by name.
    """
    policy = find_policy(call, policy_arn)
    if policy.is_aws_managed:
        raise NoSuchEntity(f"Policy {policy_arn} was not found.")
    return policy


def no_such_policy(policy_arn: str) -> NoSuchEntity:
    """Say that there is no such policy, as IAM does for an account's own."""
    return NoSuchEntity(f"Policy {policy_arn} does not exist or is not attachable.")


def from_row(row: Row[Any]) -> Policy:
    """Read a row of `policies`."""
    return Policy(
        row.policy_name,
        row.policy_id,
        row.arn,
        row.path,
        f"v{row.default_version}",
        row.description,
        row.created_at,
        row.updated_at,
        is_aws_managed=False,
    )


def from_aws(policy: AwsManagedPolicy) -> Policy:
    """Take one of AWS's policies."""
    return Policy(
        policy.policy_name,
        policy.policy_id,
        policy.arn,
        policy.path,
        policy.default_version_id,
        policy.description,
        policy.created_at,
        policy.updated_at,
        is_aws_managed=True,
    )


def usage(call: Call, policy_arn: str) -> Usage:
    """Count a policy's uses in the calling account."""
    return usages(call, policy_arn).get(policy_arn, UNUSED)


def usages(call: Call, policy_arn: str | None = None) -> dict[str, Usage]:
    """Count the uses in the calling account of one policy, or of all that are used, by ARN."""
    attached = user_policy_attachments.c.policy_arn
    attachments = (
        select(attached, func.count())
        .join(users, users.c.user_id == user_policy_attachments.c.user_id)
        .where(users.c.account_id == call.account_id)
        .group_by(attached)
    )
    bounding = users.c.permissions_boundary_arn
    boundaries = (
        select(bounding, func.count())
        .where(users.c.account_id == call.account_id, bounding.is_not(None))
        .group_by(bounding)
    )
    if policy_arn is not None:
        attachments = attachments.where(attached == policy_arn)
        boundaries = boundaries.where(bounding == policy_arn)
    borne = dict(map(tuple, call.connection.execute(attachments)))
    bounded = dict(map(tuple, call.connection.execute(boundaries)))
    return {arn: Usage(borne.get(arn, 0), bounded.get(arn, 0)) for arn in {*borne, *bounded}}


def default_document(call: Call, policy: Policy) -> str:
    """Read the text of a policy's default version."""
    if policy.is_aws_managed:
        aws_policy = aws_managed_policy(policy.arn)
        if aws_policy is None:
            raise no_such_policy(policy.arn)
        return aws_policy.document
    document: str = call.connection.execute(
        select(policy_versions.c.document).where(
            policy_versions.c.policy_id == policy.policy_id,
            policy_versions.c.version == int(policy.default_version_id[1:]),
        )
    ).scalar_one()
    return document


def existing_policy(call: Call, inputs: Inputs) -> Target:
    """Name the policy that is acted upon."""
    del call
    arn: str = inputs["policy_arn"]
    return Target(arn, f"policy {arn}")
