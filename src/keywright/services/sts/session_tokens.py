"""Temporary credentials for those who have long-term ones: the same identity, for a while."""

from __future__ import annotations

from typing import Final

from keywright.services.operation import Call, Result, everything, operation
from keywright.services.sts.mfa_codes import check_mfa
from keywright.services.sts.sessions import after, issue, new_session

_DEFAULT_SECONDS: Final = 43_200
_ROOT_SECONDS: Final = 3600


def limit_seconds(call: Call, duration_seconds: int) -> int:
    """Keep a root user's session to an hour: one that asks for longer gets that."""
    return min(duration_seconds, _ROOT_SECONDS) if call.caller.kind == "Root" else duration_seconds


@operation(resource=everything, unless_denied=True, writes_with="TokenCode")
def get_session_token(
    call: Call,
    *,
    duration_seconds: int = _DEFAULT_SECONDS,
    serial_number: str | None = None,
    token_code: str | None = None,
    minimum_session_token_size: int | None = None,
) -> Result:
    """
    Issue temporary credentials to the caller: 12 hours unless asked otherwise, an hour at most for the root user.

    Raises: AccessDenied (an MFA code that is not the caller's, or not right).
    """
    has_mfa = check_mfa(call, serial_number, token_code)
    expires_at = after(call, limit_seconds(call, duration_seconds))
    session = new_session(call, call.account_id, expires_at, mfa_authenticated=has_mfa)
    return issue(call, call.account_id, call.caller.user_id, session, minimum_session_token_size)
