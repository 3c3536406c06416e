"""
Check that a document may be stored as a policy of its kind, and count its size as quotas do.

The messages are AWS's, one for each flaw: `services` wraps them in MalformedPolicyDocument.
"""

from __future__ import annotations

from typing import Final, Literal

from keywright.aws.arn import PARTITION
from keywright.policy.document import Document, Flaw, MalformedDocument, parse_document
from keywright.policy.validation.identity import LEGACY_PARSING, check_identity
from keywright.policy.validation.organisation import REFUSAL, check_rcp, check_scp
from keywright.policy.validation.resource import check_resource, check_trust

PolicyKind = Literal["identity", "managed", "boundary", "session", "trust", "resource", "scp", "rcp"]
"""`identity` is an inline policy of a user, group or role; a boundary is a managed policy by another use."""

_NOT_JSON: Final[dict[PolicyKind, str]] = {
    "trust": "This policy contains invalid Json",
    "resource": "Policies must be valid JSON and the first byte must be '{'",
    "scp": REFUSAL,
    "rcp": REFUSAL,
}
_IN_OTHER_WORDS: Final[dict[Flaw, str]] = {
    Flaw.MISSING: "Missing required field {}",
    Flaw.UNKNOWN: "Unknown field {}",
    Flaw.EFFECT: "Invalid effect: {}",
}


def read_policy(text: str, kind: PolicyKind) -> Document:
    """
    Read a document and check it: `parse_document` and `validate`, with the kind's own words for what is not a policy.

    Raises: MalformedDocument.
    """
    try:
        document = parse_document(text)
    except MalformedDocument as error:
        message = _NOT_JSON.get(kind, error.message)
        if kind in ("trust", "resource") and error.flaw in _IN_OTHER_WORDS:
            message = _IN_OTHER_WORDS[error.flaw].format(error.subject)
        elif kind not in _NOT_JSON and error.flaw is Flaw.EFFECT and error.subject.lower() in ("allow", "deny"):
            # AWS: "allow" as reported from a real call in hashicorp/terraform#10057.
            message = LEGACY_PARSING
        raise MalformedDocument(message, error.flaw, error.subject) from error
    validate(document, kind)
    return document


def validate(document: Document, kind: PolicyKind) -> None:
    """
    Check what a document says against what its kind may say.

    Raises: MalformedDocument.
    """
    match kind:
        case "trust":
            check_trust(document)
        case "resource":
            check_resource(document)
        case "scp":
            check_scp(document, partition=PARTITION)
        case "rcp":
            check_rcp(document, partition=PARTITION)
        case _:
            if kind in ("managed", "boundary") and document.version != "2012-10-17":
                raise MalformedDocument("Policy document must be version 2012-10-17 or greater.")
            check_identity(document, partition=PARTITION)


def policy_size(text: str) -> int:
    """Count characters; quotas do not count white space (User Guide, "IAM and AWS STS quotas")."""
    return sum(not character.isspace() for character in text)
