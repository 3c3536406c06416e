"""Gather the policies that follow a user, compiled: inline, attached, and the boundary."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from sqlalchemy import Connection, select

from keywright.identity.aws_managed import ARN_PREFIX, aws_managed_policy
from keywright.policy.document import parse_document
from keywright.policy.evaluate import CompiledPolicy, PolicySource, PolicyType, compile_policy
from keywright.policy.policy_set import PolicySet
from keywright.store.tables import policies, policy_versions, user_policies, user_policy_attachments

_MAX_COMPILED: Final = 2000


@lru_cache(maxsize=_MAX_COMPILED)
def _compile(document: str, source: PolicySource) -> CompiledPolicy:
    """Compile a document, once however many users bear it: it is found by its text."""
    return compile_policy(parse_document(document), source)


def policies_of_user(connection: Connection, user_id: str, boundary_arn: str | None) -> PolicySet:
    """Gather a user's identity policies and permissions boundary."""
    inline = connection.execute(
        select(user_policies.c.policy_name, user_policies.c.document).where(user_policies.c.user_id == user_id)
    )
    attached = connection.execute(
        select(user_policy_attachments.c.policy_arn).where(user_policy_attachments.c.user_id == user_id)
    ).scalars()
    identity = [_compile(row.document, PolicySource(row.policy_name, "identity")) for row in inline]
    identity += [_managed(connection, arn, "identity") for arn in attached]
    boundary = None if boundary_arn is None else (_managed(connection, boundary_arn, "boundary"),)
    return PolicySet(identity=tuple(identity), boundary=boundary)


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
