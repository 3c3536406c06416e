"""Keys and certificates for tests, made once: a chain of three."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import NameOID

from tests.contract.in_process import START


class Issued(NamedTuple):
    """A certificate and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def pem(self) -> str:
        """Write the certificate."""
        return self.certificate.public_bytes(Encoding.PEM).decode()

    @property
    def key_pem(self) -> str:
        """Write the key."""
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()

    @property
    def locked_key_pem(self) -> str:
        """Write the key under a passphrase."""
        form = PrivateFormat.PKCS8, BestAvailableEncryption(b"secret")
        return self.key.private_bytes(Encoding.PEM, *form).decode()


def issue(
    name: str, issuer: Issued | None = None, since: datetime = START - timedelta(days=1), days: int = 3650
) -> Issued:
    """Make a certificate, signed by an issuer or by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject if issuer is None else issuer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + timedelta(days=days))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key if issuer is None else issuer.key, SHA256())
    )
    return Issued(certificate, key)


@cache
def chain() -> tuple[Issued, Issued, Issued]:
    """Give a server's certificate, the intermediate that issued it, and the root that issued that."""
    root = issue("root")
    intermediate = issue("intermediate", root)
    return issue("server", intermediate), intermediate, root


@cache
def rsa_key(bits: int = 2048, number: int = 0) -> rsa.RSAPublicKey:
    """Give the public half of an RSA key; another for another number."""
    del number
    return rsa.generate_private_key(65537, bits).public_key()


def as_ssh(key: rsa.RSAPublicKey, comment: str = "") -> str:
    """Write a key as OpenSSH does."""
    return key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode() + comment


def as_pem(key: rsa.RSAPublicKey) -> str:
    """Write a key as PEM."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
