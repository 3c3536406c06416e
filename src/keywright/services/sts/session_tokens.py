"""Temporary credentials for those who have long-term ones."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from keywright.aws.errors import AccessDenied
from keywright.aws.identifiers import new_access_key_id, new_secret_access_key
from keywright.aws.secret import Secret
from keywright.identity.principals import Session
from keywright.identity.session_tokens import TemporaryCredentials, seal_token
from keywright.services.operation import Call, Result, everything, operation

_DEFAULT_SECONDS: Final = 43_200
_ROOT_SECONDS: Final = 3600


@operation(resource=everything, unless_denied=True)
def get_session_token(
    call: Call,
    *,
    duration_seconds: int = _DEFAULT_SECONDS,
    serial_number: str | None = None,
    token_code: str | None = None,
) -> Result:
    """
    Issue temporary credentials to the caller: 12 hours unless asked otherwise, an hour at most for the root user.

    Raises: AccessDenied (called by a session; an MFA device that is not the caller's).
    """
    caller = call.caller
    if caller.session is not None:
        raise AccessDenied("Cannot call GetSessionToken with session credentials")
    if serial_number is not None or token_code is not None:
        # Nobody has an MFA device yet (issue 4), so that every serial number is somebody else's.
        raise AccessDenied(
            "MultiFactorAuthentication failed, unable to validate MFA code.  "
            "Please verify your MFA serial number is valid and associated with this user."
        )
    seconds = min(duration_seconds, _ROOT_SECONDS) if caller.user_id is None else duration_seconds
    # The credentials say their end to the second: that is when they end.
    expires_at = call.now.replace(microsecond=0) + timedelta(seconds=seconds)
    session = Session(new_access_key_id(call.account_id, "ASIA"), call.now, expires_at, mfa_authenticated=False)
    secret = new_secret_access_key()
    token = seal_token(call.sealer, TemporaryCredentials(call.account_id, caller.user_id, Secret(secret), session))
    return {
        "Credentials": {
            "AccessKeyId": session.access_key_id,
            "SecretAccessKey": secret,
            "SessionToken": token,
            "Expiration": expires_at,
        }
    }
