"""S3's aws-chunked bodies: decoded, each chunk proven, the trailer checked."""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import zlib
from functools import reduce

import pytest
from botocore.httpchecksum import AwsChunkedWrapper, Crc32Checksum
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from keywright.aws.wire import WireRequest
from keywright.sigv4.authorization import Claim, read_claim
from keywright.sigv4.chunked import MAX_SIGNED_CHUNK_BYTES, ChunkDecoder, decode_body
from keywright.sigv4.refusals import Kind, Refusal
from keywright.sigv4.signature import signing_key
from keywright.sigv4.verify import verify_signature

SIGNED = "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
SIGNED_TRAILER = SIGNED + "-TRAILER"
UNSIGNED_TRAILER = "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
# The credential, moment and scope of the S3 documentation's examples.
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
SCOPE = ("20130524", "us-east-1", "s3")
KEY = signing_key(SECRET, *SCOPE)
DERIVED = reduce(
    lambda key, part: hmac.digest(key, part.encode(), "sha256"), (*SCOPE, "aws4_request"), b"AWS4" + SECRET.encode()
)
CONTEXT = b"20130524T000000Z\n20130524/us-east-1/s3/aws4_request\n"
SEED = b"0" * 64


def request(
    body: bytes, *, payload: str, length: int, trailer: str | None = None, seed: bytes = SEED, **headers: str
) -> tuple[WireRequest, Claim]:
    """Make a request whose own signature is the seed."""
    names = "content-encoding;content-length;host;x-amz-content-sha256;x-amz-date"
    fields = {
        "host": "s3.amazonaws.com",
        "authorization": "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request, "
        f"SignedHeaders={names}, Signature={seed.decode()}",
        "x-amz-date": "20130524T000000Z",
        "x-amz-content-sha256": payload,
        "x-amz-decoded-content-length": str(length),
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    if trailer is not None:
        fields["x-amz-trailer"] = trailer
    wire = WireRequest(
        "PUT",
        b"/examplebucket/chunkObject.txt",
        b"",
        {name.encode(): value.encode() for name, value in fields.items()},
        body,
        secure=False,
        client_address="",
    )
    return wire, read_claim(wire)


def link(label: bytes, previous: bytes, hashes: bytes, key: bytes = DERIVED) -> bytes:
    """Sign one link of the chain, written out from the documentation."""
    text = b"AWS4-HMAC-SHA256-" + label + b"\n" + CONTEXT + previous + b"\n" + hashes
    return hmac.new(key, text, hashlib.sha256).hexdigest().encode()


def sha256(data: bytes) -> bytes:
    """Hash, in hexadecimal."""
    return hashlib.sha256(data).hexdigest().encode()


def sign_chunks(chunks: list[bytes], trailer: bytes | None = None, *, key: bytes = DERIVED) -> bytes:
    """Frame and sign a body; the trailer, if there is one, too."""
    previous, body = SEED, b""
    for chunk in [*chunks, b""]:
        previous = link(b"PAYLOAD", previous, sha256(b"") + b"\n" + sha256(chunk), key)
        body += b"%x;chunk-signature=%b\r\n" % (len(chunk), previous)
        body += chunk + b"\r\n" if chunk else b""
    if trailer is None:
        return body + b"\r\n"
    signature = link(b"TRAILER", previous, sha256(trailer), key)
    return body + trailer.replace(b"\n", b"\r\n") + b"x-amz-trailer-signature:" + signature + b"\r\n\r\n"


def crc32_line(data: bytes) -> bytes:
    """Write a CRC32 trailer as it is signed."""
    return b"x-amz-checksum-crc32:" + base64.b64encode(zlib.crc32(data).to_bytes(4)) + b"\n"


def refusal_of(wire: WireRequest, claim: Claim) -> Refusal:
    """Decode a body that must be refused."""
    with pytest.raises(Refusal) as caught:
        decode_body(wire, claim, KEY)
    return caught.value


def test_the_documented_example() -> None:
    """The S3 documentation's chunked upload verifies, from the seed to the last chunk."""
    seed = b"4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9"
    signatures = (
        b"ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
        b"0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
        b"b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
    )
    body = b"10000;chunk-signature=%b\r\n" % signatures[0] + b"a" * 65536 + b"\r\n"
    body += b"400;chunk-signature=%b\r\n" % signatures[1] + b"a" * 1024 + b"\r\n"
    body += b"0;chunk-signature=%b\r\n\r\n" % signatures[2]
    wire, _ = request(body, payload=SIGNED, length=66560)
    wire.headers[b"content-encoding"] = b"aws-chunked"
    wire.headers[b"content-length"] = b"66824"
    wire.headers[b"x-amz-storage-class"] = b"REDUCED_REDUNDANCY"
    names = b"content-encoding;content-length;host;x-amz-content-sha256;x-amz-date;x-amz-decoded-content-length"
    wire.headers[b"authorization"] = (
        b"AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request,"
        b"SignedHeaders=" + names + b";x-amz-storage-class,Signature=" + seed
    )
    claim = read_claim(wire)

    assert len(body) == 66824
    verify_signature(wire, claim, KEY, "s3")
    assert decode_body(wire, claim, KEY) == (b"a" * 66560, {})


def test_the_documented_trailer_example() -> None:
    """The S3 documentation's chunked upload with a signed CRC32C trailer verifies, line feed before CRLF and all."""
    seed = b"106e2a8a18243abcf37539882f36619c00e2dfc72633413f02d3b74544bfeb8e"
    body = b"10000;chunk-signature=b474d8862b1487a5145d686f57f013e54db672cee1c953b3010fb58501ef5aa2\r\n"
    body += b"a" * 65536 + b"\r\n"
    body += b"400;chunk-signature=1c1344b170168f8e65b41376b44b20fe354e373826ccbbe2c1d40a8cae51e5c7\r\n"
    body += b"a" * 1024 + b"\r\n"
    body += b"0;chunk-signature=2ca2aba2005185cf7159c6277faf83795951dd77a3a99e6e65d5c9f85863f992\r\n"
    body += b"x-amz-checksum-crc32c:sOO8/Q==\n\r\n"
    body += b"x-amz-trailer-signature:d81f82fc3505edab99d459891051a732e8730629a2e4a59689829ca17fe2e435\r\n\r\n"
    wire, claim = request(body, payload=SIGNED_TRAILER, length=66560, trailer="x-amz-checksum-crc32c", seed=seed)

    assert decode_body(wire, claim, KEY) == (b"a" * 66560, {"x-amz-checksum-crc32c": "sOO8/Q=="})


@pytest.mark.parametrize("size", [0, 1, 8192, 100_000])
def test_what_botocore_frames_is_decoded(size: int) -> None:
    """The body that the aws CLI sends over TLS, unsigned with a CRC32 trailer, decodes and is checked."""
    content = bytes(range(256)) * (size // 256 + 1)
    raw = AwsChunkedWrapper(io.BytesIO(content[:size]), Crc32Checksum, "x-amz-checksum-crc32", chunk_size=16384)
    wire, claim = request(raw.read(), payload=UNSIGNED_TRAILER, length=size, trailer="x-amz-checksum-crc32")

    decoded = decode_body(wire, claim, KEY)
    assert decoded.body == content[:size]
    assert list(decoded.trailer) == ["x-amz-checksum-crc32"]


@settings(deadline=None)
@given(
    sizes=st.lists(st.integers(8192, 9000), max_size=3),
    last=st.integers(0, 9000),
    cuts=st.lists(st.integers(0, 40_000), max_size=6),
    payload=st.sampled_from([SIGNED, SIGNED_TRAILER, UNSIGNED_TRAILER]),
)
def test_it_does_not_matter_where_the_pieces_are_cut(
    sizes: list[int], last: int, cuts: list[int], payload: str
) -> None:
    """However the socket cuts the body, the decoded bytes and the trailer are the same."""
    chunks = [bytes([n]) * size for n, size in enumerate([*sizes, last], 1) if size]
    content = b"".join(chunks)
    if payload == UNSIGNED_TRAILER:
        body = b"".join(b"%x\r\n%b\r\n" % (len(chunk), chunk) for chunk in chunks)
        body += b"0\r\n" + crc32_line(content).replace(b"\n", b"\r\n") + b"\r\n"
    else:
        body = sign_chunks(chunks, crc32_line(content) if payload == SIGNED_TRAILER else None)
    trailer = None if payload == SIGNED else "X-Amz-Checksum-CRC32"
    decoder = ChunkDecoder(*request(body, payload=payload, length=len(content), trailer=trailer), KEY)

    decoded, start = b"", 0
    for end in [*sorted(cuts), len(body)]:
        decoded += decoder.feed(body[start:end])
        start = max(start, end)
    assert decoded == content
    assert (decoder.finish() == {}) == (payload == SIGNED)


def test_a_signed_chunk_is_not_given_before_it_is_proven() -> None:
    """No byte of a signed chunk leaves the decoder until all of it has been proven."""
    body = sign_chunks([b"x" * 10_000])
    decoder = ChunkDecoder(*request(body, payload=SIGNED, length=10_000), KEY)

    assert decoder.feed(body[:10_000]) == b""
    assert decoder.feed(body[10_000:]) == b"x" * 10_000


@settings(deadline=None, max_examples=150)
@given(data=st.data())
def test_any_changed_byte_of_a_signed_body_is_refused(data: st.DataObject) -> None:
    """One byte changed anywhere in a signed chunked body, framing and trailer included, and it is refused."""
    content = b"x" * 8192 + b"y" * 20
    body = sign_chunks([content[:8192], content[8192:]], crc32_line(content))
    # The last line break ends nothing that is not ended already.
    at = data.draw(st.one_of(st.integers(0, 120), st.integers(8192, len(body) - 3)))
    byte = data.draw(st.binary(min_size=1, max_size=1).filter(lambda value: value != body[at : at + 1]))
    changed = body[:at] + byte + body[at + 1 :]
    # In the trailer neither the case of a name nor a blank around a value is meaning.
    assume(at < body.index(b"x-amz-checksum") or not (byte.isspace() or changed.lower() == body.lower()))
    arguments = {"payload": SIGNED_TRAILER, "length": len(content), "trailer": "x-amz-checksum-crc32"}
    wire, claim = request(changed, **arguments)  # type: ignore[arg-type]

    with pytest.raises(Refusal):
        decode_body(wire, claim, KEY)


@pytest.mark.parametrize("payload", [SIGNED, SIGNED_TRAILER, UNSIGNED_TRAILER])
@given(body=st.one_of(st.binary(max_size=400), st.from_regex(rb"[0-9a-f]{1,3}(;[a-z=-]{1,20})?\r\n[a:\r\n]{0,9}")))
def test_nothing_but_a_refusal_is_raised(payload: str, body: bytes) -> None:
    """Whatever bytes arrive as a chunked body, the answer is a refusal."""
    wire, claim = request(body, payload=payload, length=7, trailer="x-amz-checksum-crc32")

    with pytest.raises(Refusal):
        decode_body(wire, claim, KEY)


CHUNK = b"x" * 8192
UNSIGNED_BODY = b"2000\r\n" + CHUNK + b"\r\n0\r\n" + crc32_line(CHUNK).replace(b"\n", b"\r\n") + b"\r\n"


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        (b"0\r\nx-amz", b"0\r\ny-amz", Kind.MALFORMED_TRAILER),
        (b":", b" ", Kind.MALFORMED_TRAILER),
        (b"\r\n\r\n", b"\r\nx-amz-meta-a: 1\r\n\r\n", Kind.MALFORMED_TRAILER),
        (b"\r\n\r\n", b"\r\nX-Amz-Checksum-Crc32: AAAAAA==\r\n\r\n", Kind.MALFORMED_TRAILER),
        (b"x-amz-checksum", b"\r\nx-amz-checksum" + b" " * 5000, Kind.MALFORMED_TRAILER),
        (b"\r\n\r\n", b"", Kind.INCOMPLETE_BODY),
        (b"\r\n\r\n", b"\r\n", Kind.INCOMPLETE_BODY),
        (b"\r\n\r\n", b"\r\n\rX", Kind.INCOMPLETE_BODY),
        (crc32_line(CHUNK)[:-1], b"", Kind.MALFORMED_TRAILER),
        (b"crc32:", b"crc32:????", Kind.INVALID_TRAILER_CHECKSUM),
        (b"crc32:", b"crc32:AAAA", Kind.INVALID_TRAILER_CHECKSUM),
        (b"2000\r\nx", b"2000\r\ny", Kind.CHECKSUM_MISMATCH),
        (b"2000\r\n", b"2000;chunk-signature=00\r\n", Kind.INCOMPLETE_BODY),
        (b"2000\r\n", b"2000;\r\n", Kind.INCOMPLETE_BODY),
        (b"2000\r\n", b"+200\r\n", Kind.INCOMPLETE_BODY),
        (b"2000\r\n", b"\r\n", Kind.INCOMPLETE_BODY),
        (b"2000\r\n", b"00000000000002000\r\n", Kind.INCOMPLETE_BODY),
        (b"2000\r\n", b"2" * 300, Kind.INCOMPLETE_BODY),
        (b"2000\r\n", b"1fff\r\n", Kind.INCOMPLETE_BODY),
        (b"2000\r\n", b"2001\r\n", Kind.INCOMPLETE_BODY),
        (b"2000\r\n", b"0\r\n\r\n2000\r\n", Kind.MALFORMED_TRAILER),
        (b"\r\n0\r\n", b"\r\n", Kind.INCOMPLETE_BODY),
        (b"\r\n0\r\n", b"XX0\r\n", Kind.INCOMPLETE_BODY),
        (UNSIGNED_BODY, UNSIGNED_BODY[:100], Kind.INCOMPLETE_BODY),
        (UNSIGNED_BODY, UNSIGNED_BODY[:8199], Kind.INCOMPLETE_BODY),
        (UNSIGNED_BODY, b"20", Kind.INCOMPLETE_BODY),
        (UNSIGNED_BODY, b"", Kind.INCOMPLETE_BODY),
        (
            UNSIGNED_BODY,
            b"1\r\nx\r\n1fff\r\n" + CHUNK[1:] + UNSIGNED_BODY[8198:],
            Kind.CHUNK_TOO_SMALL,
        ),
    ],
)
def test_a_malformed_body(before: bytes, after: bytes, kind: Kind) -> None:
    """Each way to break the framing, the sizes or the trailer has its own refusal."""
    good = {"payload": UNSIGNED_TRAILER, "length": 8192, "trailer": "x-amz-checksum-crc32"}
    assert UNSIGNED_BODY.count(before) >= 1
    assert decode_body(*request(UNSIGNED_BODY, **good), KEY).body == CHUNK  # type: ignore[arg-type]

    refusal = refusal_of(*request(UNSIGNED_BODY.replace(before, after, 1), **good))  # type: ignore[arg-type]
    assert refusal.kind is kind


