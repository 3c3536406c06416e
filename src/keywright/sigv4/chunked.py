"""
Decode S3's aws-chunked bodies and prove each chunk.

    def decode_body(request, claim, signing_key) -> Decoded         body, trailer; the whole body at once
    class ChunkDecoder(request, claim, signing_key)                 piece by piece, memory bounded by one chunk
        .feed(data) -> bytes                                        only bytes that are proven (where chunks are signed)
        .finish() -> dict[str, str]                                 the trailer, its signature and checksum checked

Call after `verify.verify_signature`: the request's own signature is the seed of the chain. All raise Refusal; if
`feed` or `finish` does, nothing of the body is to be kept.
"""

from __future__ import annotations

import hashlib
from enum import Enum, auto
from hmac import compare_digest
from typing import NamedTuple

from keywright.aws.wire import WireRequest
from keywright.sigv4.authorization import Claim
from keywright.sigv4.checksums import new_checksum
from keywright.sigv4.payload import CHUNKED, SIGNED_CHUNKS, UNSIGNED_CHUNKS_AND_TRAILER
from keywright.sigv4.refusals import Kind, Refusal
from keywright.sigv4.signature import EMPTY_SHA256, SigningKey
from keywright.sigv4.trailer import check_checksum, declared_checksum, read_trailer

MIN_CHUNK_BYTES = 8192
"""Of every chunk but the last."""
MAX_SIGNED_CHUNK_BYTES = 16 * 1024 * 1024
"""A signed chunk is held until it is proven, so there has to be a bound; AWS names none."""

_MAX_HEADER_BYTES = 256
_MAX_TRAILER_BYTES = 4096
_MAX_SIZE_DIGITS = 16
_SIGNATURE_EXTENSION = b"chunk-signature="
_HEX_DIGITS = frozenset(b"0123456789abcdefABCDEF")


class Decoded(NamedTuple):
    """A chunked body, decoded and proven."""

    body: bytes
    trailer: dict[str, str]


def decode_body(request: WireRequest, claim: Claim, signing_key: SigningKey) -> Decoded:
    """
    Decode a body that was read whole.

    Raises: Refusal.
    """
    decoder = ChunkDecoder(request, claim, signing_key)
    body = decoder.feed(request.body)
    return Decoded(body, decoder.finish())


class _Next(Enum):
    HEADER = auto()
    DATA = auto()
    DATA_END = auto()
    TRAILER = auto()


