"""Roles' trust policies on their way in and out."""

from __future__ import annotations

from keywright.aws.quotas import TRUST_POLICY_CHARACTERS
from keywright.identity.policy_principals import InvalidPrincipal, keep_principals, show_principals
from keywright.services.iam.documents import check_document, check_size
from keywright.services.iam.errors import MalformedPolicyDocument
from keywright.services.operation import Call


def read_trust_policy(call: Call, text: str) -> str:
    """
    Check a trust policy as it was sent, and give it as it is kept.

    Raises: MalformedPolicyDocument; LimitExceeded (ACLSizePerRole).
    """
    document = check_document(text, "trust")
    check_size([text], "ACLSizePerRole", TRUST_POLICY_CHARACTERS)
    try:
        return keep_principals(call.connection, document)
    except InvalidPrincipal as error:
        raise MalformedPolicyDocument(f'Invalid principal in policy: "AWS":"{error.name}"') from None


def show_trust_policy(call: Call, text: str) -> str:
    """Give a kept trust policy as it is shown."""
    return show_principals(call.connection, text)
