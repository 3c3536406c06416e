"""
Accounts as OpenID Connect issuers: the keys that sign their principals' tokens, and the documents that verify them.

Every account that asks for it is an issuer of its own, at an address of this server: `/web-identity/ID`. Its private
keys are sealed in the store; what is public about it is served to anyone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from sqlalchemy import Connection, select

from keywright.identity.jwt import PrivateKey, public_jwk, sign_jwt
from keywright.store.sealing import Sealer
from keywright.store.tables import web_identity_issuers

PATH: Final = "/web-identity/"
ALGORITHMS: Final = ("RS256", "ES384")
_KEY_IDS: Final = {"RS256": "RSA_0", "ES384": "EC384_0"}
_COLUMNS: Final = {"RS256": "sealed_rsa_key", "ES384": "sealed_ec_key"}
_RSA_BITS: Final = 2048


class IssuerKeys(NamedTuple):
    """A new issuer's keys, as DER."""

    rsa: bytes
    ec: bytes


def make_keys() -> IssuerKeys:
    """Make keys; it takes a good part of a second."""
    return IssuerKeys(_der(rsa.generate_private_key(65537, _RSA_BITS)), _der(ec.generate_private_key(ec.SECP384R1())))


def seal_keys(sealer: Sealer, account_id: str, keys: IssuerKeys) -> dict[str, bytes]:
    """Seal keys for the columns of an account's row."""
    return {
        "sealed_rsa_key": sealer.seal(keys.rsa, _row(account_id, "RS256")),
        "sealed_ec_key": sealer.seal(keys.ec, _row(account_id, "ES384")),
    }


def sign_token(
    connection: Connection, sealer: Sealer, account_id: str, algorithm: str, claims: Mapping[str, Any]
) -> str:
    """Sign a token with an issuer's key."""
    row = connection.execute(select(web_identity_issuers).where(web_identity_issuers.c.account_id == account_id)).one()
    return sign_jwt(claims, _open(sealer, row, algorithm), algorithm, _KEY_IDS[algorithm])


def discovery_document(connection: Connection, issuer_id: str) -> dict[str, Any] | None:
    """Say where an issuer's keys are (OpenID Connect Discovery); None for an issuer that is not here."""
    issuer = connection.execute(
        select(web_identity_issuers.c.issuer).where(web_identity_issuers.c.issuer_id == issuer_id)
    ).scalar_one_or_none()
    if issuer is None:
        return None
    return {
        "issuer": issuer,
        "jwks_uri": f"{issuer}/.well-known/jwks.json",
        "response_types_supported": ["id_token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": list(ALGORITHMS),
        "claims_supported": ["iss", "aud", "sub", "iat", "exp", "jti", "https://sts.amazonaws.com/"],
    }


def key_set(connection: Connection, sealer: Sealer, issuer_id: str) -> dict[str, Any] | None:
    """Give the keys that verify an issuer's tokens; None for an issuer that is not here."""
    row = connection.execute(
        select(web_identity_issuers).where(web_identity_issuers.c.issuer_id == issuer_id)
    ).one_or_none()
    if row is None:
        return None
    return {"keys": [public_jwk(_open(sealer, row, one), one, _KEY_IDS[one]) for one in ALGORITHMS]}


def _open(sealer: Sealer, row: Any, algorithm: str) -> PrivateKey:
    sealed: bytes = getattr(row, _COLUMNS[algorithm])
    key = load_der_private_key(sealer.unseal(sealed, _row(row.account_id, algorithm)), None)
    # INVARIANT: `make_keys` makes no others.
    assert isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey)
    return key


def _der(key: PrivateKey) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def _row(account_id: str, algorithm: str) -> str:
    return f"web_identity_issuers/{account_id}/{algorithm}"
