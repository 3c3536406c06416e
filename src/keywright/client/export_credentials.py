"""The credentials of a profile, from a store or from wherever botocore finds them, as they are or for a session."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from keywright.aws.secret import Secret
from keywright.client.errors import UnreachableError
from keywright.client.keystore import holding
from keywright.client.keystore.pointing import PROCESS, is_ours
from keywright.client.profiles import Profile


class CredentialsError(UnreachableError):
    """There are no credentials to be had; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Credentials; `session_token` and `expires_at` are there for temporary ones."""

    access_key_id: str
    secret: Secret
    session_token: Secret | None = None
    expires_at: datetime | None = None

    def variables(self) -> dict[str, str]:
        """Give the variables that AWS tools read."""
        found = {"AWS_ACCESS_KEY_ID": self.access_key_id, "AWS_SECRET_ACCESS_KEY": self.secret.reveal()}
        if self.session_token is not None:
            found["AWS_SESSION_TOKEN"] = self.session_token.reveal()
        if self.expires_at is not None:
            found["AWS_CREDENTIAL_EXPIRATION"] = self.expires_at.isoformat()
        return found


def credentials_of(name: str, profile: Profile | None, flags: Mapping[str, Any]) -> Credentials:
    """
    Take a profile's credentials: its stored key where it leads to a store, or is in no AWS file; else botocore's.

    Raises: CredentialsError; KeystoreError.
    """
    if profile is None or is_ours(profile.value(PROCESS), name):
        # Not by the process: we may ask for the passphrase, which it may not.
        store = holding(name, os.environ)
        key = None if store is None else store.get(name)
        if key is not None:
            return Credentials(key.access_key_id, key.secret, key.session_token)
        if profile is None:
            raise CredentialsError(
                f"there is no profile {name}, neither in the AWS files nor in a store: "
                "`keywright profiles list` and `keywright store list` show those that there are"
            )
    return _from_botocore(name, flags)


def session_of(
    name: str, profile: Profile | None, credentials: Credentials, flags: Mapping[str, Any], *, mfa_code: str | None
) -> Credentials:
    """
    Get credentials that end, for a long-term key (GetSessionToken).

    `flags` has region, endpoint_url, and the duration in seconds. Raises: CredentialsError.
    """
    from keywright.client.session import sign_in_with

    asked: dict[str, Any] = {}
    if flags["duration"] is not None:
        asked["DurationSeconds"] = flags["duration"]
    if mfa_code is not None and profile is not None:
        asked |= {"SerialNumber": profile.value("mfa_serial"), "TokenCode": mfa_code}
    with _said():
        signed_in = sign_in_with(
            credentials.access_key_id,
            credentials.secret,
            flags["region"],
            flags["endpoint_url"],
            profile=None if profile is None else name,
        )
        made = signed_in.client("sts").get_session_token(**asked)["Credentials"]
    return Credentials(
        made["AccessKeyId"], Secret(made["SecretAccessKey"]), Secret(made["SessionToken"]), made["Expiration"]
    )


def _from_botocore(name: str, flags: Mapping[str, Any]) -> Credentials:
    # Imported here: a stored key needs no SDK.
    from keywright.client.session import sign_in

    with _said():
        found = sign_in({**flags, "profile": name}).session.get_credentials()
        frozen = found.get_frozen_credentials()
    token = None if frozen.token is None else Secret(frozen.token)
    # AWS: botocore keeps the end of refreshable credentials to itself.
    return Credentials(frozen.access_key, Secret(frozen.secret_key), token, getattr(found, "_expiry_time", None))


@contextlib.contextmanager
def _said() -> Iterator[None]:
    """Say in our words what a service, or botocore, says."""
    from botocore.exceptions import BotoCoreError, ClientError

    from keywright.client.session import SignInError, reason

    try:
        yield
    except SignInError as error:
        raise CredentialsError(str(error)) from error
    except (BotoCoreError, ClientError) as error:
        raise CredentialsError(reason(error)) from error