def test_a_chunk_that_is_too_small_is_named() -> None:
    """The refusal says at which chunk it was noticed and how small the one before was, as S3 does."""
    body = sign_chunks([b"hel", b"lo"])
    refusal = refusal_of(*request(body, payload=SIGNED, length=5))

    assert (refusal.kind, refusal.facts) == (Kind.CHUNK_TOO_SMALL, {"chunk": "2", "bad_chunk_size": "3"})


def test_a_checksum_that_fails_is_named() -> None:
    """The refusal names the trailer that is no checksum, and the algorithm that did not match."""
    good = {"payload": UNSIGNED_TRAILER, "length": 8192, "trailer": "x-amz-checksum-crc32"}
    invalid = refusal_of(*request(UNSIGNED_BODY.replace(b"crc32:", b"crc32:!"), **good))  # type: ignore[arg-type]
    wrong = refusal_of(*request(UNSIGNED_BODY.replace(CHUNK, CHUNK[1:] + b"y"), **good))  # type: ignore[arg-type]

    assert (invalid.facts, wrong.facts) == ({"trailer": "x-amz-checksum-crc32"}, {"algorithm": "CRC32"})


@pytest.mark.parametrize("payload", [SIGNED, SIGNED_TRAILER, UNSIGNED_TRAILER])
@pytest.mark.parametrize("length", [8191, 8193])
def test_a_body_of_another_length_than_declared(payload: str, length: int) -> None:
    """A body that is well formed and proven is refused still if it is not as long as its headers say."""
    bodies = {
        SIGNED: sign_chunks([CHUNK]),
        SIGNED_TRAILER: sign_chunks([CHUNK], crc32_line(CHUNK)),
        UNSIGNED_TRAILER: UNSIGNED_BODY,
    }
    trailer = None if payload == SIGNED else "x-amz-checksum-crc32"
    decode_body(*request(bodies[payload], payload=payload, length=8192, trailer=trailer), KEY)

    refusal = refusal_of(*request(bodies[payload], payload=payload, length=length, trailer=trailer))
    assert refusal.kind is Kind.INCOMPLETE_BODY


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (b"0" * 256, Kind.INCOMPLETE_BODY),
        (b"2001\r\n", Kind.INCOMPLETE_BODY),
        (b"2000\r\n" + CHUNK + b"\r\n0\r\n" + b"x" * 4097, Kind.MALFORMED_TRAILER),
    ],
)
def test_what_cannot_end_well_is_refused_at_once(start: bytes, kind: Kind) -> None:
    """A header or trailer without end, or a chunk beyond the declared length, is not waited for."""
    decoder = ChunkDecoder(*request(b"", payload=UNSIGNED_TRAILER, length=8192, trailer="x-amz-checksum-crc32"), KEY)

    with pytest.raises(Refusal) as caught:
        decoder.feed(start)
    assert caught.value.kind is kind


