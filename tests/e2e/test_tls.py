"""HTTPS: a certificate of one's own, and `--tls auto`."""

from __future__ import annotations

import ssl
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from keywright.server.tls import self_signed
from tests.e2e.aws_cli import AwsCli
from tests.e2e.conftest import CopyStore
from tests.e2e.live_server import LiveServer, run_keywright


def _health(server: LiveServer, certificate: Path) -> Any:
    context = ssl.create_default_context(cafile=str(certificate))
    with urllib.request.urlopen(server.url + "/health", timeout=10, context=context) as response:
        return response.status


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    """Have a certificate and its key, as an administrator would."""
    return self_signed(tmp_path / "pki", "localhost", datetime.now(UTC))


def test_tls_variables(tmp_path: Path, certificate: tuple[Path, Path]) -> None:
    """KEYWRIGHT_TLS_CERT and KEYWRIGHT_TLS_KEY serve HTTPS with that certificate."""
    variables = {
        "KEYWRIGHT_DATA": str(tmp_path / "data"),
        "KEYWRIGHT_PORT": "0",
        "KEYWRIGHT_TLS_CERT": str(certificate[0]),
        "KEYWRIGHT_TLS_KEY": str(certificate[1]),
    }
    with LiveServer(tmp_path, variables=variables) as server:
        assert server.url.startswith("https://127.0.0.1:")
        assert _health(server, certificate[0]) == 200


def test_tls_auto_variable_on_an_empty_store(tmp_path: Path) -> None:
    """KEYWRIGHT_TLS=auto works on the very first start, in a folder that is not there yet."""
    variables = {"KEYWRIGHT_DATA": str(tmp_path / "data"), "KEYWRIGHT_PORT": "0", "KEYWRIGHT_TLS": "auto"}
    with LiveServer(tmp_path, variables=variables) as server:
        assert _health(server, tmp_path / "data" / "tls" / "certificate.pem") == 200


def test_tls_auto_by_the_aws_command(tmp_path: Path, copy_store: CopyStore, aws_command: None) -> None:
    """`--tls auto` says how to trust its certificate; the `aws` command does by AWS_CA_BUNDLE, and not without."""
    account = copy_store(tmp_path / "data")
    with LiveServer(tmp_path, "--tls", "auto", "--host", "localhost") as server:
        bundle = tmp_path / "data" / "tls" / "certificate.pem"
        assert f"\n  export AWS_CA_BUNDLE={bundle}\n" in server.output
        assert (bundle.with_name("key.pem").stat().st_mode & 0o777, bundle.parent.stat().st_mode & 0o777) == (
            0o600,
            0o700,
        )
        variables = {
            "AWS_ENDPOINT_URL": server.url,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": account.access_key_id,
            "AWS_SECRET_ACCESS_KEY": account.secret_access_key,
        }
        trusting = AwsCli(tmp_path, variables | {"AWS_CA_BUNDLE": str(bundle)})
        arn = f"arn:aws:iam::{account.account_id}:user/admin"
        assert trusting.json("sts", "get-caller-identity")["Arn"] == arn
        assert trusting.text("s3", "ls") == ""
        wary = AwsCli(tmp_path, variables | {"AWS_MAX_ATTEMPTS": "1"}).run("sts", "get-caller-identity")
        assert wary.returncode != 0
        assert "CERTIFICATE_VERIFY_FAILED" in wary.stderr
        before = bundle.read_bytes()
    with LiveServer(tmp_path, "--tls", "auto", "--host", "localhost", name="again"):
        assert bundle.read_bytes() == before, "those who trusted it need not do so again"


def test_unreadable_certificate(tmp_path: Path, certificate: tuple[Path, Path]) -> None:
    """A certificate or key that is not there, or is none, stops the start in one line that names it."""
    empty = tmp_path / "empty.pem"
    empty.write_text("")
    for cert, key in ((tmp_path / "missing.pem", certificate[1]), (empty, certificate[1]), (certificate[0], empty)):
        done = run_keywright(
            *("serve", "--data", str(tmp_path / "data"), "--port", "0"),
            *("--tls-cert", str(cert), "--tls-key", str(key)),
            home=tmp_path,
        )
        assert (done.returncode, done.stdout) == (2, ""), done
        assert done.stderr.count("\n") == 1
        assert str(tmp_path) in done.stderr
