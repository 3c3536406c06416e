"""What an error of a service means for the caller: each has its own advice, and few of them ask for another key."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from enum import Enum
from typing import Final

from botocore.exceptions import ClientError


class Meaning(Enum):
    """What is wrong; the value says it in a few words."""

    CLOCK = "this machine's clock and the service's differ; the key is not to blame"
    SCOPE = "the signature names another region or service than this endpoint's; the key is not to blame"
    UNKNOWN_KEY = "there is no such key here, or it is inactive, or deleted, or of another endpoint"
    WRONG_SECRET = "the secret is not this key's"  # noqa: S105 - words
    ENDED = "the temporary credentials have ended: get new ones"
    DENIED = "the key works, a permission is missing"
    NOT_SIGNED_UP = "the key works, but its account is not signed up for this service, or has not enabled this region"
    REGION_DISABLED = "the key works, but its account has not activated STS in this region"
    OTHER = ""


_CODES: Final = {
    "RequestTimeTooSkewed": Meaning.CLOCK,
    "RequestExpired": Meaning.CLOCK,
    "RequestInTheFuture": Meaning.CLOCK,
    "AuthorizationHeaderMalformed": Meaning.SCOPE,
    "InvalidClientTokenId": Meaning.UNKNOWN_KEY,
    "UnrecognizedClientException": Meaning.UNKNOWN_KEY,
    "InvalidAccessKeyId": Meaning.UNKNOWN_KEY,
    "AuthFailure": Meaning.UNKNOWN_KEY,
    "SignatureDoesNotMatch": Meaning.WRONG_SECRET,
    "InvalidSignatureException": Meaning.WRONG_SECRET,
    "ExpiredToken": Meaning.ENDED,
    "ExpiredTokenException": Meaning.ENDED,
    "TokenRefreshRequired": Meaning.ENDED,
    "AccessDenied": Meaning.DENIED,
    "AccessDeniedException": Meaning.DENIED,
    "UnauthorizedOperation": Meaning.DENIED,
    "OptInRequired": Meaning.NOT_SIGNED_UP,
    "SubscriptionRequiredException": Meaning.NOT_SIGNED_UP,
    "RegionDisabled": Meaning.REGION_DISABLED,
    "RegionDisabledException": Meaning.REGION_DISABLED,
}
# AWS: these two come under the code of a wrong secret (facts: aws-errors, clock skew).
_OF_THE_CLOCK: Final = ("Signature expired", "Signature not yet current")
_OF_THE_SCOPE: Final = "Credential should be scoped"
_TIME: Final = re.compile(r"\((\d{8}T\d{6}Z) [-+] \d+ min")


def meaning_of(error: ClientError) -> Meaning:
    """Return what an error means."""
    code, message = error.response["Error"].get("Code", ""), error.response["Error"].get("Message") or ""
    if any(words in message for words in _OF_THE_CLOCK):
        return Meaning.CLOCK
    if _OF_THE_SCOPE in message:
        return Meaning.SCOPE
    return _CODES.get(code, Meaning.OTHER)


def time_of_service(error: ClientError) -> datetime | None:
    """Return the service's time, which it states where it refuses a signature's; None where it does not."""
    stated = _TIME.search(error.response["Error"].get("Message") or "")
    return datetime.strptime(stated[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) if stated else None
