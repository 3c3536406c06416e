"""
Age files whose passphrase costs next to nothing, by age's specification (https://age-encryption.org/v1).

The product's own take a second to seal and another to open, on purpose, and on a busy machine far longer.
"""

from __future__ import annotations

import base64
import secrets
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

_VERSION: Final = b"age-encryption.org/v1"
_WORK: Final = 1
"""The logarithm of scrypt's N; eighteen or so in the product's files."""


def sealed_by_passphrase(content: bytes, passphrase: str) -> bytes:
    """Encrypt a content of one chunk, not armoured."""
    file_key, salt, nonce = secrets.token_bytes(16), secrets.token_bytes(16), secrets.token_bytes(16)
    wrapping = Scrypt(salt=_VERSION + b"/scrypt" + salt, length=32, n=2**_WORK, r=8, p=1).derive(passphrase.encode())
    wrapped = ChaCha20Poly1305(wrapping).encrypt(bytes(12), file_key, None)
    header = b"%s\n-> scrypt %s %d\n%s\n---" % (_VERSION, _unpadded(salt), _WORK, _unpadded(wrapped))
    mac = HMAC(_derived(file_key, b"", b"header"), SHA256())
    mac.update(header)
    payload = ChaCha20Poly1305(_derived(file_key, nonce, b"payload")).encrypt(bytes(11) + b"\x01", content, None)
    return b"%s %s\n%s%s" % (header, _unpadded(mac.finalize()), nonce, payload)


def _derived(key: bytes, salt: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=salt, info=purpose).derive(key)


def _unpadded(content: bytes) -> bytes:
    return base64.b64encode(content).rstrip(b"=")
