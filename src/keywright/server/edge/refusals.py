"""What the edge answers by itself: to what is no HTTP, past a limit, or too slow."""

from __future__ import annotations

from typing import Final

from keywright.aws.wire import WireResponse

_XML: Final = (b"content-type", b"text/xml")
_S3_XML: Final = (b"content-type", b"application/xml")
_JSON: Final = (b"content-type", b"application/x-amz-json-1.1")
_RETRY: Final = (b"retry-after", b"1")


def refusal(status: int, text: str) -> WireResponse:
    """Return a refusal in plain text: nobody has said yet which of AWS's protocols it is."""
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    return WireResponse(status, headers, f"{text}\n".encode())


MALFORMED: Final = refusal(400, "The request is not valid HTTP")
TOO_LARGE_HEAD: Final = refusal(431, "Request headers too large")
TOO_LARGE_BODY: Final = refusal(413, "Request body too large")
TOO_SLOW: Final = refusal(408, "The request took too long to arrive")
EXPECTATION_FAILED: Final = refusal(417, "Only Expect: 100-continue is understood")
NO_TUNNEL: Final = refusal(405, "CONNECT is not supported")

_QUERY_BUSY: Final = WireResponse(
    503,
    [_XML, _RETRY],
    b"<ErrorResponse><Error><Type>Sender</Type><Code>Throttling</Code><Message>Rate exceeded</Message></Error>"
    b"</ErrorResponse>",
)
_S3_BUSY: Final = WireResponse(
    503,
    [_S3_XML, _RETRY],
    b'<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>SlowDown</Code>'
    b"<Message>Please reduce your request rate.</Message></Error>",
)
_JSON_BUSY: Final = WireResponse(503, [_JSON, _RETRY], b'{"__type":"ThrottlingException","message":"Rate exceeded"}')


def busy(headers: dict[bytes, bytes]) -> WireResponse:
    """Return the refusal past a limit, in the form of the protocol that the headers speak: SDKs try again later."""
    if b"x-amz-target" in headers:
        return _JSON_BUSY
    if b"/s3/aws4_request" in headers.get(b"authorization", b""):
        return _S3_BUSY
    return _QUERY_BUSY


UNAVAILABLE: Final = WireResponse(
    503,
    [_XML, _RETRY],
    b"<ErrorResponse><Error><Type>Receiver</Type><Code>ServiceUnavailable</Code>"
    b"<Message>The request has failed due to a temporary failure of the server.</Message></Error></ErrorResponse>",
)
BROKEN: Final = refusal(500, "Internal server error")
