"""
Sign-ins to the console, as CloudTrail records them.

AWS: CloudTrail User Guide, "AWS Management Console sign-in events"; an example there for each case here.
"""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from keywright.store.transaction import EventRow
from keywright.trail.event import VERSION, OpenEvent, new_event_id, write_record

FAILED: Final = "Failed authentication"
UNKNOWN_USER: Final = "No username found in supplied account"
HIDDEN: Final = "HIDDEN_DUE_TO_SECURITY_REASONS"
"""In place of the name of a user that does not exist: people type passwords there."""
_SOURCE: Final = "signin.amazonaws.com"
_REGION: Final = "us-east-1"


class SignInUser(NamedTuple):
    """Who signs in, or tries to."""

    account_id: str
    arn: str | None
    """None for a user that does not exist."""
    principal_id: str | None
    """None for a user that does not exist."""
    user_name: str | None
    """None for the root user."""


def console_login(
    event: OpenEvent,
    user: SignInUser,
    login_to: str,
    mfa_identifier: str | None = None,
    *,
    mfa_used: bool = False,
    error_message: str | None = None,
) -> EventRow:
    """Record that somebody signed in or, with an error message, did not; a wrong MFA code is used, but no device's."""
    additional = {"LoginTo": login_to, "MobileVersion": "No"}
    if mfa_identifier is not None:
        additional["MFAIdentifier"] = mfa_identifier
    additional["MFAUsed"] = "Yes" if mfa_used or mfa_identifier is not None else "No"
    outcome = "Success" if error_message is None else "Failure"
    return _close(event, user, "ConsoleLogin", outcome, additional, error_message)


def check_mfa(event: OpenEvent, user: SignInUser, mfa_type: str) -> EventRow:
    """Record that a password was right, and that a code of an MFA device is asked for."""
    return _close(event, user, "CheckMfa", "Success", {"MfaType": mfa_type}, None)


def _close(
    event: OpenEvent,
    user: SignInUser,
    name: str,
    outcome: str,
    additional: dict[str, str],
    error_message: str | None,
) -> EventRow:
    event_id = new_event_id(event.at)
    signed_in = name == "ConsoleLogin" and error_message is None
    record: dict[str, Any] = {
        "eventVersion": VERSION,
        "userIdentity": _identity(user, signed_in=signed_in),
        "eventTime": event.at,
        "eventSource": _SOURCE,
        "eventName": name,
        "awsRegion": _REGION,
        "sourceIPAddress": event.source_address,
        "userAgent": event.user_agent,
    }
    if error_message is not None:
        record["errorMessage"] = error_message
    record |= {
        "requestParameters": None,
        "responseElements": {name: outcome},
        "additionalEventData": additional,
        "eventID": event_id,
        "readOnly": False,
        "eventType": "AwsConsoleSignIn",
        "managementEvent": True,
        "recipientAccountId": user.account_id,
        "eventCategory": "Management",
    }
    row_name = user.user_name or "root"
    return (user.account_id, _REGION, event_id, _SOURCE, name, row_name, None, False, write_record(record))


def _identity(user: SignInUser, *, signed_in: bool) -> dict[str, Any]:
    """Write the `userIdentity`: a user who has not signed in has no ARN there, and an empty access key id."""
    identity: dict[str, Any] = {"type": "IAMUser" if user.user_name is not None else "Root"}
    if user.principal_id is not None:
        identity["principalId"] = user.principal_id
    if user.arn is not None and (signed_in or user.user_name is None):
        identity["arn"] = user.arn
    identity["accountId"] = user.account_id
    if not signed_in or user.user_name is None:
        identity["accessKeyId"] = ""
    if user.user_name is not None:
        identity["userName"] = user.user_name
    return identity
