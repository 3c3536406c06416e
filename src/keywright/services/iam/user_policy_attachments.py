"""The managed policies that users bear."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from keywright.aws.quotas import ATTACHED_POLICIES_PER_USER
from keywright.services.iam.errors import NoSuchEntity, quota_exceeded
from keywright.services.iam.managed import find_policy
from keywright.services.iam.pages import PageRequest, slice_page
from keywright.services.iam.users import existing_user, find_user
from keywright.services.operation import Call, Result, operation
from keywright.store.tables import user_policy_attachments


@operation(resource=existing_user)
def attach_user_policy(call: Call, *, user_name: str, policy_arn: str) -> Result:
    """
    Attach a managed policy; one that is attached already stays so.

    Raises: NoSuchEntity; ValidationError; LimitExceeded (AttachedPoliciesPerUser).
    """
    user = find_user(call, user_name)
    policy = find_policy(call, policy_arn)
    borne = set(
        call.connection.execute(
            select(user_policy_attachments.c.policy_arn).where(user_policy_attachments.c.user_id == user.user_id)
        ).scalars()
    )
    if policy.arn in borne:
        return None
    if len(borne) >= ATTACHED_POLICIES_PER_USER:
        raise quota_exceeded("PoliciesPerUser", ATTACHED_POLICIES_PER_USER)
    call.connection.execute(
        insert(user_policy_attachments).values(user_id=user.user_id, policy_arn=policy.arn, attached_at=call.now)
    )
    return None


@operation(resource=existing_user)
def detach_user_policy(call: Call, *, user_name: str, policy_arn: str) -> Result:
    """
    Detach a managed policy.

    Raises: NoSuchEntity.
    """
    user = find_user(call, user_name)
    detached = call.connection.execute(
        delete(user_policy_attachments).where(
            user_policy_attachments.c.user_id == user.user_id, user_policy_attachments.c.policy_arn == policy_arn
        )
    ).rowcount
    if not detached:
        raise NoSuchEntity(f"Policy {policy_arn} was not found.")
    return None


@operation(resource=existing_user)
def list_attached_user_policies(
    call: Call, *, user_name: str, path_prefix: str = "/", marker: str | None = None, max_items: int | None = None
) -> Result:
    """
    List the managed policies that a user bears, by ARN.

    Raises: NoSuchEntity.
    """
    user = find_user(call, user_name)
    arns = call.connection.execute(
        select(user_policy_attachments.c.policy_arn).where(user_policy_attachments.c.user_id == user.user_id)
    ).scalars()
    borne = [policy for policy in (find_policy(call, arn) for arn in arns) if policy.path.startswith(path_prefix)]
    borne.sort(key=lambda policy: policy.arn)
    page, truncation = slice_page(borne, lambda policy: policy.arn, PageRequest(marker, max_items))
    attached = [{"PolicyName": policy.policy_name, "PolicyArn": policy.arn} for policy in page]
    return {"AttachedPolicies": attached, **truncation}
