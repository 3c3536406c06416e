"""The account in numbers."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Table, func, select

from keywright.aws import quotas
from keywright.identity.mfa import Bearer, has_mfa
from keywright.services.operation import Call, Result, everything, operation
from keywright.store.tables import (
    access_keys,
    accounts,
    groups,
    instance_profiles,
    mfa_devices,
    oidc_providers,
    policies,
    policy_versions,
    roles,
    saml_providers,
    server_certificates,
    signing_certificates,
    users,
)


@operation(resource=everything)
def get_account_summary(call: Call) -> Result:
    """Count what the account has, beside IAM's quotas."""

    def count(table: Table, *conditions: ColumnElement[bool]) -> int:
        return call.connection.execute(
            select(func.count()).select_from(table).where(table.c.account_id == call.account_id, *conditions)
        ).scalar_one()

    token_version = call.connection.execute(
        select(accounts.c.global_endpoint_token_version).where(accounts.c.account_id == call.account_id)
    ).scalar_one()
    root_keys = count(access_keys, access_keys.c.user_id.is_(None))
    root_certificates = count(signing_certificates, signing_certificates.c.user_id.is_(None))
    root_has_mfa = has_mfa(call.connection, Bearer(call.account_id, None))
    versions = call.connection.execute(
        select(func.count())
        .select_from(policy_versions)
        .join(policies, policies.c.policy_id == policy_versions.c.policy_id)
        .where(policies.c.account_id == call.account_id)
    ).scalar_one()
    return {
        "SummaryMap": {
            "Users": count(users),
            "UsersQuota": quotas.USERS_PER_ACCOUNT,
            "Policies": count(policies),
            "PoliciesQuota": quotas.POLICIES_PER_ACCOUNT,
            "PolicyVersionsInUse": versions,
            "PolicySizeQuota": quotas.MANAGED_POLICY_CHARACTERS,
            "VersionsPerPolicyQuota": quotas.VERSIONS_PER_POLICY,
            "UserPolicySizeQuota": quotas.INLINE_POLICY_CHARACTERS_PER_USER,
            "AttachedPoliciesPerUserQuota": quotas.ATTACHED_POLICIES_PER_USER,
            "AccessKeysPerUserQuota": quotas.ACCESS_KEYS_PER_USER,
            "AccountAccessKeysPresent": int(root_keys > 0),
            "AccountPasswordPresent": 1,
            "AccountMFAEnabled": int(root_has_mfa),
            "AccountSigningCertificatesPresent": int(root_certificates > 0),
            "Groups": count(groups),
            "GroupsQuota": quotas.GROUPS_PER_ACCOUNT,
            "GroupsPerUserQuota": quotas.GROUPS_PER_USER,
            "GroupPolicySizeQuota": quotas.INLINE_POLICY_CHARACTERS_PER_GROUP,
            "AttachedPoliciesPerGroupQuota": quotas.ATTACHED_POLICIES_PER_GROUP,
            "Roles": count(roles),
            "RolesQuota": quotas.ROLES_PER_ACCOUNT,
            "RolePolicySizeQuota": quotas.INLINE_POLICY_CHARACTERS_PER_ROLE,
            "AssumeRolePolicySizeQuota": quotas.TRUST_POLICY_CHARACTERS,
            "AttachedPoliciesPerRoleQuota": quotas.ATTACHED_POLICIES_PER_ROLE,
            "InstanceProfiles": count(instance_profiles),
            "InstanceProfilesQuota": quotas.INSTANCE_PROFILES_PER_ACCOUNT,
            "ServerCertificates": count(server_certificates),
            "ServerCertificatesQuota": quotas.SERVER_CERTIFICATES_PER_ACCOUNT,
            "SigningCertificatesPerUserQuota": quotas.SIGNING_CERTIFICATES_PER_USER,
            "MFADevices": count(mfa_devices),
            "MFADevicesInUse": count(mfa_devices, mfa_devices.c.enabled_at.is_not(None)),
            "Providers": count(oidc_providers) + count(saml_providers),
            "PolicyVersionsInUseQuota": quotas.POLICY_VERSIONS_IN_USE,
            "GlobalEndpointTokenVersion": token_version,
        }
    }
