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
