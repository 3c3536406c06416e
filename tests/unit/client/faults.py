"""Peers that are not AWS: each answers every call in a wrong way of its own."""

from __future__ import annotations

import contextlib
import re
import selectors
import socketserver
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

HANG_SECONDS: Final = 20.0
ARN: Final = "arn:aws:iam::532587168180:user/alice"
_SIGNED_IN: Final = (
    f"<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>{ARN}</Arn><Account>532587168180</Account>"
    "<UserId>AIDAXYAFLIG2DFBKVWHJA</UserId></GetCallerIdentityResult></GetCallerIdentityResponse>"
)
_PAGE: Final = "<!DOCTYPE html>\n<html><head><title>Sign in to the network</title></head><body><br>hi</body></html>"
_LACKING: Final = "Could not find operation for version NO_VERSION_SPECIFIED"


def _http(status: str, body: str = "", *headers: str, length: int | None = None) -> bytes:
    lines = (f"HTTP/1.1 {status}", f"Content-Length: {len(body) if length is None else length}", "Connection: close")
    return "\r\n".join((*lines, *headers, "", body)).encode()


class Fault(NamedTuple):
    """One way to be wrong."""

    name: str
    answer: bytes | None
    """None: it hangs."""
    json_answer: bytes | None = None
    """To a call of a JSON protocol, where that differs."""
    scheme: str = "http"
    is_tls: bool = False


FAULTS: Final = (
    Fault("page-200", _http("200 OK", _PAGE, "Content-Type: text/html")),
    Fault("page-403", _http("403 Forbidden", _PAGE, "Content-Type: text/html")),
    Fault("page-502", _http("502 Bad Gateway", _PAGE, "Content-Type: text/html")),
    Fault("text-200", _http("200 OK", "OK")),
    Fault("text-503", _http("503 Service Unavailable", "upstream connect error")),
    Fault("empty-200", _http("200 OK")),
    Fault("empty-404", _http("404 Not Found")),
    Fault("empty-500", _http("500 Internal Server Error")),
    Fault("portal", _http("302 Found", "", "Location: http://user:hunter2@portal.example/login?token=hunter2")),
    Fault("web-server", _http("501 Unsupported method ('POST')", _PAGE)),
    Fault("other-json", _http("200 OK", '{"status": "ok"}')),
    Fault("json-list", _http("200 OK", "[]")),
    Fault("other-xml", _http("200 OK", "<?xml version='1.0'?><feed><entry/></feed>")),
    Fault("cut-xml", _http("200 OK", _SIGNED_IN[:90]), _http("200 OK", '{"Events": [{"EventId": "')),
    Fault("cut-error", _http("403 Forbidden", "<ErrorResponse><Error><Code>Acc"), _http("400 Bad Request", '{"__ty')),
    Fault("no-result", _http("200 OK", "<GetCallerIdentityResponse/>"), _http("200 OK", "{}")),
    Fault("cut-transfer", _http("200 OK", _SIGNED_IN[:90], length=5000)),
    Fault("closed", b""),
    Fault("not-http", b"SSH-2.0-OpenSSH_9.2p1\r\n"),
    Fault(
        "lacking",
        _http("400 Bad Request", f"<ErrorResponse><Error><Code>InvalidAction</Code><Message>{_LACKING}</Message>"
              "</Error></ErrorResponse>"),
        _http("400 Bad Request", '{"__type": "UnknownOperationException"}'),
    ),
    Fault("tls-to-plain", _http("400 Bad Request", "Bad request"), scheme="https"),
    Fault("plain-to-tls", b"", is_tls=True),
    Fault("unknown-certificate", b"", scheme="https", is_tls=True),
    Fault("hang", None),
)  # fmt: skip


class _Handler(socketserver.StreamRequestHandler):
    timeout = HANG_SECONDS

    def handle(self) -> None:
        """Read a request, and answer it wrongly."""
        with contextlib.suppress(OSError, ssl.SSLError):
            self._handle()

    def _handle(self) -> None:
        server: Any = self.server
        fault: Fault = server.fault
        head = b""
        while not head.endswith(b"\r\n\r\n"):
            line = self.rfile.readline(65536)
            if not line:
                return
            head += line
            if fault.scheme == "https" and not fault.is_tls:
                break
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        body = self.rfile.read(int(length[1])) if length else b""
        if server.signs_in and b"Action=GetCallerIdentity&" in body:
            self.wfile.write(_http("200 OK", _SIGNED_IN))
            return
        is_json = b"x-amz-target" in head.lower()
        answer = fault.json_answer if is_json and fault.json_answer is not None else fault.answer
        if answer is None:
            server.released.wait(HANG_SECONDS)
            return
        self.wfile.write(answer)


class FaultyServer(socketserver.ThreadingTCPServer):
    """One peer."""

    daemon_threads = True
    request_queue_size = 64
    timeout = 0

    def __init__(self, fault: Fault, certificate: tuple[Path, Path], *, signs_in: bool) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.fault = fault
        self.signs_in = signs_in
        """It answers GetCallerIdentity as AWS does, and nothing else."""
        self.released = threading.Event()
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(*certificate)

    @property
    def url(self) -> str:
        """Give its URL, as somebody wrote it who took it for AWS."""
        return f"{self.fault.scheme}://127.0.0.1:{self.server_address[1]}"

    def get_request(self) -> Any:
        """Take a connection; the handshake is the handler's, so that one cannot hold up the others."""
        connection, address = super().get_request()
        if self.fault.is_tls:
            connection = self._context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return connection, address

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: the peer has hung up."""


@contextlib.contextmanager
def running(certificate: tuple[Path, Path]) -> Iterator[dict[tuple[str, bool], FaultyServer]]:
    """Run every peer, by its fault's name and whether it signs in."""
    servers = {
        (fault.name, signs_in): FaultyServer(fault, certificate, signs_in=signs_in)
        for fault in FAULTS
        for signs_in in (False, True)
    }
    ended = threading.Event()
    thread = threading.Thread(target=_serve, args=(list(servers.values()), ended), daemon=True)
    thread.start()
    try:
        yield servers
    finally:
        ended.set()
        thread.join()
        for server in servers.values():
            server.released.set()
            server.server_close()


def _serve(servers: list[FaultyServer], ended: threading.Event) -> None:
    """Serve all of them in one thread; each connection has its own."""
    with selectors.DefaultSelector() as selector:
        for server in servers:
            selector.register(server, selectors.EVENT_READ)
        while not ended.is_set():
            for key, _ in selector.select(timeout=0.2):
                ready: Any = key.fileobj
                ready.handle_request()
