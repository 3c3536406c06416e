"""What users, groups and roles bear alike, each kind in tables of its own: the first column is whose it is."""

from __future__ import annotations

from sqlalchemy import Column, Index, Table, Text

from keywright.store.tables.schema import Moment, metadata, owned_by, text


def tags_table(name: str, owner: str) -> Table:
    """Make the table of the tags of what `owner`, as `table.column`, tells apart."""
    return Table(
        name,
        metadata,
        owned_by(owner, primary_key=True),
        Column("tag_key_key", text(128), primary_key=True),
        Column("tag_key", text(128), nullable=False),
        Column("tag_value", text(256), nullable=False),
    )


def inline_policies_table(name: str, owner: str) -> Table:
    """Make the table of the policies that are part of their owners."""
    return Table(
        name,
        metadata,
        owned_by(owner, primary_key=True),
        Column("policy_name_key", text(128), primary_key=True),
        Column("policy_name", text(128), nullable=False),
        Column("document", Text, nullable=False),
    )


def attachments_table(name: str, owner: str) -> Table:
    """
    Make the table of the managed policies that their owners bear.

    By ARN and not by id: AWS's own policies are attached too, and have no row here. With the owner's account, so that
    an account's are counted without a look at its users.
    """
    return Table(
        name,
        metadata,
        owned_by(owner, primary_key=True),
        Column("policy_arn", text(), primary_key=True),
        owned_by("accounts.account_id"),
        Column("attached_at", Moment, nullable=False),
        Index(None, "account_id", "policy_arn"),
    )


def bounded_index() -> Index:
    """
    Make the index of the few of an account that have a permissions boundary.

    That it has only those rows is said where it is made, in the migration: said here, for each database, it would have
    every start import SQLAlchemy's support of all of them.
    """
    return Index(None, "account_id", "permissions_boundary_arn")
