"""
Session tokens: temporary credentials that carry themselves, sealed.

The token holds whose it is, until when, its secret, and what was passed when it was made; any server process that has
the master key verifies it, and no table grows. What it cannot hold is looked up at each use: that its owner still
exists, and the owner's policies of now.
"""

from __future__ import annotations

import base64
import binascii
import zlib
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

import orjson

from keywright.aws.secret import Secret
from keywright.identity.principals import Session, SessionTag
from keywright.store.sealing import Sealer, UnsealError

MAX_CHARACTERS: Final = 4096
"""
AWS: the one limit on what a session carries, since 2026 ("STS simplifies session token size limits").

What was the packed policy's size is now the token's, and so is the percentage that is told.
"""
_ROW: Final = "session_token"
_PLAIN: Final = b"\x01"
_DEFLATED: Final = b"\x02"
_LENGTH_BYTES: Final = 3
_WORTH_DEFLATING: Final = 160


class TemporaryCredentials(NamedTuple):
    """Credentials of a session, as issued."""

    account_id: str
    owner_id: str | None
    """The unique id of the user or role; None for a session of the root user."""
    secret: Secret
    session: Session


def seal_token(sealer: Sealer, credentials: TemporaryCredentials, minimum_characters: int = 0) -> str:
    """Write the token for credentials, as long as asked at least; whether it is too long is for the caller to see."""
    claims = orjson.dumps(_claims(credentials))
    packed = _PLAIN + claims
    if len(claims) > _WORTH_DEFLATING:
        packed = min(packed, _DEFLATED + zlib.compress(claims, 9), key=len)
    content = len(packed).to_bytes(_LENGTH_BYTES, "big") + packed
    sealed = sealer.seal(content, _ROW)
    # Base64 writes three bytes as four characters: this is the least that gives so many.
    missing = (minimum_characters + 3) // 4 * 3 - 2 - len(sealed)
    if missing > 0:
        sealed = sealer.seal(content + bytes(missing), _ROW)
    return base64.b64encode(sealed).decode("ascii")


def open_token(sealer: Sealer, token: str) -> TemporaryCredentials | None:
    """Read a token; None for one that this system did not issue."""
    if len(token) > MAX_CHARACTERS:
        return None
    try:
        content = sealer.unseal(base64.b64decode(token, validate=True), _ROW)
    except (binascii.Error, ValueError, UnsealError):
        return None
    end = _LENGTH_BYTES + int.from_bytes(content[:_LENGTH_BYTES], "big")
    form, packed = content[_LENGTH_BYTES : _LENGTH_BYTES + 1], content[_LENGTH_BYTES + 1 : end]
    return _read(orjson.loads(packed if form == _PLAIN else zlib.decompress(packed)))


def _claims(credentials: TemporaryCredentials) -> list[Any]:
    """List the claims; what only some sessions have comes last, and is left away where there is nothing of it."""
    session = credentials.session
    claims: list[Any] = [
        session.access_key_id,
        credentials.account_id,
        credentials.owner_id,
        credentials.secret.reveal(),
        round(session.issued_at.timestamp() * 1000),
        round(session.expires_at.timestamp() * 1000),
        int(session.mfa_authenticated),
    ]
    further: list[Any] = [
        session.name,
        session.source_identity,
        session.policy,
        session.policy_arns,
        [(tag.key, tag.value, int(tag.transitive)) for tag in session.tags],
        dict(session.keys),
        session.browser_session_id,
    ]
    while further and not further[-1]:
        further.pop()
    return claims + further


def _read(claims: list[Any]) -> TemporaryCredentials:
    access_key_id, account_id, owner_id, secret, issued_at, expires_at, mfa_authenticated, *further = claims
    further += [None] * (7 - len(further))
    name, source_identity, policy, policy_arns, tags, keys, browser_session_id = further
    session = Session(
        access_key_id,
        datetime.fromtimestamp(issued_at / 1000, UTC),
        datetime.fromtimestamp(expires_at / 1000, UTC),
        bool(mfa_authenticated),
        name,
        source_identity,
        tuple(SessionTag(key, value, bool(transitive)) for key, value, transitive in tags or ()),
        policy,
        tuple(policy_arns or ()),
        {key: tuple(values) for key, values in (keys or {}).items()},
        browser_session_id,
    )
    return TemporaryCredentials(account_id, owner_id, Secret(secret), session)
