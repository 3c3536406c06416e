"""
SAML 2.0 responses: what an identity provider says of a subject, signed.

INVARIANT: nothing is read of a response but from what the verifier gives back as signed; that is what keeps an element
which somebody wrapped around a signed one, or hid beside it, from being believed.

lxml and signxml are loaded with the first response: they take memory that a server without SAML need not spend.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from keywright.identity.saml_encryption import DecryptionError, decrypt_element

if TYPE_CHECKING:
    from cryptography import x509

_SAML: Final = "{urn:oasis:names:tc:SAML:2.0:assertion}"
_SAMLP: Final = "{urn:oasis:names:tc:SAML:2.0:protocol}"
_DSIG: Final = "{http://www.w3.org/2000/09/xmldsig#}"
_SUCCESS: Final = "urn:oasis:names:tc:SAML:2.0:status:Success"
_BEARER: Final = "urn:oasis:names:tc:SAML:2.0:cm:bearer"


class ResponseError(ValueError):
    """The response is not to be believed; the message says why."""


class Assertion(NamedTuple):
    """What was said of a subject, and the conditions under which it is to be believed."""

    assertion_id: str
    issuer: str
    issued_at: datetime
    name_id: str | None
    name_id_format: str
    recipient: str | None
    not_before: datetime | None
    not_on_or_after: datetime | None
    """The earliest of those that it states."""
    session_ends_at: datetime | None
    audiences: tuple[str, ...]
    attributes: Mapping[str, tuple[str, ...]]


class Verifier(NamedTuple):
    """What a provider's responses are verified and decrypted with."""

    certificates: Sequence[x509.Certificate]
    private_keys: Sequence[RSAPrivateKey]
    requires_encryption: bool


def read_response(encoded: str) -> Any:
    """
    Parse a response as it is sent, in base64; what it says is not to be believed yet.

    Raises: ResponseError.
    """
    try:
        content = base64.b64decode("".join(encoded.split()), validate=True)
    except (binascii.Error, ValueError):
        raise ResponseError("Invalid base64 SAMLResponse") from None
    root = _parse(content)
    if root.tag != f"{_SAMLP}Response":
        raise ResponseError("Invalid SAML response")
    return root


def issuer_of(response: Any) -> str | None:
    """Tell who a response says that it is from, unverified."""
    found = _text_at(response, f"{_SAML}Issuer") or _text_at(response, f"{_SAML}Assertion/{_SAML}Issuer")
    return found or None


def verify_response(response: Any, verifier: Verifier) -> Assertion:
    """
    Verify a response and give the one assertion in it; either of them must be signed.

    Raises: ResponseError.
    """
    is_signed = response.find(f"{_DSIG}Signature") is not None
    if is_signed:
        response = _signed(response, verifier)
    status = response.find(f"{_SAMLP}Status/{_SAMLP}StatusCode")
    if status is None or status.get("Value") != _SUCCESS:
        raise ResponseError("The SAML response does not report success")
    plain = response.findall(f"{_SAML}Assertion")
    encrypted = response.findall(f"{_SAML}EncryptedAssertion")
    if len(plain) + len(encrypted) != 1:
        raise ResponseError("SAML response must contain 1 assertion")
    if plain and verifier.requires_encryption:
        raise ResponseError("SAML assertion must be encrypted")
    assertion = plain[0] if plain else _decrypted(encrypted[0], verifier)
    if assertion.find(f"{_DSIG}Signature") is not None:
        assertion = _signed(assertion, verifier)
    elif not is_signed:
        raise ResponseError("Response signature invalid")
    return _read(assertion)


def _parse(content: bytes) -> Any:
    from lxml import etree  # type: ignore[import-untyped]

    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise ResponseError("Invalid SAML response") from None
    if root.getroottree().docinfo.doctype:
        raise ResponseError("Invalid SAML response")
    return root


