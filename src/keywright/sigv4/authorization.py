"""
Read what a request says of its own signature, from the Authorization header or from the query.

    class Credential(NamedTuple)            text, access_key_id, date, region, service, terminator, scope
    class Claim(NamedTuple)                 credential, signed_headers, signature, signed_at, session_token, …
        .access_key_id .date .region .service       "" if the credential is malformed (check_scope refuses it)
        .payload_is_chunked                         whether `chunked.decode_body` must follow
    def read_claim(request) -> Claim        raises Refusal, steps 4 to 9 of AWS's order (facts §11)

Nothing here is believed yet: a claim is what the client wrote.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple, NoReturn

from keywright.aws.wire import WireRequest
from keywright.sigv4.refusals import Kind, Refusal
from keywright.sigv4.signature import ALGORITHM
from keywright.sigv4.timestamp import Timestamp, parse_amz_date, parse_http_date
from keywright.sigv4.uri_encoding import check_escapes, decode_query

_ALGORITHM = ALGORITHM.decode()
_SIGNATURE_DIGITS = 64
_MAX_CACHED_STEM_BYTES = 512
_COMPONENTS = ("Credential", "Signature", "SignedHeaders")
_QUERY_PARAMETERS = ("X-Amz-Credential", "X-Amz-Signature", "X-Amz-SignedHeaders", "X-Amz-Date")


class Credential(NamedTuple):
    """The Credential parameter, taken apart; all parts but `text` are empty unless it has exactly five."""

    text: str
    access_key_id: str
    date: str
    region: str
    service: str
    terminator: str
    scope: bytes
    """`date/region/service/terminator`, as the string to sign has it."""


class Claim(NamedTuple):
    """
    What the request says of its own signature.

    A named tuple for the reason `WireRequest` is one.
    """

    credential: Credential
    signed_headers: tuple[bytes, ...]
    """In the order claimed."""
    signature: bytes
    signed_at: Timestamp
    session_token: str | None
    presigned: bool
    expires: str | None
    """X-Amz-Expires as sent (presigned only); `check_freshness` reads it."""
    content_sha256: str | None
    """x-amz-content-sha256 as sent: a digest, or one of S3's words for a payload that is not hashed whole."""

    @property
    def access_key_id(self) -> str:
        """The access key claimed."""
        return self.credential.access_key_id

    @property
    def date(self) -> str:
        """The day the signing key is for, YYYYMMDD."""
        return self.credential.date

    @property
    def region(self) -> str:
        """The region the signing key is for."""
        return self.credential.region

    @property
    def service(self) -> str:
        """The service the signing key is for."""
        return self.credential.service

    @property
    def payload_is_chunked(self) -> bool:
        """Whether the body is framed in aws-chunked encoding."""
        return self.content_sha256 is not None and self.content_sha256.startswith("STREAMING-")


def read_claim(request: WireRequest) -> Claim:
    """
    Read the claim.

    Raises: Refusal (MALFORMED_QUERY to MALFORMED_DATE), in AWS's order.
    """
    authorization = request.headers.get(b"authorization")
    raw_query = request.raw_query
    if raw_query:
        check_escapes(raw_query)
        # The bytes first: most queries sign nothing, and need no decoding here.
        if b"X-Amz-Algorithm" in raw_query and "X-Amz-Algorithm" in (query := decode_query(raw_query)):
            if authorization:
                raise Refusal(Kind.TWO_AUTHENTICATIONS)
            return _read_query(request, query)
    if not authorization:
        if b"AWSAccessKeyId=" in raw_query and b"Signature=" in raw_query:
            # Version 2, which boto3 still presigns by for S3 in us-east-1 where nobody chooses s3v4.
            # DIVERGES: Signature version 2
            raise Refusal(Kind.LEGACY_ALGORITHM, "Unsupported AWS 'algorithm': 'AWS'.", presigned=True)
        raise Refusal(Kind.NO_AUTHENTICATION)
    return _read_header(request, authorization)


def parse_credential(text: str) -> Credential:
    """Take the Credential parameter apart."""
    parts = text.split("/")
    if len(parts) != 5:
        return Credential(text, "", "", "", "", "", b"")
    access_key_id, date, region, service, terminator = parts
    return Credential(text, access_key_id, date, region, service, terminator, "/".join(parts[1:]).encode())


class _Stem(NamedTuple):
    """What an Authorization header says before its signature: the same for many requests of one client."""

    credential: Credential
    signed_headers: tuple[bytes, ...]
    signs_host: bool


def _read_header(request: WireRequest, authorization: bytes) -> Claim:
    headers = request.headers
    signature = authorization[-_SIGNATURE_DIGITS:]
    stem = _parse_stem(authorization[:-_SIGNATURE_DIGITS]) if signature.isalnum() else None
    value = headers.get(b"x-amz-date")
    if stem is None or (value is None and b"date" not in headers):
        stem, signature = _parse_authorization(authorization, has_date=value is not None or b"date" in headers)
    if not stem.signs_host:
        _refuse_unsigned_host(presigned=False)
    signed_at = parse_amz_date(value) if value is not None else _read_date_header(headers[b"date"])
    if signed_at is None:
        _refuse_date(headers[b"date"] if value is None else value, presigned=False)
    token = headers.get(b"x-amz-security-token")
    content_sha256 = headers.get(b"x-amz-content-sha256")
    return Claim(
        stem.credential,
        stem.signed_headers,
        signature,
        signed_at,
        None if token is None else token.decode("latin-1"),
        False,
        None,
        None if content_sha256 is None else content_sha256.decode("latin-1"),
    )


