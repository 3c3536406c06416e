"""The checksums that S3 accepts."""

from __future__ import annotations

import pytest

from keywright.sigv4.checksums import new_checksum


@pytest.mark.parametrize(
    ("name", "check"),
    [
        (b"crc32", "cbf43926"),
        (b"crc32c", "e3069283"),
        (b"crc64nvme", "ae8b14860a799888"),
        (b"sha1", "f7c3bc1d808e04732adf679965ccc34ca7ae3441"),
        (b"sha256", "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225"),
        (b"md5", "25f9e794323b453885f5181f1b624d0b"),
    ],
)
def test_the_published_check_values(name: bytes, check: str) -> None:
    """Each algorithm gives its catalogue's check value for 123456789, fed in pieces."""
    checksum = new_checksum(b"x-amz-checksum-" + name)
    assert checksum is not None
    for piece in (b"1234", b"", b"56789"):
        checksum.update(piece)

    assert checksum.digest().hex() == check


def test_sha512_is_known_and_xxhash_is_not() -> None:
    """A checksum we cannot compute is None, never a pretence."""
    assert new_checksum(b"x-amz-checksum-sha512") is not None
    assert new_checksum(b"x-amz-checksum-xxhash64") is None
