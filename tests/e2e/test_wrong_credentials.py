"""Every way to be wrong about who one is: AWS's code, status and words, in each wire style (facts §11)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import pytest

from tests.e2e.conftest import MakeClient
from tests.e2e.live_server import LiveServer
from tests.e2e.signing import Fault, Key, Request, Style, lookup_events, query, s3, send

STYLES: Final[tuple[Style, ...]] = ("query", "json", "s3")
HOUR: Final = timedelta(hours=1)
ASKS: Final[dict[Style, Request]] = {
    "query": query("sts", "GetCallerIdentity"),
    "json": lookup_events(MaxResults=1),
    "s3": s3(),
}
MISMATCH: Final = (
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key "
    "and signing method. Consult the service documentation for details."
)
INVALID_TOKEN: Final = "The security token included in the request is invalid"
WRONG_SECRET: Final[dict[Style, Fault]] = {
    "query": Fault("SignatureDoesNotMatch", 403, MISMATCH),
    "json": Fault("InvalidSignatureException", 400, MISMATCH),
    "s3": Fault(
        "SignatureDoesNotMatch",
        403,
        "The request signature we calculated does not match the signature you provided. Check your key and signing "
        "method.",
    ),
}
NO_SUCH_KEY: Final[dict[Style, Fault]] = {
    "query": Fault("InvalidClientTokenId", 403, INVALID_TOKEN + "."),
    "json": Fault("UnrecognizedClientException", 400, INVALID_TOKEN + "."),
    "s3": Fault("InvalidAccessKeyId", 403, "The AWS Access Key Id you provided does not exist in our records."),
}
BAD_TOKEN: Final[dict[Style, Fault]] = {
    "query": Fault("InvalidClientTokenId", 403, INVALID_TOKEN),
    "json": Fault("UnrecognizedClientException", 400, INVALID_TOKEN),
    "s3": Fault("InvalidToken", 400, "The provided token is malformed or otherwise invalid."),
}
UNSIGNED: Final[dict[Style, Fault]] = {
    "query": Fault("MissingAuthenticationToken", 403, "Request is missing Authentication Token"),
    "json": Fault("MissingAuthenticationTokenException", 400, "Request is missing Authentication Token"),
    "s3": Fault("AccessDenied", 403, "Access Denied"),
}
INCOMPLETE: Final[dict[Style, tuple[str, int]]] = {
    "query": ("IncompleteSignature", 400),
    "json": ("IncompleteSignatureException", 400),
}
THREE_COMPONENTS: Final = Fault(
    "AuthorizationHeaderMalformed",
    400,
    "The authorization header is malformed; the authorization header requires three components: Credential, "
    "SignedHeaders, and Signature.",
)


@pytest.fixture(scope="module")
def session(make_client: MakeClient, admin: Key) -> Key:
    """Give temporary credentials."""
    made = make_client("sts", admin).get_session_token(DurationSeconds=900)["Credentials"]
    return Key(made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])


@pytest.fixture(params=STYLES)
def style(request: pytest.FixtureRequest) -> Style:
    """Go through the wire styles."""
    style: Style = request.param
    return style


def _fault(server: LiveServer, style: Style, request: Request) -> Fault:
    return send(server, request).fault(style)


def test_right_key(server: LiveServer, style: Style, admin: Key) -> None:
    """What the other tests bend is accepted when it is straight, by header and, but for JSON, by query."""
    assert send(server, ASKS[style].signed(server, admin)).status == 200
    if style != "json":
        assert send(server, ASKS[style].presigned(server, admin)).status == 200


def test_wrong_secret(server: LiveServer, style: Style, admin: Key) -> None:
    """A wrong secret does not match, by header or by query."""
    wrong = admin._replace(secret_access_key="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
    assert _fault(server, style, ASKS[style].signed(server, wrong)) == WRONG_SECRET[style]
    if style != "json":
        assert _fault(server, style, ASKS[style].presigned(server, wrong)) == WRONG_SECRET[style]


def test_unknown_key(server: LiveServer, style: Style, admin: Key) -> None:
    """An id that nobody has is not in AWS's records."""
    unknown = admin._replace(access_key_id="AKIAIOSFODNN7EXAMPLE")
    assert _fault(server, style, ASKS[style].signed(server, unknown)) == NO_SUCH_KEY[style]


def test_inactive_and_deleted_key(server: LiveServer, style: Style, iam: Any, new_key: Callable[[str], Key]) -> None:
    """A deactivated key and a deleted one are refused at once, exactly as an unknown one."""
    key = new_key(f"revoked-{style}")
    named = {"UserName": f"revoked-{style}", "AccessKeyId": key.access_key_id}
    known = query("sts", "GetCallerIdentity")
    assert send(server, known.signed(server, key)).status == 200
    iam.update_access_key(**named, Status="Inactive")
    assert _fault(server, style, ASKS[style].signed(server, key)) == NO_SUCH_KEY[style]
    iam.update_access_key(**named, Status="Active")
    assert send(server, known.signed(server, key)).status == 200
    iam.delete_access_key(**named)
    assert _fault(server, style, ASKS[style].signed(server, key)) == NO_SUCH_KEY[style]


