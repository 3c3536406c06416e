"""
Who signs a rotation's calls: a profile's own key, an administrator's, or a session that MFA has opened with either.

The key that signs may be the one that is rotated; once the places have the new one, the old one must not sign any more.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from keywright.client.identity import moment_of
from keywright.client.issuing import ONCE
from keywright.client.rotation.errors import RotationError
from keywright.client.rotation.mfa_sessions import MfaSessions
from keywright.client.session import SignedIn, sign_in


class Signer:
    """A sign-in that can be done again, and the clients that come of it."""

    def __init__(self, flags: Mapping[str, Any], mfa_serial: str | None, sessions: MfaSessions) -> None:
        """
        Sign in.

        Raises: RotationError; SignInError; BotoCoreError; ClientError.
        """
        self._flags: Final = flags
        self._mfa_serial: Final = mfa_serial
        self._sessions: Final = sessions
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
            self._sessions.sign_with(signed_in, self._mfa_serial)
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
            if self._mfa_serial is not None and self._sessions.lasts(self.access_key_id, self._mfa_serial):
                # The session signs, and does not end with the key that opened it.
                return
            if self.access_key_id == access_key_id:
                self.renew()
        if self.access_key_id == access_key_id:
            raise RotationError(
                f"{access_key_id} still signs: this shell's AWS_ACCESS_KEY_ID holds it, or the profile takes it from "
                "elsewhere. Unset the variable, or name a profile with another key by --profile, and go on by --resume"
            )
