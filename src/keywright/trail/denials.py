"""
Why calls were refused: kept for a day under the authorization id that the refusal names (facts §10).

A refusal and its details are written together, so that an id that was handed out can be asked about at once.
"""

from __future__ import annotations

import hashlib
import secrets
import zlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import Connection, Table, insert, select, update

from keywright.store.batches import delete_some
from keywright.store.tables import denials, denied_documents

RETENTION: Final = timedelta(hours=24)
_GRANULARITY: Final = timedelta(hours=1)
"""How often a document's last use is written anew."""
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_ID_LENGTH: Final = 25


class Denial(NamedTuple):
    """A refusal's details, ready to be written."""

    authorization_id: str
    details: Mapping[str, Any]
    """What GetRequestAuthorizationDetails answers."""
    documents: Mapping[str, str]
    """The policies' texts by their URIs."""


def new_authorization_id() -> str:
    """Make an id like AWS's: 25 digits and small letters, 129 random bits."""
    return "".join(secrets.choice(_DIGITS) for _ in range(_ID_LENGTH))


def write_denial(connection: Connection, account_id: str, denial: Denial, now: datetime) -> None:
    """Keep a refusal's details for the account of the principal that was refused."""
    digests = {uri: hashlib.sha256(text.encode()).hexdigest() for uri, text in denial.documents.items()}
    _keep_documents(connection, {digests[uri]: text for uri, text in denial.documents.items()}, now)
    details = zlib.compress(orjson.dumps({**denial.details, "documents": digests}))
    connection.execute(
        insert(denials).values(
            authorization_id=denial.authorization_id, account_id=account_id, denied_at=now, details=details
        )
    )


def _keep_documents(connection: Connection, texts: Mapping[str, str], now: datetime) -> None:
    """Write the documents that are not there yet, and put off the end of those that are."""
    columns = denied_documents.c
    rows = connection.execute(select(columns.digest, columns.denied_at).where(columns.digest.in_(list(texts))))
    kept = {row.digest: row.denied_at for row in rows}
    upsert = _upsert(connection.dialect.name)
    for digest, text in texts.items():
        last = kept.get(digest)
        if last is None:
            row = upsert(denied_documents).values(digest=digest, denied_at=now, document=zlib.compress(text.encode()))
            # Another server process may have written it in between.
            connection.execute(row.on_conflict_do_nothing())
        elif now - last > _GRANULARITY:
            connection.execute(update(denied_documents).where(columns.digest == digest).values(denied_at=now))


def _upsert(dialect: str) -> Callable[[Table], Any]:
    # Imported here: one of the two dialects is never used, and each takes its time.
    if dialect == "sqlite":
        from sqlalchemy.dialects.sqlite import insert as on_sqlite

        return on_sqlite
    from sqlalchemy.dialects.postgresql import insert as on_postgresql

    return on_postgresql


def find_denial(connection: Connection, account_id: str, authorization_id: str, now: datetime) -> dict[str, Any] | None:
    """
    Find the details of an account's refusal, with the digests of the policies' documents by their URIs.

    None for another account's, and for one that is a day old.
    """
    details = connection.execute(
        select(denials.c.details).where(
            denials.c.authorization_id == authorization_id,
            denials.c.account_id == account_id,
            denials.c.denied_at >= now - RETENTION,
        )
    ).scalar_one_or_none()
    found: dict[str, Any] | None = None if details is None else orjson.loads(zlib.decompress(details))
    return found


def read_document(connection: Connection, digest: str) -> dict[str, Any]:
    """Read a policy's document as it was when it refused a call."""
    text = connection.execute(
        select(denied_documents.c.document).where(denied_documents.c.digest == digest)
    ).scalar_one()
    document: dict[str, Any] = orjson.loads(zlib.decompress(text))
    return document


def prune_denials(connection: Connection, now: datetime, limit: int) -> int:
    """Forget at most `limit` refusals that are a day old, and documents that no later one names; return how many."""
    forgotten = delete_some(connection, denials, denials.c.denied_at < now - RETENTION, limit=limit)
    old = denied_documents.c.denied_at < now - RETENTION - _GRANULARITY
    return forgotten + delete_some(connection, denied_documents, old, limit=limit - forgotten)
