"""Paths and queries as they are signed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keywright.sigv4.uri_encoding import canonical_path, canonical_query, decode_query


@pytest.mark.parametrize(
    ("raw", "s3", "others"),
    [
        (b"/", b"/", b"/"),
        (b"", b"/", b"/"),
        (b"/a/b", b"/a/b", b"/a/b"),
        (b"/a//b/./../c", b"/a//b/./../c", b"/a/c"),
        (b"/a/b/..", b"/a/b/..", b"/a"),
        (b"/a/b/../", b"/a/b/../", b"/a/"),
        (b"/../..", b"/../..", b"/"),
        (b"/.hidden/", b"/.hidden/", b"/.hidden/"),
        (b"/a%20b", b"/a%20b", b"/a%2520b"),
        (b"/a b", b"/a%20b", b"/a%20b"),
        (b"/a%2fb%2a", b"/a%2fb%2a", b"/a%252fb%252a"),
        (b"/a+b", b"/a%2Bb", b"/a%2Bb"),
        (b"/@%40", b"/%40%40", b"/%40%2540"),
    ],
)
def test_paths(raw: bytes, s3: bytes, others: bytes) -> None:
    """S3 keeps the path and encodes only what was not; others clean the path and encode what was sent."""
    assert canonical_path(raw, normalize=False, double_encode=False) == s3
    assert canonical_path(raw, normalize=True, double_encode=True) == others


@pytest.mark.parametrize(
    ("raw", "canonical"),
    [
        (b"", b""),
        (b"a", b"a="),
        (b"b=2&a=1", b"a=1&b=2"),
        (b"a=2&a=1&&", b"a=1&a=2"),
        (b"a-=1&a=1", b"a=1&a-=1"),
        (b"a=b=c", b"a=b%3Dc"),
        (b"a=x+y&b=x%20y&c=x%2by", b"a=x%20y&b=x%20y&c=x%2By"),
        (b"X-Amz-Signature=s&a=1&x-amz-signature=t", b"a=1&x-amz-signature=t"),
    ],
)
def test_queries(raw: bytes, canonical: bytes) -> None:
    """Parameters are encoded anew, sorted by name, then value; the signature itself is left out."""
    assert canonical_query(raw, without=(b"X-Amz-Signature",)) == canonical


@given(st.dictionaries(st.text(min_size=1), st.text(), max_size=5))
def test_equal_canonical_queries_mean_the_same(parameters: dict[str, str]) -> None:
    """What the service reads from a query is what was signed, so an accepted query cannot change its meaning."""
    pairs = {k: v for k, v in parameters.items() if _is_utf8(k) and _is_utf8(v)}
    raw = b"&".join(b"%b=%b" % (_escape(k), _escape(v)) for k, v in pairs.items())

    assert decode_query(raw) == pairs
    assert decode_query(canonical_query(raw)) == pairs
    assert canonical_query(canonical_query(raw)) == canonical_query(raw)


def _is_utf8(text: str) -> bool:
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _escape(text: str) -> bytes:
    return b"".join(b"%%%02x" % byte for byte in text.encode())
