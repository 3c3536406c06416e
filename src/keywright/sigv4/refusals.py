"""
Why a signature is refused, and how each wire style words it.

    class Kind(Enum)                          one member per way to be wrong
    class Refusal(Exception)                  kind, message (the query protocol's words), facts (for S3's words)
    def as_error(refusal, style) -> AwsError  code, message and status as that wire style has them

The caller raises `Refusal` too, for what only it can know: UNKNOWN_ACCESS_KEY,
INVALID_SESSION_TOKEN, EXPIRED_SESSION_TOKEN.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import Literal, NamedTuple, cast

from keywright.aws.errors import AwsError

Style = Literal["query", "json", "s3"]


class Kind(Enum):
    """The ways to be refused, in AWS's order of checks."""

    MALFORMED_QUERY = auto()
    NO_AUTHENTICATION = auto()
    TWO_AUTHENTICATIONS = auto()
    UNSUPPORTED_ALGORITHM = auto()
    LEGACY_ALGORITHM = auto()
    MALFORMED_PARAMETER = auto()
    MISSING_PARAMETER = auto()
    MISSING_DATE = auto()
    HOST_NOT_SIGNED = auto()
    MALFORMED_DATE = auto()
    MALFORMED_EXPIRES = auto()
    EXPIRED = auto()
    NOT_YET_CURRENT = auto()
    MALFORMED_CREDENTIAL = auto()
    WRONG_TERMINATOR = auto()
    WRONG_REGION = auto()
    WRONG_SERVICE = auto()
    WRONG_DATE = auto()
    INVALID_SESSION_TOKEN = auto()
    EXPIRED_SESSION_TOKEN = auto()
    UNKNOWN_ACCESS_KEY = auto()
    MISSING_CONTENT_SHA256 = auto()
    INVALID_CONTENT_SHA256 = auto()
    HEADERS_NOT_SIGNED = auto()
    MISMATCH = auto()
    PAYLOAD_MISMATCH = auto()
    MISSING_DECODED_LENGTH = auto()
    INVALID_TRAILER_NAME = auto()
    INCOMPLETE_BODY = auto()
    CHUNK_TOO_SMALL = auto()
    CHUNK_TOO_LARGE = auto()
    MALFORMED_TRAILER = auto()
    INVALID_TRAILER_CHECKSUM = auto()
    MULTIPLE_CHECKSUMS = auto()
    CHECKSUM_MISMATCH = auto()
    INVALID_CHECKSUM = auto()
    INVALID_MD5 = auto()
    MD5_MISMATCH = auto()


class Refusal(Exception):
    """
    A signature refused.

    `message` is what the query protocol says; it may quote the request's own Authorization header, so it is for the
    caller only. `str()` gives the kind alone, which is safe to log.
    """

    def __init__(self, kind: Kind, message: str = "", *, presigned: bool = False, **facts: str) -> None:
        super().__init__(kind.name)
        self.kind = kind
        self.message = message
        self.presigned = presigned
        self.facts = facts


class _Words(NamedTuple):
    code: str
    status: int
    template: str | None = None
    """None: the refusal's own message."""


def as_error(refusal: Refusal, style: Style) -> AwsError:
    """Word a refusal as the style does; what only S3 can refuse is a mismatch in every other style."""
    words = _S3_PRESIGNED if style == "s3" and refusal.presigned else _WORDS[style]
    code, status, template = words.get(refusal.kind, words[Kind.MISMATCH])
    message = refusal.message if template is None else template.format_map(refusal.facts)
    return _ERRORS[code, status](message)


_INVALID_TOKEN = "The security token included in the request is invalid"  # noqa: S105 - words, not a secret
_EXPIRED_TOKEN = "The security token included in the request is expired"  # noqa: S105 - words, not a secret
_MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details."
)

# AWS: facts/aws.md §11, [src] and [live] for STS and IAM.
_QUERY: dict[Kind, _Words] = {
    Kind.MALFORMED_QUERY: _Words("MalformedQueryString", 400),
    Kind.NO_AUTHENTICATION: _Words("MissingAuthenticationToken", 403, "Request is missing Authentication Token"),
    Kind.TWO_AUTHENTICATIONS: _Words("SignatureDoesNotMatch", 403, ""),
    Kind.UNSUPPORTED_ALGORITHM: _Words("IncompleteSignature", 400),
    Kind.LEGACY_ALGORITHM: _Words("IncompleteSignature", 400),
    Kind.MALFORMED_PARAMETER: _Words("IncompleteSignature", 400),
    Kind.MISSING_PARAMETER: _Words("IncompleteSignature", 400),
    Kind.MISSING_DATE: _Words("IncompleteSignature", 400),
    Kind.HOST_NOT_SIGNED: _Words("SignatureDoesNotMatch", 403),
    Kind.MALFORMED_DATE: _Words("IncompleteSignature", 400),
    Kind.EXPIRED: _Words("SignatureDoesNotMatch", 403),
    Kind.NOT_YET_CURRENT: _Words("SignatureDoesNotMatch", 403),
    Kind.MALFORMED_CREDENTIAL: _Words("IncompleteSignature", 400),
    Kind.WRONG_TERMINATOR: _Words("SignatureDoesNotMatch", 403),
    Kind.WRONG_REGION: _Words("SignatureDoesNotMatch", 403),
    Kind.WRONG_SERVICE: _Words("SignatureDoesNotMatch", 403),
    Kind.WRONG_DATE: _Words("SignatureDoesNotMatch", 403),
    Kind.INVALID_SESSION_TOKEN: _Words("InvalidClientTokenId", 403, _INVALID_TOKEN),
    Kind.EXPIRED_SESSION_TOKEN: _Words("ExpiredToken", 403, _EXPIRED_TOKEN),
    Kind.UNKNOWN_ACCESS_KEY: _Words("InvalidClientTokenId", 403, _INVALID_TOKEN + "."),
    Kind.MISMATCH: _Words("SignatureDoesNotMatch", 403, _MISMATCH),
}

