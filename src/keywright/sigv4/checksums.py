"""
Compute the checksums that S3 accepts of a body, piece by piece.

    class Checksum(Protocol)                    update(data), digest() -> bytes
    def new_checksum(header_name) -> Checksum | None        b"x-amz-checksum-crc32" …; None: not one we can compute

CRC32 and the hashes run in C. CRC32C and CRC64NVME are table-driven Python, for small bodies: they cost about 0.1
microseconds a byte.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable
from typing import Protocol

_CRC32C_POLYNOMIAL = 0x82F63B78
_CRC64NVME_POLYNOMIAL = 0x9A6C9329AC4BC9B5


class Checksum(Protocol):
    """A checksum under way."""

    def update(self, data: bytes, /) -> None:
        """Take the next piece."""

    def digest(self) -> bytes:
        """Give the checksum of all pieces, big-endian."""


def new_checksum(header_name: bytes) -> Checksum | None:
    """Begin the checksum that a header or trailer of this name carries."""
    begin = _CHECKSUMS.get(header_name)
    return None if begin is None else begin()


class _Crc32:
    def __init__(self) -> None:
        self._value = 0

    def update(self, data: bytes, /) -> None:
        self._value = zlib.crc32(data, self._value)

    def digest(self) -> bytes:
        return self._value.to_bytes(4)


class _ReflectedCrc:
    """A reflected CRC with all ones before and after."""

    def __init__(self, table: tuple[int, ...], size_bytes: int) -> None:
        self._table = table
        self._size_bytes = size_bytes
        self._ones = (1 << 8 * size_bytes) - 1
        self._value = self._ones

    def update(self, data: bytes, /) -> None:
        value, table = self._value, self._table
        for byte in data:
            value = table[(value ^ byte) & 0xFF] ^ (value >> 8)
        self._value = value

    def digest(self) -> bytes:
        return (self._value ^ self._ones).to_bytes(self._size_bytes)


def _table(polynomial: int) -> tuple[int, ...]:
    entries = []
    for byte in range(256):
        entry = byte
        for _ in range(8):
            entry = (entry >> 1) ^ (polynomial if entry & 1 else 0)
        entries.append(entry)
    return tuple(entries)


_CRC32C_TABLE = _table(_CRC32C_POLYNOMIAL)
_CRC64NVME_TABLE = _table(_CRC64NVME_POLYNOMIAL)

_CHECKSUMS: dict[bytes, Callable[[], Checksum]] = {
    b"x-amz-checksum-crc32": _Crc32,
    b"x-amz-checksum-crc32c": lambda: _ReflectedCrc(_CRC32C_TABLE, 4),
    b"x-amz-checksum-crc64nvme": lambda: _ReflectedCrc(_CRC64NVME_TABLE, 8),
    b"x-amz-checksum-sha1": hashlib.sha1,
    b"x-amz-checksum-sha256": hashlib.sha256,
    b"x-amz-checksum-sha512": hashlib.sha512,
    b"x-amz-checksum-md5": hashlib.md5,
}
