"""Certificates and SSH keys: server certificates are the account's, the others are users'."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Column, Index, Table, Text, UniqueConstraint

from keywright.store.tables.entities import tags_table
from keywright.store.tables.schema import Moment, metadata, owned_by, text

server_certificates: Final = Table(
    "server_certificates",
    metadata,
    Column("server_certificate_id", text(21), primary_key=True),
    owned_by("accounts.account_id"),
    Column("server_certificate_name", text(128), nullable=False),
    Column("server_certificate_name_key", text(128), nullable=False),
    Column("path", text(512), nullable=False),
    Column("certificate_body", Text, nullable=False),
    Column("certificate_chain", Text),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False),
    UniqueConstraint("account_id", "server_certificate_name_key"),
)
"""Without their private keys: AWS never gives them back, and nothing here would use them."""

server_certificate_tags: Final = tags_table("server_certificate_tags", "server_certificates.server_certificate_id")

signing_certificates: Final = Table(
    "signing_certificates",
    metadata,
    owned_by("accounts.account_id", primary_key=True),
    Column("certificate_id", text(32), primary_key=True),
    owned_by("users.user_id", nullable=True),
    Column("certificate_body", Text, nullable=False),
    Column("status", text(8), nullable=False),
    Column("created_at", Moment, nullable=False),
    Index(None, "user_id"),
)
"""A row without a user is the root user's. The id is the certificate's fingerprint."""

ssh_public_keys: Final = Table(
    "ssh_public_keys",
    metadata,
    Column("ssh_public_key_id", text(21), primary_key=True),
    owned_by("users.user_id"),
    Column("fingerprint", text(47), nullable=False),
    Column("body", Text, nullable=False),
    Column("status", text(8), nullable=False),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("user_id", "fingerprint"),
)
"""The body is in OpenSSH's encoding, without a comment."""
