"""
Who signs a rotation's calls: a profile's own key, an administrator's, or a session that MFA has opened with either.

The key that signs may be the one that is rotated; once the places have the new one, the old one must not sign any more.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from keywright.client.identity import moment_of
from keywright.client.issuing import ONCE
from keywright.client.rotation.errors import RotationError
from keywright.client.session import SignedIn, sign_in

Code = Callable[[str], str]
"""Gives a code of an MFA device, whose serial number it takes. Raises: RotationError."""


class Signer:
    """A sign-in that can be done again, and the clients that come of it."""

    def __init__(self, flags: Mapping[str, Any], mfa_serial: str | None, code: Code) -> None:
        """
        Sign in.

        Raises: RotationError; SignInError; BotoCoreError; ClientError.
        """
        self._flags: Final = flags
        self._mfa_serial: Final = mfa_serial
        self._code: Final = code
        self._renewing: Final = threading.Lock()
        self.renew()

    def renew(self) -> None:
        """
        Sign in with what the profile holds by now.

        Raises: RotationError; SignInError; BotoCoreError; ClientError.
        """
        signed_in = sign_in(self._flags)
        self.access_key_id: str = signed_in.session.get_credentials().get_frozen_credentials().access_key
        """The key that signs, or that has opened the session that does."""
        if self._mfa_serial is not None:
            _open_session(signed_in, self._mfa_serial, self._code(self._mfa_serial))
        self.signed_in: SignedIn = signed_in
        self.iam: Any = signed_in.client("iam")
        self.iam_once: Any = signed_in.client("iam", ONCE)
        self.sts: Any = signed_in.client("sts")

    @property
    def sts_url(self) -> str:
        """Say where STS is, where a new key is to be proved too."""
        return str(self.sts.meta.endpoint_url)

    def service_time(self) -> datetime:
        """
        Ask for the service's own time, to which its last-used times belong.

        Raises: BotoCoreError; ClientError.
        """
        return moment_of(self.sts.get_caller_identity())

    def stop_signing_with(self, access_key_id: str) -> None:
        """
        Sign in anew where the key that signs is about to end.

        Raises: RotationError; SignInError; BotoCoreError; ClientError.
        """
        with self._renewing:
            if self.access_key_id == access_key_id:
                self.renew()
        if self.access_key_id == access_key_id:
            raise RotationError(
                f"{access_key_id} still signs: this shell's AWS_ACCESS_KEY_ID holds it, or the profile takes it from "
                "elsewhere. Unset the variable, or name a profile with another key by --profile, and go on by --resume"
            )


def _open_session(signed_in: SignedIn, serial: str, code: str) -> None:
    """Have the calls signed by a session that knows of the MFA device."""
    answer = signed_in.client("sts").get_session_token(SerialNumber=serial, TokenCode=code, DurationSeconds=3600)
    made = answer["Credentials"]
    signed_in.session.set_credentials(made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])
