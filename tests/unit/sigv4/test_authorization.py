"""What a request says of its own signature, and how a half-said one is refused."""

from __future__ import annotations

import pytest

from keywright.aws.wire import WireRequest
from keywright.sigv4.authorization import read_claim
from keywright.sigv4.refusals import Kind, Refusal, as_error

STEM = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261124/us-east-1/sts/aws4_request, "
HEADER = STEM + "SignedHeaders=host;x-amz-date, Signature=" + "a" * 64
QUERY = (
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20261124%2Fus-east-1%2Fsts%2Faws4_request"
    "&X-Amz-Date=20261124T064200Z&X-Amz-SignedHeaders=host&X-Amz-Expires=60&X-Amz-Signature=" + "a" * 64
)
NEEDS_DATE = "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header."


def request(
    authorization: str | None = HEADER, *, query: str = "", date: str | None = "20261124T064200Z", **headers: str
) -> WireRequest:
    """Make a request that claims what is given."""
    fields = {"host": "localhost", "authorization": authorization, "x-amz-date": date, **headers}
    wire = {name.replace("_", "-").encode(): v.encode("latin-1") for name, v in fields.items() if v is not None}
    return WireRequest("POST", b"/", query.encode(), wire, b"", secure=False, client_address="")


def refusal_of(wire: WireRequest) -> Refusal:
    """Read the claim of a request that must be refused."""
    with pytest.raises(Refusal) as caught:
        read_claim(wire)
    return caught.value


@pytest.mark.parametrize("spaced", [HEADER, HEADER.replace(", ", ","), HEADER.replace(", ", " ,  ")])
def test_a_header_claim_is_read_whole(spaced: str) -> None:
    """Every part of the header arrives in the claim, however the parts are spaced."""
    claim = read_claim(request(spaced, x_amz_security_token="token", x_amz_content_sha256="UNSIGNED-PAYLOAD"))

    assert (claim.access_key_id, claim.date, claim.region, claim.service) == (
        "AKIAIOSFODNN7EXAMPLE",
        "20261124",
        "us-east-1",
        "sts",
    )
    assert claim.credential.scope == b"20261124/us-east-1/sts/aws4_request"
    assert claim.signed_headers == (b"host", b"x-amz-date")
    assert claim.signature == b"a" * 64
    assert claim.signed_at.text == b"20261124T064200Z"
    assert (claim.session_token, claim.content_sha256) == ("token", "UNSIGNED-PAYLOAD")
    assert (claim.presigned, claim.expires, claim.payload_is_chunked) == (False, None, False)


def test_the_signature_need_not_come_last() -> None:
    """The order of the parameters does not matter, and of a repeated one the last counts."""
    tail = ",SignedHeaders=nothing,SignedHeaders=host"
    claim = read_claim(request("AWS4-HMAC-SHA256 Signature=short,Credential=a/b/c/d/e" + tail))

    assert (claim.signature, claim.signed_headers, claim.access_key_id) == (b"short", (b"host",), "a")


def test_only_the_signature_is_taken_for_one() -> None:
    """Another parameter at the end, as long as a signature and as hexadecimal, is not mistaken for it."""
    header = f"{STEM}SignedHeaders=host, Signature={'b' * 64}, Other={'a' * 64}"

    assert read_claim(request(header)).signature == b"b" * 64


def test_a_very_long_header_is_read_too() -> None:
    """A header too long to be remembered is read like any other."""
    names = ";".join(["host", *(f"x-amz-meta-{n}" for n in range(200))])
    claim = read_claim(request(f"{STEM}SignedHeaders={names}, Signature={'a' * 64}"))

    assert len(claim.signed_headers) == 201


@pytest.mark.parametrize("date", ["20261124T064200Z", "Tue, 24 Nov 2026 06:42:00 GMT"])
def test_a_date_header_serves_in_place_of_x_amz_date(date: str) -> None:
    """Without X-Amz-Date the Date header counts, in ISO 8601 or in HTTP's own form."""
    header = STEM + "SignedHeaders=date;host, Signature=" + "a" * 64
    wire = request(header, date=None)
    wire.headers[b"date"] = date.encode()

    assert read_claim(wire).signed_at.text == b"20261124T064200Z"


