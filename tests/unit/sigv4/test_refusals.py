"""AWS's code, status and words for every refusal, per wire style."""

from __future__ import annotations

import pytest

from keywright.aws.errors import AwsError
from keywright.sigv4.refusals import Kind, Refusal, Style, as_error

FACTS = {
    "component": "Credential",
    "reason": "X-Amz-Expires should be a number",
    "terminator": "t",
    "region": "r",
    "service": "s",
    "expected": "e",
    "trailer": "x-amz-checksum-crc32",
    "header": "x-amz-checksum-crc32",
    "algorithm": "CRC32",
}


def words(kind: Kind, style: Style, *, presigned: bool = False) -> tuple[str, int, str]:
    """Word a refusal."""
    error = as_error(Refusal(kind, "own words", presigned=presigned, **FACTS), style)
    return error.code, error.status, error.message


@pytest.mark.parametrize("style", ["query", "json", "s3"])
@pytest.mark.parametrize("presigned", [False, True])
@pytest.mark.parametrize("kind", Kind)
def test_every_kind_has_words_in_every_style(kind: Kind, style: Style, *, presigned: bool) -> None:
    """No refusal is left without an answer, and none is anything but the caller's fault."""
    error = as_error(Refusal(kind, presigned=presigned, **FACTS), style)

    assert isinstance(error, AwsError)
    assert type(error).__name__ == error.code
    assert 400 <= error.status < 500
    assert "{" not in error.message


@pytest.mark.parametrize(
    ("kind", "code", "status", "message"),
    [
        (Kind.MALFORMED_QUERY, "MalformedQueryString", 400, "own words"),
        (Kind.NO_AUTHENTICATION, "MissingAuthenticationToken", 403, "Request is missing Authentication Token"),
        (Kind.TWO_AUTHENTICATIONS, "SignatureDoesNotMatch", 403, ""),
        (Kind.UNSUPPORTED_ALGORITHM, "IncompleteSignature", 400, "own words"),
        (Kind.MISSING_PARAMETER, "IncompleteSignature", 400, "own words"),
        (Kind.EXPIRED, "SignatureDoesNotMatch", 403, "own words"),
        (Kind.WRONG_REGION, "SignatureDoesNotMatch", 403, "own words"),
        (
            Kind.INVALID_SESSION_TOKEN,
            "InvalidClientTokenId",
            403,
            "The security token included in the request is invalid",
        ),
        (Kind.EXPIRED_SESSION_TOKEN, "ExpiredToken", 403, "The security token included in the request is expired"),
        (
            Kind.UNKNOWN_ACCESS_KEY,
            "InvalidClientTokenId",
            403,
            "The security token included in the request is invalid.",
        ),
        (
            Kind.MISMATCH,
            "SignatureDoesNotMatch",
            403,
            (
                "The request signature we calculated does not match the signature you provided. Check your AWS "
                "Secret Access Key and signing method. Consult the service documentation for details."
            ),
        ),
    ],
)
def test_the_query_protocol(kind: Kind, code: str, status: int, message: str) -> None:
    """IAM and STS say what facts §11 records."""
    assert words(kind, "query") == (code, status, message)


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (Kind.NO_AUTHENTICATION, "MissingAuthenticationTokenException"),
        (Kind.MISSING_PARAMETER, "IncompleteSignatureException"),
        (Kind.EXPIRED, "InvalidSignatureException"),
        (Kind.UNKNOWN_ACCESS_KEY, "UnrecognizedClientException"),
        (Kind.EXPIRED_SESSION_TOKEN, "ExpiredTokenException"),
        (Kind.MISMATCH, "InvalidSignatureException"),
    ],
)
def test_the_json_protocol(kind: Kind, code: str) -> None:
    """The JSON services name the same failures as exceptions, with the same words, and always answer 400."""
    assert words(kind, "json") == (code, 400, words(kind, "query")[2])


@pytest.mark.parametrize(
    ("kind", "code", "status", "message"),
    [
        (Kind.NO_AUTHENTICATION, "AccessDenied", 403, "Access Denied"),
        (
            Kind.EXPIRED,
            "RequestTimeTooSkewed",
            403,
            "The difference between the request time and the current time is too large.",
        ),
        (
            Kind.MALFORMED_CREDENTIAL,
            "AuthorizationHeaderMalformed",
            400,
            (
                "The authorization header is malformed; the Credential is mal-formed; expecting "
                '"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".'
            ),
        ),
        (
            Kind.WRONG_REGION,
            "AuthorizationHeaderMalformed",
            400,
            "The authorization header is malformed; the region 'r' is wrong; expecting 'e'",
        ),
        (
            Kind.UNKNOWN_ACCESS_KEY,
            "InvalidAccessKeyId",
            403,
            "The AWS Access Key Id you provided does not exist in our records.",
        ),
        (
            Kind.MISMATCH,
            "SignatureDoesNotMatch",
            403,
            (
                "The request signature we calculated does not match the signature you provided. Check your key "
                "and signing method."
            ),
        ),
        (
            Kind.HEADERS_NOT_SIGNED,
            "AccessDenied",
            403,
            "There were headers present in the request which were not signed",
        ),
        (Kind.CHECKSUM_MISMATCH, "BadDigest", 400, "The CRC32 you specified did not match the calculated checksum."),
    ],
)
def test_s3(kind: Kind, code: str, status: int, message: str) -> None:
    """S3 has its own codes and words (facts/aws-errors.md, appendix)."""
    assert words(kind, "s3") == (code, status, message)


@pytest.mark.parametrize(
    ("kind", "code", "status", "message"),
    [
        (Kind.EXPIRED, "AccessDenied", 403, "Request has expired"),
        (Kind.NOT_YET_CURRENT, "AccessDenied", 403, "Request is not yet valid"),
        (Kind.MALFORMED_EXPIRES, "AuthorizationQueryParametersError", 400, "X-Amz-Expires should be a number"),
        (
            Kind.MISSING_PARAMETER,
            "AuthorizationQueryParametersError",
            400,
            (
                "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, "
                "X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."
            ),
        ),
        (
            Kind.MALFORMED_CREDENTIAL,
            "AuthorizationQueryParametersError",
            400,
            (
                "Error parsing the X-Amz-Credential parameter; the Credential is mal-formed; expecting "
                '"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".'
            ),
        ),
    ],
)
def test_s3_presigned(kind: Kind, code: str, status: int, message: str) -> None:
    """A presigned URL is refused in words of its own at S3, and in the ordinary ones elsewhere."""
    assert words(kind, "s3", presigned=True) == (code, status, message)
    assert words(kind, "query", presigned=True) == words(kind, "query")
