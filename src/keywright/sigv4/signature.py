"""
The arithmetic of Signature Version 4.

    class SigningKey                                               signs for one day, region and service
        .sign(string_to_sign) -> bytes                             64 lower-case hexadecimal digits
    def signing_key(secret, date, region, service) -> SigningKey   the caller caches it
    def string_to_sign(amz_date, scope, canonical_request) -> bytes
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

ALGORITHM = b"AWS4-HMAC-SHA256"
TERMINATOR = "aws4_request"
EMPTY_SHA256 = hashlib.sha256(b"").hexdigest().encode()

_BLOCK_BYTES = 64
_INNER = bytes(byte ^ 0x36 for byte in range(256))
_OUTER = bytes(byte ^ 0x5C for byte in range(256))

_sha256 = hashlib.sha256
_digest = hmac.digest


class SigningKey:
    """
    A derived key, ready to sign: HMAC-SHA-256 (RFC 2104) with what depends on the key alone hashed beforehand.

    OpenSSL's own looks its algorithms up again for each message, which takes longer than the hashing.
    """

    __slots__ = ("_inner", "_outer")

    def __init__(self, key: bytes) -> None:
        """Take a key of 64 bytes at most."""
        block = key.ljust(_BLOCK_BYTES, b"\0")
        self._inner: Final = _sha256(block.translate(_INNER))
        self._outer: Final = _sha256(block.translate(_OUTER))

    def sign(self, string_to_sign: bytes) -> bytes:
        """Sign, in lower-case hexadecimal."""
        inner, outer = self._inner.copy(), self._outer.copy()
        inner.update(string_to_sign)
        outer.update(inner.digest())
        return outer.hexdigest().encode()


def signing_key(secret: str, date: str, region: str, service: str) -> SigningKey:
    """Derive the key that signs for one day (YYYYMMDD), region and service."""
    key = b"AWS4" + secret.encode()
    for part in (date, region, service, TERMINATOR):
        key = _digest(key, part.encode(), "sha256")
    return SigningKey(key)


def string_to_sign(amz_date: bytes, scope: bytes, canonical_request: bytes) -> bytes:
    """Bind the canonical request to its moment and credential scope."""
    return b"AWS4-HMAC-SHA256\n%b\n%b\n%b" % (
        amz_date,
        scope,
        _sha256(canonical_request).hexdigest().encode(),
    )
