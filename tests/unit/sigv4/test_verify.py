"""Age, credential scope and signature of a claim."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from botocore import auth

from keywright.aws.wire import WireRequest
from keywright.sigv4.authorization import Claim, parse_credential, read_claim
from keywright.sigv4.canonical_request import SPELLINGS, canonical_request
from keywright.sigv4.refusals import Kind, Refusal
from keywright.sigv4.signature import SigningKey, string_to_sign
from keywright.sigv4.verify import check_freshness, check_scope, verify_signature

Sign = Callable[..., WireRequest]
KeyFor = Callable[[str], SigningKey]


@pytest.fixture
def wire(sign: Sign) -> WireRequest:
    """A GetCallerIdentity, signed in its header."""
    return sign(auth.SigV4Auth, body=b"Action=GetCallerIdentity", headers={"Content-Type": "text/plain"})


@pytest.fixture
def claim(wire: WireRequest) -> Claim:
    """Its claim."""
    return read_claim(wire)


@pytest.fixture
def presigned(sign: Sign) -> Claim:
    """The claim of a URL presigned for 3600 seconds."""
    url = "http://localhost/bucket/key"
    return read_claim(sign(auth.S3SigV4QueryAuth, "GET", url, service="s3", expires=3600))


@pytest.mark.parametrize("minutes", [-15, 0, 15])
def test_a_quarter_of_an_hour_either_way_is_fresh(claim: Claim, now: datetime, minutes: int) -> None:
    """A clock may be wrong by 15 minutes, the bounds included."""
    check_freshness(claim, now + timedelta(minutes=minutes), "query")
    check_freshness(claim, now + timedelta(minutes=minutes), "s3")


def test_an_hour_late(claim: Claim, now: datetime) -> None:
    """An old signature is refused with the arithmetic spelled out."""
    with pytest.raises(Refusal) as caught:
        check_freshness(claim, now + timedelta(hours=1), "query")

    assert caught.value.kind is Kind.EXPIRED
    assert caught.value.message == (
        "Signature expired: 20261124T064200Z is now earlier than 20261124T072700Z (20261124T074200Z - 15 min.)"
    )


def test_an_hour_early(claim: Claim, now: datetime) -> None:
    """A signature from the future is refused with the arithmetic spelled out."""
    with pytest.raises(Refusal) as caught:
        check_freshness(claim, now - timedelta(hours=1), "json")

    assert caught.value.kind is Kind.NOT_YET_CURRENT
    assert caught.value.message == (
        "Signature not yet current: 20261124T064200Z is still later than 20261124T055700Z (20261124T054200Z + 15 min.)"
    )


def test_a_presigned_url_lives_as_long_as_it_says_at_s3_only(presigned: Claim, now: datetime) -> None:
    """S3 heeds X-Amz-Expires, others keep to 15 minutes; nobody takes one from the future."""
    check_freshness(presigned, now + timedelta(seconds=3600), "s3")
    check_freshness(presigned, now - timedelta(minutes=15), "s3")
    for style, moment, kind in (
        ("s3", now + timedelta(seconds=3601), Kind.EXPIRED),
        ("query", now + timedelta(seconds=3600), Kind.EXPIRED),
        ("s3", now - timedelta(minutes=16), Kind.NOT_YET_CURRENT),
    ):
        with pytest.raises(Refusal) as caught:
            check_freshness(presigned, moment, style)  # type: ignore[arg-type]
        assert (caught.value.kind, caught.value.presigned) == (kind, True)


@pytest.mark.parametrize(
    ("expires", "words"),
    [
        ("soon", "should be a number"),
        ("", "should be a number"),
        ("٣", "should be a number"),
        ("-1", "must be non-negative"),
        ("604801", "must be less than a week"),
        ("9" * 5000, "must be less than a week"),
    ],
)
def test_a_lifetime_that_is_none(presigned: Claim, now: datetime, expires: str, words: str) -> None:
    """S3 refuses a lifetime that is no number, negative or longer than a week."""
    with pytest.raises(Refusal) as caught:
        check_freshness(presigned._replace(expires=expires), now, "s3")

    assert caught.value.kind is Kind.MALFORMED_EXPIRES
    assert words in caught.value.facts["reason"]


def test_a_lifetime_is_required_at_s3_only(presigned: Claim, now: datetime) -> None:
    """S3 needs X-Amz-Expires; the others do not ask; a week is the most."""
    with pytest.raises(Refusal, match="MISSING_PARAMETER"):
        check_freshness(presigned._replace(expires=None), now, "s3")
    check_freshness(presigned._replace(expires=None), now, "query")
    check_freshness(presigned._replace(expires="604800"), now + timedelta(days=7), "s3")


def scoped(claim: Claim, text: str) -> Claim:
    """Give the claim another Credential parameter."""
    return claim._replace(credential=parse_credential(text))


def test_a_scope_that_fits(claim: Claim) -> None:
    """The right service passes, in any region or in one of those named."""
    check_scope(claim, "sts")
    check_scope(claim, "sts", frozenset(("eu-west-1", "us-east-1")))


@pytest.mark.parametrize("text", ["", "AKID", "AKID/20261124/us-east-1/sts", "a/b/c/d/e/f"])
def test_a_credential_of_other_than_five_parts(claim: Claim, text: str) -> None:
    """A credential is refused unless it has five parts, and quoted back."""
    broken = scoped(claim, text)
    with pytest.raises(Refusal) as caught:
        check_scope(broken, "sts")

    assert caught.value.kind is Kind.MALFORMED_CREDENTIAL
    assert caught.value.message == (
        f"Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '{text}'"
    )
    assert (broken.access_key_id, broken.date, broken.region, broken.service) == ("", "", "", "")


REGION = "Credential should be scoped to a valid region. "
SERVICE = "Credential should be scoped to correct service: 'sts'. "
TERMINATOR = "Credential should be scoped with a valid terminator: 'aws4_request', not 'x'. "
DATE = (
    "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: "
    "'20261123' != '20261124', from '20261124T064200Z'."
)


@pytest.mark.parametrize(
    ("text", "kind", "message"),
    [
        ("a/20261124/eu-west-1/sts/aws4_request", Kind.WRONG_REGION, REGION),
        ("a/20261124/us-east-1/iam/aws4_request", Kind.WRONG_SERVICE, SERVICE),
        ("a/20261124/eu-west-1/iam/aws4_request", Kind.WRONG_REGION, REGION + SERVICE),
        ("a/20261124/us-east-1/sts/x", Kind.WRONG_TERMINATOR, TERMINATOR),
        ("a/20261123/us-east-1/sts/aws4_request", Kind.WRONG_DATE, DATE),
        ("a/20261123/eu-west-1/iam/x", Kind.WRONG_REGION, REGION + SERVICE + TERMINATOR + DATE),
    ],
)
def test_a_scope_of_elsewhere(claim: Claim, text: str, kind: Kind, message: str) -> None:
    """Every wrong part of the scope is named, in AWS's order; the first one is the kind."""
    with pytest.raises(Refusal) as caught:
        check_scope(scoped(claim, text), "sts", frozenset(("us-east-1",)))

    assert (caught.value.kind, caught.value.message) == (kind, message)


