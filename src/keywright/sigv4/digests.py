"""
Compare a body with the digests of it that S3's clients send in headers.

    def check_digests(request) -> None      raises Refusal

A digest is checked on the body that was meant: after `chunked.decode_body`, where that is due.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from hmac import compare_digest

from keywright.aws.wire import WireRequest
from keywright.sigv4.checksums import new_checksum
from keywright.sigv4.refusals import Kind, Refusal

_PREFIX = b"x-amz-checksum-"
_NO_DIGEST = frozenset({b"x-amz-checksum-mode", b"x-amz-checksum-type", b"x-amz-checksum-algorithm"})
_MD5_BYTES = 16


def check_digests(request: WireRequest) -> None:
    """
    Refuse a body that is not the one the client summed.

    Raises: Refusal (MULTIPLE_CHECKSUMS, INVALID_CHECKSUM, CHECKSUM_MISMATCH, INVALID_MD5, MD5_MISMATCH).
    """
    names = [name for name in request.headers if name.startswith(_PREFIX) and name not in _NO_DIGEST]
    if len(names) > 1:
        raise Refusal(Kind.MULTIPLE_CHECKSUMS)
    for name in names:
        _check_checksum(name, request)
    claimed = request.headers.get(b"content-md5")
    if claimed is not None:
        _check_md5(claimed, request.body)


def _check_checksum(name: bytes, request: WireRequest) -> None:
    checksum = new_checksum(name)
    header = name.decode("latin-1")
    if checksum is None:
        # Another algorithm is not passed unchecked.
        raise Refusal(Kind.INVALID_CHECKSUM, header=header)
    checksum.update(request.body)
    actual, claimed = checksum.digest(), _decode(request.headers[name])
    if len(claimed) != len(actual):
        raise Refusal(Kind.INVALID_CHECKSUM, header=header)
    if not compare_digest(claimed, actual):
        raise Refusal(Kind.CHECKSUM_MISMATCH, algorithm=header.rpartition("-")[2].upper())


def _check_md5(value: bytes, body: bytes) -> None:
    claimed = _decode(value)
    if len(claimed) != _MD5_BYTES:
        raise Refusal(Kind.INVALID_MD5)
    if not compare_digest(claimed, hashlib.md5(body, usedforsecurity=False).digest()):
        raise Refusal(Kind.MD5_MISMATCH)


def _decode(value: bytes) -> bytes:
    """Decode base64; nothing for what is none."""
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error:
        return b""
