"""Every counter is there and ahead of what it counts, and no quota is exceeded."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from sqlalchemy import Column, ColumnElement, Connection, func, select

from keywright.aws import quotas
from keywright.commands.administration.checks.problem import Problem
from keywright.store.tables import (
    access_keys,
    buckets,
    group_memberships,
    group_policy_attachments,
    groups,
    heartbeat,
    identity_generation,
    instance_profiles,
    master_key_check,
    mfa_devices,
    oidc_providers,
    policies,
    policy_versions,
    saml_private_keys,
    saml_providers,
    server_certificates,
    signing_certificates,
    ssh_public_keys,
    user_policy_attachments,
    users,
)

_CHECK: Final = "counter"
_RESTORE: Final = "restore the last backup that `keywright check` finds nothing in"


class _Quota(NamedTuple):
    """How many rows at the most share a value."""

    owner: Column[Any]
    limit: int
    what: str
    only: ColumnElement[bool] | None = None


_QUOTAS: Final = (
    _Quota(access_keys.c.user_id, quotas.ACCESS_KEYS_PER_USER, "access keys"),
    _Quota(access_keys.c.account_id, quotas.ACCESS_KEYS_PER_USER, "root access keys", access_keys.c.user_id.is_(None)),
    _Quota(users.c.account_id, quotas.USERS_PER_ACCOUNT, "users"),
    _Quota(groups.c.account_id, quotas.GROUPS_PER_ACCOUNT, "groups"),
    _Quota(policies.c.account_id, quotas.POLICIES_PER_ACCOUNT, "policies"),
    _Quota(policy_versions.c.policy_id, quotas.VERSIONS_PER_POLICY, "policy versions"),
    _Quota(group_memberships.c.user_id, quotas.GROUPS_PER_USER, "groups"),
    _Quota(user_policy_attachments.c.user_id, quotas.ATTACHED_POLICIES_PER_USER, "attached policies"),
    _Quota(group_policy_attachments.c.group_id, quotas.ATTACHED_POLICIES_PER_GROUP, "attached policies"),
    _Quota(instance_profiles.c.account_id, quotas.INSTANCE_PROFILES_PER_ACCOUNT, "instance profiles"),
    _Quota(server_certificates.c.account_id, quotas.SERVER_CERTIFICATES_PER_ACCOUNT, "server certificates"),
    _Quota(signing_certificates.c.user_id, quotas.SIGNING_CERTIFICATES_PER_USER, "signing certificates"),
    _Quota(ssh_public_keys.c.user_id, quotas.SSH_PUBLIC_KEYS_PER_USER, "SSH public keys"),
    _Quota(mfa_devices.c.user_id, quotas.MFA_DEVICES_PER_USER, "MFA devices"),
    _Quota(oidc_providers.c.account_id, quotas.OIDC_PROVIDERS_PER_ACCOUNT, "OIDC providers"),
    _Quota(saml_providers.c.account_id, quotas.SAML_PROVIDERS_PER_ACCOUNT, "SAML providers"),
    _Quota(saml_private_keys.c.arn, quotas.PRIVATE_KEYS_PER_SAML_PROVIDER, "private keys"),
    _Quota(buckets.c.account_id, quotas.BUCKETS_PER_ACCOUNT, "buckets"),
)


def check_counters(connection: Connection) -> Iterator[Problem]:
    """Look at the tables of one row, at the counts of versions, and at the quotas."""
    for table in (identity_generation, heartbeat, master_key_check):
        count = connection.execute(select(func.count()).select_from(table)).scalar_one()
        if count != 1:
            yield Problem(_CHECK, table.name, f"it has {count} rows, and must have one", _RESTORE)
    for generation in connection.execute(select(identity_generation.c.generation)).scalars():
        if generation < 0:
            yield Problem(_CHECK, identity_generation.name, f"it is {generation}, below zero", _RESTORE)
    yield from _latest_versions(connection)
    for quota in _QUOTAS:
        yield from _exceeded(connection, quota)


def _latest_versions(connection: Connection) -> Iterator[Problem]:
    highest = func.max(policy_versions.c.version)
    query = (
        select(policies.c.policy_id, policies.c.latest_version, highest.label("highest"))
        .join(policy_versions, policy_versions.c.policy_id == policies.c.policy_id)
        .group_by(policies.c.policy_id, policies.c.latest_version)
        .having(highest > policies.c.latest_version)
    )
    for row in connection.execute(query):
        what = f"it counts versions up to v{row.latest_version}, and has v{row.highest}: the next would be refused"
        yield Problem(_CHECK, f"policies/{row.policy_id}", what, _RESTORE)


def _exceeded(connection: Connection, quota: _Quota) -> Iterator[Problem]:
    query = select(quota.owner, func.count().label("number")).where(quota.owner.is_not(None))
    if quota.only is not None:
        query = query.where(quota.only)
    for row in connection.execute(query.group_by(quota.owner).having(func.count() > quota.limit)):
        what = f"{row.number} {quota.what}, and the quota is {quota.limit}"
        yield Problem(_CHECK, f"{quota.owner.table.name}/{row[0]}", what, "delete what is too much")
