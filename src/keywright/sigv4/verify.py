"""
Check a claim: its age, its credential scope, its signature.

    def check_freshness(claim, now, style) -> None                      now: aware UTC
    def check_scope(claim, service, regions=None) -> None               regions: frozenset of names, None for any
    def verify_signature(request, claim, signing_key, style) -> None    between these, the caller looks the key up

All raise Refusal. Order and words: facts/aws.md §11, steps 10 to 13 and 16.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from hmac import compare_digest

from keywright.aws.wire import WireRequest
from keywright.sigv4.authorization import Claim
from keywright.sigv4.canonical_request import SPELLINGS, canonical_request
from keywright.sigv4.payload import check_body, claimed_payload_hash
from keywright.sigv4.refusals import Kind, Refusal, Style
from keywright.sigv4.signature import TERMINATOR, SigningKey, string_to_sign
from keywright.sigv4.timestamp import format_amz_date

WINDOW = timedelta(minutes=15)
MAX_EXPIRES_SECONDS = 604_800


def check_freshness(claim: Claim, now: datetime, style: Style) -> None:
    """
    Refuse a signature made more than 15 minutes from `now`; S3's presigned URLs live as long as they say.

    Raises: Refusal (EXPIRED, NOT_YET_CURRENT; S3 presigned also MISSING_PARAMETER, MALFORMED_EXPIRES).
    """
    moment = claim.signed_at.moment
    # AWS: outside S3, X-Amz-Expires changes nothing: a presigned GetCallerIdentity lives 15 minutes whatever it says.
    lifetime = _read_expires(claim.expires) if style == "s3" and claim.presigned else WINDOW
    if now - moment > lifetime:
        earliest = f"{format_amz_date(now - WINDOW)} ({format_amz_date(now)} - 15 min.)"
        message = f"Signature expired: {claim.signed_at.text.decode()} is now earlier than {earliest}"
        raise Refusal(Kind.EXPIRED, message, presigned=claim.presigned)
    if moment - now > WINDOW:
        latest = f"{format_amz_date(now + WINDOW)} ({format_amz_date(now)} + 15 min.)"
        message = f"Signature not yet current: {claim.signed_at.text.decode()} is still later than {latest}"
        raise Refusal(Kind.NOT_YET_CURRENT, message, presigned=claim.presigned)


def check_scope(claim: Claim, service: str, regions: AbstractSet[str] | None = None) -> None:
    """
    Refuse a credential scope that is not this service's, in one of `regions` (None: any), on the day of signing.

    Raises: Refusal (MALFORMED_CREDENTIAL, WRONG_…): the kind of the first complaint, the message of all of them.
    """
    text, _, date, region, claimed_service, terminator, scope = claim.credential
    if not scope:
        form = "exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term"
        message = f"Credential must have {form}, got '{text}'"
        raise Refusal(Kind.MALFORMED_CREDENTIAL, message, presigned=claim.presigned)
    if (
        claimed_service != service
        or date != claim.signed_at.day
        or terminator != TERMINATOR
        or (region not in regions if regions is not None else not _is_region(region))
    ):
        _refuse_scope(claim, service, regions)


def verify_signature(request: WireRequest, claim: Claim, signing_key: SigningKey, style: Style) -> None:
    """
    Refuse a request that the holder of `signing_key` did not sign as it stands.

    A chunked payload is only begun by this: `chunked.decode_body` proves the rest.

    Raises: Refusal (MISMATCH; S3 also MISSING_CONTENT_SHA256, INVALID_CONTENT_SHA256, HEADERS_NOT_SIGNED,
    PAYLOAD_MISMATCH).
    """
    payload_hash = claimed_payload_hash(request, claim, style)
    if style == "s3":
        _check_amz_headers_signed(request, claim)
    canonical = canonical_request(request, claim, payload_hash, SPELLINGS[style])
    if canonical is None:
        raise Refusal(Kind.MISMATCH, presigned=claim.presigned)
    expected = signing_key.sign(string_to_sign(claim.signed_at.text, claim.credential.scope, canonical))
    if not compare_digest(expected, claim.signature):
        raise Refusal(Kind.MISMATCH, presigned=claim.presigned)
    if style == "s3":
        check_body(request, payload_hash)


def _read_expires(expires: str | None) -> timedelta:
    if expires is None:
        raise Refusal(Kind.MISSING_PARAMETER, presigned=True)
    digits = expires.removeprefix("-")
    if not (digits.isascii() and digits.isdigit()):
        raise _malformed_expires("X-Amz-Expires should be a number")
    if digits != expires:
        raise _malformed_expires("X-Amz-Expires must be non-negative")
    if len(digits) > 18 or int(digits) > MAX_EXPIRES_SECONDS:
        raise _malformed_expires(
            "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than "
            "604800 seconds"
        )
    return timedelta(seconds=int(digits))


def _malformed_expires(reason: str) -> Refusal:
    return Refusal(Kind.MALFORMED_EXPIRES, presigned=True, reason=reason)


def _is_region(name: str) -> bool:
    return name.isascii() and name.replace("-", "").isalnum()


def _refuse_scope(claim: Claim, service: str, regions: AbstractSet[str] | None) -> None:
    _, _, date, region, claimed_service, terminator, _ = claim.credential
    day, amz_date = claim.signed_at.day, claim.signed_at.text.decode()
    complaints: list[tuple[Kind, str, str]] = []
    if region not in regions if regions is not None else not _is_region(region):
        expected = min(regions or {"us-east-1"})
        complaints.append((Kind.WRONG_REGION, "Credential should be scoped to a valid region. ", expected))
    if claimed_service != service:
        message = f"Credential should be scoped to correct service: '{service}'. "
        complaints.append((Kind.WRONG_SERVICE, message, service))
    if terminator != TERMINATOR:
        message = f"Credential should be scoped with a valid terminator: '{TERMINATOR}', not '{terminator}'. "
        complaints.append((Kind.WRONG_TERMINATOR, message, TERMINATOR))
    if date != day:
        message = (
            "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
            f"'{date}' != '{day}', from '{amz_date}'."
        )
        complaints.append((Kind.WRONG_DATE, message, day))
    kind, _, expected = complaints[0]
    raise Refusal(
        kind,
        "".join(message for _, message, _ in complaints),
        presigned=claim.presigned,
        region=region,
        service=claimed_service,
        terminator=terminator,
        expected=expected,
    )


def _check_amz_headers_signed(request: WireRequest, claim: Claim) -> None:
    unsigned = [name for name in request.headers if name.startswith(b"x-amz-") and name not in claim.signed_headers]
    if unsigned:
        names = ", ".join(name.decode("latin-1") for name in unsigned)
        raise Refusal(Kind.HEADERS_NOT_SIGNED, presigned=claim.presigned, headers=names)