def test_an_hour_late(server: LiveServer, style: Style, admin: Key) -> None:
    """A signature an hour old has expired, and the refusal says from when to when it was looked for."""
    _check_window(server, style, ASKS[style].signed(server, admin, late=HOUR), "expired: ", "earlier", "-")


def test_an_hour_early(server: LiveServer, style: Style, admin: Key) -> None:
    """A signature of an hour from now is not yet current."""
    _check_window(server, style, ASKS[style].signed(server, admin, late=-HOUR), "not yet current: ", "later", "+")


def _check_window(server: LiveServer, style: Style, request: Request, state: str, than: str, sign: str) -> None:
    fault = _fault(server, style, request)
    if style == "s3":
        words = "The difference between the request time and the current time is too large."
        assert fault == Fault("RequestTimeTooSkewed", 403, words)
        return
    assert fault[:2] == (("SignatureDoesNotMatch", 403) if style == "query" else ("InvalidSignatureException", 400))
    verb = "now" if than == "earlier" else "still"
    match = re.fullmatch(
        rf"Signature {state}(\d{{8}}T\d{{6}}Z) is {verb} {than} than (\d{{8}}T\d{{6}}Z) "
        rf"\((\d{{8}}T\d{{6}}Z) {re.escape(sign)} 15 min\.\)",
        fault.message,
    )
    assert match, fault.message
    signed, edge, now = (datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC) for text in match.groups())
    assert match[1] == request.headers["X-Amz-Date"]
    assert edge == now + timedelta(minutes=15 if sign == "+" else -15)
    assert abs(abs(now - signed) - HOUR) < timedelta(seconds=10)


def test_within_the_window(server: LiveServer, style: Style, admin: Key) -> None:
    """A clock that is 14 minutes wrong, either way, still signs."""
    for late in (timedelta(minutes=14), timedelta(minutes=-14)):
        assert send(server, ASKS[style].signed(server, admin, late=late)).status == 200


def test_presigned_url_that_has_expired(server: LiveServer, admin: Key) -> None:
    """A presigned S3 URL dies when it says; one of STS lives a quarter of an hour, whatever it says."""
    assert _fault(server, "s3", s3().presigned(server, admin, late=HOUR)) == Fault(
        "AccessDenied", 403, "Request has expired"
    )
    assert send(server, s3().presigned(server, admin, late=HOUR, expires=7200)).status == 200
    old = query("sts", "GetCallerIdentity").presigned(server, admin, late=HOUR, expires=7200)
    assert _fault(server, "query", old).message.startswith("Signature expired: ")


def test_tampered_body(server: LiveServer, style: Style, admin: Key) -> None:
    """A body other than the one that was signed is refused."""
    if style == "s3":
        configuration = (
            b"<CreateBucketConfiguration><LocationConstraint>%b</LocationConstraint></CreateBucketConfiguration>"
        )
        signed = s3("PUT", "/tampered", configuration % b"eu-west-1").signed(server, admin)
        assert _fault(server, style, signed.with_body(configuration % b"eu-west-2")) == Fault(
            "XAmzContentSHA256Mismatch",
            400,
            "The provided 'x-amz-content-sha256' header does not match what was computed.",
        )
        return
    asked = query("iam", "CreateUser", UserName="good") if style == "query" else lookup_events(MaxResults=1)
    signed = asked.signed(server, admin)
    tampered = signed.with_body(asked.body.replace(b"good", b"evil").replace(b": 1}", b": 2}"))
    assert tampered.body != signed.body
    assert _fault(server, style, tampered) == WRONG_SECRET[style]


def test_tampered_header_path_and_query(server: LiveServer, admin: Key) -> None:
    """A signed header, path or query that changes on the way is refused."""
    signed = query("sts", "GetCallerIdentity").signed(server, admin)
    minute_later = (datetime.now(UTC) + timedelta(minutes=1)).strftime("%Y%m%dT%H%M%SZ")
    moved = signed.with_header("X-Amz-Date", minute_later)
    assert _fault(server, "query", moved)[:2] == ("SignatureDoesNotMatch", 403)
    head = s3("GET", "/one-bucket?location").signed(server, admin)
    for target in ("/two-bucket?location", "/one-bucket?location&x=1"):
        bent = Request("s3", "GET", target, head.headers)
        assert _fault(server, "s3", bent) == WRONG_SECRET["s3"]


def test_unsigned(server: LiveServer, style: Style) -> None:
    """A request that nobody signed is missing its authentication token."""
    request = ASKS[style] if style != "s3" else s3("GET", "/some-bucket?location").with_header("x-amz-date", "none")
    assert _fault(server, style, request) == UNSIGNED[style]


