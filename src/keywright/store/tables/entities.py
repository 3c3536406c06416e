"""What users, groups and roles bear alike, each kind in tables of its own: the first column is whose it is."""

from __future__ import annotations

from sqlalchemy import Column, Index, String, Table, Text

from keywright.store.tables.schema import Moment, metadata, owned_by


def tags_table(name: str, owner: str) -> Table:
    """Make the table of the tags of what `owner`, as `table.column`, tells apart."""
    return Table(
        name,
        metadata,
        owned_by(owner, primary_key=True),
        Column("tag_key_key", String(128), primary_key=True),
        Column("tag_key", String(128), nullable=False),
        Column("tag_value", String(256), nullable=False),
    )


def inline_policies_table(name: str, owner: str) -> Table:
    """Make the table of the policies that are part of their owners."""
    return Table(
        name,
        metadata,
        owned_by(owner, primary_key=True),
        Column("policy_name_key", String(128), primary_key=True),
        Column("policy_name", String(128), nullable=False),
        Column("document", Text, nullable=False),
    )


def attachments_table(name: str, owner: str) -> Table:
    """
    Make the table of the managed policies that their owners bear.

    By ARN and not by id: AWS's own policies are attached too, and have no row here.
    """
    return Table(
        name,
        metadata,
        owned_by(owner, primary_key=True),
        Column("policy_arn", String, primary_key=True),
        Column("attached_at", Moment, nullable=False),
        Index(None, "policy_arn"),
    )
