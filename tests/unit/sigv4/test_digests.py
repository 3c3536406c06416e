"""The digests that S3's clients send of a body in headers."""

from __future__ import annotations

import base64
import hashlib
import zlib

import pytest

from keywright.aws.wire import WireRequest
from keywright.sigv4.digests import check_digests
from keywright.sigv4.refusals import Kind, Refusal, as_error

BODY = b"a body"


def encode(digest: bytes) -> bytes:
    """Write a digest as headers have it."""
    return base64.b64encode(digest)


CRC32 = encode(zlib.crc32(BODY).to_bytes(4))
SHA256 = encode(hashlib.sha256(BODY).digest())
MD5 = encode(hashlib.md5(BODY, usedforsecurity=False).digest())


def request(**headers: bytes) -> WireRequest:
    """Make a request with such headers, underscores for hyphens."""
    names = {name.replace("_", "-").encode(): value for name, value in headers.items()}
    return WireRequest("PUT", b"/bucket", b"policy", names, BODY, secure=False, client_address="")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x_amz_checksum_crc32": CRC32},
        {"x_amz_checksum_sha256": SHA256, "x_amz_checksum_type": b"FULL_OBJECT"},
        {"x_amz_checksum_mode": b"ENABLED"},
        {"content_md5": MD5},
        {"content_md5": MD5, "x_amz_checksum_crc32": CRC32},
    ],
)
def test_right_digests_pass(headers: dict[str, bytes]) -> None:
    """A body that is the one that was summed passes, by every digest that is sent."""
    check_digests(request(**headers))


@pytest.mark.parametrize(
    ("headers", "kind", "code", "message"),
    [
        (
            {"x_amz_checksum_crc32": encode(bytes(4))},
            Kind.CHECKSUM_MISMATCH,
            "BadDigest",
            "The CRC32 you specified did not match the calculated checksum.",
        ),
        (
            {"x_amz_checksum_sha256": CRC32},
            Kind.INVALID_CHECKSUM,
            "InvalidRequest",
            "Value for x-amz-checksum-sha256 header is invalid.",
        ),
        (
            {"x_amz_checksum_crc32": b"?"},
            Kind.INVALID_CHECKSUM,
            "InvalidRequest",
            "Value for x-amz-checksum-crc32 header is invalid.",
        ),
        (
            {"x_amz_checksum_xxh3": CRC32},
            Kind.INVALID_CHECKSUM,
            "InvalidRequest",
            "Value for x-amz-checksum-xxh3 header is invalid.",
        ),
        (
            {"x_amz_checksum_crc32": CRC32, "x_amz_checksum_sha256": SHA256},
            Kind.MULTIPLE_CHECKSUMS,
            "InvalidRequest",
            "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
        ),
        ({"content_md5": CRC32}, Kind.INVALID_MD5, "InvalidDigest", "The Content-MD5 you specified was invalid."),
        (
            {"content_md5": encode(bytes(16))},
            Kind.MD5_MISMATCH,
            "BadDigest",
            "The Content-MD5 you specified did not match what we received.",
        ),
    ],
)
def test_wrong_digests_are_refused(headers: dict[str, bytes], kind: Kind, code: str, message: str) -> None:
    """A body that is another, and a digest that is none, are refused in S3's words."""
    with pytest.raises(Refusal) as caught:
        check_digests(request(**headers))
    error = as_error(caught.value, "s3")
    assert (caught.value.kind, error.code, error.status, error.message) == (kind, code, 400, message)
