"""
Take the credentials that `aws login` has left, and renew them, for tools that do not know it.

botocore does all of it but for one thing: to prove that it holds the login's key (DPoP, RFC 9449) it wants `awscrt`, a
large library in C of which it uses three functions here. We put `cryptography` in its place where it is missing.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import botocore.credentials
import botocore.session
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConfigParseError,
    LoginInsufficientPermissions,
)
from botocore.utils import get_login_token_cache_directory
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.serialization import load_der_private_key

from keywright.aws.secret import Secret
from keywright.client.export_credentials import Credentials, CredentialsError
from keywright.client.locking import locked
from keywright.client.session import reason


def login_credentials(profile: str) -> tuple[Credentials, str | None]:
    """
    Give a profile's login credentials and their account, renewed where they end soon.

    Raises: CredentialsError.
    """
    session = botocore.session.Session(profile=profile)
    if botocore.credentials.EC is None:
        botocore.credentials.EC = _SigningKey
    provider = botocore.credentials.LoginProvider(lambda: session.full_config, session.create_client, profile)
    try:
        with _alone():
            found = provider.load()
            if found is None:
                raise CredentialsError(
                    f"the profile {profile} has no login_session: `aws login --profile {profile}` makes one "
                    "(AWS CLI 2.32 and later)"
                )
            frozen = found.get_frozen_credentials()
    except ConfigParseError as error:
        raise CredentialsError(f"{error}: `keywright profiles lint` says what is wrong") from error
    except LoginInsufficientPermissions as error:
        raise CredentialsError(f"{error} The managed policy SignInLocalDevelopmentAccess allows it") from error
    except (BotoCoreError, ClientError, KeyError) as error:
        raise CredentialsError(f"{reason(error)} Sign in again: aws login --profile {profile}") from error
    ends_at = found._expiry_time  # noqa: SLF001 - botocore keeps it to itself
    return Credentials(frozen.access_key, Secret(frozen.secret_key), Secret(frozen.token), ends_at), frozen.account_id


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Renew one at a time: a refresh token is good for one use, and the second of two who use it has lost the login."""
    folder = Path(get_login_token_cache_directory())
    # Without the folder there is no login to be renewed.
    with locked(folder) if folder.is_dir() else contextlib.nullcontext():
        yield


class _SigningKey:
    """What botocore uses of `awscrt.crypto.EC`, on P-256."""

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        self._key = key

    @classmethod
    def new_key_from_der_data(cls, der: bytes) -> Self:
        """
        Read a private key.

        Raises: ValueError.
        """
        key = load_der_private_key(der, password=None)
        if isinstance(key, ec.EllipticCurvePrivateKey) and isinstance(key.curve, ec.SECP256R1):
            return cls(key)
        raise ValueError("the login's key is no P-256 key")

    def get_public_coords(self) -> tuple[bytes, bytes]:
        """Give x and y, 32 bytes each."""
        numbers = self._key.public_key().public_numbers()
        return numbers.x.to_bytes(32), numbers.y.to_bytes(32)

    def sign(self, digest: bytes) -> bytes:
        """Sign a SHA-256; gives DER."""
        return self._key.sign(digest, ec.ECDSA(utils.Prehashed(hashes.SHA256())))

    @staticmethod
    def decode_der_signature_to_padded_pair(signature: bytes, pad_to: int) -> bytes:
        """Give r and s one after the other, as JSON Web Signatures have them."""
        r, s = utils.decode_dss_signature(signature)
        return r.to_bytes(pad_to) + s.to_bytes(pad_to)
