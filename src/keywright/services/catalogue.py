"""Every service, and the modules that perform its operations."""

from __future__ import annotations

from keywright.services.cloudtrail import event_history
from keywright.services.iam import (
    access_keys,
    account_aliases,
    account_summary,
    policies,
    policy_versions,
    user_policies,
    user_policy_attachments,
    user_tags,
    users,
)
from keywright.services.operation import Service
from keywright.services.s3 import buckets
from keywright.services.sts import caller_identity, session_tokens


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
            account_summary,
        ),
        Service("sts", caller_identity, session_tokens),
        Service("cloudtrail", event_history),
        Service("s3", buckets),
    ]
