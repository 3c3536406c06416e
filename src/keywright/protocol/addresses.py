"""Whom a request is for, as far as its signature and its host say."""

from __future__ import annotations

import re
from collections.abc import Collection

from keywright.aws.errors import AwsError
from keywright.aws.wire import WireRequest
from keywright.protocol.form import percent_decode

_BUCKET = re.compile(r"[a-z0-9._-]+", re.ASCII)
_CREDENTIAL = b"X-Amz-Credential="


def scope_service(request: WireRequest) -> bytes | None:
    """
    Give the service in the credential scope (`key/date/region/SERVICE/aws4_request`), from header or query.

    None where there is no such scope; whether it is a good one is for `sigv4` to say.
    """
    authorization = request.headers.get(b"authorization")
    if authorization is not None:
        parts = authorization.split(b"/", 4)
        return parts[3] if len(parts) == 5 and parts[0].startswith(b"AWS4-") else None
    if _CREDENTIAL in request.raw_query:
        raw = request.raw_query.partition(_CREDENTIAL)[2].partition(b"&")[0]
        try:
            scope = percent_decode(raw).split("/", 4)
        except AwsError:
            return None
        return scope[3].encode() if len(scope) == 5 else None
    return None


def is_signed(request: WireRequest) -> bool:
    """Tell whether a request carries any AWS signature, good or bad, of any version."""
    query = request.raw_query
    return (
        request.headers.get(b"authorization", b"").startswith(b"AWS")
        or b"X-Amz-Algorithm=" in query
        or _CREDENTIAL in query
        or (b"AWSAccessKeyId=" in query and b"Signature=" in query)
    )


def host_name(request: WireRequest) -> str:
    """Give the Host header in lower case, without the port."""
    host = (request.header(b"host") or "").lower()
    if host.startswith("["):
        return host
    return host.partition(":")[0]


def virtual_bucket(host: str, domains: Collection[str]) -> str | None:
    """
    Give the bucket that a host names: `bucket.s3.localhost`, `bucket.s3.eu-west-1.example.org`, `bucket.localhost`.

    `domains` are the server's own, below which a name is a bucket's. None for path-style addresses.
    """
    if host.startswith(("s3.", "s3-")):
        return None
    bucket, found, _ = host.partition(".s3.")
    if not found:
        bucket = next((host.removesuffix(f".{domain}") for domain in domains if host.endswith(f".{domain}")), "")
    # What no bucket is called must not become part of a path.
    return bucket if _BUCKET.fullmatch(bucket) else None
