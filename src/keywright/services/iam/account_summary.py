"""The account in numbers."""

from __future__ import annotations

from sqlalchemy import Table, func, select

from keywright.aws import quotas
from keywright.services.operation import Call, Result, everything, operation
from keywright.store.tables import access_keys, policies, policy_versions, users


@operation(resource=everything)
def get_account_summary(call: Call) -> Result:
    """Count what the account has, beside IAM's quotas."""

    def count(table: Table) -> int:
        return call.connection.execute(
            select(func.count()).select_from(table).where(table.c.account_id == call.account_id)
        ).scalar_one()

    root_keys = call.connection.execute(
        select(func.count())
        .select_from(access_keys)
        .where(access_keys.c.account_id == call.account_id, access_keys.c.user_id.is_(None))
    ).scalar_one()
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
            "AccountMFAEnabled": 0,
            "AccountSigningCertificatesPresent": 0,
            "Groups": 0,
            "GroupsQuota": quotas.GROUPS_PER_ACCOUNT,
            "GroupsPerUserQuota": quotas.GROUPS_PER_USER,
            "GroupPolicySizeQuota": quotas.INLINE_POLICY_CHARACTERS_PER_GROUP,
            "AttachedPoliciesPerGroupQuota": quotas.ATTACHED_POLICIES_PER_GROUP,
            "Roles": 0,
            "RolesQuota": quotas.ROLES_PER_ACCOUNT,
            "RolePolicySizeQuota": quotas.INLINE_POLICY_CHARACTERS_PER_ROLE,
            "AssumeRolePolicySizeQuota": quotas.TRUST_POLICY_CHARACTERS,
            "AttachedPoliciesPerRoleQuota": quotas.ATTACHED_POLICIES_PER_ROLE,
            "InstanceProfiles": 0,
            "InstanceProfilesQuota": quotas.INSTANCE_PROFILES_PER_ACCOUNT,
            "ServerCertificates": 0,
            "ServerCertificatesQuota": quotas.SERVER_CERTIFICATES_PER_ACCOUNT,
            "SigningCertificatesPerUserQuota": quotas.SIGNING_CERTIFICATES_PER_USER,
            "MFADevices": 0,
            "MFADevicesInUse": 0,
            "Providers": 0,
            "PolicyVersionsInUseQuota": quotas.POLICY_VERSIONS_IN_USE,
            "GlobalEndpointTokenVersion": 1,
        }
    }
