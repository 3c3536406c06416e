"""The credentials of somebody who is signed in: theirs for a quarter of an hour, and no longer than the sign-in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from keywright.aws.clock import iso8601
from keywright.aws.identifiers import new_access_key_id, new_secret_access_key
from keywright.aws.secret import Secret
from keywright.identity.browser_sessions import BrowserSession, find_session, note_use
from keywright.identity.principals import Session
from keywright.identity.session_tokens import TemporaryCredentials, seal_token
from keywright.server.signin.answers import describe
from keywright.store.sealing import Sealer
from keywright.store.transaction import Transaction

LIFETIME: Final = timedelta(minutes=15)
_REGION: Final = "us-east-1"


def issue_credentials(transaction: Transaction, sealer: Sealer, token: str, now: datetime) -> dict[str, Any] | None:
    """Issue credentials to the session of a token; None where it has ended, or must change its password first."""
    found = find_session(transaction.connection, token, now)
    if found is None or found.must_change_password:
        return None
    note_use(transaction.connection, found.session_id, now)
    return _credentials(found, sealer, now)


def _credentials(found: BrowserSession, sealer: Sealer, now: datetime) -> dict[str, Any]:
    holder = found.holder
    expires_at = min(now + LIFETIME, found.expires_at).replace(microsecond=0)
    # Issued with the sign-in: a policy that takes sessions from before a moment means those who signed in before it.
    session = Session(
        new_access_key_id(holder.account_id, "ASIA"),
        found.began_at,
        expires_at,
        found.mfa_serial_number is not None,
        browser_session_id=found.session_id,
    )
    secret = new_secret_access_key()
    sealed = seal_token(sealer, TemporaryCredentials(holder.account_id, holder.user_id, Secret(secret), session))
    return {
        "accessKeyId": session.access_key_id,
        "secretAccessKey": secret,
        "sessionToken": sealed,
        "expiration": iso8601(expires_at),
        "region": _REGION,
    } | describe(holder)
