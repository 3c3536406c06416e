"""
Spell the request as both sides sign it.

    class Spelling(NamedTuple)                      how a service spells paths, and whether a presigned token is signed
    SPELLINGS: dict[Style, Spelling]                 per wire style
    def canonical_request(request, claim, payload_hash, spelling) -> bytes | None     None: a signed header is absent
"""

from __future__ import annotations

from typing import NamedTuple

from keywright.aws.wire import WireRequest
from keywright.sigv4.authorization import Claim
from keywright.sigv4.refusals import Style
from keywright.sigv4.uri_encoding import canonical_path, canonical_query


class Spelling(NamedTuple):
    """Where services differ in the canonical request."""

    normalize_path: bool = True
    double_encode_path: bool = True
    sign_session_token: bool = True
    """False: a presigned request's X-Amz-Security-Token was added after signing (no service of Keywright's does so)."""


SPELLINGS: dict[Style, Spelling] = {
    "query": Spelling(),
    "json": Spelling(),
    "s3": Spelling(normalize_path=False, double_encode_path=False),
}

_UNSIGNED_PARAMETERS = frozenset((b"X-Amz-Signature",))
_UNSIGNED_PARAMETERS_AND_TOKEN = _UNSIGNED_PARAMETERS | {b"X-Amz-Security-Token"}


def canonical_request(request: WireRequest, claim: Claim, payload_hash: bytes, spelling: Spelling) -> bytes | None:
    """
    Spell the request; None if it lacks a header that it claims to have signed.

    `payload_hash` is what stands for the body: its SHA-256 in hexadecimal, or S3's word for a body not hashed whole.
    """
    names = claim.signed_headers
    values = request.headers
    try:
        lines = [name + b":" + values[name] for name in names]
    except KeyError:
        return None
    block = b"\n".join(lines)
    if b"  " in block or b"\t" in block:
        block = b"\n".join([name + b":" + b" ".join(values[name].split()) for name in names])
    path = request.raw_path
    return b"%b\n%b\n%b\n%b\n\n%b\n%b" % (
        request.method.encode(),
        path
        if path == b"/"
        else canonical_path(path, normalize=spelling.normalize_path, double_encode=spelling.double_encode_path),
        _query(request.raw_query, claim, spelling) if request.raw_query else b"",
        block,
        b";".join(names),
        payload_hash,
    )


def _query(raw_query: bytes, claim: Claim, spelling: Spelling) -> bytes:
    if not claim.presigned:
        return canonical_query(raw_query)
    without = _UNSIGNED_PARAMETERS if spelling.sign_session_token else _UNSIGNED_PARAMETERS_AND_TOKEN
    return canonical_query(raw_query, without=without)
