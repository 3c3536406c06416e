"""What was found when policies refused a call."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, LargeBinary, Table

from keywright.store.tables.schema import Moment, metadata, owned_by, text

denials: Final = Table(
    "denials",
    metadata,
    Column("authorization_id", text(25), primary_key=True),
    owned_by("accounts.account_id"),
    Column("denied_at", Moment, nullable=False, index=True),
    Column("details", LargeBinary, nullable=False),
)
"""`details` is JSON, deflated; it names the policies' documents by their digests."""

denied_documents: Final = Table(
    "denied_documents",
    metadata,
    Column("digest", text(64), primary_key=True),
    Column("denied_at", Moment, nullable=False, index=True),
    Column("document", LargeBinary, nullable=False),
)
"""
The policies' documents as they were (JSON, deflated), each once however many calls it refused.

A caller that asks again and again must not fill the disk with its own policies. `denied_at` is within the hour.
"""
