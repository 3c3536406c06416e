"""Identity providers for the tests: one that signs OIDC tokens, one that signs SAML responses."""

from __future__ import annotations

import base64
import json
import os
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.x509.oid import NameOID
from lxml import etree  # type: ignore[import-untyped]
from signxml.signer import XMLSigner

from keywright.identity.jwt import PrivateKey, public_jwk, sign_jwt

ATTRIBUTES = "https://aws.amazon.com/SAML/Attributes/"
SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
PERSISTENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent"
_BORN = datetime(2020, 1, 1, tzinfo=UTC)


@cache
def rsa_key(name: str) -> rsa.RSAPrivateKey:
    """Make a key, once for each name: that takes its time."""
    return rsa.generate_private_key(65537, 2048)


class Oidc:
    """An OIDC provider whose keys stand in a file."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = url
        self.key: PrivateKey = rsa_key("oidc")
        self.file = folder / f"{url}.json"
        self.publish(public_jwk(self.key, "RS256", "k1"))

    def publish(self, *keys: dict[str, str]) -> None:
        """Let everybody know these keys."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(json.dumps({"keys": keys}))

    def claims(self, now: datetime, **more: Any) -> dict[str, Any]:
        """Say who somebody is, for five minutes; None leaves a claim away."""
        at = int(now.timestamp())
        claims = {"iss": f"https://{self.url}", "aud": "app", "sub": "user-1", "iat": at, "exp": at + 300} | more
        return {name: value for name, value in claims.items() if value is not None}

    def token(self, now: datetime, *, algorithm: str = "RS256", key_id: str = "k1", **more: Any) -> str:
        """Sign claims."""
        return sign_jwt(self.claims(now, **more), self.key, algorithm, key_id)


class Saml:
    """A SAML provider with a certificate of its own."""

    def __init__(self, entity_id: str = "https://idp.example/saml", key: str = "saml") -> None:
        self.entity_id = entity_id
        self.key = rsa_key(key)
        self.certificate = self_signed("idp.example", self.key, _BORN, _BORN + timedelta(days=365))

    @property
    def metadata(self) -> str:
        """Describe the provider; its certificate has expired, which counts for nothing."""
        der = self.certificate.public_bytes(serialization.Encoding.DER)
        return (
            '<?xml version="1.0"?>'
            f'<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{self.entity_id}">'
            '<md:IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">'
            '<md:KeyDescriptor use="signing"><ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><ds:X509Data>'
            f"<ds:X509Certificate>{base64.b64encode(der).decode()}</ds:X509Certificate>"
            "</ds:X509Data></ds:KeyInfo></md:KeyDescriptor>"
            '<md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" '
            'Location="https://idp.example/sso"/></md:IDPSSODescriptor></md:EntityDescriptor>'
        )

    def assertion(self, now: datetime, attributes: dict[str, list[str]], **more: Any) -> str:
        """Write an assertion about somebody, not signed."""
        given: dict[str, Any] = {
            "issuer": self.entity_id,
            "name_id": f'<saml:NameID Format="{PERSISTENT}">user-1</saml:NameID>',
            "audience": "urn:amazon:webservices",
            "recipient": "https://signin.aws.amazon.com/saml",
            "ends": now + timedelta(minutes=5),
            "session": "",
        } | more
        written = "".join(
            f'<saml:Attribute Name="{name}">'
            + "".join(f"<saml:AttributeValue>{value}</saml:AttributeValue>" for value in values)
            + "</saml:Attribute>"
            for name, values in attributes.items()
        )
        return (
            f'<saml:Assertion xmlns:saml="{SAML}" ID="_a1" Version="2.0" IssueInstant="{moment(now)}">'
            f"<saml:Issuer>{given['issuer']}</saml:Issuer>"
            f"<saml:Subject>{given['name_id']}"
            '<saml:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"><saml:SubjectConfirmationData '
            f'NotOnOrAfter="{moment(given["ends"])}" Recipient="{given["recipient"]}"/>'
            "</saml:SubjectConfirmation></saml:Subject>"
            f'<saml:Conditions NotBefore="{moment(now - timedelta(minutes=1))}" NotOnOrAfter="{moment(given["ends"])}">'
            f"<saml:AudienceRestriction><saml:Audience>{given['audience']}</saml:Audience></saml:AudienceRestriction>"
            f'</saml:Conditions><saml:AuthnStatement AuthnInstant="{moment(now)}" {given["session"]}/>'
            f"<saml:AttributeStatement>{written}</saml:AttributeStatement></saml:Assertion>"
        )

    def sign(self, xml: str) -> str:
        """Sign an element as it bears its own signature."""
        signed = XMLSigner(c14n_algorithm="http://www.w3.org/2001/10/xml-exc-c14n#").sign(
            etree.fromstring(xml), key=self.key, cert=[self.certificate]
        )
        return str(etree.tostring(signed), "utf-8")

    def response(self, inside: str, status: str = "Success") -> str:
        """Put an assertion into a response, not signed."""
        return (
            '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r1" Version="2.0" '
            'IssueInstant="2026-11-24T09:00:00Z">'
            f'<saml:Issuer xmlns:saml="{SAML}">{self.entity_id}</saml:Issuer><samlp:Status>'
            f'<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:{status}"/></samlp:Status>'
            f"{inside}</samlp:Response>"
        )


def encrypt_assertion(xml: str, key: rsa.RSAPublicKey) -> str:
    """Encrypt an assertion for whoever has the private key: AES-256-GCM under RSA-OAEP."""
    content_key, nonce = AESGCM.generate_key(256), os.urandom(12)
    wrapped = key.encrypt(content_key, OAEP(MGF1(hashes.SHA256()), hashes.SHA256(), None))
    content = nonce + AESGCM(content_key).encrypt(nonce, xml.encode(), None)
    return (
        f'<saml:EncryptedAssertion xmlns:saml="{SAML}"><xenc:EncryptedData xmlns:xenc="http://www.w3.org/2001/04/xmlenc#">'
        '<xenc:EncryptionMethod Algorithm="http://www.w3.org/2009/xmlenc11#aes256-gcm"/>'
        '<ds:KeyInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><xenc:EncryptedKey>'
        '<xenc:EncryptionMethod Algorithm="http://www.w3.org/2009/xmlenc11#rsa-oaep">'
        '<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/>'
        '<xenc11:MGF xmlns:xenc11="http://www.w3.org/2009/xmlenc11#" '
        'Algorithm="http://www.w3.org/2009/xmlenc11#mgf1sha256"/></xenc:EncryptionMethod>'
        f"<xenc:CipherData><xenc:CipherValue>{base64.b64encode(wrapped).decode()}</xenc:CipherValue></xenc:CipherData>"
        "</xenc:EncryptedKey></ds:KeyInfo>"
        f"<xenc:CipherData><xenc:CipherValue>{base64.b64encode(content).decode()}</xenc:CipherValue></xenc:CipherData>"
        "</xenc:EncryptedData></saml:EncryptedAssertion>"
    )


def self_signed(
    name: str, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey, begins: datetime, ends: datetime
) -> x509.Certificate:
    """Make a certificate that vouches for itself."""
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
    )
    return builder.sign(key, hashes.SHA256())


def encode(xml: str) -> str:
    """Write a response as it is sent."""
    return base64.b64encode(xml.encode()).decode()


def moment(at: datetime) -> str:
    """Write a moment as SAML does."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