def _signed(element: Any, verifier: Verifier) -> Any:
    """Verify the signature that an element bears itself, over itself and whole; give what was signed."""
    from lxml import etree
    from signxml.exceptions import SignXMLException
    from signxml.verifier import SignatureConfiguration, XMLVerifier

    content = etree.tostring(element, with_tail=False)
    for certificate in verifier.certificates:
        # AWS: "IAM doesn't evaluate or take action on the expiration of X.509 certificates in SAML metadata" (User
        # Guide, "Create a SAML identity provider in IAM"): any moment of its life does.
        config = SignatureConfiguration(location="./", verification_time=certificate.not_valid_after_utc)
        try:
            result = XMLVerifier().verify(content, x509_cert=certificate, expect_config=config)
        except (SignXMLException, ValueError, TypeError, KeyError, AttributeError, etree.LxmlError):
            continue
        signed = None if isinstance(result, list) else result.signed_xml
        if signed is not None and signed.tag == element.tag and signed.get("ID") == element.get("ID"):
            return signed
    raise ResponseError("Response signature invalid")


def _decrypted(encrypted: Any, verifier: Verifier) -> Any:
    try:
        assertion = _parse(decrypt_element(encrypted, verifier.private_keys))
    except DecryptionError:
        raise ResponseError("SAML assertion could not be decrypted") from None
    if assertion.tag != f"{_SAML}Assertion":
        raise ResponseError("Invalid SAML response")
    return assertion


def _read(assertion: Any) -> Assertion:
    subject = assertion.find(f"{_SAML}Subject")
    name_id = None if subject is None else subject.find(f"{_SAML}NameID")
    data = _confirmation(subject)
    conditions = assertion.find(f"{_SAML}Conditions")
    statement = assertion.find(f"{_SAML}AuthnStatement")
    ends = [_moment(one, "NotOnOrAfter") for one in (data, conditions)]
    begins = [_moment(one, "NotBefore") for one in (data, conditions)]
    issued_at = _moment(assertion, "IssueInstant")
    if issued_at is None:
        raise ResponseError("Invalid SAML response")
    return Assertion(
        assertion.get("ID", ""),
        _text_at(assertion, f"{_SAML}Issuer"),
        issued_at,
        None if name_id is None else _text(name_id) or None,
        "" if name_id is None else name_id.get("Format", ""),
        None if data is None else data.get("Recipient"),
        max((moment for moment in begins if moment), default=None),
        min((moment for moment in ends if moment), default=None) if ends[0] else None,
        _moment(statement, "SessionNotOnOrAfter"),
        tuple(
            _text(audience)
            for audience in assertion.iterfind(f"{_SAML}Conditions/{_SAML}AudienceRestriction/{_SAML}Audience")
        ),
        _attributes(assertion),
    )


def _confirmation(subject: Any) -> Any:
    """Find what confirms that whoever bears the assertion is its subject."""
    for confirmation in () if subject is None else subject.iterfind(f"{_SAML}SubjectConfirmation"):
        if confirmation.get("Method") == _BEARER:
            return confirmation.find(f"{_SAML}SubjectConfirmationData")
    return None


def _attributes(assertion: Any) -> dict[str, tuple[str, ...]]:
    attributes: dict[str, tuple[str, ...]] = {}
    for attribute in assertion.iterfind(f"{_SAML}AttributeStatement/{_SAML}Attribute"):
        values = tuple(_text(value) for value in attribute.iterfind(f"{_SAML}AttributeValue"))
        name = attribute.get("Name", "")
        attributes[name] = attributes.get(name, ()) + values
    return attributes


def _text(element: Any) -> str:
    """
    Read all of an element's text.

    What is before the first comment is less than what was signed: canonical XML leaves comments out.
    """
    return "".join(element.itertext()).strip()


def _text_at(element: Any, path: str) -> str:
    found = element.find(path)
    return "" if found is None else _text(found)


def _moment(element: Any, name: str) -> datetime | None:
    text = None if element is None else element.get(name)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ResponseError("Invalid SAML response") from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