# AWS: the JSON services answer 400 throughout and name the codes as exceptions (aws-sdk-js#254:
# InvalidSignatureException 400; cloud9-sync#10: IncompleteSignatureException 400).
_JSON_CODES = {
    "MissingAuthenticationToken": "MissingAuthenticationTokenException",
    "IncompleteSignature": "IncompleteSignatureException",
    "SignatureDoesNotMatch": "InvalidSignatureException",
    "InvalidClientTokenId": "UnrecognizedClientException",
    "ExpiredToken": "ExpiredTokenException",
    "MalformedQueryString": "MalformedQueryStringException",
}
_JSON: dict[Kind, _Words] = {
    kind: _Words(_JSON_CODES[words.code], 400, words.template) for kind, words in _QUERY.items()
}

_MALFORMED = "The authorization header is malformed; "
_COMPONENTS = (
    _MALFORMED + "the authorization header requires three components: Credential, SignedHeaders, and Signature."
)
_NEEDS_DATE = "AWS authentication requires a valid Date or x-amz-date header"
_NOT_SIGNED = "There were headers present in the request which were not signed"
_SKEWED = "The difference between the request time and the current time is too large."
_S3_MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your key and signing method."
)
_S3_ONE_MECHANISM = (
    "Only one auth mechanism allowed; only the X-Amz-Algorithm query parameter, Signature query string parameter or "
    "the Authorization header should be specified"
)
_S3_USE_V4 = "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."
_S3_CONTENT_SHA256 = (
    "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, "
    "STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, "
    "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER "
    "or a valid sha256 value."
)
_S3_TRAILER = "The request contained trailing data that was not well-formed or did not conform to our published schema."

# What S3 says of a credential, behind the lead-in of the header or of the query parameter.
# AWS: region (s3fs-fuse#227), form (deb-s3#157), date (akka/alpakka#1690) are recorded; service and terminator are not.
_S3_CREDENTIAL = {
    Kind.MALFORMED_CREDENTIAL: (
        'the Credential is mal-formed; expecting "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".'
    ),
    Kind.WRONG_TERMINATOR: 'incorrect terminal "{terminator}". This endpoint uses "aws4_request".',
    Kind.WRONG_REGION: "the region '{region}' is wrong; expecting '{expected}'",
    Kind.WRONG_SERVICE: 'incorrect service "{service}". This endpoint belongs to "{expected}".',
    Kind.WRONG_DATE: "Invalid credential date. Date is not the same as X-Amz-Date.",
}

