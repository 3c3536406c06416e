"""
Sessions that a code of an MFA device has opened: one for all steps, and for all rotations of the same key and device.

AWS: a code is good once, and a session of GetSessionToken lasts up to 36 hours. It does not end with the key that
opened it (IAM User Guide, "Disabling permissions for temporary security credentials"), and so can delete that key.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from keywright.client.session import SignedIn

Code = Callable[[str], str]
"""Gives a code of an MFA device, whose serial number it takes. Raises: RotationError."""
_SHORTEST, _LONGEST = timedelta(hours=1), timedelta(hours=36)
_SPARE: Final = timedelta(minutes=5)


class MfaSessions:
    """The sessions of one run of the command."""

    def __init__(self, code: Code, wait: timedelta) -> None:
        """`wait`: how long the command may wait between the steps."""
        self._code: Final = code
        self._lasting: Final = min(max(wait + 2 * _SPARE, _SHORTEST), _LONGEST)
        self._opened: Final[dict[tuple[str, str], Mapping[str, Any]]] = {}
        self._opening: Final = threading.Lock()

    def sign_with(self, signed_in: SignedIn, serial: str) -> None:
        """
        Have the calls signed by a session that knows of the MFA device; open one where there is none.

        Raises: RotationError; SignInError; BotoCoreError; ClientError.
        """
        access_key_id = signed_in.session.get_credentials().get_frozen_credentials().access_key
        with self._opening:
            made = self._opened.get((access_key_id, serial))
            if made is None or not _lasts(made):
                made = self._open(signed_in, serial)
                self._opened[access_key_id, serial] = made
        signed_in.session.set_credentials(made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])

    def lasts(self, access_key_id: str, serial: str) -> bool:
        """Tell whether the session that a key opened is good for another step."""
        made = self._opened.get((access_key_id, serial))
        return made is not None and _lasts(made)

    def _open(self, signed_in: SignedIn, serial: str) -> Mapping[str, Any]:
        answer: Mapping[str, Any] = signed_in.client("sts").get_session_token(
            SerialNumber=serial, TokenCode=self._code(serial), DurationSeconds=int(self._lasting.total_seconds())
        )["Credentials"]
        return answer


def _lasts(made: Mapping[str, Any]) -> bool:
    ends: datetime = made["Expiration"]
    return ends > datetime.now(UTC) + _SPARE