@pytest.mark.parametrize("region", ["", "-", "us east", "us-east-1\n", "ü"])
def test_a_region_must_at_least_look_like_one(claim: Claim, region: str) -> None:
    """Where any region will do, a name that could be none is refused still."""
    with pytest.raises(Refusal, match="WRONG_REGION"):
        check_scope(scoped(claim, f"a/20261124/{region}/sts/aws4_request"), "sts")


def test_the_right_key_verifies(wire: WireRequest, claim: Claim, key_for: KeyFor) -> None:
    """A request verifies by the key that signed it and by no other."""
    verify_signature(wire, claim, key_for("sts"), "query")
    with pytest.raises(Refusal) as caught:
        verify_signature(wire, claim, key_for("iam"), "query")
    assert (caught.value.kind, caught.value.facts) == (Kind.MISMATCH, {})


def test_a_tampered_body_or_a_missing_signed_header(wire: WireRequest, claim: Claim, key_for: KeyFor) -> None:
    """The body and every signed header are bound by the signature."""
    without = {name: value for name, value in wire.headers.items() if name != b"content-type"}
    for changed in (
        wire._replace(body=b"Action=GetSessionToken"),
        wire._replace(body=b""),
        wire._replace(headers=without),
    ):
        with pytest.raises(Refusal, match=r"^MISMATCH$"):
            verify_signature(changed, claim, key_for("sts"), "query")


def test_only_s3_takes_the_clients_word_for_the_body(sign: Sign, key_for: KeyFor) -> None:
    """A signed UNSIGNED-PAYLOAD does not unbind the body of any other service."""
    word = {"X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD"}
    wire = sign(auth.SigV4Auth, body=b"Action=GetCallerIdentity", headers=word)
    honest = sign(auth.SigV4Auth, body=b"Action=GetCallerIdentity")

    assert b"x-amz-content-sha256" in read_claim(wire).signed_headers
    with pytest.raises(Refusal, match=r"^MISMATCH$"):
        verify_signature(wire, read_claim(wire), key_for("sts"), "json")
    verify_signature(honest, read_claim(honest), key_for("sts"), "json")