def test_a_presigned_claim_is_read_whole() -> None:
    """Every parameter of a presigned request arrives in the claim; of a repeated one the first counts."""
    extra = "&X-Amz-Security-Token=a%2Bb%3D&X-Amz-Content-Sha256=STREAMING-UNSIGNED-PAYLOAD-TRAILER&X-Amz-Expires=9"
    claim = read_claim(request(None, query=QUERY + extra, date=None))

    assert (claim.access_key_id, claim.date, claim.region, claim.service) == (
        "AKIAIOSFODNN7EXAMPLE",
        "20261124",
        "us-east-1",
        "sts",
    )
    assert (claim.signed_headers, claim.signature, claim.signed_at.day) == ((b"host",), b"a" * 64, "20261124")
    assert (claim.presigned, claim.expires, claim.session_token) == (True, "60", "a+b=")
    assert claim.payload_is_chunked


def test_a_url_presigned_by_version_2_is_told_of_version_4() -> None:
    """The query of a version 2 signature is refused as its header is; half of one is no signature."""
    found = refusal_of(request(None, query="AWSAccessKeyId=AKID&Signature=a%2Bb%3D&Expires=1"))
    assert (found.kind, found.presigned) == (Kind.LEGACY_ALGORITHM, True)
    assert as_error(found, "s3").code == "InvalidRequest"
    assert refusal_of(request(None, query="AWSAccessKeyId=AKID")).kind is Kind.NO_AUTHENTICATION


@pytest.mark.parametrize("authorization", [None, ""])
def test_no_signature_at_all(authorization: str | None) -> None:
    """Neither an Authorization header nor X-Amz-Algorithm, a query or none, is no authentication."""
    assert refusal_of(request(authorization)).kind is Kind.NO_AUTHENTICATION
    assert refusal_of(request(authorization, query="Action=ListUsers")).kind is Kind.NO_AUTHENTICATION


def test_two_signatures() -> None:
    """A header and a presigned query at once are refused."""
    assert refusal_of(request(query=QUERY)).kind is Kind.TWO_AUTHENTICATIONS


def test_a_header_claim_may_carry_an_ordinary_query() -> None:
    """A query that does not sign leaves the header to speak."""
    assert not read_claim(request(query="list-type=2&&prefix")).presigned


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("a=%4", "Incomplete trailing escape % sequence"),
        ("a=%", "Incomplete trailing escape % sequence"),
        ("a=%zz", "Illegal hex characters in escape (%) pattern - %zz"),
    ],
)
def test_a_malformed_query_comes_before_everything(query: str, message: str) -> None:
    """A broken escape is refused even without a signature."""
    refusal = refusal_of(request(None, query=query))

    assert (refusal.kind, refusal.message) == (Kind.MALFORMED_QUERY, message)


@pytest.mark.parametrize(
    ("authorization", "kind", "message"),
    [
        ("Bearer abc", Kind.UNSUPPORTED_ALGORITHM, "Unsupported AWS 'algorithm': 'Bearer'."),
        ("AWS AKID:abc", Kind.LEGACY_ALGORITHM, "Unsupported AWS 'algorithm': 'AWS'."),
        (
            "AWS4-HMAC-SHA256 Credential= a/b/c/d/e",
            Kind.MALFORMED_PARAMETER,
            (
                "'a/b/c/d/e' not a valid key=value pair (missing equal-sign) in Authorization header: "
                "'AWS4-HMAC-SHA256 Credential= a/b/c/d/e'."
            ),
        ),
        (
            "AWS4-HMAC-SHA256",
            Kind.MISSING_PARAMETER,
            (
                "Authorization header requires 'Credential' parameter. Authorization header requires "
                "'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. "
                "Authorization=AWS4-HMAC-SHA256"
            ),
        ),
        (
            "AWS4-HMAC-SHA256 SignedHeaders=host, Signature=" + "a" * 64,
            Kind.MISSING_PARAMETER,
            "Authorization header requires 'Credential' parameter. "
            "Authorization=AWS4-HMAC-SHA256 SignedHeaders=host, Signature=" + "a" * 64,
        ),
        (
            HEADER.replace(" Signature", " XSignature"),
            Kind.MISSING_PARAMETER,
            "Authorization header requires 'Signature' parameter. Authorization="
            + HEADER.replace(" Signature", " XSignature"),
        ),
    ],
)
def test_half_an_authorization_header(authorization: str, kind: Kind, message: str) -> None:
    """Each way to write half a header has AWS's words, every missing part named at once."""
    refusal = refusal_of(request(authorization))

    assert (refusal.kind, refusal.message) == (kind, message)


