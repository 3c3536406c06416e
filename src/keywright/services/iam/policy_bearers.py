"""The kinds of entity that bear policies, inline and managed: users, groups and roles."""

from __future__ import annotations

from typing import Final, NamedTuple

from sqlalchemy import Table

from keywright.aws import quotas
from keywright.services.iam.entities import GROUP, ROLE, USER, EntityKind
from keywright.store.tables import (
    group_policies,
    group_policy_attachments,
    role_policies,
    role_policy_attachments,
    user_policies,
    user_policy_attachments,
)


class BearerKind(NamedTuple):
    """A kind of entity, where its policies are, and how many it may bear."""

    entity: EntityKind
    inline: Table
    attachments: Table
    inline_characters: int
    """Over all of an entity's inline policies, white space not counted."""
    most_attached: int
    attached_quota: str
    """IAM's name for how many may be attached."""


USERS: Final = BearerKind(
    USER,
    user_policies,
    user_policy_attachments,
    quotas.INLINE_POLICY_CHARACTERS_PER_USER,
    quotas.ATTACHED_POLICIES_PER_USER,
    "PoliciesPerUser",
)
GROUPS: Final = BearerKind(
    GROUP,
    group_policies,
    group_policy_attachments,
    quotas.INLINE_POLICY_CHARACTERS_PER_GROUP,
    quotas.ATTACHED_POLICIES_PER_GROUP,
    "PoliciesPerGroup",
)
ROLES: Final = BearerKind(
    ROLE,
    role_policies,
    role_policy_attachments,
    quotas.INLINE_POLICY_CHARACTERS_PER_ROLE,
    quotas.ATTACHED_POLICIES_PER_ROLE,
    "PoliciesPerRole",
)
BEARERS: Final = (USERS, GROUPS, ROLES)