def test_sizes_may_have_leading_zeros() -> None:
    """A size of up to sixteen digits is a size."""
    body = UNSIGNED_BODY.replace(b"2000\r\n", b"0000000000002000\r\n")
    arguments = {"payload": UNSIGNED_TRAILER, "length": 8192, "trailer": "x-amz-checksum-crc32"}
    wire, claim = request(body, **arguments)  # type: ignore[arg-type]
    wire.headers[b"x-amz-decoded-content-length"] = b"0000000000008192"

    assert decode_body(wire, claim, KEY).body == CHUNK


def test_a_signed_body_must_end() -> None:
    """A signed body without its last line break, or with more after it, is incomplete."""
    body = sign_chunks([CHUNK])
    for changed in (body[:-2], body + b"x", body[: body.rindex(b"0;")]):
        assert refusal_of(*request(changed, payload=SIGNED, length=8192)).kind is Kind.INCOMPLETE_BODY


def test_a_signed_trailer_is_proven() -> None:
    """A trailer signature that is wrong or missing is a mismatch, whatever the checksum says."""
    body = sign_chunks([CHUNK], crc32_line(CHUNK))
    at = body.index(b"x-amz-trailer-signature:")
    good = {"payload": SIGNED_TRAILER, "length": 8192, "trailer": "x-amz-checksum-crc32"}
    for changed in (body[:at] + b"\r\n", body[:at] + b"x-amz-trailer-signature:" + b"0" * 64 + b"\r\n\r\n"):
        assert refusal_of(*request(changed, **good)).kind is Kind.MISMATCH  # type: ignore[arg-type]


