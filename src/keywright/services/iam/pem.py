"""Certificates as they are uploaded: PEM, read and checked."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from keywright.services.iam.errors import InvalidCertificate, KeyPairMismatch, MalformedCertificate

if TYPE_CHECKING:
    from cryptography import x509


def read_certificate(pem: str) -> x509.Certificate:
    """
    Read one certificate.

    Raises: MalformedCertificate.
    """
    certificates = _read_all(pem)
    if len(certificates) != 1:
        raise MalformedCertificate("Unable to parse certificate. Please ensure the certificate is in PEM format.")
    return certificates[0]


def check_key(certificate: x509.Certificate, private_key_pem: str) -> None:
    """
    See that a private key is the certificate's.

    Raises: MalformedCertificate (no key, or one under a passphrase); KeyPairMismatch.
    """
    try:
        key = load_pem_private_key(private_key_pem.encode("latin-1"), None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise MalformedCertificate(
            "Unable to parse key; the body must be encoded in PEM format and must not be encrypted."
        ) from None
    form = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    if key.public_key().public_bytes(*form) != certificate.public_key().public_bytes(*form):
        raise KeyPairMismatch("Server certificate body and private key do not match.")


def check_chain(certificate: x509.Certificate, chain_pem: str) -> None:
    """
    See that each certificate of a chain issued the one before it, the first one the certificate itself.

    Raises: MalformedCertificate.
    """
    issued = certificate
    for place, issuer in enumerate(_read_all(chain_pem)):
        try:
            issued.verify_directly_issued_by(issuer)
        except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
            raise MalformedCertificate(
                "Unable to validate certificate chain. The certificate chain must start with the immediate signing "
                "certificate, followed by any intermediaries in order. The index within the chain of the invalid "
                f"certificate is: {place}"
            ) from None
        issued = issuer


def check_validity(certificate: x509.Certificate, now: datetime) -> None:
    """
    See that a certificate is valid now.

    Raises: InvalidCertificate.
    """
    if not certificate.not_valid_before_utc <= now < certificate.not_valid_after_utc:
        raise InvalidCertificate("The certificate is not valid at this time.")


def _read_all(pem: str) -> list[x509.Certificate]:
    # 2 MB, which few servers ever need.
    from cryptography import x509

    try:
        return x509.load_pem_x509_certificates(pem.encode("latin-1"))
    except ValueError:
        raise MalformedCertificate(
            "Unable to parse certificate. Please ensure the certificate is in PEM format."
        ) from None