_S3: dict[Kind, _Words] = {
    Kind.MALFORMED_QUERY: _Words("InvalidURI", 400, "Couldn't parse the specified URI."),
    Kind.NO_AUTHENTICATION: _Words("AccessDenied", 403, "Access Denied"),
    Kind.TWO_AUTHENTICATIONS: _Words("InvalidArgument", 400, _S3_ONE_MECHANISM),
    Kind.UNSUPPORTED_ALGORITHM: _Words("InvalidArgument", 400, "Unsupported Authorization Type"),
    Kind.LEGACY_ALGORITHM: _Words("InvalidRequest", 400, _S3_USE_V4),
    # AWS: zendesk/apt-s3#10.
    Kind.MALFORMED_PARAMETER: _Words(
        "AuthorizationHeaderMalformed", 400, _MALFORMED + 'the authorization component "{component}" is malformed.'
    ),
    Kind.MISSING_PARAMETER: _Words("AuthorizationHeaderMalformed", 400, _COMPONENTS),
    Kind.MISSING_DATE: _Words("AccessDenied", 403, _NEEDS_DATE),
    Kind.HOST_NOT_SIGNED: _Words("AccessDenied", 403, _NOT_SIGNED),
    Kind.MALFORMED_DATE: _Words("AccessDenied", 403, _NEEDS_DATE),
    Kind.EXPIRED: _Words("RequestTimeTooSkewed", 403, _SKEWED),
    Kind.NOT_YET_CURRENT: _Words("RequestTimeTooSkewed", 403, _SKEWED),
    **{
        kind: _Words("AuthorizationHeaderMalformed", 400, _MALFORMED + template)
        for kind, template in _S3_CREDENTIAL.items()
    },
    Kind.INVALID_SESSION_TOKEN: _Words("InvalidToken", 400, "The provided token is malformed or otherwise invalid."),
    Kind.EXPIRED_SESSION_TOKEN: _Words("ExpiredToken", 400, "The provided token has expired."),
    Kind.UNKNOWN_ACCESS_KEY: _Words(
        "InvalidAccessKeyId", 403, "The AWS Access Key Id you provided does not exist in our records."
    ),
    # AWS: S3 names the header here, in InvalidRequest; MissingSecurityHeader is for a request without its ACL.
    Kind.MISSING_CONTENT_SHA256: _Words(
        "InvalidRequest", 400, "Missing required header for this request: x-amz-content-sha256"
    ),
    Kind.INVALID_CONTENT_SHA256: _Words("InvalidArgument", 400, _S3_CONTENT_SHA256),
    Kind.HEADERS_NOT_SIGNED: _Words("AccessDenied", 403, _NOT_SIGNED),
    Kind.MISMATCH: _Words("SignatureDoesNotMatch", 403, _S3_MISMATCH),
    Kind.PAYLOAD_MISMATCH: _Words(
        "XAmzContentSHA256Mismatch", 400, "The provided 'x-amz-content-sha256' header does not match what was computed."
    ),
    Kind.MISSING_DECODED_LENGTH: _Words(
        "MissingContentLength", 411, "You must provide the Content-Length HTTP header."
    ),
    Kind.INVALID_TRAILER_NAME: _Words(
        "InvalidRequest", 400, "The value specified in the x-amz-trailer header is not supported"
    ),
    Kind.INCOMPLETE_BODY: _Words("IncompleteBody", 400, "The request body terminated unexpectedly"),
    Kind.CHUNK_TOO_SMALL: _Words(
        "InvalidChunkSizeError", 403, "Only the last chunk is allowed to have a size less than 8192 bytes"
    ),
    # DIVERGES: Signed chunks have a largest size
    Kind.CHUNK_TOO_LARGE: _Words("InvalidChunkSizeError", 403, "The chunk size is larger than the maximum allowed"),
    Kind.MALFORMED_TRAILER: _Words("MalformedTrailerError", 400, _S3_TRAILER),
    Kind.INVALID_TRAILER_CHECKSUM: _Words("InvalidRequest", 400, "Value for {trailer} trailing header is invalid."),
    Kind.MULTIPLE_CHECKSUMS: _Words(
        "InvalidRequest", 400, "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."
    ),
    Kind.CHECKSUM_MISMATCH: _Words(
        "BadDigest", 400, "The {algorithm} you specified did not match the calculated checksum."
    ),
    # AWS: recorded (facts/aws-errors.md, PutObject).
    Kind.INVALID_CHECKSUM: _Words("InvalidRequest", 400, "Value for {header} header is invalid."),
    Kind.INVALID_MD5: _Words("InvalidDigest", 400, "The Content-MD5 you specified was invalid."),
    Kind.MD5_MISMATCH: _Words("BadDigest", 400, "The Content-MD5 you specified did not match what we received."),
}

_S3_QUERY_PARAMETERS = (
    "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, "
    "X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."
)


def _query_error(message: str) -> _Words:
    return _Words("AuthorizationQueryParametersError", 400, message)


_S3_PRESIGNED: dict[Kind, _Words] = _S3 | {
    Kind.UNSUPPORTED_ALGORITHM: _query_error('X-Amz-Algorithm only supports "AWS4-HMAC-SHA256"'),
    Kind.MISSING_PARAMETER: _query_error(_S3_QUERY_PARAMETERS),
    Kind.MALFORMED_DATE: _query_error("X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""),
    Kind.MALFORMED_EXPIRES: _query_error("{reason}"),
    Kind.EXPIRED: _Words("AccessDenied", 403, "Request has expired"),
    Kind.NOT_YET_CURRENT: _Words("AccessDenied", 403, "Request is not yet valid"),
    **{
        kind: _query_error("Error parsing the X-Amz-Credential parameter; " + template)
        for kind, template in _S3_CREDENTIAL.items()
    },
}

_WORDS: dict[Style, dict[Kind, _Words]] = {"query": _QUERY, "json": _JSON, "s3": _S3}


def _error_class(code: str, status: int) -> type[AwsError]:
    return cast("type[AwsError]", type(code, (AwsError,), {"code": code, "status": status, "__doc__": None}))


_ERRORS = {
    (words.code, words.status): _error_class(words.code, words.status)
    for table in (*_WORDS.values(), _S3_PRESIGNED)
    for words in table.values()
}