def test_the_malformed_component_is_named() -> None:
    """S3 quotes the whole component, so the refusal carries it beside the word that the other services quote."""
    refusal = refusal_of(request(STEM.replace("AKIA", "key= AKIA") + "SignedHeaders=host"))

    assert refusal.message.startswith(
        "'AKIAIOSFODNN7EXAMPLE/20261124/us-east-1/sts/aws4_request' not a valid key=value"
    )
    component = "Credential=key= AKIAIOSFODNN7EXAMPLE/20261124/us-east-1/sts/aws4_request"
    assert refusal.facts == {"component": component}


def test_no_date_at_all() -> None:
    """A header signature without a date says so, behind what else is missing."""
    alone = refusal_of(request(date=None))
    with_others = refusal_of(request("AWS4-HMAC-SHA256 Credential=a, Signature=b", date=None))

    assert (alone.kind, alone.message) == (Kind.MISSING_DATE, f"{NEEDS_DATE} Authorization={HEADER}")
    assert with_others.kind is Kind.MISSING_PARAMETER
    assert with_others.message.startswith(f"Authorization header requires 'SignedHeaders' parameter. {NEEDS_DATE} Auth")


@pytest.mark.parametrize(
    "date", ["", "2026-11-24T06:42:00Z", "20261124T064200", "20261324T064200Z", "Tue, 24 Nov 2026"]
)
def test_a_date_that_is_not_iso_basic(date: str) -> None:
    """A date in another form is refused, quoted back, in header, Date header and query alike."""
    message = f"Date must be in ISO-8601 'basic format'. Got '{date}'. See http://en.wikipedia.org/wiki/ISO_8601"
    wire = request(date=None)
    wire.headers[b"date"] = date.encode()
    query = QUERY.replace("20261124T064200Z", date.replace(" ", "+"))

    for refusal in (refusal_of(request(date=date)), refusal_of(wire), refusal_of(request(None, query=query))):
        assert (refusal.kind, refusal.message) == (Kind.MALFORMED_DATE, message)


def test_host_must_be_signed() -> None:
    """A signature that leaves the host out is refused, before the date is looked at."""
    message = "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
    by_header = refusal_of(request(HEADER.replace("host;", ""), date="nonsense"))
    by_query = refusal_of(request(None, query=QUERY.replace("=host", "=x-amz-date")))

    assert (by_header.kind, by_header.message, by_header.presigned) == (Kind.HOST_NOT_SIGNED, message, False)
    assert (by_query.kind, by_query.message, by_query.presigned) == (Kind.HOST_NOT_SIGNED, message, True)
    assert read_claim(request(HEADER.replace("host;", ":authority;"))).signed_headers[0] == b":authority"


def test_half_a_presigned_query() -> None:
    """Every missing parameter of a presigned request is named; an algorithm we do not know comes first."""
    refusal = refusal_of(request(None, query="X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20261124T064200Z"))
    unknown = refusal_of(request(None, query="X-Amz-Algorithm=AWS3"))

    assert refusal.kind is Kind.MISSING_PARAMETER
    assert refusal.message == (
        "AWS query-string parameters must include 'X-Amz-Credential'. "
        "AWS query-string parameters must include 'X-Amz-Signature'. "
        "AWS query-string parameters must include 'X-Amz-SignedHeaders'. Re-examine the query-string parameters."
    )
    assert (unknown.kind, unknown.message) == (Kind.UNSUPPORTED_ALGORITHM, "Unsupported AWS 'algorithm': 'AWS3'.")


def test_a_refusal_is_safe_to_log() -> None:
    """The text of the exception names the kind only, though its message quotes the signature back."""
    refusal = refusal_of(request(HEADER.replace("Credential", "Cred")))

    assert "a" * 64 in refusal.message
    assert str(refusal) == "MISSING_PARAMETER"
