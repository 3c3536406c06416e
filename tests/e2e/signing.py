"""
Requests made by hand: signed by botocore, then bent, then sent as they are.

An SDK cannot be made to send what it knows to be wrong, and hides statuses and bodies; this can, and does not.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal, NamedTuple, Self
from urllib.parse import parse_qsl, urlencode
from xml.etree import ElementTree as ET

from botocore import auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from tests.e2e.live_server import LiveServer

Style = Literal["query", "json", "s3"]
TARGET: Final = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101."
_SECONDS: Final = 20
_VERSIONS: Final = {"iam": "2010-05-08", "sts": "2011-06-15"}


class Key(NamedTuple):
    """What signs."""

    access_key_id: str
    secret_access_key: str
    session_token: str | None = None


class Fault(NamedTuple):
    """An error as it stands on the wire."""

    code: str
    status: int
    message: str


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer, whole."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def request_id(self) -> str:
        """Give the request id, in the header where the service has it."""
        return self.headers.get("x-amzn-requestid") or self.headers["x-amz-request-id"]

    def fault(self, style: Style) -> Fault:
        """Read an error in a style's own form."""
        if style == "json":
            body = json.loads(self.body)
            assert self.headers["content-type"] == "application/x-amz-json-1.1"
            return Fault(body["__type"].rpartition("#")[2], self.status, body.get("message", body.get("Message", "")))
        root = ET.fromstring(self.body)
        names = {element.tag.rpartition("}")[2]: element.text or "" for element in root.iter()}
        if style == "query":
            assert root.tag.rpartition("}")[2] == "ErrorResponse"
            assert names["Type"] == "Sender"
        else:
            assert root.tag == "Error"
            assert self.headers["content-type"] == "application/xml"
        assert names["RequestId"] == self.request_id
        return Fault(names["Code"], self.status, names["Message"])


@dataclass(frozen=True, slots=True)
class Request:
    """A request about to be signed or sent."""

    service: str
    method: str = "POST"
    target: str = "/"
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def with_header(self, name: str, value: str | None) -> Self:
        """Set a header, or leave it out."""
        headers = {key: old for key, old in self.headers.items() if key.lower() != name.lower()}
        return replace(self, headers=headers if value is None else headers | {name: value})

    def with_body(self, body: bytes) -> Self:
        """Put another body in, and its length; the signature stays."""
        return replace(self, body=body).with_header("Content-Length", str(len(body)))

    def signed(
        self, server: LiveServer, key: Key, *, late: timedelta = timedelta(0), region: str = "us-east-1"
    ) -> Self:
        """Sign it as by a clock that is `late`; for S3, as the kind of payload that a header of it says."""
        signer = _S3Auth if self.service == "s3" else auth.SigV4Auth
        request = AWSRequest(self.method, server.url + self.target, data=self.body, headers=self.headers)
        with _clock(datetime.now(UTC) - late):
            signer(Credentials(*key), self.service, region).add_auth(request)
        return replace(self, headers=dict(request.headers.items())).with_body(self.body)

    def presigned(self, server: LiveServer, key: Key, *, late: timedelta = timedelta(0), expires: int = 900) -> Self:
        """Sign it in its query, where a form's parameters then are too."""
        signer = auth.S3SigV4QueryAuth if self.service == "s3" else auth.SigV4QueryAuth
        request = AWSRequest("GET", server.url + self.target, data=dict(parse_qsl(self.body.decode())))
        with _clock(datetime.now(UTC) - late):
            signer(Credentials(*key), self.service, "us-east-1", expires=expires).add_auth(request)
        return replace(self, method="GET", target=request.url.removeprefix(server.url), headers={}, body=b"")

    @property
    def signature(self) -> str:
        """Give its signature, wherever it is."""
        where = self.headers.get("Authorization", self.target)
        return where.partition("Signature=")[2][:64]


class _S3Auth(auth.S3SigV4Auth):  # type: ignore[misc]
    """Botocore's, but for a payload's kind that is stated already: botocore would put its own in its place."""

    def add_auth(self, request: Any) -> None:
        self._stated = request.headers.get("X-Amz-Content-SHA256")
        super().add_auth(request)

    def payload(self, request: Any) -> Any:
        return self._stated or super().payload(request)


@contextmanager
def _clock(now: datetime) -> Iterator[None]:
    """Have botocore sign at a moment."""
    moment = auth.get_current_datetime
    auth.get_current_datetime = lambda *_args, **_options: now
    try:
        yield
    finally:
        auth.get_current_datetime = moment


def query(service: str, action: str, **parameters: str) -> Request:
    """Ask IAM or STS."""
    form = urlencode({"Action": action, "Version": _VERSIONS[service], **parameters})
    content_type = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
    return Request(service, headers=content_type, body=form.encode())


def lookup_events(**parameters: Any) -> Request:
    """Ask CloudTrail."""
    headers = {"Content-Type": "application/x-amz-json-1.1", "X-Amz-Target": TARGET + "LookupEvents"}
    return Request("cloudtrail", headers=headers, body=json.dumps(parameters).encode())


def s3(method: str = "GET", target: str = "/", body: bytes = b"") -> Request:
    """Ask S3."""
    return Request("s3", method, target, body=body)


def send(server: LiveServer, request: Request) -> Answer:
    """Send a request as it stands, and read the whole answer."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=_SECONDS)
    try:
        names = {name.lower() for name in request.headers}
        connection.putrequest(request.method, request.target, skip_host="host" in names, skip_accept_encoding=True)
        for name, value in request.headers.items():
            connection.putheader(name, value)
        if "content-length" not in names:
            connection.putheader("Content-Length", str(len(request.body)))
        connection.endheaders(request.body or None)
        response = connection.getresponse()
        body = response.read()
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, body)
    finally:
        connection.close()
