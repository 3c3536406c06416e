"""The inline policies of users."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from keywright.aws.quotas import INLINE_POLICY_CHARACTERS_PER_USER
from keywright.policy.validate import policy_size
from keywright.services.iam.documents import check_document, for_answer
from keywright.services.iam.errors import LimitExceeded, NoSuchEntity
from keywright.services.iam.pages import PageRequest, read_page
from keywright.services.iam.users import User, existing_user, find_user
from keywright.services.operation import Call, Result, operation
from keywright.store.tables import user_policies


@operation(resource=existing_user)
def put_user_policy(call: Call, *, user_name: str, policy_name: str, policy_document: str) -> Result:
    """
    Set a policy that is part of the user.

    Raises: NoSuchEntity; MalformedPolicyDocument; LimitExceeded (2,048 characters over all of the user's).
    """
    user = find_user(call, user_name)
    check_document(policy_document, "identity")
    _delete(call, user, policy_name)
    call.connection.execute(
        insert(user_policies).values(
            user_id=user.user_id,
            policy_name_key=policy_name.casefold(),
            policy_name=policy_name,
            document=policy_document,
        )
    )
    documents = call.connection.execute(
        select(user_policies.c.document).where(user_policies.c.user_id == user.user_id)
    ).scalars()
    if sum(map(policy_size, documents)) > INLINE_POLICY_CHARACTERS_PER_USER:
        raise LimitExceeded(
            f"Maximum policy size of {INLINE_POLICY_CHARACTERS_PER_USER} bytes exceeded for user {user.user_name}"
        )
    return None


@operation(resource=existing_user)
def get_user_policy(call: Call, *, user_name: str, policy_name: str) -> Result:
    """
    Give a policy that is part of the user.

    Raises: NoSuchEntity.
    """
    user = find_user(call, user_name)
    row = call.connection.execute(
        select(user_policies).where(
            user_policies.c.user_id == user.user_id, user_policies.c.policy_name_key == policy_name.casefold()
        )
    ).one_or_none()
    if row is None:
        raise _no_such_policy(policy_name)
    return {
        "UserName": user.user_name,
        "PolicyName": row.policy_name,
        "PolicyDocument": for_answer(row.document),
    }


@operation(resource=existing_user)
def list_user_policies(
    call: Call, *, user_name: str, marker: str | None = None, max_items: int | None = None
) -> Result:
    """
    List the names of the policies that are part of the user.

    Raises: NoSuchEntity.
    """
    user = find_user(call, user_name)
    statement = select(user_policies.c.policy_name_key, user_policies.c.policy_name).where(
        user_policies.c.user_id == user.user_id
    )
    rows, truncation = read_page(
        call.connection, statement, [user_policies.c.policy_name_key], PageRequest(marker, max_items)
    )
    return {"PolicyNames": [row.policy_name for row in rows], **truncation}


@operation(resource=existing_user)
def delete_user_policy(call: Call, *, user_name: str, policy_name: str) -> Result:
    """
    Delete a policy that is part of the user.

    Raises: NoSuchEntity.
    """
    if not _delete(call, find_user(call, user_name), policy_name):
        raise _no_such_policy(policy_name)
    return None


def _delete(call: Call, user: User, policy_name: str) -> int:
    return call.connection.execute(
        delete(user_policies).where(
            user_policies.c.user_id == user.user_id, user_policies.c.policy_name_key == policy_name.casefold()
        )
    ).rowcount


def _no_such_policy(policy_name: str) -> NoSuchEntity:
    return NoSuchEntity(f"The user policy with name {policy_name} cannot be found.")