class ChunkDecoder:
    """
    A chunked body under way.

    Raises: Refusal (MISSING_DECODED_LENGTH, INVALID_TRAILER_NAME, MULTIPLE_CHECKSUMS) when made.
    """

    def __init__(self, request: WireRequest, claim: Claim, signing_key: SigningKey) -> None:
        if claim.content_sha256 not in CHUNKED:
            raise Refusal(Kind.INVALID_CONTENT_SHA256)
        self._is_signed = claim.content_sha256 != UNSIGNED_CHUNKS_AND_TRAILER
        self._has_trailer = claim.content_sha256 != SIGNED_CHUNKS
        self._declared = declared_checksum(request) if self._has_trailer else None
        self._checksum = None if self._declared is None else new_checksum(self._declared)
        self._undecoded_bytes = _decoded_length(request)
        self._signing_key = signing_key
        self._previous_signature = claim.signature
        self._context = b"%b\n%b\n" % (claim.signed_at.text, claim.credential.scope)
        self._buffer = bytearray()
        self._next = _Next.HEADER
        self._chunk_left = 0
        self._chunk_signature = b""
        self._last_chunk_bytes = MIN_CHUNK_BYTES
        self._chunk_number = 1

    def feed(self, data: bytes) -> bytes:
        """
        Take the next piece of the body as it came; give the decoded bytes that are now proven.

        Raises: Refusal (INCOMPLETE_BODY, CHUNK_TOO_SMALL, CHUNK_TOO_LARGE, MISMATCH, MALFORMED_TRAILER).
        """
        self._buffer += data
        decoded = bytearray()
        while self._step(decoded):
            pass
        return bytes(decoded)

    def finish(self) -> dict[str, str]:
        """
        End the body; give its trailer.

        Raises: Refusal (INCOMPLETE_BODY, MALFORMED_TRAILER, MISMATCH, INVALID_TRAILER_CHECKSUM, CHECKSUM_MISMATCH).
        """
        if self._next is not _Next.TRAILER or self._undecoded_bytes:
            raise Refusal(Kind.INCOMPLETE_BODY)
        if not self._has_trailer:
            if self._buffer != b"\r\n":
                raise Refusal(Kind.INCOMPLETE_BODY)
            return {}
        trailer = read_trailer(bytes(self._buffer), self._declared, is_signed=self._is_signed)
        if self._is_signed:
            self._prove(b"AWS4-HMAC-SHA256-TRAILER\n", _hex_sha256(trailer.canonical()), trailer.signature)
        if self._declared is not None and self._checksum is not None:
            check_checksum(self._declared, trailer.fields[self._declared], self._checksum)
        return {name.decode("latin-1"): value.decode("latin-1") for name, value in trailer.fields.items()}

    def _step(self, decoded: bytearray) -> bool:
        """Take one element off the buffer; False if it is not all there yet."""
        if self._next is _Next.HEADER:
            return self._take_header()
        if self._next is _Next.DATA:
            return self._take_data(decoded)
        if self._next is _Next.DATA_END:
            return self._take_data_end()
        if len(self._buffer) > _MAX_TRAILER_BYTES:
            raise Refusal(Kind.MALFORMED_TRAILER)
        return False

    def _take_header(self) -> bool:
        end = self._buffer.find(b"\r\n", 0, _MAX_HEADER_BYTES)
        if end < 0:
            if len(self._buffer) >= _MAX_HEADER_BYTES:
                raise Refusal(Kind.INCOMPLETE_BODY)
            return False
        size_bytes, self._chunk_signature = _parse_chunk_header(self._take(end), is_signed=self._is_signed)
        del self._buffer[:2]
        if not size_bytes:
            self._prove_chunk(b"")
            self._next = _Next.TRAILER
            return True
        if self._last_chunk_bytes < MIN_CHUNK_BYTES:
            raise Refusal(
                Kind.CHUNK_TOO_SMALL, chunk=str(self._chunk_number), bad_chunk_size=str(self._last_chunk_bytes)
            )
        if size_bytes > self._undecoded_bytes:
            raise Refusal(Kind.INCOMPLETE_BODY)
        if self._is_signed and size_bytes > MAX_SIGNED_CHUNK_BYTES:
            raise Refusal(Kind.CHUNK_TOO_LARGE)
        self._last_chunk_bytes = self._chunk_left = size_bytes
        self._chunk_number += 1
        self._next = _Next.DATA
        return True

    def _take_data(self, decoded: bytearray) -> bool:
        # INVARIANT: a signed chunk leaves here whole and proven, or not at all.
        available = len(self._buffer)
        if not available or (self._is_signed and available < self._chunk_left):
            return False
        data = self._take(min(available, self._chunk_left))
        self._prove_chunk(data)
        if self._checksum is not None:
            self._checksum.update(data)
        decoded += data
        self._undecoded_bytes -= len(data)
        self._chunk_left -= len(data)
        if not self._chunk_left:
            self._next = _Next.DATA_END
        return True

    def _take_data_end(self) -> bool:
        if len(self._buffer) < 2:
            return False
        if self._take(2) != b"\r\n":
            raise Refusal(Kind.INCOMPLETE_BODY)
        self._next = _Next.HEADER
        return True

    def _take(self, count: int) -> bytes:
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken

    def _prove_chunk(self, data: bytes) -> None:
        if self._is_signed:
            self._prove(b"AWS4-HMAC-SHA256-PAYLOAD\n", EMPTY_SHA256 + b"\n" + _hex_sha256(data), self._chunk_signature)

    def _prove(self, label: bytes, hashes: bytes, signature: bytes) -> None:
        """Check one link of the chain of signatures, which the request's own begins."""
        text = b"%b%b%b\n%b" % (label, self._context, self._previous_signature, hashes)
        if not compare_digest(self._signing_key.sign(text), signature):
            raise Refusal(Kind.MISMATCH)
        self._previous_signature = signature


def _decoded_length(request: WireRequest) -> int:
    value = request.headers.get(b"x-amz-decoded-content-length", b"")
    if not value.isdigit() or len(value) > _MAX_SIZE_DIGITS:
        raise Refusal(Kind.MISSING_DECODED_LENGTH)
    return int(value)


def _parse_chunk_header(line: bytes, *, is_signed: bool) -> tuple[int, bytes]:
    size, semicolon, extension = line.partition(b";")
    if not size or len(size) > _MAX_SIZE_DIGITS or not _HEX_DIGITS.issuperset(size):
        raise Refusal(Kind.INCOMPLETE_BODY)
    if extension.startswith(_SIGNATURE_EXTENSION) != is_signed or bool(semicolon) != is_signed:
        raise Refusal(Kind.INCOMPLETE_BODY)
    return int(size, 16), extension.removeprefix(_SIGNATURE_EXTENSION)


def _hex_sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).hexdigest().encode()
