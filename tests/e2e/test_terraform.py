"""The unmodified Terraform AWS provider against Keywright: apply, no diff, change, import, destroy."""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from tests.e2e.live_server import LiveServer, bare_environment
from tests.e2e.signing import Key

_PLUGINS: Final = Path("/opt/tf-plugins")
_CONFIGURATION: Final = Path(__file__).parent / "terraform" / "main.tf"
_NO_CHANGES, _CHANGES = 0, 2

pytestmark = [
    pytest.mark.skipif(shutil.which("terraform") is None, reason="terraform is not on this machine"),
    pytest.mark.skipif(not _PLUGINS.exists(), reason=f"the Terraform AWS provider is not in {_PLUGINS}"),
]


def _write_certificate(folder: Path) -> None:
    """Write a certificate with its key, and the metadata of an identity provider that signs by it."""
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "lab.example")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=365))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(pem))
    (folder / "key.pem").write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption())
    )
    der = base64.b64encode(certificate.public_bytes(serialization.Encoding.DER)).decode()
    (folder / "metadata.xml").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://idp.example/metadata">'
        '<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
        '<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">'
        f"<ds:X509Data><ds:X509Certificate>{der}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
        '<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"'
        ' Location="https://idp.example/sso"/></md:IDPSSODescriptor></md:EntityDescriptor>'
    )


class _Terraform:
    """Terraform in a folder of its own, with the provider that is on the machine."""

    def __init__(self, folder: Path, environment: dict[str, str], endpoint: str) -> None:
        self._folder = folder
        self._environment = environment
        self._variables = {"endpoint": endpoint, "folder": str(folder), "description": "First", "team": "red"}

    def run(self, *arguments: str, expected: int = 0) -> str:
        """Run a command; it ends as expected."""
        done = subprocess.run(
            ["terraform", *arguments],
            cwd=self._folder,
            env=self._environment,
            capture_output=True,
            text=True,
            timeout=300,
        )
        assert done.returncode == expected, f"terraform {arguments[0]}: {done.stdout[-4000:]}\n{done.stderr[-4000:]}"
        return done.stdout

    def with_variables(self, command: str, *arguments: str, expected: int = 0, **changed: str) -> str:
        """Run a command that reads the configuration."""
        self._variables |= changed
        settings = [f"-var={name}={value}" for name, value in self._variables.items()]
        return self.run(command, "-no-color", "-input=false", *settings, *arguments, expected=expected)

    def outputs(self) -> dict[str, Any]:
        """Give the outputs of the last apply."""
        return {name: output["value"] for name, output in json.loads(self.run("output", "-json")).items()}


@pytest.fixture
def terraform(tmp_path: Path, server: LiveServer, admin: Key) -> _Terraform:
    """Give a Terraform that is initialised, with the administrator's key in its environment."""
    shutil.copy(_CONFIGURATION, tmp_path)
    _write_certificate(tmp_path)
    environment = bare_environment(
        tmp_path,
        AWS_ACCESS_KEY_ID=admin.access_key_id,
        AWS_SECRET_ACCESS_KEY=admin.secret_access_key,
        CHECKPOINT_DISABLE="1",
        TMPDIR=os.environ.get("TMPDIR", "/tmp"),
    )
    terraform = _Terraform(tmp_path, environment, server.url)
    terraform.run("init", "-no-color", "-input=false", f"-plugin-dir={_PLUGINS}")
    return terraform


def test_terraform_manages_all_of_iam(terraform: _Terraform) -> None:
    """A configuration of everything in IAM is applied, planned without a diff, changed, imported and destroyed."""
    terraform.with_variables("apply", "-auto-approve")
    terraform.with_variables("plan", "-detailed-exitcode", expected=_NO_CHANGES)
    outputs = terraform.outputs()
    assert outputs["access_key_id"].startswith("AKIA")
    assert outputs["password_length"] == 20

    terraform.with_variables("plan", "-detailed-exitcode", expected=_CHANGES, description="Second", team="blue")
    terraform.with_variables("apply", "-auto-approve")
    terraform.with_variables("plan", "-detailed-exitcode", expected=_NO_CHANGES)

    account = outputs["account"]
    for address, name in (
        ("aws_iam_user.alice", "alice"),
        ("aws_iam_group.developers", "developers"),
        ("aws_iam_role.worker", "worker"),
        ("aws_iam_policy.buckets", f"arn:aws:iam::{account}:policy/teams/buckets"),
        ("aws_iam_role_policy_attachment.worker", f"worker/arn:aws:iam::{account}:policy/teams/buckets"),
        ("aws_iam_instance_profile.worker", "worker"),
        ("aws_iam_account_alias.lab", "terraform-lab"),
    ):
        terraform.run("state", "rm", address)
        terraform.with_variables("import", address, name)
    # Terraform keeps `force_destroy` in its own state alone: an imported user has it to be written once.
    terraform.with_variables("apply", "-auto-approve")
    terraform.with_variables("plan", "-detailed-exitcode", expected=_NO_CHANGES)

    terraform.with_variables("destroy", "-auto-approve")
