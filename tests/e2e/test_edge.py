"""The edge, attacked from outside: bodies that lie, that never end, and that come through a proxy."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from tests.e2e.conftest import CopyStore
from tests.e2e.live_server import LiveServer
from tests.e2e.signing import Key, Request, query, s3, send

pytestmark = pytest.mark.usefixtures("unharmed")

_SECONDS: Final = 10
_HAPROXY: Final = """
defaults
    mode http
    timeout connect 5s
    timeout client 10s
    timeout server 10s
frontend in
    bind 127.0.0.1:{port}
    option forwardfor
    http-request set-header X-Forwarded-Proto http
    default_backend keywright
backend keywright
    server one 127.0.0.1:{server_port}
"""


@pytest.fixture(scope="module")
def server(folder: Path, account: Any) -> Iterator[LiveServer]:
    """Run a server behind a proxy on this machine."""
    with LiveServer(folder, "--trusted-proxies", "127.0.0.1/32") as server:
        yield server


@pytest.fixture(scope="module")
def guarded(iam: Any, new_key: Any) -> Key:
    """Have a user who may list users from one address, by TLS, only."""
    key: Key = new_key("guarded")
    condition = {"IpAddress": {"aws:SourceIp": "10.9.9.9"}, "Bool": {"aws:SecureTransport": "true"}}
    statement = {"Effect": "Allow", "Action": "iam:ListUsers", "Resource": "*", "Condition": condition}
    document = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    iam.put_user_policy(UserName="guarded", PolicyName="from-there", PolicyDocument=document)
    return key


def _raw(request: Request, port: int, framing: str, body: bytes) -> bytes:
    headers = {name: value for name, value in request.headers.items() if name.lower() != "content-length"}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    head = f"{request.method} {request.target} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{lines}{framing}\r\n\r\n"
    return head.encode() + body


def _exchange(port: int, sent: bytes, *, end: bool = False) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=_SECONDS) as connection:
        connection.sendall(sent)
        if end:
            connection.shutdown(socket.SHUT_WR)
        answer = b""
        try:
            while part := connection.recv(65536):
                answer += part
                connection.settimeout(0.5)
        except TimeoutError:
            pass
        return answer


def _with_trailers(server: LiveServer, key: Key, port: int) -> bytes:
    request = query("iam", "ListUsers").signed(server, key)
    trailers = b"x-forwarded-for: 10.9.9.9\r\nx-forwarded-proto: https\r\n\r\n"
    body = b"%x\r\n%b\r\n0\r\n" % (len(request.body), request.body) + trailers
    return _raw(request, server.port, "Transfer-Encoding: chunked", body)


@contextmanager
def _haproxy(folder: Path, server: LiveServer) -> Iterator[int]:
    """Run Debian's HAProxy in front, as its documentation configures it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    configuration = folder / "haproxy.cfg"
    configuration.write_text(_HAPROXY.format(port=port, server_port=server.port))
    process = subprocess.Popen(
        [str(shutil.which("haproxy", path="/usr/sbin:/usr/bin")), "-f", str(configuration), "-db"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + _SECONDS
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(_SECONDS)


def test_trailers_are_no_headers(server: LiveServer, guarded: Key) -> None:
    """A trailer that says another address and TLS changes nothing of what a policy's conditions see."""
    assert _exchange(server.port, _with_trailers(server, guarded, server.port)).startswith(b"HTTP/1.1 403 ")


@pytest.mark.skipif(shutil.which("haproxy", path="/usr/sbin:/usr/bin") is None, reason="apt-get install haproxy")
def test_trailers_through_haproxy_are_no_headers(server: LiveServer, guarded: Key, admin: Key, tmp_path: Path) -> None:
    """Nor does it through HAProxy, which passes trailers on: 403; the same path lets who may through."""
    with _haproxy(tmp_path, server) as port:
        assert _exchange(port, _with_trailers(server, admin, port)).startswith(b"HTTP/1.1 200 ")
        assert _exchange(port, _with_trailers(server, guarded, port)).startswith(b"HTTP/1.1 403 ")


def test_a_request_cut_off_is_not_executed(server: LiveServer, admin: Key) -> None:
    """With an unsigned payload, half of a CreateBucket's body makes no bucket, by length or in chunks."""
    body = b"<CreateBucketConfiguration><LocationConstraint>eu-west-1</LocationConstraint></CreateBucketConfiguration>"
    for bucket, framing, sent in (
        ("cut-by-length", f"Content-Length: {len(body)}", b""),
        ("cut-in-the-middle", f"Content-Length: {len(body)}", body[:40]),
        ("cut-in-chunks", "Transfer-Encoding: chunked", b"%x\r\n%b\r\n" % (len(body), body)),
        ("cut-before-the-end", "Transfer-Encoding: chunked", b"%x\r\n%b\r\n0\r\n" % (len(body), body)),
    ):
        request = s3("PUT", f"/{bucket}", b"").with_header("X-Amz-Content-SHA256", "UNSIGNED-PAYLOAD")
        raw = _raw(request.signed(server, admin), server.port, framing, sent)
        assert b" 200 " not in _exchange(server.port, raw, end=True)[:20]
        assert send(server, s3("GET", f"/{bucket}?location").signed(server, admin)).status == 404


def test_unfinished_bodies_hold_little_memory(tmp_path: Path, copy_store: CopyStore) -> None:
    """Forty bodies of 9.9 MB that never end hold less than a fifth of that, and stop nobody's calls."""
    account = copy_store(tmp_path / "data")
    with LiveServer(tmp_path) as server, ExitStack() as clients:
        before = _resident(server)
        form = b"Action=CreateSAMLProvider&Version=2010-05-08&SAMLMetadataDocument="
        head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9900000\r\n\r\n"
        for _ in range(40):
            connection = clients.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=_SECONDS))
            try:
                connection.sendall(head + form + b"x" * 9_890_000)
            except OSError:
                continue
        key = Key(account.access_key_id, account.secret_access_key)
        assert send(server, query("sts", "GetCallerIdentity").signed(server, key)).status == 200
        assert _resident(server) - before < 90_000_000


def _resident(server: LiveServer) -> int:
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    (line,) = [line for line in status.splitlines() if line.startswith("VmRSS")]
    return int(line.split()[1]) * 1024


def test_past_the_limit_of_requests(server: LiveServer, admin: Key) -> None:
    """A thousand parallel, pipelined requests are each answered, by 200 or at once by 503; the server is well."""
    request = query("sts", "GetCallerIdentity").signed(server, admin)
    raw = _raw(request, server.port, f"Content-Length: {len(request.body)}", request.body)
    with ExitStack() as clients:
        connections = [
            clients.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=_SECONDS))
            for _ in range(500)
        ]
        for connection in connections:
            connection.sendall(raw * 2)
        statuses: list[bytes] = []
        for connection in connections:
            answer = b""
            while answer.count(b"HTTP/1.1 ") < 2 or not answer.endswith(b">"):
                part = connection.recv(65536)
                assert part
                answer += part.rstrip()
            statuses += [part[:3] for part in answer.split(b"HTTP/1.1 ")[1:]]
    assert len(statuses) == 1000
    assert set(statuses) <= {b"200", b"503"}
    assert statuses.count(b"200") >= 256