def test_chunks_cannot_change_places() -> None:
    """Each signature covers the one before it, so neither order nor number of chunks can change."""
    one, two = b"1" * 8192, b"2" * 8192
    body = sign_chunks([one, two])
    frame = body.index(one) + 8194
    first, second, end = body[:frame], body[frame : 2 * frame], body[2 * frame :]
    assert decode_body(*request(first + second + end, payload=SIGNED, length=16384), KEY).body == one + two

    for changed in (second + first + end, first + first + end, first + end, second + end):
        length = 8192 * changed.count(b";chunk-signature=") - 8192
        assert refusal_of(*request(changed, payload=SIGNED, length=length)).kind is Kind.MISMATCH


def test_another_keys_chunks() -> None:
    """Chunks signed by another key than the request's are a mismatch."""
    body = sign_chunks([CHUNK], key=b"k" * 32)
    assert refusal_of(*request(body, payload=SIGNED, length=8192)).kind is Kind.MISMATCH


def test_a_signed_chunk_may_not_fill_the_memory() -> None:
    """A signed chunk larger than we hold is refused by its header, before its bytes arrive."""
    size = MAX_SIGNED_CHUNK_BYTES + 1
    body = b"%x;chunk-signature=%b\r\n" % (size, b"0" * 64)
    assert refusal_of(*request(body, payload=SIGNED, length=size)).kind is Kind.CHUNK_TOO_LARGE

    largest = b"%x;chunk-signature=%b\r\n" % (MAX_SIGNED_CHUNK_BYTES, b"0" * 64)
    assert ChunkDecoder(*request(b"", payload=SIGNED, length=size), KEY).feed(largest) == b""


