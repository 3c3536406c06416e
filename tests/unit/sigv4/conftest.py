"""What the signature tests share: a credential, a moment, and a signer that is not ours (botocore's)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from keywright.aws.wire import WireRequest, merge_headers
from keywright.sigv4.signature import SigningKey, signing_key

ACCESS_KEY_ID = "AKIAIOSFODNN7EXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
NOW = datetime(2026, 11, 24, 6, 42, 0, tzinfo=UTC)

Sign = Callable[..., WireRequest]


def to_wire(request: AWSRequest) -> WireRequest:
    """Give botocore's request as the server would read it off the socket."""
    target = request.url.partition("://")[2]
    path, _, query = ("/" + target.partition("/")[2]).partition("?")
    headers = [(name.lower().encode(), _as_bytes(value).strip()) for name, value in request.headers.items()]
    if not any(name == b"host" for name, _ in headers):
        headers.append((b"host", target.partition("/")[0].encode()))
    body = request.data if isinstance(request.data, bytes) else b""
    return WireRequest(
        request.method, path.encode(), query.encode(), merge_headers(headers), body, secure=False, client_address=""
    )


def _as_bytes(value: str | bytes) -> bytes:
    return value if isinstance(value, bytes) else value.encode("latin-1")


def sign_with_botocore(
    signer: type[auth.SigV4Auth],
    method: str = "POST",
    url: str = "http://127.0.0.1:4580/",
    *,
    body: bytes = b"",
    headers: dict[str, str] | None = None,
    service: str = "sts",
    token: str | None = None,
    payload_signing: bool = True,
    **options: int,
) -> WireRequest:
    """Sign a request with one of botocore's signers, at NOW, and give it as the server reads it."""
    request = AWSRequest(method, url, data=body, headers=headers or {})
    request.context["payload_signing_enabled"] = payload_signing
    moment = auth.get_current_datetime
    auth.get_current_datetime = lambda *_args, **_options: NOW
    try:
        signer(Credentials(ACCESS_KEY_ID, SECRET, token), service, "us-east-1", **options).add_auth(request)
    finally:
        auth.get_current_datetime = moment
    return to_wire(request)


@pytest.fixture(scope="session")
def now() -> datetime:
    """The moment at which every test's request is signed."""
    return NOW


@pytest.fixture(scope="session")
def sign() -> Sign:
    """Sign with botocore."""
    return sign_with_botocore


@pytest.fixture(scope="session")
def key_for() -> Callable[[str], SigningKey]:
    """Derive the signing key of the tests' credential for a service."""
    return lambda service: signing_key(SECRET, "20261124", "us-east-1", service)
