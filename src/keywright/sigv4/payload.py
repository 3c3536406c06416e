"""
Say what stands for the body in the canonical request.

    def claimed_payload_hash(request, claim, style) -> bytes
    def check_body(request, payload_hash) -> None           S3: the body is the one the digest was made of

S3 takes the client's word first (x-amz-content-sha256) and checks the body after the signature; every other service
hashes the body itself and heeds no header.
"""

from __future__ import annotations

import hashlib

from keywright.aws.wire import WireRequest
from keywright.sigv4.authorization import Claim
from keywright.sigv4.refusals import Kind, Refusal, Style
from keywright.sigv4.signature import EMPTY_SHA256

UNSIGNED = "UNSIGNED-PAYLOAD"
SIGNED_CHUNKS = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
SIGNED_CHUNKS_AND_TRAILER = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
UNSIGNED_CHUNKS_AND_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
CHUNKED = frozenset((SIGNED_CHUNKS, SIGNED_CHUNKS_AND_TRAILER, UNSIGNED_CHUNKS_AND_TRAILER))

_WORDS = CHUNKED | {UNSIGNED}
_HEX_DIGITS = frozenset("0123456789abcdef")


def claimed_payload_hash(request: WireRequest, claim: Claim, style: Style) -> bytes:
    """
    Give what stands for the body.

    Raises: Refusal (S3: MISSING_CONTENT_SHA256, INVALID_CONTENT_SHA256).
    """
    if style != "s3":
        return hashlib.sha256(request.body).hexdigest().encode() if request.body else EMPTY_SHA256
    claimed = claim.content_sha256
    if claimed is None:
        if claim.presigned:
            return UNSIGNED.encode()
        raise Refusal(Kind.MISSING_CONTENT_SHA256)
    if claimed not in _WORDS and not (len(claimed) == 64 and _HEX_DIGITS.issuperset(claimed)):
        raise Refusal(Kind.INVALID_CONTENT_SHA256, presigned=claim.presigned)
    return claimed.encode()


def check_body(request: WireRequest, payload_hash: bytes) -> None:
    """
    Refuse a body other than the one that was hashed; a payload word promises nothing here.

    Raises: Refusal (PAYLOAD_MISMATCH).
    """
    if payload_hash.decode() not in _WORDS and hashlib.sha256(request.body).hexdigest().encode() != payload_hash:
        raise Refusal(Kind.PAYLOAD_MISMATCH)
