"""Every service, and the modules that perform its operations."""

from __future__ import annotations

from types import ModuleType

from keywright.services.accessanalyzer import analyzers, policy_validation
from keywright.services.cloudtrail import event_history, trails
from keywright.services.iam import (
    access_keys,
    account_aliases,
    account_authorization_details,
    account_settings,
    account_summary,
    context_keys,
    credential_report,
    delegation_requests,
    group_memberships,
    group_policies,
    group_policy_attachments,
    groups,
    instance_profile_tags,
    instance_profiles,
    login_profiles,
    mfa_devices,
    oidc_providers,
    organizations_features,
    outbound_federation,
    password_policy,
    passwords,
    permissions_boundaries,
    policies,
    policies_granting_access,
    policy_entities,
    policy_tags,
    policy_versions,
    role_policies,
    role_policy_attachments,
    role_tags,
    role_templates,
    roles,
    saml_providers,
    server_certificates,
    service_last_accessed,
    service_linked_roles,
    service_specific_credentials,
    signing_certificates,
    simulation,
    ssh_public_keys,
    user_policies,
    user_policy_attachments,
    user_tags,
    users,
    virtual_mfa_devices,
)
from keywright.services.iamtoolbox import authorization_details
from keywright.services.operation import Service
from keywright.services.s3 import bucket_policies, bucket_tagging, buckets
from keywright.services.sts import (
    assumed_roles,
    authorization_messages,
    caller_identity,
    delegated_access,
    federated_users,
    root_sessions,
    saml_assertions,
    session_tokens,
    web_identities,
    web_identity_tokens,
)


def all_services() -> list[Service]:
    """Collect the services. Raises TypeError where a module disagrees with AWS's model."""
    return [
        Service(
            "iam",
            users,
            user_tags,
            user_policies,
            user_policy_attachments,
            access_keys,
            policies,
            policy_versions,
            account_aliases,
            account_settings,
            role_templates,
            account_summary,
            account_authorization_details,
            group_memberships,
            group_policies,
            group_policy_attachments,
            groups,
            instance_profile_tags,
            instance_profiles,
            permissions_boundaries,
            policies_granting_access,
            policy_entities,
            policy_tags,
            role_policies,
            role_policy_attachments,
            role_tags,
            roles,
            service_linked_roles,
            simulation,
            context_keys,
            credential_report,
            delegation_requests,
            login_profiles,
            mfa_devices,
            organizations_features,
            password_policy,
            passwords,
            server_certificates,
            service_last_accessed,
            service_specific_credentials,
            signing_certificates,
            ssh_public_keys,
            virtual_mfa_devices,
            oidc_providers,
            saml_providers,
            outbound_federation,
        ),
        Service(
            "sts",
            authorization_messages,
            caller_identity,
            session_tokens,
            assumed_roles,
            federated_users,
            web_identities,
            saml_assertions,
            root_sessions,
            web_identity_tokens,
            delegated_access,
        ),
        Service("cloudtrail", event_history, trails),
        Service("s3", buckets, bucket_policies, bucket_tagging),
        Service("iam-toolbox", authorization_details),
        Service("accessanalyzer", policy_validation, analyzers),
    ]


def services_when_asked() -> dict[str, tuple[ModuleType, ...]]:
    """
    Give the modules of services of which little is performed, by botocore's names.

    They are imported here, and their models read, when they are asked for; a module that disagrees with its model is
    refused then.
    """
    from keywright.services.account import contact_information
    from keywright.services.ec2 import regions
    from keywright.services.organizations import organization
    from keywright.services.sso_admin import instances
    from keywright.services.tagging import tagged_resources

    return {
        "account": (contact_information,),
        "ec2": (regions,),
        "organizations": (organization,),
        "resourcegroupstaggingapi": (tagged_resources,),
        "sso-admin": (instances,),
    }
