"""Who asks: the second door."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from keywright.identity.directory import Credential, Directory
from keywright.server.stages import Authenticated, Parsed
from keywright.sigv4.authorization import Claim, read_claim
from keywright.sigv4.chunked import decode_body
from keywright.sigv4.refusals import Kind, Refusal, Style
from keywright.sigv4.verify import check_freshness, check_scope, verify_signature

_STYLES: Final[dict[str, Style]] = {"query": "query", "json": "json", "rest-xml": "s3", "rest-json": "json"}


def style_of(protocol: str) -> Style:
    """Give the wording in which a protocol's services refuse a signature."""
    return _STYLES[protocol]


async def authenticate(parsed: Parsed, directory: Directory, now: datetime) -> Authenticated:
    """
    Check the request's signature, in AWS's order (facts §11): the claim, its age, its scope, the key, the signature.

    Raises: Refusal.
    """
    request, route = parsed
    service = route.service
    style = _STYLES[service.protocol]
    claim = read_claim(request)
    check_freshness(claim, now, style)
    check_scope(claim, service.signing_name)
    if claim.session_token is None:
        credential = directory.cached(claim.access_key_id) or await directory.find(claim.access_key_id)
        if credential is None or credential.caller.session is not None:
            raise Refusal(Kind.UNKNOWN_ACCESS_KEY, presigned=claim.presigned, access_key_id=claim.access_key_id)
    else:
        credential = await _find_session(claim, claim.session_token, directory, now)
    key = credential.signing_key(claim.date, claim.region, service.signing_name)
    verify_signature(request, claim, key, style)
    if claim.payload_is_chunked:
        request = request._replace(body=decode_body(request, claim, key).body)
        route = route._replace(request=request)
    return Authenticated(request, route, credential, claim.region)


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
