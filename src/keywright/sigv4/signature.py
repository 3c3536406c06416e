"""
The arithmetic of Signature Version 4.

    def signing_key(secret, date, region, service) -> bytes       32 bytes; the caller caches it
    def string_to_sign(amz_date, scope, canonical_request) -> bytes
    def sign(signing_key, string_to_sign) -> bytes                 64 lower-case hexadecimal digits
"""

from __future__ import annotations

import hashlib
import hmac

ALGORITHM = b"AWS4-HMAC-SHA256"
TERMINATOR = "aws4_request"
EMPTY_SHA256 = hashlib.sha256(b"").hexdigest().encode()

_sha256 = hashlib.sha256
_digest = hmac.digest


def signing_key(secret: str, date: str, region: str, service: str) -> bytes:
    """Derive the key that signs for one day (YYYYMMDD), region and service."""
    key = b"AWS4" + secret.encode()
    for part in (date, region, service, TERMINATOR):
        key = _digest(key, part.encode(), "sha256")
    return key


def string_to_sign(amz_date: bytes, scope: bytes, canonical_request: bytes) -> bytes:
    """Bind the canonical request to its moment and credential scope."""
    return b"AWS4-HMAC-SHA256\n%b\n%b\n%b" % (
        amz_date,
        scope,
        _sha256(canonical_request).hexdigest().encode(),
    )


def sign(signing_key: bytes, string_to_sign: bytes) -> bytes:
    """Sign, in lower-case hexadecimal."""
    return _digest(signing_key, string_to_sign, "sha256").hex().encode()
