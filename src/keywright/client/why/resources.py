"""Make ARNs of what refusals name in words, and name the action where only the operation is said."""

from __future__ import annotations

import re
from typing import Final

_NAMED: Final = re.compile(r"(user|group|role|policy|mfa|instance profile) (\S+)")
_S3_ACTIONS: Final = {
    "ListBuckets": "s3:ListAllMyBuckets",
    "ListObjects": "s3:ListBucket",
    "ListObjectsV2": "s3:ListBucket",
    "HeadBucket": "s3:ListBucket",
    "HeadObject": "s3:GetObject",
    "CopyObject": "s3:PutObject",
    "CreateMultipartUpload": "s3:PutObject",
    "UploadPart": "s3:PutObject",
    "DeleteObjects": "s3:DeleteObject",
}
"""Operations that are permitted by an action of another name (S3 User Guide, "Required permissions")."""
_S3_SAME: Final = re.compile(r"(?:Get|Put|Delete|Create|Restore|Abort|List)\w*(?:Object|Bucket|Upload)\w*")


def full_resource(text: str | None, account_id: str | None, partition: str = "aws") -> str:
    """Give the ARN that a refusal's words mean, `*` where they mean none."""
    if text is None:
        return "*"
    if text.startswith("arn:"):
        return text
    named = _NAMED.fullmatch(text)
    if named is None:
        return "*"
    kind, name = named.groups()
    if name.startswith("arn:"):
        return name
    return f"arn:{partition}:iam::{account_id or '*'}:{kind.replace(' ', '-')}/{name}"


def account_in(arn: str | None) -> str | None:
    """Give the account of an ARN."""
    parts = (arn or "").split(":", 5)
    return parts[4] if len(parts) == 6 and re.fullmatch(r"\d{12}", parts[4]) else None


_SESSION: Final = re.compile(r"arn:([\w-]+):sts::(\d{12}):assumed-role/([^/]+)/.*")
_ROLE: Final = re.compile(r"arn:([\w-]+):iam::(\d{12}):role/(?:.*/)?([^/]+)")


def role_of(arn: str | None) -> str | None:
    """Give the role's ARN of a session or a role; a session does not tell its role's path."""
    if arn is not None and _ROLE.fullmatch(arn):
        return arn
    found = _SESSION.fullmatch(arn or "")
    return None if found is None else f"arn:{found[1]}:iam::{found[2]}:role/{found[3]}"


def session_of(arn: str) -> str:
    """Give a session of a role: itself, or one that might be."""
    found = _ROLE.fullmatch(arn)
    return arn if found is None else f"arn:{found[1]}:sts::{found[2]}:assumed-role/{found[3]}/{found[3]}"


def action_of(operation: str | None, code: str | None) -> str | None:
    """Guess the action where a service says the operation only: EC2 by its code, S3 by its operations' names."""
    if operation is None:
        return None
    if code == "UnauthorizedOperation":
        return f"ec2:{operation}"
    if operation in _S3_ACTIONS:
        return _S3_ACTIONS[operation]
    return f"s3:{operation}" if _S3_SAME.fullmatch(operation) else None
