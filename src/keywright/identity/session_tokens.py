"""
Session tokens: temporary credentials that carry themselves, sealed.

The token holds whose it is, until when, and its secret; any server process that has the master key verifies it, and no
table grows. What it cannot hold is looked up at each use: that its owner still exists, and the owner's policies of now.
"""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from typing import Final, NamedTuple

import orjson

from keywright.aws.secret import Secret
from keywright.identity.principals import Session
from keywright.store.sealing import Sealer, UnsealError

_ROW: Final = "session_token"
_MAX_CHARACTERS: Final = 8192


class TemporaryCredentials(NamedTuple):
    """Credentials of a session, as issued."""

    account_id: str
    user_id: str | None
    """None for a session of the root user."""
    secret: Secret
    session: Session


def seal_token(sealer: Sealer, credentials: TemporaryCredentials) -> str:
    """Write the token for credentials."""
    session = credentials.session
    claims = (
        session.access_key_id,
        credentials.account_id,
        credentials.user_id,
        credentials.secret.reveal(),
        session.issued_at.timestamp(),
        session.expires_at.timestamp(),
        session.mfa_authenticated,
    )
    return base64.b64encode(sealer.seal(orjson.dumps(claims), _ROW)).decode("ascii")


def open_token(sealer: Sealer, token: str) -> TemporaryCredentials | None:
    """Read a token; None for one that this system did not issue."""
    if len(token) > _MAX_CHARACTERS:
        return None
    try:
        sealed = base64.b64decode(token, validate=True)
        claims = orjson.loads(sealer.unseal(sealed, _ROW))
    except (binascii.Error, ValueError, UnsealError):
        return None
    access_key_id, account_id, user_id, secret, issued_at, expires_at, mfa_authenticated = claims
    session = Session(
        access_key_id,
        datetime.fromtimestamp(issued_at, UTC),
        datetime.fromtimestamp(expires_at, UTC),
        mfa_authenticated,
    )
    return TemporaryCredentials(account_id, user_id, Secret(secret), session)
