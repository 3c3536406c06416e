"""Gather the policies that follow a user: inline and attached, compiled."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from sqlalchemy import Connection, select

from keywright.identity.aws_managed import aws_managed_policy
from keywright.policy.document import parse_document
from keywright.policy.evaluate import CompiledPolicy, PolicySource, compile_policy
from keywright.policy.policy_set import PolicySet
from keywright.store.tables import policies, policy_versions, user_policies, user_policy_attachments

_MAX_COMPILED: Final = 2000


@lru_cache(maxsize=_MAX_COMPILED)
def _compile(document: str, source: PolicySource) -> CompiledPolicy:
    """Compile a document, once however many users bear it: it is found by its text."""
    return compile_policy(parse_document(document), source)


def identity_policies(connection: Connection, user_id: str) -> PolicySet:
    """Gather a user's identity policies."""
    inline = connection.execute(
        select(user_policies.c.policy_name, user_policies.c.document).where(user_policies.c.user_id == user_id)
    )
    attached = connection.execute(
        select(
            user_policy_attachments.c.policy_arn,
            policies.c.policy_name,
            policy_versions.c.document,
        )
        .select_from(user_policy_attachments)
        .outerjoin(policies, policies.c.arn == user_policy_attachments.c.policy_arn)
        .outerjoin(
            policy_versions,
            (policy_versions.c.policy_id == policies.c.policy_id)
            & (policy_versions.c.version == policies.c.default_version),
        )
        .where(user_policy_attachments.c.user_id == user_id)
    )
    gathered = [_compile(row.document, PolicySource(row.policy_name, "identity")) for row in inline]
    gathered += [_attached(row.policy_arn, row.policy_name, row.document) for row in attached]
    return PolicySet(identity=tuple(gathered))


def _attached(arn: str, name: str | None, document: str | None) -> CompiledPolicy:
    if name is None or document is None:
        policy = aws_managed_policy(arn)
        if policy is None:
            # An attached policy that cannot be read may hold a Deny: nothing is decided without it.
            raise LookupError(f"the attached policy {arn} is not in this version of Keywright")
        name, document = policy.policy_name, policy.document
    return _compile(document, PolicySource(name, "identity", arn))
