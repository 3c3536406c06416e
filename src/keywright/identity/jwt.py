"""
JSON Web Tokens: read and verify another's, write our own (RFC 7515, 7517, 7518).

The algorithms are those that AWS takes: RSA (RS256 and up) and ECDSA (ES256 and up). What is signed with anything else,
or with nothing, is not verified.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

Jwk = Mapping[str, Any]
"""A key as JSON writes it."""
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

_HASHES: Final[dict[str, hashes.HashAlgorithm]] = {
    "256": hashes.SHA256(),
    "384": hashes.SHA384(),
    "512": hashes.SHA512(),
}
_CURVES: Final[dict[str, ec.EllipticCurve]] = {
    "P-256": ec.SECP256R1(),
    "P-384": ec.SECP384R1(),
    "P-521": ec.SECP521R1(),
}
_CURVE_OF: Final = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}
ALGORITHMS: Final = frozenset({"RS256", "RS384", "RS512", *_CURVE_OF})
_LEAST_RSA_BITS: Final = 2048
_MOST_RSA_BITS: Final = 8192
_MOST_EXPONENT_BITS: Final = 64
"""A number without a bound takes seconds to compute with, and anybody may be a provider."""


class JwtError(ValueError):
    """The text is no JWT, or no key here verifies it."""


class Jwt(NamedTuple):
    """A token, read; nothing of it is to be believed before it is verified."""

    algorithm: str
    key_id: str | None
    claims: Mapping[str, Any]
    signed: bytes
    signature: bytes


def read_jwt(text: str) -> Jwt:
    """
    Read a token.

    Raises: JwtError.
    """
    parts = text.split(".")
    if len(parts) != 3:
        raise JwtError("not three parts")
    header, claims, signature = _object(parts[0]), _object(parts[1]), _bytes(parts[2])
    algorithm, key_id = header.get("alg"), header.get("kid")
    # A critical header that is not understood makes the token invalid (RFC 7515, section 4.1.11).
    if not isinstance(algorithm, str) or not isinstance(key_id, str | None) or "crit" in header:
        raise JwtError("not a header that is understood")
    return Jwt(algorithm, key_id, claims, f"{parts[0]}.{parts[1]}".encode(), signature)


def verify_jwt(token: Jwt, keys: Sequence[Jwk]) -> bool:
    """Tell whether one of the keys signed a token: the one that the token names, if it names one."""
    if token.algorithm not in ALGORITHMS:
        return False
    return any(
        _verifies(token, key)
        for key in keys
        if (token.key_id is None or key.get("kid") == token.key_id)
        and key.get("use", "sig") == "sig"
        and key.get("alg", token.algorithm) == token.algorithm
    )


def sign_jwt(claims: Mapping[str, Any], key: PrivateKey, algorithm: str, key_id: str) -> str:
    """Write a token, signed."""
    header = {"alg": algorithm, "kid": key_id, "typ": "JWT"}
    signed = f"{_text(orjson.dumps(header))}.{_text(orjson.dumps(claims))}"
    digest = _HASHES[algorithm[2:]]
    if isinstance(key, rsa.RSAPrivateKey):
        signature = key.sign(signed.encode(), PKCS1v15(), digest)
    else:
        r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(digest)))
        size = _coordinate_bytes(key.curve)
        signature = r.to_bytes(size, "big") + s.to_bytes(size, "big")
    return f"{signed}.{_text(signature)}"


def public_jwk(key: PrivateKey, algorithm: str, key_id: str) -> dict[str, str]:
    """Write the key that verifies what another signs."""
    common = {"kid": key_id, "use": "sig", "alg": algorithm}
    if isinstance(key, rsa.RSAPrivateKey):
        numbers = key.public_key().public_numbers()
        return common | {"kty": "RSA", "n": _number_text(numbers.n), "e": _number_text(numbers.e)}
    point, size = key.public_key().public_numbers(), _coordinate_bytes(key.curve)
    x, y = (_text(coordinate.to_bytes(size, "big")) for coordinate in (point.x, point.y))
    return common | {"kty": "EC", "crv": _CURVE_OF[algorithm], "x": x, "y": y}


def _verifies(token: Jwt, key: Jwk) -> bool:
    digest = _HASHES[token.algorithm[2:]]
    try:
        if token.algorithm.startswith("RS"):
            _rsa_key(key).verify(token.signature, token.signed, PKCS1v15(), digest)
        else:
            public = _ec_key(key, _CURVE_OF[token.algorithm])
            size = _coordinate_bytes(public.curve)
            if len(token.signature) != 2 * size:
                return False
            r, s = int.from_bytes(token.signature[:size], "big"), int.from_bytes(token.signature[size:], "big")
            public.verify(encode_dss_signature(r, s), token.signed, ec.ECDSA(digest))
    except (InvalidSignature, AttributeError, KeyError, TypeError, ValueError):
        return False
    return True


def _rsa_key(key: Jwk) -> rsa.RSAPublicKey:
    if key["kty"] != "RSA":
        raise JwtError("not an RSA key")
    exponent, modulus = _number(key["e"]), _number(key["n"])
    if modulus.bit_length() > _MOST_RSA_BITS or exponent.bit_length() > _MOST_EXPONENT_BITS:
        raise JwtError("too long a key")
    public = rsa.RSAPublicNumbers(exponent, modulus).public_key()
    if public.key_size < _LEAST_RSA_BITS:
        raise JwtError("too short a key")
    return public


def _ec_key(key: Jwk, curve: str) -> ec.EllipticCurvePublicKey:
    if key["kty"] != "EC" or key["crv"] != curve:
        raise JwtError("not a key of this curve")
    return ec.EllipticCurvePublicNumbers(_number(key["x"]), _number(key["y"]), _CURVES[curve]).public_key()


def _coordinate_bytes(curve: ec.EllipticCurve) -> int:
    return (curve.key_size + 7) // 8


def _object(part: str) -> dict[str, Any]:
    try:
        value = orjson.loads(_bytes(part))
    except orjson.JSONDecodeError:
        raise JwtError("not JSON") from None
    if not isinstance(value, dict):
        raise JwtError("not an object")
    return value


def _bytes(part: str) -> bytes:
    try:
        return base64.b64decode(part.encode("ascii") + b"=" * (-len(part) % 4), b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise JwtError("not base64url") from None


def _number(part: str) -> int:
    return int.from_bytes(_bytes(part), "big")


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode("ascii")


def _number_text(number: int) -> str:
    return _text(number.to_bytes((number.bit_length() + 7) // 8, "big"))
