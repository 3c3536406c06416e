"""Policies that are part of the user, group or role that bears them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, insert, select

from keywright.policy.validate import policy_size
from keywright.services.iam.documents import check_document, for_answer
from keywright.services.iam.entities import Entity
from keywright.services.iam.errors import LimitExceeded, NoSuchEntity
from keywright.services.iam.pages import PageRequest, read_page
from keywright.services.iam.policy_bearers import BearerKind
from keywright.services.operation import Call


def put_inline_policy(call: Call, kind: BearerKind, bearer: Entity, policy_name: str, document: str) -> None:
    """
    Set an inline policy, in place of one of that name.

    Raises: MalformedPolicyDocument; LimitExceeded (characters over all of the bearer's).
    """
    check_document(document, "identity")
    _delete(call, kind, bearer, policy_name)
    owner = kind.inline.columns[0]
    bearer_id = kind.entity.row_id(bearer)
    call.connection.execute(
        insert(kind.inline).values(
            {
                owner.name: bearer_id,
                "policy_name_key": policy_name.casefold(),
                "policy_name": policy_name,
                "document": document,
            }
        )
    )
    documents = call.connection.execute(select(kind.inline.c.document).where(owner == bearer_id)).scalars()
    if sum(map(policy_size, documents)) > kind.inline_characters:
        raise LimitExceeded(
            f"Maximum policy size of {kind.inline_characters} bytes exceeded for {kind.entity.spoken} "
            f"{kind.entity.name(bearer)}"
        )


def get_inline_policy(call: Call, kind: BearerKind, bearer: Entity, policy_name: str) -> dict[str, Any]:
    """
    Answer an inline policy's name and document.

    Raises: NoSuchEntity.
    """
    row = call.connection.execute(
        select(kind.inline).where(
            kind.inline.columns[0] == kind.entity.row_id(bearer),
            kind.inline.c.policy_name_key == policy_name.casefold(),
        )
    ).one_or_none()
    if row is None:
        raise _no_such_policy(kind, policy_name)
    return {"PolicyName": row.policy_name, "PolicyDocument": for_answer(row.document)}


def list_inline_policies(call: Call, kind: BearerKind, bearer: Entity, page: PageRequest) -> dict[str, Any]:
    """Answer a page of the names of the bearer's inline policies."""
    key = kind.inline.c.policy_name_key
    statement = select(key, kind.inline.c.policy_name).where(kind.inline.columns[0] == kind.entity.row_id(bearer))
    rows, truncation = read_page(call.connection, statement, [key], page)
    return {"PolicyNames": [row.policy_name for row in rows], **truncation}


def delete_inline_policy(call: Call, kind: BearerKind, bearer: Entity, policy_name: str) -> None:
    """
    Delete an inline policy.

    Raises: NoSuchEntity.
    """
    if not _delete(call, kind, bearer, policy_name):
        raise _no_such_policy(kind, policy_name)


def all_inline_policies(call: Call, kind: BearerKind, bearer: Entity) -> list[tuple[str, str]]:
    """Give the name and text of each of the bearer's inline policies, by name."""
    rows = call.connection.execute(
        select(kind.inline.c.policy_name, kind.inline.c.document)
        .where(kind.inline.columns[0] == kind.entity.row_id(bearer))
        .order_by(kind.inline.c.policy_name_key)
    )
    return [(row.policy_name, row.document) for row in rows]


def _delete(call: Call, kind: BearerKind, bearer: Entity, policy_name: str) -> int:
    return call.connection.execute(
        delete(kind.inline).where(
            kind.inline.columns[0] == kind.entity.row_id(bearer),
            kind.inline.c.policy_name_key == policy_name.casefold(),
        )
    ).rowcount


def _no_such_policy(kind: BearerKind, policy_name: str) -> NoSuchEntity:
    return NoSuchEntity(f"The {kind.entity.spoken} policy with name {policy_name} cannot be found.")
