"""A self-signed certificate, for a server that has no other (`--tls auto`)."""

from __future__ import annotations

import datetime
import ipaddress
import os
import socket
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_DAYS: Final = 397
_RENEW_DAYS: Final = 30


def self_signed(folder: Path, host: str, now: datetime.datetime) -> tuple[Path, Path]:
    """
    Give a certificate and its key for a host, those of the last start where they still fit.

    It is its own authority: clients trust it by `AWS_CA_BUNDLE`. Raises: OSError.
    """
    for private in (folder.parent, folder):
        private.mkdir(mode=0o700, parents=True, exist_ok=True)
    certificate_file, key_file = folder / "certificate.pem", folder / "key.pem"
    names = _names(host)
    if certificate_file.exists() and key_file.exists() and _fits(certificate_file, names, now):
        return certificate_file, key_file
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Keywright on " + socket.gethostname()[:40])])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=_DAYS))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    _write(
        key_file,
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()),
    )
    _write(certificate_file, certificate.public_bytes(serialization.Encoding.PEM))
    return certificate_file, key_file


def _names(host: str) -> list[x509.GeneralName]:
    """Name the host, and this machine by every name that it answers to."""
    names = dict.fromkeys((host, "localhost", "127.0.0.1", "::1", socket.gethostname()))
    return [_name(name) for name in names if name not in {"0.0.0.0", "::"}]  # noqa: S104 - compared, not bound


def _name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _fits(file: Path, names: list[x509.GeneralName], now: datetime.datetime) -> bool:
    certificate = x509.load_pem_x509_certificate(file.read_bytes())
    extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    lasts = certificate.not_valid_after_utc - now > datetime.timedelta(days=_RENEW_DAYS)
    return lasts and set(names) <= set(extension.value)


def _write(file: Path, content: bytes) -> None:
    """Write a file for its owner alone, in one step."""
    new = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(content)
    new.replace(file)
