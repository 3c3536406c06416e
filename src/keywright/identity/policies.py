"""Gather the policies that follow a user or a role, compiled: inline, attached, and the boundary."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Final

from sqlalchemy import ColumnElement, Connection, ScalarSelect, Table, select
from sqlalchemy.exc import NoResultFound

from keywright.identity.aws_managed import ARN_PREFIX, aws_managed_policy
from keywright.policy.document import parse_document
from keywright.policy.evaluate import CompiledPolicy, PolicySource, PolicyType, compile_policy
from keywright.policy.policy_set import PolicySet
from keywright.store.tables import (
    group_memberships,
    group_policies,
    group_policy_attachments,
    policies,
    policy_versions,
    role_policies,
    role_policy_attachments,
    user_policies,
    user_policy_attachments,
)

_MAX_COMPILED: Final = 2000
_EVERYTHING: Final = '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'


@lru_cache(maxsize=_MAX_COMPILED)
def _compile(document: str, source: PolicySource) -> CompiledPolicy:
    """Compile a document, once however many bear it: it is found by its text."""
    return compile_policy(parse_document(document), source)


def policies_of_user(connection: Connection, user_id: str, boundary_arn: str | None) -> PolicySet:
    """Gather a user's identity policies, those of the user's groups, and the permissions boundary."""
    joined = select(group_memberships.c.group_id).where(group_memberships.c.user_id == user_id).scalar_subquery()
    identity = [
        *_borne(connection, user_policies, user_policy_attachments, user_id),
        *_borne(connection, group_policies, group_policy_attachments, joined),
    ]
    return PolicySet(identity=tuple(identity), boundary=_boundary(connection, boundary_arn))


def policies_of_role(connection: Connection, role_id: str, boundary_arn: str | None) -> PolicySet:
    """Gather a role's identity policies and permissions boundary; its trust policy is not among them."""
    identity = tuple(_borne(connection, role_policies, role_policy_attachments, role_id))
    return PolicySet(identity=identity, boundary=_boundary(connection, boundary_arn))


def policies_of_session(
    connection: Connection, document: str | None, policy_arns: Sequence[str]
) -> tuple[CompiledPolicy, ...] | None:
    """
    Compile the session policies that were passed, by value and by ARN; None where there were none.

    A managed one counts as it is now; one that has been deleted since allows nothing.
    """
    if document is None and not policy_arns:
        return None
    passed = [] if document is None else [_compile(document, PolicySource("session", "session"))]
    for arn in policy_arns:
        with suppress(NoResultFound):
            passed.append(_managed(connection, arn, "session"))
    return tuple(passed)


def trust_policy(document: str) -> tuple[CompiledPolicy, ...]:
    """Compile a role's trust policy: the resource's own policy where the role is what is asked about."""
    return (_compile(document, PolicySource("trust policy", "resource")),)


def bucket_policy(document: str) -> tuple[CompiledPolicy, ...]:
    """Compile a bucket's policy."""
    return (_compile(document, PolicySource("bucket policy", "resource")),)


def unlimited() -> PolicySet:
    """Give what a root user may do, for a session of it that policies limit: everything."""
    return PolicySet(identity=(_compile(_EVERYTHING, PolicySource("root", "identity")),))


def _borne(
    connection: Connection, inline: Table, attachments: Table, owners: str | ScalarSelect[str]
) -> Iterator[CompiledPolicy]:
    """Compile what an owner, or each of those that a query finds, bears."""
    rows = connection.execute(select(inline.c.policy_name, inline.c.document).where(_is_one_of(inline, owners)))
    for row in rows:
        yield _compile(row.document, PolicySource(row.policy_name, "identity"))
    arns = connection.execute(select(attachments.c.policy_arn).distinct().where(_is_one_of(attachments, owners)))
    for arn in arns.scalars():
        yield _managed(connection, arn, "identity")


def _is_one_of(table: Table, owners: str | ScalarSelect[str]) -> ColumnElement[bool]:
    owner = table.columns[0]
    return owner == owners if isinstance(owners, str) else owner.in_(owners)


def _boundary(connection: Connection, boundary_arn: str | None) -> tuple[CompiledPolicy, ...] | None:
    return None if boundary_arn is None else (_managed(connection, boundary_arn, "boundary"),)


def _managed(connection: Connection, arn: str, policy_type: PolicyType) -> CompiledPolicy:
    """Compile the default version of a managed policy."""
    if arn.startswith(ARN_PREFIX):
        policy = aws_managed_policy(arn)
        if policy is None:
            # A policy that cannot be read may hold a Deny: nothing is decided without it.
            raise LookupError(f"the policy {arn} is not in this version of Keywright")
        return _compile(policy.document, PolicySource(policy.policy_name, policy_type, arn))
    row = connection.execute(
        select(policies.c.policy_name, policy_versions.c.document)
        .join(
            policy_versions,
            (policy_versions.c.policy_id == policies.c.policy_id)
            & (policy_versions.c.version == policies.c.default_version),
        )
        .where(policies.c.arn == arn)
    ).one()
    return _compile(row.document, PolicySource(row.policy_name, policy_type, arn))