def test_without_its_signature(server: LiveServer, style: Style, admin: Key) -> None:
    """An Authorization header without a signature is incomplete."""
    signed = ASKS[style].signed(server, admin)
    header = signed.headers["Authorization"].partition(", Signature=")[0]
    fault = _fault(server, style, signed.with_header("Authorization", header))
    if style == "s3":
        assert fault == THREE_COMPONENTS
    else:
        words = f"Authorization header requires 'Signature' parameter. Authorization={header}"
        assert fault == Fault(*INCOMPLETE[style], words)


def test_half_an_authorization_header(server: LiveServer, style: Style, admin: Key) -> None:
    """A header cut after its algorithm or in the midst of its parameters is refused with what it lacks."""
    signed = ASKS[style].signed(server, admin)
    cut = signed.headers["Authorization"].partition(", SignedHeaders")[0]
    fault = _fault(server, style, signed.with_header("Authorization", cut))
    if style == "s3":
        assert fault == THREE_COMPONENTS
    else:
        words = (
            "Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' "
            f"parameter. Authorization={cut}"
        )
        assert fault == Fault(*INCOMPLETE[style], words)
    broken = "AWS4-HMAC-SHA256 Credential"
    fault = _fault(server, style, signed.with_header("Authorization", broken))
    if style == "s3":
        assert fault == Fault(
            "AuthorizationHeaderMalformed",
            400,
            'The authorization header is malformed; the authorization component "Credential" is malformed.',
        )
    else:
        assert fault[:2] == INCOMPLETE[style]
        assert fault.message.startswith(
            "'Credential' not a valid key=value pair (missing equal-sign) in Authorization header: "
        )


def test_another_algorithm(server: LiveServer, style: Style, admin: Key) -> None:
    """An algorithm that is not SigV4's is named and refused."""
    signed = ASKS[style].signed(server, admin)
    header = signed.headers["Authorization"].replace("AWS4-HMAC-SHA256", "AWS4-HMAC-MD5")
    fault = _fault(server, style, signed.with_header("Authorization", header))
    if style == "s3":
        assert fault == Fault("InvalidArgument", 400, "Unsupported Authorization Type")
    else:
        assert fault == Fault(*INCOMPLETE[style], "Unsupported AWS 'algorithm': 'AWS4-HMAC-MD5'.")


def test_another_service(server: LiveServer, admin: Key) -> None:
    """A signature for one service does not open another."""
    signed = query("iam", "GetUser").signed(server, admin)
    wrong = signed.with_header("Authorization", signed.headers["Authorization"].replace("/iam/", "/other/"))
    fault = _fault(server, "query", wrong)
    assert fault == Fault("SignatureDoesNotMatch", 403, "Credential should be scoped to correct service: 'iam'. ")


def test_session_key_without_its_token(server: LiveServer, style: Style, session: Key) -> None:
    """A temporary key without its token is unknown."""
    bare = session._replace(session_token=None)
    assert _fault(server, style, ASKS[style].signed(server, bare)) == NO_SUCH_KEY[style]


def test_session_with_a_wrong_token(
    server: LiveServer, style: Style, session: Key, admin: Key, make_client: MakeClient
) -> None:
    """A token that is altered, another session's or on a long-term key is invalid, whatever the signature."""
    assert session.session_token is not None
    other = make_client("sts", admin).get_session_token()["Credentials"]["SessionToken"]
    middle = len(session.session_token) // 2
    flipped = "A" if session.session_token[middle] != "A" else "B"
    altered = session.session_token[:middle] + flipped + session.session_token[middle + 1 :]
    for key in (
        session._replace(session_token=altered),
        session._replace(session_token=other),
        session._replace(session_token="garbage"),
        admin._replace(session_token=session.session_token),
    ):
        assert _fault(server, style, ASKS[style].signed(server, key)) == BAD_TOKEN[style]


def test_session_with_a_wrong_secret(server: LiveServer, style: Style, session: Key) -> None:
    """A right token does not make up for a wrong secret."""
    wrong = session._replace(secret_access_key="x" * 40)
    assert _fault(server, style, ASKS[style].signed(server, wrong)) == WRONG_SECRET[style]


def test_refused_calls_are_logged_and_not_in_the_trail(server: LiveServer, admin: Key, make_client: MakeClient) -> None:
    """A call that fails authentication is a line in the log, without a principal, and no event."""
    wrong = admin._replace(secret_access_key="x" * 40)
    answer = send(server, query("iam", "DeleteUser", UserName="never-made").signed(server, wrong))
    line = server.line_of(answer.request_id)
    assert (line["action"], line["status"], line["error"]) == ("iam:DeleteUser", 403, "SignatureDoesNotMatch")
    assert line["principal"] is None
    trail = make_client("cloudtrail", admin)
    by_name = [{"AttributeKey": "EventName", "AttributeValue": "DeleteUser"}]
    assert trail.lookup_events(LookupAttributes=by_name)["Events"] == []
