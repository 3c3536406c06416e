"""The schema, one for SQLite and PostgreSQL: a module for each part, all of it to be had from here."""

from keywright.store.tables.accounts import account_aliases, accounts, identity_generation
from keywright.store.tables.buckets import buckets
from keywright.store.tables.events import event_resources, events
from keywright.store.tables.policies import policies, policy_tags, policy_versions
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
    "identity_generation",
    "login_profiles",
    "metadata",
    "policies",
    "policy_tags",
    "policy_versions",
    "to_milliseconds",
    "user_policies",
    "user_policy_attachments",
    "user_tags",
    "users",
]
