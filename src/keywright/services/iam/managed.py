"""Find managed policies: the account's own, and AWS's."""

from __future__ import annotations

import re
from collections import Counter
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Column, Row, func, select

from keywright.identity.aws_managed import AwsManagedPolicy, aws_managed_policy
from keywright.services.iam.errors import NoSuchEntity, PolicyNotAttachable, ValidationError
from keywright.services.iam.policy_bearers import BEARERS
from keywright.services.operation import Call, Inputs, Target
from keywright.store.tables import policies, policy_versions, roles, users

SERVICE_LINKED_PATH: Final = "/aws-service-role/"
"""Where service-linked roles are, each below the path of its service, and AWS's policies for them."""
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


def find_attachable_policy(call: Call, policy_arn: str) -> Policy:
    """
    Find a policy by ARN, to attach it or to bound somebody by it.

    Raises: ValidationError (no ARN); NoSuchEntity; PolicyNotAttachable.
    """
    try:
        policy = find_policy(call, policy_arn)
    except NoSuchEntity:
        raise no_such_policy(policy_arn) from None
    if policy.is_aws_managed and policy.path.startswith(SERVICE_LINKED_PATH):
        raise PolicyNotAttachable("Cannot attach a Service Role Policy to a Customer Role.")
    return policy


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
    borne = _count(call, policy_arn, [kind.attachments.c.policy_arn for kind in BEARERS])
    bounded = _count(call, policy_arn, [table.c.permissions_boundary_arn for table in (users, roles)])
    return {arn: Usage(borne[arn], bounded[arn]) for arn in {*borne, *bounded}}


def _count(call: Call, policy_arn: str | None, columns: list[Column[str]]) -> Counter[str]:
    """Count the calling account's rows by the policy's ARN that a column of theirs holds."""
    counted: Counter[str] = Counter()
    for column in columns:
        statement = (
            select(column, func.count())
            .where(column.table.c.account_id == call.account_id)
            .where(column.is_not(None) if policy_arn is None else column == policy_arn)
            .group_by(column)
        )
        for arn, count in call.connection.execute(statement):
            counted[arn] += count
    return counted


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