@pytest.mark.parametrize("length", ["", "-1", "1e3", "9" * 17])
def test_the_decoded_length_is_required(length: str) -> None:
    """Without a decoded length that is a number there is nothing to hold the body to."""
    wire, claim = request(b"", payload=SIGNED, length=0, x_amz_decoded_content_length=length)
    assert refusal_of(wire, claim).kind is Kind.MISSING_DECODED_LENGTH


@pytest.mark.parametrize(
    ("trailer", "kind"),
    [
        ("x-amz-checksum-xxhash64", Kind.INVALID_TRAILER_NAME),
        ("x-amz-meta-a", Kind.INVALID_TRAILER_NAME),
        ("x-amz-checksum-crc32,", Kind.INVALID_TRAILER_NAME),
        ("x-amz-checksum-crc32, x-amz-checksum-sha1", Kind.MULTIPLE_CHECKSUMS),
    ],
)
def test_a_trailer_that_could_not_be_checked_is_refused(trailer: str, kind: Kind) -> None:
    """A trailer is announced as the one checksum we can compute, or refused at once."""
    assert refusal_of(*request(UNSIGNED_BODY, payload=UNSIGNED_TRAILER, length=8192, trailer=trailer)).kind is kind


@pytest.mark.parametrize("payload", [SIGNED_TRAILER, UNSIGNED_TRAILER])
def test_no_trailer_announced(payload: str) -> None:
    """With no trailer announced the body ends without one, and an unannounced one is refused."""
    unsigned = b"2000\r\n" + CHUNK + b"\r\n0\r\n\r\n"
    body = unsigned if payload == UNSIGNED_TRAILER else sign_chunks([CHUNK], b"")
    with_one = UNSIGNED_BODY if payload == UNSIGNED_TRAILER else sign_chunks([CHUNK], crc32_line(CHUNK))

    assert decode_body(*request(body, payload=payload, length=8192), KEY) == (CHUNK, {})
    assert refusal_of(*request(with_one, payload=payload, length=8192)).kind is Kind.MALFORMED_TRAILER


def test_a_body_that_is_not_chunked() -> None:
    """A payload word that promises no chunks is refused, not guessed at."""
    assert refusal_of(*request(b"", payload="UNSIGNED-PAYLOAD", length=0)).kind is Kind.INVALID_CONTENT_SHA256
