"""Whom a managed policy is for: those who bear it, and those who are bounded by it."""

from __future__ import annotations

from typing import Final

from sqlalchemy import select

from keywright.services.iam.entities import Entity, below
from keywright.services.iam.managed import existing_policy, find_policy
from keywright.services.iam.pages import PageRequest, slice_page
from keywright.services.iam.policy_bearers import GROUPS, ROLES, USERS, BearerKind
from keywright.services.operation import Call, Result, operation

_FILTERS: Final = {"Group": GROUPS, "User": USERS, "Role": ROLES}
"""In the order of a page; of the other filters that the model has, no entity is one."""


@operation(resource=existing_policy)
def list_entities_for_policy(
    call: Call,
    *,
    policy_arn: str,
    entity_filter: str | None = None,
    path_prefix: str = "/",
    policy_usage_filter: str | None = None,
    marker: str | None = None,
    max_items: int | None = None,
) -> Result:
    """
    List the groups, users and roles of a policy; a page holds as many of them in all as it may.

    Raises: NoSuchEntity; ValidationError.
    """
    policy = find_policy(call, policy_arn)
    found = [
        (f"{position}{kind.entity.name(row).casefold()}", kind, row)
        for position, (name, kind) in enumerate(_FILTERS.items())
        if entity_filter in {None, name}
        for row in _entities(call, kind, policy.arn, policy_usage_filter, path_prefix)
    ]
    found.sort(key=lambda one: one[0])
    page, truncation = slice_page(found, lambda one: one[0], PageRequest(marker, max_items))
    answer: dict[str, list[dict[str, str]]] = {}
    for name, kind in _FILTERS.items():
        answer[f"Policy{name}s"] = [
            {f"{name}Name": kind.entity.name(row), f"{name}Id": kind.entity.row_id(row)}
            for _, of_kind, row in page
            if of_kind is kind
        ]
    return {**answer, **truncation}


def _entities(call: Call, kind: BearerKind, policy_arn: str, usage: str | None, path_prefix: str) -> set[Entity]:
    """Find the entities of a kind that a policy is for, each once, though it may bear and be bounded."""
    table, attachments = kind.entity.table, kind.attachments
    bearing = (
        select(table)
        .join(attachments, attachments.c[table.columns[0].name] == table.columns[0])
        .where(attachments.c.account_id == call.account_id, attachments.c.policy_arn == policy_arn)
    )
    statements = [] if usage == "PermissionsBoundary" else [bearing]
    if usage != "PermissionsPolicy" and "permissions_boundary_arn" in table.c:
        is_bounded = table.c.permissions_boundary_arn == policy_arn
        statements.append(select(table).where(table.c.account_id == call.account_id, is_bounded))
    prefixed = below(table, path_prefix)
    return {row for statement in statements for row in call.connection.execute(statement.where(prefixed))}
