"""
Read what a refusal says: who, what, on what, which type of policy, and where more is to be read.

AWS: the forms are of IAM's User Guide ("Troubleshoot access denied error messages") and of what services really answer
(facts §10 and aws-errors.md, C).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from keywright.client.why.plain_text import plain_text

Form = Literal["denial", "bare denial", "authentication", "session", "unknown"]

_TYPES: Final = (
    r"identity-based polic(?:y|ies)|resource-based polic(?:y|ies)|session polic(?:y|ies)|permissions boundar(?:y|ies)"
    r"|service control polic(?:y|ies)|resource control polic(?:y|ies)|VPC endpoint polic(?:y|ies)"
    r"|role trust polic(?:y|ies)"
)
_SENTENCE: Final = re.compile(
    r"(?:User:?\s+(?P<principal>\S+)\s+is\s+)?[nN]ot authorized to perform:?\s+(?P<action>[\w-]+:[\w*]+)"
    r"(?:\s+on\s+(?:resource:?\s+(?P<resource>\"[^\"]*\"|(?:(?:policy path|instance profile|user|group|role|policy|mfa)"
    r"\s+)?[^\s\"]+)|(?P<vague>(?:the|this)\s[^.]*?resource(?:\sassociated with this ciphertext)?))?)?"
    r"(?P<clause>.{0,400})",
    re.DOTALL,
)
_NO_POLICY: Final = re.compile(rf"^[\s\"]*because no (?P<type>{_TYPES}) allows?\b", re.IGNORECASE)
_DENY: Final = re.compile(
    rf"^[\s\"]*(?:because of|with) an explicit deny(?: in an? (?P<type>{_TYPES})(?::\s*(?P<arn>arn:[^\s\"',]+))?)?",
    re.IGNORECASE,
)
_ANY_DENY: Final = re.compile(r"is not authorized to access this resource(?P<deny> with an explicit deny)?")
_AUTHORIZATION_ID: Final = re.compile(r"authorization(?: id:\s+|-details/)(?P<id>[0-9a-z]{16,256})\b", re.IGNORECASE)
_REGION: Final = re.compile(r"[?&]region=(?P<region>[a-z0-9-]+)#/authorization-details/")
_ENCODED: Final = re.compile(r"[Ee]ncoded authorization failure message:\s+(?P<message>[A-Za-z0-9_=+/-]{32,})")
_OCCURRED: Final = re.compile(r"An error occurred \((?P<code>[\w.]+)\) when calling the (?P<operation>\w+) operation")
_DENIAL_CODES: Final = re.compile(
    r"\b(AccessDenied(?:Exception)?|UnauthorizedOperation|AuthorizationError(?:Exception)?|NotAuthorized|Forbidden"
    r"|Access Denied|\(403\))",
)
_AUTHENTICATION: Final = re.compile(
    r"InvalidClientTokenId|UnrecognizedClientException|SignatureDoesNotMatch|InvalidSignatureException|ExpiredToken"
    r"|InvalidAccessKeyId|IncompleteSignature|MissingAuthenticationToken|RequestTimeTooSkewed|RequestExpired"
    r"|AuthFailure|Unable to locate credentials|Partial credentials|config profile \(.*?\) could not be found"
)
_SESSION: Final = re.compile(r"Cannot call (?P<operation>\w+) with session credentials")
QUARANTINE: Final = re.compile(r"AWSCompromisedKeyQuarantine(?:V\d+)?")


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a refusal's text says; None where it does not."""

    form: Form
    principal: str | None = None
    action: str | None = None
    resource: str | None = None
    """As the text has it: an ARN, `user alice`, `policy path /`."""
    policy_type: str | None = None
    is_explicit: bool | None = None
    policy_arn: str | None = None
    authorization_id: str | None = None
    encoded_message: str | None = None
    code: str | None = None
    operation: str | None = None
    region: str | None = None
    """Where the authorization id is known."""
    text: str = ""


def read_refusal(text: str) -> Refusal:
    """Read the first refusal in a text."""
    plain = plain_text(text)
    occurred, id_found, encoded = _OCCURRED.search(plain), _AUTHORIZATION_ID.search(plain), _ENCODED.search(plain)
    region = _REGION.search(plain)
    around = {
        "region": None if region is None else region["region"],
        "authorization_id": None if id_found is None else id_found["id"],
        "encoded_message": None if encoded is None else encoded["message"],
        "code": None if occurred is None else occurred["code"],
        "operation": None if occurred is None else occurred["operation"],
        "text": plain,
    }
    sentence = _SENTENCE.search(plain)
    if sentence is not None:
        return Refusal("denial", **_said(sentence), **around)  # type: ignore[arg-type]
    closed = _SESSION.search(plain)
    if closed is not None:
        return Refusal("session", **{**around, "operation": closed["operation"]})  # type: ignore[arg-type]
    if id_found is not None or encoded is not None:
        return Refusal("denial", **around)  # type: ignore[arg-type]
    if _AUTHENTICATION.search(plain):
        return Refusal("authentication", **around)  # type: ignore[arg-type]
    unnamed = _ANY_DENY.search(plain)
    if unnamed is not None or _DENIAL_CODES.search(plain):
        explicit = True if unnamed is not None and unnamed["deny"] else None
        return Refusal("bare denial", is_explicit=explicit, **around)  # type: ignore[arg-type]
    return Refusal("unknown", text=plain)


def _said(sentence: re.Match[str]) -> dict[str, str | bool | None]:
    resource, clause = sentence["resource"], sentence["clause"]
    if resource is not None:
        resource = resource.strip('"').rstrip(".,;)'")
    said: dict[str, str | bool | None] = {
        "principal": sentence["principal"],
        "action": sentence["action"],
        "resource": resource,
    }
    missing, deny = _NO_POLICY.match(clause), _DENY.match(clause)
    if missing is not None:
        return said | {"policy_type": singular(missing["type"]), "is_explicit": False}
    if deny is not None:
        arn = deny["arn"]
        kind = None if deny["type"] is None else singular(deny["type"])
        return said | {"policy_type": kind, "is_explicit": True, "policy_arn": None if arn is None else arn.rstrip(".")}
    return said


def singular(policy_type: str) -> str:
    """Name a policy type as AWS does in one policy's case."""
    words = policy_type.lower().replace("vpc", "VPC")
    return words[:-3] + "y" if words.endswith("ies") else words
