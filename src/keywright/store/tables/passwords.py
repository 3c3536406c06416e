"""Passwords of users, and what the account asks of them."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, Integer, Table

from keywright.store.tables.schema import Moment, metadata, owned_by, text

login_profiles: Final = Table(
    "login_profiles",
    metadata,
    owned_by("users.user_id", primary_key=True),
    Column("password_hash", text(), nullable=False),
    Column("password_reset_required", Boolean, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("password_changed_at", Moment, nullable=False),
)

former_passwords: Final = Table(
    "former_passwords",
    metadata,
    owned_by("users.user_id", primary_key=True),
    Column("replaced_at", Moment, primary_key=True),
    Column("password_hash", text(), nullable=False),
)
"""The user's, whether there is a login profile or not: deleting that is no way round the account's policy."""

password_policies: Final = Table(
    "password_policies",
    metadata,
    owned_by("accounts.account_id", primary_key=True),
    Column("minimum_length", Integer, nullable=False),
    Column("require_symbols", Boolean, nullable=False),
    Column("require_numbers", Boolean, nullable=False),
    Column("require_uppercase", Boolean, nullable=False),
    Column("require_lowercase", Boolean, nullable=False),
    Column("allow_users_to_change", Boolean, nullable=False),
    Column("max_age_days", Integer),
    Column("reuse_prevention", Integer),
    Column("hard_expiry", Boolean),
)
"""What is not asked for is null, as it is absent from AWS's answers."""
