"""What a SAML identity provider says of itself: its name, until when, and the certificates that it signs with."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric import rsa

from keywright.protocol.refusals import MalformedXML
from keywright.protocol.xml_read import Node, read_xml

if TYPE_CHECKING:
    from cryptography import x509

_PROTOCOL: Final = "urn:oasis:names:tc:SAML:2.0:protocol"
_LEAST_RSA_BITS: Final = 1024
"""AWS: a smaller key cannot be parsed (User Guide, "Troubleshoot SAML federation")."""


class MetadataError(ValueError):
    """The document is no SAML 2.0 metadata of an identity provider."""


class SamlMetadata(NamedTuple):
    """An identity provider, as its metadata describes it."""

    entity_id: str
    valid_until: datetime | None
    certificates: tuple[x509.Certificate, ...]
    """Those that sign."""


def read_metadata(document: str) -> SamlMetadata:
    """
    Read a metadata document.

    Raises: MetadataError.
    """
    if document.startswith("\ufeff"):
        # AWS: "encoded in UTF-8 format without a byte order mark" (the same page).
        raise MetadataError("it begins with a byte order mark")
    try:
        root = read_xml(document.encode())
    except MalformedXML:
        raise MetadataError("it is not XML") from None
    entity_id = root.attributes.get("entityID")
    if root.tag != "EntityDescriptor" or not entity_id:
        raise MetadataError("it has no EntityDescriptor with an entityID")
    roles = [
        node
        for node in _children(root, "IDPSSODescriptor")
        if _PROTOCOL in node.attributes.get("protocolSupportEnumeration", "").split()
    ]
    if not roles:
        raise MetadataError("it describes no SAML 2.0 identity provider")
    certificates = tuple(_certificate(text) for role in roles for text in _signing_certificates(role))
    if not certificates:
        raise MetadataError("it has no signing certificate")
    return SamlMetadata(entity_id, _moment(root.attributes.get("validUntil")), certificates)


def _signing_certificates(role: Node) -> Iterator[str]:
    for descriptor in _children(role, "KeyDescriptor"):
        if descriptor.attributes.get("use", "signing") == "signing":
            for info in _children(descriptor, "KeyInfo"):
                for data in _children(info, "X509Data"):
                    for certificate in _children(data, "X509Certificate"):
                        yield certificate.text


def _children(node: Node, tag: str) -> Iterator[Node]:
    return (child for child in node.children if child.tag == tag)


def _certificate(text: str) -> x509.Certificate:
    # 2 MB, which few servers ever need.
    from cryptography import x509

    try:
        certificate = x509.load_der_x509_certificate(base64.b64decode("".join(text.split()), validate=True))
        key = certificate.public_key()
    except (binascii.Error, ValueError) as error:
        raise MetadataError("it has a certificate that cannot be read") from error
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < _LEAST_RSA_BITS:
        raise MetadataError("it has a certificate with too short a key")
    return certificate


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise MetadataError("its validUntil is no moment") from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
