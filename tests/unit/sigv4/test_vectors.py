"""The official Signature Version 4 test suite (tests/data/sigv4)."""

from __future__ import annotations

import hmac
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keywright.aws.wire import WireRequest, merge_headers
from keywright.sigv4.authorization import read_claim
from keywright.sigv4.canonical_request import Spelling, canonical_request
from keywright.sigv4.payload import claimed_payload_hash
from keywright.sigv4.refusals import Refusal
from keywright.sigv4.signature import SigningKey, signing_key, string_to_sign
from keywright.sigv4.verify import verify_signature

SUITE = Path(__file__).parents[2] / "data" / "sigv4"
CASES = sorted(path.name for path in SUITE.iterdir() if (path / "context.json").exists())
WAYS = ("header", "query")


def read(case: str, name: str) -> bytes:
    """Read one file of a case."""
    return (SUITE / case / name).read_bytes()


def context(case: str) -> dict[str, Any]:
    """Read what the case was signed with."""
    loaded: dict[str, Any] = json.loads(read(case, "context.json"))
    return loaded


def parse(text: bytes) -> WireRequest:
    """Parse a request as the suite writes it: line feeds, folded header lines, unencoded targets."""
    head, _, body = text.partition(b"\n\n")
    first, *lines = head.replace(b"\n ", b" ").split(b"\n")
    method, _, target = first.removesuffix(b" HTTP/1.1").partition(b" ")
    path, _, query = target.partition(b"?")
    headers = [(line.partition(b":")[0].lower(), line.partition(b":")[2].strip()) for line in lines if line]
    return WireRequest(method.decode(), path, query, merge_headers(headers), body, secure=False, client_address="")


def spelling(case: str) -> Spelling:
    """Say how the case spells paths and tokens."""
    settings = context(case)
    return Spelling(
        normalize_path=settings["normalize"], sign_session_token=not settings.get("omit_session_token", False)
    )


def key(case: str) -> SigningKey:
    """Derive the key the case was signed with."""
    settings = context(case)
    return signing_key(
        settings["credentials"]["secret_access_key"], "20150830", settings["region"], settings["service"]
    )


def test_the_whole_suite_is_here() -> None:
    """No case of the suite is skipped unseen."""
    assert len(CASES) == 38


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("way", WAYS)
def test_every_step_is_spelled_as_the_suite_spells_it(case: str, way: str) -> None:
    """Canonical request, string to sign and signature are the suite's, byte for byte."""
    request = parse(read(case, f"{way}-signed-request.txt"))
    claim = read_claim(request)
    canonical = canonical_request(request, claim, claimed_payload_hash(request, claim, "query"), spelling(case))

    assert canonical == read(case, f"{way}-canonical-request.txt")
    text = string_to_sign(claim.signed_at.text, claim.credential.scope, canonical)
    assert text == read(case, f"{way}-string-to-sign.txt")
    assert key(case).sign(text) == read(case, f"{way}-signature.txt") == claim.signature
    assert claim.session_token == context(case)["credentials"].get("token")
    assert claim.presigned == (way == "query")


@given(st.binary(max_size=64), st.binary(max_size=200))
def test_signing_is_hmac_sha_256(key: bytes, text: bytes) -> None:
    """A key that signs twice signs as the standard library's HMAC does."""
    signer = SigningKey(key)
    assert signer.sign(text) == signer.sign(text) == hmac.new(key, text, "sha256").hexdigest().encode()


@pytest.mark.parametrize("case", [case for case in CASES if spelling(case) == Spelling()])
@pytest.mark.parametrize("way", WAYS)
def test_the_suite_is_accepted_by_the_verifier(case: str, way: str) -> None:
    """A request of the suite verifies; with another key it does not."""
    request = parse(read(case, f"{way}-signed-request.txt"))
    claim = read_claim(request)

    verify_signature(request, claim, key(case), "query")
    with pytest.raises(Refusal, match=r"^MISMATCH$"):
        verify_signature(request, claim, SigningKey(b"k" * 32), "query")


def test_a_path_that_is_encoded_already_is_encoded_again() -> None:
    """Services other than S3 sign the percent signs that were sent (the suite's two partial cases)."""
    request = parse(read("double-url-encode", "header-signed-request.txt"))
    claim = read_claim(request)
    canonical = canonical_request(request, claim, claimed_payload_hash(request, claim, "json"), Spelling())

    assert canonical == read("double-url-encode", "header-canonical-request.txt").rstrip(b"\n")
    expected = read("double-url-encode", "header-string-to-sign.txt").rstrip(b"\n")
    assert string_to_sign(claim.signed_at.text, claim.credential.scope, canonical) == expected


def test_a_path_with_reserved_characters_is_encoded_once_more() -> None:
    """The suite's API Gateway path; its other lines disagree with one another, so only the path is compared."""
    request = parse(read("double-encode-path", "header-signed-request.txt"))
    claim = read_claim(request)
    canonical = canonical_request(request, claim, claimed_payload_hash(request, claim, "json"), Spelling())

    assert canonical is not None
    assert canonical.split(b"\n")[:2] == read("double-encode-path", "header-canonical-request.txt").split(b"\n")[:2]
