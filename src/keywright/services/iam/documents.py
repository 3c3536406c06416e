"""Policy documents on their way in: read, checked for their kind, counted."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from keywright.policy.document import Document, MalformedDocument
from keywright.policy.validate import PolicyKind, policy_size, read_policy
from keywright.services.iam.errors import LimitExceeded, MalformedPolicyDocument

_UNQUOTED: Final = "-_.~"


def check_document(text: str, kind: PolicyKind) -> Document:
    """
    Refuse a text that AWS would not store as a policy of this kind; give it read.

    Raises: MalformedPolicyDocument.
    """
    try:
        return read_policy(text, kind)
    except MalformedDocument as error:
        raise MalformedPolicyDocument(error.message) from None


def check_size(texts: list[str], quota: str, limit: int) -> None:
    """
    Refuse documents that are together longer than a quota in characters, white space not counted.

    Raises: LimitExceeded.
    """
    if sum(policy_size(text) for text in texts) > limit:
        raise LimitExceeded(f"Cannot exceed quota for {quota}: {limit}")


def for_answer(text: str) -> str:
    """Write a document as IAM's answers carry it: URL-encoded (RFC 3986)."""
    return quote(text, safe=_UNQUOTED)
