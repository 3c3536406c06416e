"""
Read the trailer of a chunked body and check what it promises.

    def declared_checksum(request) -> bytes | None          the one name in x-amz-trailer; raises Refusal
    def read_trailer(section, declared, *, is_signed) -> Trailer      raises Refusal
    def check_checksum(name, value, checksum) -> None       raises Refusal
"""

from __future__ import annotations

import base64
import binascii
from hmac import compare_digest
from typing import NamedTuple

from keywright.aws.wire import WireRequest
from keywright.sigv4.checksums import Checksum, new_checksum
from keywright.sigv4.refusals import Kind, Refusal

SIGNATURE_NAME = b"x-amz-trailer-signature"


class Trailer(NamedTuple):
    """The trailer's fields, names in lower case."""

    fields: dict[bytes, bytes]
    signature: bytes
    """Empty where the trailer is not signed."""

    def canonical(self) -> bytes:
        """Spell the fields as the trailer's signature covers them."""
        return b"".join([b"%b:%b\n" % field for field in sorted(self.fields.items())])


def declared_checksum(request: WireRequest) -> bytes | None:
    """
    Name the checksum that the trailer will carry; None if no trailer is announced.

    Raises: Refusal (INVALID_TRAILER_NAME for one we cannot compute, so that none goes unchecked; MULTIPLE_CHECKSUMS).
    """
    names = [name.strip().lower() for name in request.headers.get(b"x-amz-trailer", b"").split(b",")]
    if names == [b""]:
        return None
    if any(new_checksum(name) is None for name in names):
        raise Refusal(Kind.INVALID_TRAILER_NAME)
    if len(names) > 1:
        raise Refusal(Kind.MULTIPLE_CHECKSUMS)
    return names[0]


def read_trailer(section: bytes, declared: bytes | None, *, is_signed: bool) -> Trailer:
    """
    Read the lines between the last chunk and the end of the body.

    The documentation ends a field with a line feed, then CRLF; the SDKs with CRLF alone. Both are read.

    Raises: Refusal (INCOMPLETE_BODY, MALFORMED_TRAILER): every field declared, none undeclared, none twice.
    """
    # AWS: a body that does not end in an empty line is incomplete, not malformed (versitygw#1660).
    if section != b"\r\n" and not section.endswith(b"\r\n\r\n"):
        raise Refusal(Kind.INCOMPLETE_BODY)
    fields: dict[bytes, bytes] = {}
    for line in section.replace(b"\r\n", b"\n").split(b"\n"):
        if line:
            name, colon, value = line.partition(b":")
            name = name.lower()
            if not colon or name in fields:
                raise Refusal(Kind.MALFORMED_TRAILER)
            fields[name] = value.strip()
    signature = fields.pop(SIGNATURE_NAME, b"") if is_signed else b""
    if list(fields) != ([] if declared is None else [declared]):
        raise Refusal(Kind.MALFORMED_TRAILER)
    return Trailer(fields, signature)


def check_checksum(name: bytes, value: bytes, checksum: Checksum) -> None:
    """
    Refuse a body that is not the one the client summed.

    Raises: Refusal (INVALID_TRAILER_CHECKSUM, CHECKSUM_MISMATCH).
    """
    actual = checksum.digest()
    try:
        claimed = base64.b64decode(value, validate=True)
    except binascii.Error:
        claimed = b""
    if len(claimed) != len(actual):
        raise Refusal(Kind.INVALID_TRAILER_CHECKSUM, trailer=name.decode("ascii"))
    if not compare_digest(claimed, actual):
        algorithm = name.rpartition(b"-")[2].decode("ascii").upper()
        raise Refusal(Kind.CHECKSUM_MISMATCH, algorithm=algorithm)
