"""A service that renews logins as AWS Sign-In does, and looks at the proof of possession that it is given."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils


class SignIn(ThreadingHTTPServer):
    """The service; each refresh token is good once."""

    def __init__(self, public_key: ec.EllipticCurvePublicKey, refresh_token: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.public_key = public_key
        self.refresh_token = refresh_token
        self.renewed = 0
        self.refusal: str | None = None
        self.lock = threading.Lock()

    @property
    def url(self) -> str:
        """Say where it is."""
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: SignIn

    def do_POST(self) -> None:
        """Renew, or refuse."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with self.server.lock:
            status, answer = self._answer(body)
        content = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        if status != 200:
            self.send_header("X-Amzn-ErrorType", "AccessDeniedException")
        self.end_headers()
        self.wfile.write(content)

    def _answer(self, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        proven = self.path == "/v1/token" and self._is_proven(self.headers["DPoP"])
        if self.server.refusal or not proven or body["refreshToken"] != self.server.refresh_token:
            return 403, {"error": self.server.refusal or "TOKEN_EXPIRED", "message": "no"}
        self.server.renewed += 1
        number = self.server.renewed
        self.server.refresh_token = f"refresh-{number}"
        token = {"accessKeyId": f"ASIA{number:016}", "secretAccessKey": "s" * 40, "sessionToken": f"session-{number}"}
        return 200, {
            "accessToken": token,
            "tokenType": "aws_sigv4",
            "expiresIn": 900,
            "refreshToken": self.server.refresh_token,
        }

    def _is_proven(self, proof: str) -> bool:
        header, payload, signature = (base64.urlsafe_b64decode(part + "==") for part in proof.split("."))
        numbers = self.server.public_key.public_numbers()
        jwk = json.loads(header)["jwk"]
        assert [int.from_bytes(base64.urlsafe_b64decode(jwk[name] + "==")) for name in "xy"] == [numbers.x, numbers.y]
        assert json.loads(payload)["htu"] == f"{self.server.url}/v1/token"
        r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
        signed = proof.rpartition(".")[0].encode()
        self.server.public_key.verify(utils.encode_dss_signature(r, s), signed, ec.ECDSA(hashes.SHA256()))
        return True

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@contextmanager
def serving(public_key: ec.EllipticCurvePublicKey, refresh_token: str) -> Iterator[SignIn]:
    """Run the service."""
    with SignIn(public_key, refresh_token) as service:
        thread = threading.Thread(target=service.serve_forever)
        thread.start()
        yield service
        service.shutdown()
        thread.join(10)
