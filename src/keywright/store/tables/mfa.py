"""Multi-factor authentication devices."""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, LargeBinary, Table, Text

from keywright.store.tables.entities import tags_table
from keywright.store.tables.schema import Moment, metadata, owned_by, text

mfa_devices: Final = Table(
    "mfa_devices",
    metadata,
    Column("serial_number_key", text(256), primary_key=True),
    Column("serial_number", text(256), nullable=False),
    owned_by("accounts.account_id"),
    owned_by("users.user_id", nullable=True),
    Column("is_virtual", Boolean, nullable=False),
    Column("sealed_seed", LargeBinary),
    Column("created_at", Moment, nullable=False),
    Column("enabled_at", Moment),
    Column("clock_offset", Integer, nullable=False, default=0),
    Column("last_step", BigInteger, nullable=False, default=0),
    Column("failures", Integer, nullable=False, default=0),
    Column("failed_at", Moment),
    Column("certifications", Text),
    Index(None, "account_id", "serial_number_key"),
    Index(None, "user_id"),
)
"""
A device that is enabled and has no user is the root user's; one that is not enabled is nobody's.

`clock_offset` and `last_step` are in steps of 30 seconds: how far the device's clock is ahead, and the last step whose
code was accepted. `failures` counts the wrong codes since. A security key has no seed; `certifications` (JSON) is its.
"""

mfa_device_tags: Final = tags_table("mfa_device_tags", "mfa_devices.serial_number_key")
