"""MFA codes that come with a request for credentials."""

from __future__ import annotations

from sqlalchemy import select

from keywright.identity.mfa import Bearer, MfaFailed, devices_of, verify_mfa
from keywright.services.operation import Call
from keywright.store.tables import mfa_devices


def check_mfa(call: Call, serial_number: str | None, token_code: str | None) -> bool:
    """
    Check the caller's code, which is then used up; False where none was given.

    Raises: MfaFailed.
    """
    if serial_number is None and token_code is None:
        return False
    if serial_number is None or token_code is None:
        raise MfaFailed(
            "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code. "
        )
    bearer = Bearer(call.account_id, call.caller.user_id)
    own = select(mfa_devices.c.serial_number_key).where(
        devices_of(bearer), mfa_devices.c.serial_number_key == serial_number.casefold()
    )
    if call.connection.execute(own).first() is None:
        raise MfaFailed(
            "MultiFactorAuthentication failed, unable to validate MFA code.  "
            "Please verify your MFA serial number is valid and associated with this user."
        )
    if not verify_mfa(call.connection, call.sealer, bearer, serial_number, token_code, call.now):
        raise MfaFailed("MultiFactorAuthentication failed with invalid MFA one time pass code. ")
    return True
