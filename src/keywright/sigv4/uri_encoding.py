"""
Percent-encode paths and queries as Signature Version 4 does.

    def canonical_path(raw_path, *, normalize, double_encode) -> bytes
    def canonical_query(raw_query, *, without) -> bytes
    def check_escapes(raw_query) -> None                           raises Refusal
    def decode_query(raw_query) -> dict[str, str]                  the first of a repeated name wins
"""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import quote_from_bytes, unquote_to_bytes

from keywright.sigv4.refusals import Kind, Refusal

_UNRESERVED = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
_UNRESERVED_AND_SLASH = _UNRESERVED + b"/"
_HEX = frozenset(b"0123456789abcdefABCDEF")


def canonical_path(raw_path: bytes, *, normalize: bool, double_encode: bool) -> bytes:
    """
    Encode the path as sent.

    Every service but S3 removes dot segments and repeated slashes, then encodes what was sent, percent signs included.
    S3 keeps the path with its escapes, and encodes what the client should have.
    """
    if normalize and (b"//" in raw_path or b"/." in raw_path):
        raw_path = _remove_dot_segments(raw_path)
    if not raw_path:
        return b"/"
    if not raw_path.translate(None, _UNRESERVED_AND_SLASH):
        return raw_path
    return _quote(raw_path, safe="/" if double_encode else "/%")


def canonical_query(raw_query: bytes, *, without: Collection[bytes] = ()) -> bytes:
    """Encode and sort the parameters, leaving out the names in `without`."""
    pairs = []
    for part in raw_query.split(b"&"):
        if part:
            name, _, value = part.partition(b"=")
            name = _normal(name)
            if name not in without:
                pairs.append((name, _normal(value)))
    pairs.sort()
    return b"&".join([name + b"=" + value for name, value in pairs])


def check_escapes(raw_query: bytes) -> None:
    """
    Refuse a percent sign that begins no escape.

    Raises: Refusal (MALFORMED_QUERY).
    """
    for escape in raw_query.split(b"%")[1:]:
        digits = escape[:2]
        if len(digits) < 2:
            raise Refusal(Kind.MALFORMED_QUERY, "Incomplete trailing escape % sequence")
        if not _HEX.issuperset(digits):
            text = digits.decode("latin-1")
            raise Refusal(Kind.MALFORMED_QUERY, f"Illegal hex characters in escape (%) pattern - %{text}")


def decode_query(raw_query: bytes) -> dict[str, str]:
    """Decode the parameters as UTF-8 (a byte that is none becomes U+FFFD); the first of a repeated name wins."""
    query: dict[str, str] = {}
    for part in raw_query.split(b"&"):
        if part:
            name, _, value = part.partition(b"=")
            query.setdefault(_decode(name).decode("utf-8", "replace"), _decode(value).decode("utf-8", "replace"))
    return query


def _normal(encoded: bytes) -> bytes:
    return _quote(_decode(encoded), safe="") if encoded.translate(None, _UNRESERVED) else encoded


def _decode(encoded: bytes) -> bytes:
    # AWS: a plus sign is a space in a query, so the signature binds what the parameter means to the service.
    return unquote_to_bytes(encoded.replace(b"+", b" "))


def _quote(plain: bytes, *, safe: str) -> bytes:
    return quote_from_bytes(plain, safe=safe).encode("ascii")


def _remove_dot_segments(path: bytes) -> bytes:
    kept: list[bytes] = []
    segments = path.split(b"/")
    for segment in segments:
        if segment == b"..":
            del kept[-1:]
        elif segment not in (b"", b"."):
            kept.append(segment)
    # A last dot segment leaves no slash behind: so botocore signs it, against RFC 3986; the suite has no such case.
    return b"/" + b"/".join(kept) + (b"/" if kept and not segments[-1] else b"")
