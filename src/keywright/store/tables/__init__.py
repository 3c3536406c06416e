"""The schema, one for SQLite and PostgreSQL: a module for each part, all of it to be had from here."""

from keywright.store.tables.accounts import account_aliases, accounts, identity_generation
from keywright.store.tables.buckets import buckets
from keywright.store.tables.events import event_resources, events
from keywright.store.tables.groups import group_memberships, group_policies, group_policy_attachments, groups
from keywright.store.tables.instance_profiles import instance_profile_tags, instance_profiles
from keywright.store.tables.mfa import mfa_device_tags, mfa_devices
from keywright.store.tables.policies import policies, policy_tags, policy_versions
from keywright.store.tables.roles import (
    role_policies,
    role_policy_attachments,
    role_tags,
    roles,
    service_linked_role_deletions,
)
from keywright.store.tables.schema import Moment, from_milliseconds, metadata, to_milliseconds
from keywright.store.tables.users import (
    access_keys,
    login_profiles,
    user_policies,
    user_policy_attachments,
    user_tags,
    users,
)

__all__ = [
    "Moment",
    "access_keys",
    "account_aliases",
    "accounts",
    "buckets",
    "event_resources",
    "events",
    "from_milliseconds",
    "group_memberships",
    "group_policies",
    "group_policy_attachments",
    "groups",
    "identity_generation",
    "instance_profile_tags",
    "instance_profiles",
    "login_profiles",
    "metadata",
    "mfa_device_tags",
    "mfa_devices",
    "policies",
    "policy_tags",
    "policy_versions",
    "role_policies",
    "role_policy_attachments",
    "role_tags",
    "roles",
    "service_linked_role_deletions",
    "to_milliseconds",
    "user_policies",
    "user_policy_attachments",
    "user_tags",
    "users",
]
