"""Botocore signs, we verify; anything changed on the way, we refuse; nothing at all makes us fail otherwise."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote

import pytest
from botocore import auth
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from keywright.aws.wire import WireRequest
from keywright.sigv4.authorization import read_claim
from keywright.sigv4.refusals import Kind, Refusal, Style
from keywright.sigv4.signature import SigningKey
from keywright.sigv4.verify import check_freshness, check_scope, verify_signature

pytestmark = pytest.mark.long

Sign = Callable[..., WireRequest]
KeyFor = Callable[[str], SigningKey]

# Two signers write a header, two a query; S3 has one of each.
WAYS: list[tuple[type[auth.SigV4Auth], Style, str, dict[str, int]]] = [
    (auth.SigV4Auth, "query", "iam", {}),
    (auth.SigV4Auth, "json", "cloudtrail", {}),
    (auth.SigV4QueryAuth, "query", "sts", {"expires": 60}),
    (auth.S3SigV4Auth, "s3", "s3", {}),
    (auth.S3SigV4QueryAuth, "s3", "s3", {"expires": 60}),
]

text = st.text(st.characters(codec="utf-8"), max_size=12)
segment = st.one_of(text, st.sampled_from([".", "..", "", "a b", "100%", "ü+"]))
visible = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=20).map(str.strip)


def accept(wire: WireRequest, style: Style, service: str, key: SigningKey, now: datetime) -> None:
    """Walk the whole check as the server does, who knows one key."""
    claim = read_claim(wire)
    check_freshness(claim, now, style)
    check_scope(claim, service, frozenset(("us-east-1",)))
    if claim.access_key_id != "AKIAIOSFODNN7EXAMPLE":
        raise Refusal(Kind.UNKNOWN_ACCESS_KEY)
    verify_signature(wire, claim, key, style)


@pytest.mark.parametrize(("signer", "style", "service", "options"), WAYS)
@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    path=st.lists(segment, max_size=4),
    query=st.lists(st.tuples(text.filter(lambda name: not name.startswith("X-Amz")), text), max_size=3),
    body=st.binary(max_size=64),
    note=visible,
    token=st.one_of(st.none(), st.from_regex(r"[A-Za-z0-9/+=]{1,40}", fullmatch=True)),
)
def test_what_botocore_signs_is_accepted(
    signer: type[auth.SigV4Auth],
    style: Style,
    service: str,
    options: dict[str, int],
    path: list[str],
    query: list[tuple[str, str]],
    body: bytes,
    note: str,
    token: str | None,
    sign: Sign,
    key_for: KeyFor,
    now: datetime,
) -> None:
    """Any path, query, body, header and token that botocore can sign verifies."""
    url = "http://localhost:4580/" + "/".join(quote(part, safe="~") for part in path)
    if query:
        # A presigned query signs no empty values: botocore drops them from the URL.
        url += "?" + "&".join(f"{quote(name, safe='~')}={quote(value or '0', safe='~')}" for name, value in query)
    method = "GET" if options else "POST"
    sent = b"" if options else body
    wire = sign(
        signer, method, url, body=sent, headers={"X-Amz-Meta-Note": note}, service=service, token=token, **options
    )

    accept(wire, style, service, key_for(service), now)
    assert read_claim(wire).session_token == token


@pytest.mark.parametrize(("signer", "style", "service", "options"), WAYS)
@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_changed_byte_is_refused(
    signer: type[auth.SigV4Auth],
    style: Style,
    service: str,
    options: dict[str, int],
    data: st.DataObject,
    sign: Sign,
    key_for: KeyFor,
    now: datetime,
) -> None:
    """One byte changed, anywhere that is signed, and the request is refused."""
    url = "http://localhost:4580/a/b?list=1&prefix=x"
    body = b"" if options else b"Action=A"
    wire = sign(signer, "POST", url, body=body, headers={"X-Amz-Meta-Note": "note"}, service=service, **options)
    signed = read_claim(wire).signed_headers
    fields = ["method", "raw_path", "raw_query", *(name.decode() for name in signed)]
    if not options:
        fields += ["authorization", "body"]
    field = data.draw(st.sampled_from(fields))
    changed = data.draw(change(wire, field))

    with pytest.raises(Refusal):
        accept(changed, style, service, key_for(service), now)


@st.composite
def change(draw: st.DrawFn, wire: WireRequest, field: str) -> WireRequest:
    """Change one byte of a field to another that means something else."""
    parts = {"method": wire.method.encode(), "raw_path": wire.raw_path, "raw_query": wire.raw_query, "body": wire.body}
    original = parts[field] if field in parts else wire.headers[field.encode()]
    at = draw(st.integers(0, len(original) - 1))
    byte = draw(st.sampled_from(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"))
    after = original[:at] + bytes([byte]) + original[at + 1 :]
    assume(after != original)
    if field == "authorization":
        # The blanks and commas between the parameters, and their hexadecimal escapes, are not meaning.
        assume(original[at] not in b", ")
    if field == "raw_query":
        # An escape may be written in either case.
        assume(after.lower() != original.lower())
    if field not in parts:
        return wire._replace(headers=wire.headers | {field.encode(): after})
    parts[field] = after
    return wire._replace(
        method=parts["method"].decode(), raw_path=parts["raw_path"], raw_query=parts["raw_query"], body=parts["body"]
    )


claims = st.one_of(
    st.binary(max_size=80),
    st.lists(
        st.sampled_from(
            [
                b"AWS4-HMAC-SHA256",
                b" ",
                b",",
                b"Credential=",
                b"AKIA/20261124/us-east-1/sts/aws4_request",
                b"SignedHeaders=",
                b"host",
                b";",
                b"Signature=",
                b"a" * 64,
                b"\xff",
                b"=",
            ]
        ),
        max_size=14,
    ).map(b"".join),
)
queries = st.one_of(
    st.binary(max_size=80),
    st.lists(
        st.sampled_from(
            [
                b"X-Amz-Algorithm=AWS4-HMAC-SHA256",
                b"X-Amz-Credential=A/20261124/us-east-1/s3/aws4_request",
                b"X-Amz-Credential=%ff/%00///",
                b"X-Amz-Date=20261124T064200Z",
                b"X-Amz-Date=%C3%A9",
                b"X-Amz-SignedHeaders=host",
                b"X-Amz-SignedHeaders=host;%0a",
                b"X-Amz-Expires=60",
                b"X-Amz-Expires=%D9%A3",
                b"X-Amz-Signature=abc",
                b"X-Amz-Signature=%C3%A9",
                b"%zz",
                b"+=&",
            ]
        ),
        max_size=9,
    ).map(b"&".join),
)


@settings(deadline=None, max_examples=400, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    authorization=st.one_of(st.none(), claims),
    query=queries,
    path=st.binary(max_size=30),
    headers=st.dictionaries(
        st.sampled_from(
            [b"host", b"date", b"x-amz-date", b"x-amz-content-sha256", b"x-amz-security-token", b"x-amz-a"]
        ),
        st.one_of(st.binary(max_size=40), st.sampled_from([b"20261124T064200Z", b"UNSIGNED-PAYLOAD"])),
    ),
    style=st.sampled_from(["query", "json", "s3"]),
)
def test_nothing_unsigned_passes_and_nothing_else_is_raised(
    authorization: bytes | None,
    query: bytes,
    path: bytes,
    headers: dict[bytes, bytes],
    style: Style,
    key_for: KeyFor,
    now: datetime,
) -> None:
    """Whatever bytes arrive, the answer is a refusal: no other exception, and no pass."""
    if authorization is not None:
        headers = headers | {b"authorization": authorization}
    wire = WireRequest("GET", path, query, headers, b"", secure=False, client_address="")

    with pytest.raises(Refusal):
        accept(wire, style, "s3", key_for("s3"), now)


def test_a_captured_signature_serves_no_other_request(sign: Sign, key_for: KeyFor, now: datetime) -> None:
    """A signature that was seen cannot be moved to another body, service or moment."""
    wire = sign(auth.SigV4Auth, body=b"Action=GetCallerIdentity")
    other = sign(auth.SigV4Auth, body=b"Action=GetSessionToken")
    stolen = other._replace(headers=other.headers | {b"authorization": wire.headers[b"authorization"]})

    accept(wire, "query", "sts", key_for("sts"), now)
    with pytest.raises(Refusal, match=r"^MISMATCH$"):
        accept(stolen, "query", "sts", key_for("sts"), now)
    with pytest.raises(Refusal, match="WRONG_SERVICE"):
        accept(wire, "query", "iam", key_for("sts"), now)
    later = wire._replace(headers=wire.headers | {b"x-amz-date": b"20261124T064201Z"})
    with pytest.raises(Refusal, match=r"^MISMATCH$"):
        accept(later, "query", "sts", key_for("sts"), now)
