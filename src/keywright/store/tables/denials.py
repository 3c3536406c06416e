"""What was found when policies refused a call."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, LargeBinary, String, Table

from keywright.store.tables.schema import Moment, metadata, owned_by

denials: Final = Table(
    "denials",
    metadata,
    Column("authorization_id", String(25), primary_key=True),
    owned_by("accounts.account_id"),
    Column("denied_at", Moment, nullable=False, index=True),
    Column("details", LargeBinary, nullable=False),
)
"""`details` is JSON, deflated: the policies of the moment are in it, and they repeat themselves."""
