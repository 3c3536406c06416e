"""
Decrypt what an identity provider encrypted for us (XML Encryption 1.1).

The content is under AES (GCM or CBC), its key under RSA-OAEP. RSA PKCS#1 v1.5 is not taken: whoever may send messages
and see which of them fail can decrypt with it.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.padding import MGF1, OAEP
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC

_XENC: Final = "http://www.w3.org/2001/04/xmlenc#"
_XENC11: Final = "http://www.w3.org/2009/xmlenc11#"
_DSIG: Final = "http://www.w3.org/2000/09/xmldsig#"
_CBC: Final = {f"{_XENC}aes{bits}-cbc": bits // 8 for bits in (128, 192, 256)}
_GCM: Final = {f"{_XENC11}aes{bits}-gcm": bits // 8 for bits in (128, 192, 256)}
_DIGESTS: Final[dict[str, hashes.HashAlgorithm]] = {
    f"{_DSIG}sha1": hashes.SHA1(),  # noqa: S303 - OAEP does not rest on its collision resistance
    f"{_XENC}sha256": hashes.SHA256(),
    f"{_XENC}sha512": hashes.SHA512(),
    "http://www.w3.org/2001/04/xmldsig-more#sha384": hashes.SHA384(),
}
_MASKS: Final[dict[str, hashes.HashAlgorithm]] = {
    f"{_XENC11}mgf1sha1": hashes.SHA1(),  # noqa: S303
    f"{_XENC11}mgf1sha256": hashes.SHA256(),
    f"{_XENC11}mgf1sha384": hashes.SHA384(),
    f"{_XENC11}mgf1sha512": hashes.SHA512(),
}
_BLOCK: Final = 16
_NONCE: Final = 12


class DecryptionError(ValueError):
    """It does not decrypt, for whatever reason: none is told apart."""


def decrypt_element(encrypted: Any, keys: Iterable[RSAPrivateKey]) -> bytes:
    """
    Decrypt an element that holds EncryptedData, such as an EncryptedAssertion, and give the XML inside.

    Raises: DecryptionError.
    """
    data = encrypted.find(f"{{{_XENC}}}EncryptedData")
    wrapped = encrypted.find(f".//{{{_XENC}}}EncryptedKey")
    if data is None or wrapped is None:
        raise DecryptionError
    for key in keys:
        try:
            return _open(data, key.decrypt(_value(wrapped), _padding(wrapped)))
        except (ValueError, LookupError, AttributeError, InvalidTag):
            continue
    raise DecryptionError


def _padding(wrapped: Any) -> OAEP:
    method = wrapped.find(f"{{{_XENC}}}EncryptionMethod")
    if method.get("Algorithm") not in {f"{_XENC}rsa-oaep-mgf1p", f"{_XENC11}rsa-oaep"}:
        raise DecryptionError
    digest, mask = method.find(f"{{{_DSIG}}}DigestMethod"), method.find(f"{{{_XENC11}}}MGF")
    algorithm = _DIGESTS[f"{_DSIG}sha1" if digest is None else digest.get("Algorithm")]
    return OAEP(MGF1(_MASKS[f"{_XENC11}mgf1sha1" if mask is None else mask.get("Algorithm")]), algorithm, None)


def _open(data: Any, content_key: bytes) -> bytes:
    algorithm = data.find(f"{{{_XENC}}}EncryptionMethod").get("Algorithm")
    content = _value(data)
    if len(content_key) != (_GCM.get(algorithm) or _CBC[algorithm]):
        raise DecryptionError
    if algorithm in _GCM:
        return AESGCM(content_key).decrypt(content[:_NONCE], content[_NONCE:], None)
    decryptor = Cipher(AES(content_key), CBC(content[:_BLOCK])).decryptor()
    padded = decryptor.update(content[_BLOCK:]) + decryptor.finalize()
    if not 1 <= padded[-1] <= _BLOCK:
        raise DecryptionError
    return padded[: -padded[-1]]


def _value(element: Any) -> bytes:
    text = element.find(f"{{{_XENC}}}CipherData/{{{_XENC}}}CipherValue").text
    return base64.b64decode("".join(text.split()), validate=True)