def s3_put(sign: Sign, body: bytes = b"<xml/>", **options: object) -> WireRequest:
    """Sign a PUT for S3."""
    return sign(auth.S3SigV4Auth, "PUT", "http://localhost/bucket/a%20b//../c", body=body, service="s3", **options)


def test_s3_paths_are_taken_as_they_are(sign: Sign, key_for: KeyFor) -> None:
    """S3 keeps slashes and dots, which are part of a key's name; other services would not."""
    wire = s3_put(sign)

    verify_signature(wire, read_claim(wire), key_for("s3"), "s3")
    with pytest.raises(Refusal, match=r"^MISMATCH$"):
        verify_signature(wire, read_claim(wire), key_for("s3"), "query")


def test_s3_says_which_of_body_and_signature_is_wrong(sign: Sign, key_for: KeyFor) -> None:
    """A body other than the digest's is told apart, but only once the signature has held."""
    wire = s3_put(sign)
    changed = wire._replace(body=b"<tampered/>")

    with pytest.raises(Refusal, match="PAYLOAD_MISMATCH"):
        verify_signature(changed, read_claim(changed), key_for("s3"), "s3")
    with pytest.raises(Refusal, match=r"^MISMATCH$"):
        verify_signature(changed, read_claim(changed), key_for("sts"), "s3")


def test_s3_payload_may_be_unsigned(sign: Sign, key_for: KeyFor) -> None:
    """A presigned URL says nothing of the body, so any body goes."""
    url = "https://localhost/bucket/key"
    plain = sign(auth.S3SigV4QueryAuth, "PUT", url, service="s3", expires=60)._replace(body=b"anything")

    assert read_claim(plain).content_sha256 is None
    verify_signature(plain, read_claim(plain), key_for("s3"), "s3")


def test_a_presigned_digest_binds_the_body(sign: Sign, key_for: KeyFor) -> None:
    """A URL presigned with X-Amz-Content-Sha256 takes that body and no other."""
    digest = hashlib.sha256(b"this").hexdigest()
    url = f"https://localhost/bucket/key?X-Amz-Content-Sha256={digest}"
    wire = sign(auth.S3SigV4QueryAuth, "PUT", url, service="s3", expires=60)._replace(body=b"this")
    claim = read_claim(wire)
    # botocore puts the digest in the query but signs UNSIGNED-PAYLOAD; other SDKs sign the digest.
    canonical = canonical_request(wire, claim, digest.encode(), SPELLINGS["s3"])
    assert canonical is not None
    text = string_to_sign(claim.signed_at.text, claim.credential.scope, canonical)
    claim = claim._replace(signature=key_for("s3").sign(text))

    verify_signature(wire, claim, key_for("s3"), "s3")
    with pytest.raises(Refusal, match="PAYLOAD_MISMATCH"):
        verify_signature(wire._replace(body=b"that"), claim, key_for("s3"), "s3")


@pytest.mark.parametrize("value", ["", "abc", "g" * 64, "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD"])
def test_s3_needs_a_payload_word_it_knows(sign: Sign, key_for: KeyFor, value: str) -> None:
    """S3 requires x-amz-content-sha256, and refuses a value that is neither a digest nor one of its words."""
    wire = s3_put(sign)
    odd = wire._replace(headers=wire.headers | {b"x-amz-content-sha256": value.encode()})
    none = wire._replace(headers={k: v for k, v in wire.headers.items() if k != b"x-amz-content-sha256"})

    with pytest.raises(Refusal, match="INVALID_CONTENT_SHA256"):
        verify_signature(odd, read_claim(odd), key_for("s3"), "s3")
    with pytest.raises(Refusal, match="MISSING_CONTENT_SHA256"):
        verify_signature(none, read_claim(none), key_for("s3"), "s3")


def test_s3_refuses_amz_headers_that_are_not_signed(sign: Sign, key_for: KeyFor) -> None:
    """An x-amz- header slipped in after signing is refused by S3, and named; other services do not mind."""
    wire = s3_put(sign)
    wire.headers[b"x-amz-acl"] = b"public-read"
    wire.headers[b"x-amz-meta-a"] = b"1"
    with pytest.raises(Refusal) as caught:
        verify_signature(wire, read_claim(wire), key_for("s3"), "s3")
    assert (caught.value.kind, caught.value.facts["headers"]) == (Kind.HEADERS_NOT_SIGNED, "x-amz-acl, x-amz-meta-a")

    other = sign(auth.SigV4Auth)
    other.headers[b"x-amz-acl"] = b"public-read"
    verify_signature(other, read_claim(other), key_for("sts"), "query")
