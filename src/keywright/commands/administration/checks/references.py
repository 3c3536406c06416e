"""Every reference leads to a row that is there, and of the same account."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import Column, Connection, ForeignKey, Table, and_, select

from keywright.commands.administration.checks.problem import Problem
from keywright.identity.aws_managed import ARN_PREFIX, aws_managed_policy
from keywright.store.tables import (
    event_resources,
    events,
    group_policy_attachments,
    metadata,
    policies,
    policy_versions,
    role_policy_attachments,
    roles,
    user_policy_attachments,
    users,
)

_CHECK: Final = "reference"
_RESTORE: Final = "restore the last backup that `keywright check` finds nothing in"
_POLICY_COLUMNS: Final = (
    user_policy_attachments.c.policy_arn,
    group_policy_attachments.c.policy_arn,
    role_policy_attachments.c.policy_arn,
    users.c.permissions_boundary_arn,
    roles.c.permissions_boundary_arn,
)


def check_references(connection: Connection) -> Iterator[Problem]:
    """Look at every foreign key, and at what is referred to without one."""
    for table in metadata.sorted_tables:
        for key in sorted(table.foreign_keys, key=lambda one: one.parent.name):
            yield from _missing_rows(connection, table, key)
            yield from _other_accounts(connection, table, key)
    yield from _policies(connection)
    yield from _default_versions(connection)
    yield from _event_resources(connection)


def _name(table: Table, row: Any) -> str:
    return f"{table.name}/{'/'.join(str(getattr(row, column.name)) for column in table.primary_key)}"


def _missing_rows(connection: Connection, table: Table, key: ForeignKey) -> Iterator[Problem]:
    parent = key.column.table.alias("parent")
    target = parent.c[key.column.name]
    query = (
        select(*table.primary_key, key.parent.label("refers_to"))
        .select_from(table.outerjoin(parent, key.parent == target))
        .where(key.parent.is_not(None), target.is_(None))
    )
    for row in connection.execute(query):
        what = f"{key.parent.name} {row.refers_to} is in no row of {key.column.table.name}"
        yield Problem(_CHECK, _name(table, row), what, _RESTORE)


def _other_accounts(connection: Connection, table: Table, key: ForeignKey) -> Iterator[Problem]:
    """Find what refers to a row of another account."""
    owner = key.column.table
    if key.column.name == "account_id" or "account_id" not in table.c or "account_id" not in owner.c:
        return
    parent = owner.alias("parent")
    query = (
        select(*table.primary_key, parent.c.account_id.label("others"))
        .select_from(table.join(parent, key.parent == parent.c[key.column.name]))
        .where(table.c.account_id != parent.c.account_id)
    )
    for row in connection.execute(query):
        what = f"{key.parent.name} refers to a row of {owner.name} in another account, {row.others}"
        yield Problem(_CHECK, _name(table, row), what, _RESTORE)


def _policies(connection: Connection) -> Iterator[Problem]:
    """Find managed policies that are attached, or set as a boundary, and do not exist."""
    for column in _POLICY_COLUMNS:
        query = (
            select(*column.table.primary_key, column.label("policy"))
            .select_from(column.table.outerjoin(policies, column == policies.c.arn))
            .where(column.is_not(None), policies.c.arn.is_(None))
        )
        for row in connection.execute(query):
            if row.policy.startswith(ARN_PREFIX) and aws_managed_policy(row.policy) is not None:
                continue
            what = f"the policy {row.policy} does not exist"
            fix = "detach it, or create it again; a newer Keywright may know it, if it is one of AWS's own"
            yield Problem(_CHECK, _name(column.table, row), what, fix)


def _default_versions(connection: Connection) -> Iterator[Problem]:
    version = policy_versions.alias("version")
    query = (
        select(policies.c.policy_id, policies.c.default_version)
        .select_from(
            policies.outerjoin(
                version,
                and_(version.c.policy_id == policies.c.policy_id, version.c.version == policies.c.default_version),
            )
        )
        .where(version.c.policy_id.is_(None))
    )
    for row in connection.execute(query):
        what = f"its default version v{row.default_version} does not exist"
        yield Problem(_CHECK, _name(policies, row), what, "set another version as the default")


def _event_resources(connection: Connection) -> Iterator[Problem]:
    columns: list[Column[Any]] = [events.c.account_id, events.c.region, events.c.event_id]
    same = and_(*(event_resources.c[column.name] == column for column in columns))
    query = (
        select(*event_resources.primary_key)
        .select_from(event_resources.outerjoin(events, same))
        .where(events.c.event_id.is_(None))
    )
    for row in connection.execute(query, execution_options={"yield_per": 1000}):
        yield Problem(_CHECK, _name(event_resources, row), "its event does not exist", _RESTORE)
