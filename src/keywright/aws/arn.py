"""Amazon Resource Names of what Keywright holds."""

from __future__ import annotations

from typing import Final

PARTITION: Final = "aws"


def iam_arn(account_id: str, kind: str, path: str, name: str) -> str:
    """Name an IAM entity; the path begins and ends with a slash. `kind` is `user`, `policy`, `role` and so on."""
    return f"arn:{PARTITION}:iam::{account_id}:{kind}{path}{name}"


def root_arn(account_id: str) -> str:
    """Name an account's root user."""
    return f"arn:{PARTITION}:iam::{account_id}:root"


def bucket_arn(bucket: str) -> str:
    """Name a bucket: bucket names are unique over all accounts, so theirs holds neither account nor region."""
    return f"arn:{PARTITION}:s3:::{bucket}"


def assumed_role_arn(account_id: str, role_name: str, session_name: str) -> str:
    """Name a role's session; a role's path is not in it."""
    return f"arn:{PARTITION}:sts::{account_id}:assumed-role/{role_name}/{session_name}"


def federated_user_arn(account_id: str, name: str) -> str:
    """Name a session that GetFederationToken made."""
    return f"arn:{PARTITION}:sts::{account_id}:federated-user/{name}"


def oidc_provider_arn(account_id: str, url: str) -> str:
    """Name an OIDC provider by its URL without the scheme."""
    return f"arn:{PARTITION}:iam::{account_id}:oidc-provider/{url}"


def saml_provider_arn(account_id: str, name: str) -> str:
    """Name a SAML provider."""
    return f"arn:{PARTITION}:iam::{account_id}:saml-provider/{name}"
