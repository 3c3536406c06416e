"""Managed policies that users, groups and roles bear."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select

from keywright.services.iam.entities import Entity
from keywright.services.iam.errors import NoSuchEntity, quota_exceeded
from keywright.services.iam.managed import find_attachable_policy
from keywright.services.iam.pages import PageRequest, slice_page
from keywright.services.iam.policy_bearers import BearerKind
from keywright.services.operation import Call


class AttachedPolicy(NamedTuple):
    """What a list of attached policies says of one; all of it is in the ARN."""

    name: str
    path: str
    arn: str

    @classmethod
    def of(cls, arn: str) -> AttachedPolicy:
        """
        Read a managed policy's name and path off its ARN.

        The policy itself need not be here: AWS attaches AmazonLexBotPolicy, whose document no source has.
        """
        path, _, name = arn.partition(":policy")[2].rpartition("/")
        return cls(name, f"{path}/", arn)


def attach_policy(call: Call, kind: BearerKind, bearer: Entity, policy_arn: str) -> None:
    """
    Attach a managed policy; one that is attached already stays so.

    Raises: NoSuchEntity; ValidationError; PolicyNotAttachable; LimitExceeded.
    """
    policy = find_attachable_policy(call, policy_arn)
    borne = attached_arns(call, kind, bearer)
    if policy.arn in borne:
        return
    if len(borne) >= kind.most_attached:
        raise quota_exceeded(kind.attached_quota, kind.most_attached)
    insert_attachment(call, kind, kind.entity.row_id(bearer), policy.arn)


def insert_attachment(call: Call, kind: BearerKind, bearer_id: str, policy_arn: str) -> None:
    """Attach a policy that may be attached, and is not."""
    owner = kind.attachments.columns[0].name
    values = {owner: bearer_id, "policy_arn": policy_arn, "account_id": call.account_id, "attached_at": call.now}
    call.connection.execute(insert(kind.attachments).values(values))


def detach_policy(call: Call, kind: BearerKind, bearer: Entity, policy_arn: str) -> None:
    """
    Detach a managed policy.

    Raises: NoSuchEntity.
    """
    detached = call.connection.execute(
        delete(kind.attachments).where(
            kind.attachments.columns[0] == kind.entity.row_id(bearer), kind.attachments.c.policy_arn == policy_arn
        )
    ).rowcount
    if not detached:
        raise NoSuchEntity(f"Policy {policy_arn} was not found.")


def list_attached_policies(
    call: Call, kind: BearerKind, bearer: Entity, path_prefix: str, page: PageRequest
) -> dict[str, Any]:
    """Return a page of the managed policies attached to an entity, sorted by ARN."""
    attached = [policy for policy in attached_policies(call, kind, bearer) if policy.path.startswith(path_prefix)]
    part, truncation = slice_page(attached, lambda policy: policy.arn, page)
    return {"AttachedPolicies": describe_attached(part), **truncation}


def attached_arns(call: Call, kind: BearerKind, bearer: Entity) -> set[str]:
    """Give the ARNs of the managed policies that an entity bears."""
    return set(
        call.connection.execute(
            select(kind.attachments.c.policy_arn).where(kind.attachments.columns[0] == kind.entity.row_id(bearer))
        ).scalars()
    )


def attached_policies(call: Call, kind: BearerKind, bearer: Entity) -> list[AttachedPolicy]:
    """Return the managed policies attached to an entity, sorted by ARN."""
    return [AttachedPolicy.of(arn) for arn in sorted(attached_arns(call, kind, bearer))]


def describe_attached(attached: Sequence[AttachedPolicy]) -> list[dict[str, str]]:
    """Describe attached policies as the lists of users, groups and roles do."""
    return [{"PolicyName": policy.name, "PolicyArn": policy.arn} for policy in attached]
