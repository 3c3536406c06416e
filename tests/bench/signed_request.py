"""One GetCallerIdentity, signed once as boto3 sends it: the same bytes go to every server."""

from __future__ import annotations

import http.client
import json
import socket
from dataclasses import dataclass
from typing import Any, NoReturn

import boto3
from botocore.awsrequest import AWSPreparedRequest
from botocore.config import Config

_HOST = "127.0.0.1:4580"
"""What the signature covers; each server is reached at a port of its own, under this name."""


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """A signed POST to `/`; AWS takes its signature for a quarter of an hour."""

    headers: dict[str, str]
    body: str

    def wire(self) -> bytes:
        """Write the request as HTTP/1.1."""
        lines = [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join(("POST / HTTP/1.1", *lines, f"Content-Length: {len(self.body)}", "", self.body)).encode(
            "ascii"
        )

    def lua(self) -> str:
        """Write the request as a script for wrk, which counts the body's length itself."""
        headers = "\n".join(
            f"wrk.headers[{json.dumps(name)}] = {json.dumps(value)}" for name, value in self.headers.items()
        )
        return f'wrk.method = "POST"\nwrk.body = {json.dumps(self.body)}\n{headers}\n'


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


class _Signed(Exception):
    """Carries the request out of botocore, which would send it next."""

    def __init__(self, request: AWSPreparedRequest) -> None:
        super().__init__("signed")
        self.request = request


def sign_caller_identity(access_key_id: str, secret_access_key: str) -> SignedRequest:
    """Let boto3 build and sign the call, and take it before it leaves."""
    client = boto3.client(
        "sts",
        region_name="us-east-1",
        endpoint_url=f"http://{_HOST}",
        aws_access_key_id=access_key_id,
        aws_secret_access_key=secret_access_key,
        config=Config(retries={"total_max_attempts": 1}),
    )
    client.meta.events.register("before-send.sts.GetCallerIdentity", _take)
    try:
        client.get_caller_identity()
    except _Signed as signed:
        headers = {name: _text(value) for name, value in signed.request.headers.items() if name != "Content-Length"}
        return SignedRequest({"Host": _HOST, **headers}, _text(signed.request.body))
    raise AssertionError("botocore sent the request instead of handing it over")


def _take(request: AWSPreparedRequest, **_: Any) -> NoReturn:
    raise _Signed(request)


def _text(value: str | bytes) -> str:
    return value.decode("ascii") if isinstance(value, bytes) else value


def ask(port: int, wire: bytes, *, seconds: float) -> Answer:
    """
    Send a request to a server on this machine and read its answer.

    Raises: OSError; http.client.HTTPException.
    """
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
        connection.sendall(wire)
        response = http.client.HTTPResponse(connection, method="POST")
        response.begin()
        return Answer(response.status, response.getheaders(), response.read())
