"""
Why calls were refused: kept for a day under the authorization id that the refusal names (facts §10).

A refusal and its details are written together, so that an id that was handed out can be asked about at once.
"""

from __future__ import annotations

import secrets
import zlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import Connection, delete, insert, select

from keywright.store.tables import denials

RETENTION: Final = timedelta(hours=24)
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_ID_LENGTH: Final = 25


class Denial(NamedTuple):
    """A refusal's details, ready to be written."""

    authorization_id: str
    details: Mapping[str, Any]
    """What GetRequestAuthorizationDetails answers, and beside it the policies' `documents` by their URIs."""


def new_authorization_id() -> str:
    """Make an id like AWS's: 25 digits and small letters, 129 random bits."""
    return "".join(secrets.choice(_DIGITS) for _ in range(_ID_LENGTH))


def write_denial(connection: Connection, account_id: str, denial: Denial, now: datetime) -> None:
    """Keep a refusal's details for the account of the principal that was refused."""
    details = zlib.compress(orjson.dumps(denial.details))
    connection.execute(
        insert(denials).values(
            authorization_id=denial.authorization_id, account_id=account_id, denied_at=now, details=details
        )
    )


def find_denial(connection: Connection, account_id: str, authorization_id: str, now: datetime) -> dict[str, Any] | None:
    """Find the details of an account's refusal; None for another's, and for one that is a day old."""
    details = connection.execute(
        select(denials.c.details).where(
            denials.c.authorization_id == authorization_id,
            denials.c.account_id == account_id,
            denials.c.denied_at >= now - RETENTION,
        )
    ).scalar_one_or_none()
    found: dict[str, Any] | None = None if details is None else orjson.loads(zlib.decompress(details))
    return found


def prune_denials(connection: Connection, now: datetime) -> None:
    """Forget refusals that are a day old."""
    connection.execute(delete(denials).where(denials.c.denied_at < now - RETENTION))
