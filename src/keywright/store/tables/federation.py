"""Who else may vouch for a caller, OIDC and SAML providers; and what the account vouches with itself."""

from __future__ import annotations

from typing import Final

from sqlalchemy import Boolean, Column, Integer, LargeBinary, Table, Text, UniqueConstraint

from keywright.store.tables.entities import tags_table
from keywright.store.tables.schema import Moment, metadata, owned_by, text

oidc_providers: Final = Table(
    "oidc_providers",
    metadata,
    Column("arn", text(), primary_key=True),
    owned_by("accounts.account_id"),
    Column("url", text(255), nullable=False),
    Column("thumbprints", Text, nullable=False),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("account_id", "url"),
)
"""The URL is without its scheme; the thumbprints are in one text, as they were given, with blanks between them."""

oidc_client_ids: Final = Table(
    "oidc_client_ids",
    metadata,
    owned_by("oidc_providers.arn", primary_key=True),
    Column("client_id", text(255), primary_key=True),
    Column("position", Integer, nullable=False),
)

oidc_provider_tags: Final = tags_table("oidc_provider_tags", "oidc_providers.arn")

saml_providers: Final = Table(
    "saml_providers",
    metadata,
    Column("arn", text(), primary_key=True),
    owned_by("accounts.account_id"),
    Column("provider_uuid", text(64), nullable=False),
    Column("provider_name", text(128), nullable=False),
    Column("metadata_document", Text, nullable=False),
    Column("assertion_encryption_mode", text(8)),
    Column("valid_until", Moment, nullable=False),
    Column("created_at", Moment, nullable=False),
)

saml_private_keys: Final = Table(
    "saml_private_keys",
    metadata,
    Column("key_id", text(64), primary_key=True),
    owned_by("saml_providers.arn"),
    Column("sealed_key", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False),
)
"""What decrypts the assertions that a provider encrypts: two at most, so that one can take the other's place."""

saml_provider_tags: Final = tags_table("saml_provider_tags", "saml_providers.arn")

web_identity_issuers: Final = Table(
    "web_identity_issuers",
    metadata,
    owned_by("accounts.account_id", primary_key=True),
    Column("issuer_id", text(36), nullable=False, unique=True),
    Column("issuer", text(), nullable=False),
    Column("is_enabled", Boolean, nullable=False),
    Column("sealed_rsa_key", LargeBinary, nullable=False),
    Column("sealed_ec_key", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False),
)
"""
Accounts that vouch for their principals elsewhere (GetWebIdentityToken), and the keys that sign for them.

A row outlives the switch: tokens that were issued before it was turned off can still be verified.
"""