def _parse_stem(stem: bytes) -> _Stem | None:
    return _parse_short_stem(stem) if len(stem) <= _MAX_CACHED_STEM_BYTES else None


# The bound on what strangers can make us remember: 1024 stems of half a KiB, some 8 MB taken apart at the worst.
@lru_cache(maxsize=1024)
def _parse_short_stem(stem: bytes) -> _Stem | None:
    """Parse a header that lacks only its last 64 characters; None where it takes the whole header to say more."""
    if not stem.endswith((b" Signature=", b",Signature=")):
        return None
    try:
        return _parse_authorization(stem, has_date=True)[0]
    except Refusal:
        return None


def _parse_authorization(authorization: bytes, *, has_date: bool) -> tuple[_Stem, bytes]:
    text = authorization.decode("latin-1")
    algorithm, _, rest = text.partition(" ")
    if algorithm != _ALGORITHM:
        kind = Kind.LEGACY_ALGORITHM if algorithm == "AWS" else Kind.UNSUPPORTED_ALGORITHM
        raise Refusal(kind, f"Unsupported AWS 'algorithm': '{algorithm}'.")
    parameters: dict[str, str] = {}
    for component in rest.split(","):
        # AWS: blanks part parameters as commas do (cloud9-sync#10: `Credential= AKIA…` refuses the second word).
        for part in component.split():
            name, equals, value = part.partition("=")
            if not equals:
                message = f"'{part}' not a valid key=value pair (missing equal-sign) in Authorization header: '{text}'."
                raise Refusal(Kind.MALFORMED_PARAMETER, message, component=component.strip())
            parameters[name] = value
    _require(parameters, text, has_date=has_date)
    signed_headers = tuple(parameters["SignedHeaders"].encode("latin-1").split(b";"))
    stem = _Stem(parse_credential(parameters["Credential"]), signed_headers, _signs_host(signed_headers))
    return stem, parameters["Signature"].encode("latin-1")


def _require(parameters: dict[str, str], text: str, *, has_date: bool) -> None:
    complaints = [
        f"Authorization header requires '{name}' parameter." for name in _COMPONENTS if name not in parameters
    ]
    kind = Kind.MISSING_PARAMETER if complaints else Kind.MISSING_DATE
    if not has_date:
        complaints.append("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.")
    if complaints:
        raise Refusal(kind, " ".join([*complaints, f"Authorization={text}"]))


def _read_date_header(value: bytes) -> Timestamp | None:
    # AWS: a Date header may be in HTTP's own format; the string to sign has it in ISO 8601 all the same.
    return parse_amz_date(value) or parse_http_date(value)


def _read_query(request: WireRequest, query: dict[str, str]) -> Claim:
    algorithm = query["X-Amz-Algorithm"]
    if algorithm != _ALGORITHM:
        raise Refusal(Kind.UNSUPPORTED_ALGORITHM, f"Unsupported AWS 'algorithm': '{algorithm}'.", presigned=True)
    missing = [f"AWS query-string parameters must include '{name}'." for name in _QUERY_PARAMETERS if name not in query]
    if missing:
        message = " ".join([*missing, "Re-examine the query-string parameters."])
        raise Refusal(Kind.MISSING_PARAMETER, message, presigned=True)
    signed_headers = tuple(query["X-Amz-SignedHeaders"].encode().split(b";"))
    if not _signs_host(signed_headers):
        _refuse_unsigned_host(presigned=True)
    date = query["X-Amz-Date"].encode()
    signed_at = parse_amz_date(date)
    if signed_at is None:
        _refuse_date(date, presigned=True)
    return Claim(
        credential=parse_credential(query["X-Amz-Credential"]),
        signed_headers=signed_headers,
        signature=query["X-Amz-Signature"].encode(),
        signed_at=signed_at,
        session_token=query.get("X-Amz-Security-Token", request.header(b"x-amz-security-token")),
        presigned=True,
        expires=query.get("X-Amz-Expires"),
        content_sha256=request.header(b"x-amz-content-sha256") or query.get("X-Amz-Content-Sha256"),
    )


def _signs_host(signed_headers: tuple[bytes, ...]) -> bool:
    return b"host" in signed_headers or b":authority" in signed_headers


def _refuse_unsigned_host(*, presigned: bool) -> NoReturn:
    message = "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization."
    raise Refusal(Kind.HOST_NOT_SIGNED, message, presigned=presigned, headers="host")


def _refuse_date(value: bytes, *, presigned: bool) -> NoReturn:
    text = value.decode("utf-8", "replace")
    message = f"Date must be in ISO-8601 'basic format'. Got '{text}'. See http://en.wikipedia.org/wiki/ISO_8601"
    raise Refusal(Kind.MALFORMED_DATE, message, presigned=presigned)
