"""The schema, one for SQLite and PostgreSQL: a module for each part, all of it to be had from here."""

from keywright.store.tables.accounts import (
    account_aliases,
    account_properties,
    accounts,
    identity_generation,
    master_key_check,
)
from keywright.store.tables.buckets import bucket_tags, buckets
from keywright.store.tables.certificates import (
    server_certificate_tags,
    server_certificates,
    signing_certificates,
    ssh_public_keys,
)
from keywright.store.tables.denials import denials, denied_documents
from keywright.store.tables.events import event_resources, events
from keywright.store.tables.federation import (
    oidc_client_ids,
    oidc_provider_tags,
    oidc_providers,
    saml_private_keys,
    saml_provider_tags,
    saml_providers,
    web_identity_issuers,
)
from keywright.store.tables.groups import group_memberships, group_policies, group_policy_attachments, groups
from keywright.store.tables.heartbeat import heartbeat
from keywright.store.tables.instance_profiles import instance_profile_tags, instance_profiles
from keywright.store.tables.mfa import mfa_device_tags, mfa_devices
from keywright.store.tables.passwords import former_passwords, login_profiles, password_policies
from keywright.store.tables.policies import policies, policy_tags, policy_versions
from keywright.store.tables.reports import credential_reports, last_accessed_jobs, service_uses
from keywright.store.tables.roles import (
    role_policies,
    role_policy_attachments,
    role_tags,
    roles,
    service_linked_role_deletions,
)
from keywright.store.tables.schema import Moment, from_milliseconds, metadata, to_milliseconds
from keywright.store.tables.service_credentials import service_specific_credentials
from keywright.store.tables.signin import browser_sessions, sign_in_attempts
from keywright.store.tables.users import (
    access_keys,
    user_policies,
    user_policy_attachments,
    user_tags,
    users,
)

__all__ = [
    "Moment",
    "access_keys",
    "account_aliases",
    "account_properties",
    "accounts",
    "browser_sessions",
    "bucket_tags",
    "buckets",
    "credential_reports",
    "denials",
    "denied_documents",
    "event_resources",
    "events",
    "former_passwords",
    "from_milliseconds",
    "group_memberships",
    "group_policies",
    "group_policy_attachments",
    "groups",
    "heartbeat",
    "identity_generation",
    "instance_profile_tags",
    "instance_profiles",
    "last_accessed_jobs",
    "login_profiles",
    "master_key_check",
    "metadata",
    "mfa_device_tags",
    "mfa_devices",
    "oidc_client_ids",
    "oidc_provider_tags",
    "oidc_providers",
    "password_policies",
    "policies",
    "policy_tags",
    "policy_versions",
    "role_policies",
    "role_policy_attachments",
    "role_tags",
    "roles",
    "saml_private_keys",
    "saml_provider_tags",
    "saml_providers",
    "server_certificate_tags",
    "server_certificates",
    "service_linked_role_deletions",
    "service_specific_credentials",
    "service_uses",
    "sign_in_attempts",
    "signing_certificates",
    "ssh_public_keys",
    "to_milliseconds",
    "user_policies",
    "user_policy_attachments",
    "user_tags",
    "users",
    "web_identity_issuers",
]
