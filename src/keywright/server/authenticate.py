"""Who asks: the second door."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from keywright.aws.wire import WireRequest
from keywright.identity.directory import Credential, Directory
from keywright.server.stages import Authenticated, Parsed
from keywright.services.operation import Means
from keywright.sigv4.authorization import Claim, read_claim
from keywright.sigv4.chunked import decode_body
from keywright.sigv4.digests import check_digests
from keywright.sigv4.refusals import Kind, Refusal, Style
from keywright.sigv4.signature import SigningKey
from keywright.sigv4.verify import check_freshness, check_scope, verify_signature

_UNSIGNED_REGION: Final = "us-east-1"
"""Where the events of requests are that name no region: that of AWS's global endpoint."""


async def authenticate(parsed: Parsed, directory: Directory, now: datetime) -> Authenticated:
    """
    Check the request's signature, in AWS's order (facts §11): the claim, its age, its scope, the key, the signature.

    Raises: Refusal.
    """
    request, route, entry = parsed
    style = entry.style
    credential, claim, key = await find_signer(request, entry.signing_name, style, directory, now)
    if style == "s3":
        if claim.payload_is_chunked:
            request = request._replace(body=decode_body(request, claim, key).body)
            route = route._replace(request=request)
        check_digests(request)
    return Authenticated(request, route, entry, credential, claim.credential[3])


async def find_signer(
    request: WireRequest, service: str, style: Style, directory: Directory, now: datetime
) -> tuple[Credential, Claim, SigningKey]:
    """
    Find whose signature a request bears, and check it: what does not take knowing the operation.

    Raises: Refusal.
    """
    claim = read_claim(request)
    check_freshness(claim, now, style)
    check_scope(claim, service)
    _, access_key_id, date, region, _, _, _ = claim.credential
    if claim.session_token is None:
        credential = directory.cached(access_key_id) or await directory.find(access_key_id)
        if credential is None or credential.caller.session is not None:
            raise Refusal(Kind.UNKNOWN_ACCESS_KEY, presigned=claim.presigned, access_key_id=access_key_id)
    else:
        credential = await _find_session(claim, claim.session_token, directory, now)
    key = credential.signing_key(date, region, service)
    verify_signature(request, claim, key, style)
    return credential, claim, key


async def identify(parsed: Parsed, means: Means, now: datetime) -> Authenticated:
    """
    Find the caller of a request that takes no signature: whom the identity provider vouches for whose word it brings.

    A signature that it bears all the same is not looked at, as on AWS.
    Raises: AwsError.
    """
    request, route, entry = parsed
    assert entry.identify is not None
    caller = await entry.identify(means, route.parse(), now)
    return Authenticated(request, route, entry, Credential(caller, None, None), _UNSIGNED_REGION)


async def _find_session(claim: Claim, token: str, directory: Directory, now: datetime) -> Credential:
    found = await directory.find_session(token)
    if found is None:
        raise Refusal(Kind.INVALID_SESSION_TOKEN, presigned=claim.presigned)
    temporary, credential = found
    if temporary.session.access_key_id != claim.access_key_id or credential is None:
        raise Refusal(Kind.INVALID_SESSION_TOKEN, presigned=claim.presigned)
    if now >= temporary.session.expires_at:
        raise Refusal(Kind.EXPIRED_SESSION_TOKEN, presigned=claim.presigned)
    return credential
