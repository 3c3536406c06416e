"""Accounts, users, access keys, policies, buckets and the trail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the schema."""
    op.create_table(
        "accounts",
        sa.Column("account_id", sa.String(length=12), nullable=False),
        sa.Column("canonical_id", sa.String(length=64), nullable=False),
        sa.Column("root_email", sa.String(), nullable=False),
        sa.Column("root_password_hash", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("root_email", name=op.f("uq_accounts_root_email")),
    )
    op.create_table(
        "event_resources",
        sa.Column("account_id", sa.String(length=12), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("resource_name", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("resource_type", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint(
            "account_id", "region", "resource_name", "event_id", "resource_type", name=op.f("pk_event_resources")
        ),
        sqlite_with_rowid=False,
    )
    op.create_index(
        op.f("ix_event_resources_account_id_region_event_id"),
        "event_resources",
        ["account_id", "region", "event_id"],
        unique=False,
    )
    op.create_index(
        op.f("ix_event_resources_account_id_region_resource_type_event_id"),
        "event_resources",
        ["account_id", "region", "resource_type", "event_id"],
        unique=False,
    )
    op.create_table(
        "events",
        sa.Column("account_id", sa.String(length=12), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("event_source", sa.String(), nullable=False),
        sa.Column("event_name", sa.String(), nullable=False),
        sa.Column("user_name", sa.String(), nullable=True),
        sa.Column("access_key_id", sa.String(), nullable=True),
        sa.Column("read_only", sa.Boolean(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "region", "event_id", name=op.f("pk_events")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_events_lookup",
        "events",
        ["account_id", "region", "event_id", "event_name", "user_name", "access_key_id", "event_source", "read_only"],
        unique=False,
    )
    op.create_table(
        "identity_generation",
        sa.Column("generation", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("generation", name=op.f("pk_identity_generation")),
    )
    op.create_table(
        "account_aliases",
        sa.Column("alias", sa.String(length=63), nullable=False),
        sa.Column("account_id", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name=op.f("fk_account_aliases_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("alias", name=op.f("pk_account_aliases")),
        sa.UniqueConstraint("account_id", name=op.f("uq_account_aliases_account_id")),
    )
    op.create_table(
        "buckets",
        sa.Column("bucket_name", sa.String(length=63), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("region", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name=op.f("fk_buckets_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("bucket_name", name=op.f("pk_buckets")),
    )
    op.create_index(op.f("ix_buckets_account_id"), "buckets", ["account_id"], unique=False)
    op.create_table(
        "groups",
        sa.Column("group_id", sa.String(length=21), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("group_name", sa.String(length=128), nullable=False),
        sa.Column("group_name_key", sa.String(length=128), nullable=False),
        sa.Column("path", sa.String(length=512), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name=op.f("fk_groups_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("group_id", name=op.f("pk_groups")),
        sa.UniqueConstraint("account_id", "group_name_key", name=op.f("uq_groups_account_id_group_name_key")),
    )
    op.create_table(
        "policies",
        sa.Column("policy_id", sa.String(length=21), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("policy_name", sa.String(length=128), nullable=False),
        sa.Column("policy_name_key", sa.String(length=128), nullable=False),
        sa.Column("path", sa.String(length=512), nullable=False),
        sa.Column("arn", sa.String(), nullable=False),
        sa.Column("description", sa.String(length=1000), nullable=False),
        sa.Column("default_version", sa.Integer(), nullable=False),
        sa.Column("latest_version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name=op.f("fk_policies_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("policy_id", name=op.f("pk_policies")),
        sa.UniqueConstraint("account_id", "policy_name_key", name=op.f("uq_policies_account_id_policy_name_key")),
        sa.UniqueConstraint("arn", name=op.f("uq_policies_arn")),
    )
    op.create_table(
        "roles",
        sa.Column("role_id", sa.String(length=21), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("role_name", sa.String(length=64), nullable=False),
        sa.Column("role_name_key", sa.String(length=64), nullable=False),
        sa.Column("path", sa.String(length=512), nullable=False),
        sa.Column("trust_policy", sa.Text(), nullable=False),
        sa.Column("description", sa.String(length=1000), nullable=True),
        sa.Column("max_session_duration_seconds", sa.Integer(), nullable=False),
        sa.Column("permissions_boundary_arn", sa.String(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_used_at", sa.BigInteger(), nullable=True),
        sa.Column("last_used_region", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name=op.f("fk_roles_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("role_id", name=op.f("pk_roles")),
        sa.UniqueConstraint("account_id", "role_name_key", name=op.f("uq_roles_account_id_role_name_key")),
    )
    op.create_index(op.f("ix_roles_permissions_boundary_arn"), "roles", ["permissions_boundary_arn"], unique=False)
    op.create_table(
        "service_linked_role_deletions",
        sa.Column("deletion_task_id", sa.String(length=512), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.account_id"],
            name=op.f("fk_service_linked_role_deletions_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("deletion_task_id", name=op.f("pk_service_linked_role_deletions")),
    )
    op.create_table(
        "users",
        sa.Column("user_id", sa.String(length=21), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("user_name", sa.String(length=64), nullable=False),
        sa.Column("user_name_key", sa.String(length=64), nullable=False),
        sa.Column("path", sa.String(length=512), nullable=False),
        sa.Column("permissions_boundary_arn", sa.String(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("password_last_used", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name=op.f("fk_users_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_users")),
        sa.UniqueConstraint("account_id", "user_name_key", name=op.f("uq_users_account_id_user_name_key")),
    )
    op.create_index(op.f("ix_users_permissions_boundary_arn"), "users", ["permissions_boundary_arn"], unique=False)
    op.create_table(
        "access_keys",
        sa.Column("access_key_id", sa.String(length=20), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=True),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("status", sa.String(length=8), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_used_at", sa.BigInteger(), nullable=True),
        sa.Column("last_used_service", sa.String(), nullable=True),
        sa.Column("last_used_region", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name=op.f("fk_access_keys_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name=op.f("fk_access_keys_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("access_key_id", name=op.f("pk_access_keys")),
    )
    op.create_index(op.f("ix_access_keys_user_id"), "access_keys", ["user_id"], unique=False)
    op.create_table(
        "group_memberships",
        sa.Column("group_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.group_id"], name=op.f("fk_group_memberships_group_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name=op.f("fk_group_memberships_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("group_id", "user_id", name=op.f("pk_group_memberships")),
    )
    op.create_index(op.f("ix_group_memberships_user_id"), "group_memberships", ["user_id"], unique=False)
    op.create_table(
        "group_policies",
        sa.Column("group_id", sa.String(), nullable=False),
        sa.Column("policy_name_key", sa.String(length=128), nullable=False),
        sa.Column("policy_name", sa.String(length=128), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.group_id"], name=op.f("fk_group_policies_group_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("group_id", "policy_name_key", name=op.f("pk_group_policies")),
    )
    op.create_table(
        "group_policy_attachments",
        sa.Column("group_id", sa.String(), nullable=False),
        sa.Column("policy_arn", sa.String(), nullable=False),
        sa.Column("attached_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.group_id"], name=op.f("fk_group_policy_attachments_group_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("group_id", "policy_arn", name=op.f("pk_group_policy_attachments")),
    )
    op.create_index(
        op.f("ix_group_policy_attachments_policy_arn"), "group_policy_attachments", ["policy_arn"], unique=False
    )
    op.create_table(
        "instance_profiles",
        sa.Column("instance_profile_id", sa.String(length=21), nullable=False),
        sa.Column("account_id", sa.String(), nullable=False),
        sa.Column("instance_profile_name", sa.String(length=128), nullable=False),
        sa.Column("instance_profile_name_key", sa.String(length=128), nullable=False),
        sa.Column("path", sa.String(length=512), nullable=False),
        sa.Column("role_id", sa.String(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name=op.f("fk_instance_profiles_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["role_id"], ["roles.role_id"], name=op.f("fk_instance_profiles_role_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("instance_profile_id", name=op.f("pk_instance_profiles")),
        sa.UniqueConstraint(
            "account_id",
            "instance_profile_name_key",
            name=op.f("uq_instance_profiles_account_id_instance_profile_name_key"),
        ),
    )
    op.create_index(op.f("ix_instance_profiles_role_id"), "instance_profiles", ["role_id"], unique=False)
    op.create_table(
        "login_profiles",
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=False),
        sa.Column("password_reset_required", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name=op.f("fk_login_profiles_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_login_profiles")),
    )
    op.create_table(
        "policy_tags",
        sa.Column("policy_id", sa.String(), nullable=False),
        sa.Column("tag_key_key", sa.String(length=128), nullable=False),
        sa.Column("tag_key", sa.String(length=128), nullable=False),
        sa.Column("tag_value", sa.String(length=256), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["policies.policy_id"], name=op.f("fk_policy_tags_policy_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("policy_id", "tag_key_key", name=op.f("pk_policy_tags")),
    )
    op.create_table(
        "policy_versions",
        sa.Column("policy_id", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["policies.policy_id"], name=op.f("fk_policy_versions_policy_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("policy_id", "version", name=op.f("pk_policy_versions")),
    )
    op.create_table(
        "role_policies",
        sa.Column("role_id", sa.String(), nullable=False),
        sa.Column("policy_name_key", sa.String(length=128), nullable=False),
        sa.Column("policy_name", sa.String(length=128), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["role_id"], ["roles.role_id"], name=op.f("fk_role_policies_role_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("role_id", "policy_name_key", name=op.f("pk_role_policies")),
    )
    op.create_table(
        "role_policy_attachments",
        sa.Column("role_id", sa.String(), nullable=False),
        sa.Column("policy_arn", sa.String(), nullable=False),
        sa.Column("attached_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["role_id"], ["roles.role_id"], name=op.f("fk_role_policy_attachments_role_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("role_id", "policy_arn", name=op.f("pk_role_policy_attachments")),
    )
    op.create_index(
        op.f("ix_role_policy_attachments_policy_arn"), "role_policy_attachments", ["policy_arn"], unique=False
    )
    op.create_table(
        "role_tags",
        sa.Column("role_id", sa.String(), nullable=False),
        sa.Column("tag_key_key", sa.String(length=128), nullable=False),
        sa.Column("tag_key", sa.String(length=128), nullable=False),
        sa.Column("tag_value", sa.String(length=256), nullable=False),
        sa.ForeignKeyConstraint(["role_id"], ["roles.role_id"], name=op.f("fk_role_tags_role_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("role_id", "tag_key_key", name=op.f("pk_role_tags")),
    )
    op.create_table(
        "user_policies",
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("policy_name_key", sa.String(length=128), nullable=False),
        sa.Column("policy_name", sa.String(length=128), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name=op.f("fk_user_policies_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "policy_name_key", name=op.f("pk_user_policies")),
    )
    op.create_table(
        "user_policy_attachments",
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("policy_arn", sa.String(), nullable=False),
        sa.Column("attached_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name=op.f("fk_user_policy_attachments_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "policy_arn", name=op.f("pk_user_policy_attachments")),
    )
    op.create_index(
        op.f("ix_user_policy_attachments_policy_arn"), "user_policy_attachments", ["policy_arn"], unique=False
    )
    op.create_table(
        "user_tags",
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("tag_key_key", sa.String(length=128), nullable=False),
        sa.Column("tag_key", sa.String(length=128), nullable=False),
        sa.Column("tag_value", sa.String(length=256), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name=op.f("fk_user_tags_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "tag_key_key", name=op.f("pk_user_tags")),
    )
    op.create_table(
        "instance_profile_tags",
        sa.Column("instance_profile_id", sa.String(), nullable=False),
        sa.Column("tag_key_key", sa.String(length=128), nullable=False),
        sa.Column("tag_key", sa.String(length=128), nullable=False),
        sa.Column("tag_value", sa.String(length=256), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_profile_id"],
            ["instance_profiles.instance_profile_id"],
            name=op.f("fk_instance_profile_tags_instance_profile_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("instance_profile_id", "tag_key_key", name=op.f("pk_instance_profile_tags")),
    )
    op.execute("INSERT INTO identity_generation (generation) VALUES (0)")
