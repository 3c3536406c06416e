"""Accounts, users, access keys, policies, buckets and the trail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def text(length: int | None = None) -> sa.String:
    """Make the type of a text that is sorted by its code points."""
    return sa.String(length).with_variant(sa.String(length, collation="C"), "postgresql")


def upgrade() -> None:
    """Make the schema."""
    op.create_table(
        "accounts",
        sa.Column("account_id", text(12), nullable=False),
        sa.Column("canonical_id", text(64), nullable=False),
        sa.Column("root_email", text(), nullable=False),
        sa.Column("root_password_hash", text(), nullable=False),
        sa.Column("root_password_last_used", sa.BigInteger(), nullable=True),
        sa.Column("global_endpoint_token_version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_accounts")),
        sa.UniqueConstraint("root_email", name=op.f("uq_accounts_root_email")),
    )
    op.create_table(
        "denied_documents",
        sa.Column("digest", text(64), nullable=False),
        sa.Column("denied_at", sa.BigInteger(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_denied_documents")),
    )
    op.create_index(op.f("ix_denied_documents_denied_at"), "denied_documents", ["denied_at"], unique=False)
    op.create_table(
        "event_resources",
        sa.Column("account_id", text(12), nullable=False),
        sa.Column("region", text(), nullable=False),
        sa.Column("resource_name", text(), nullable=False),
        sa.Column("event_id", text(36), nullable=False),
        sa.Column("resource_type", text(), nullable=False),
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
        sa.Column("account_id", text(12), nullable=False),
        sa.Column("region", text(), nullable=False),
        sa.Column("event_id", text(36), nullable=False),
        sa.Column("event_source", text(), nullable=False),
        sa.Column("event_name", text(), nullable=False),
        sa.Column("user_name", text(), nullable=True),
        sa.Column("access_key_id", text(), nullable=True),
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
        "master_key_check",
        sa.Column("only", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("only", name=op.f("pk_master_key_check")),
    )
    op.create_table(
        "service_uses",
        sa.Column("account_id", text(12), nullable=False),
        sa.Column("principal_id", text(21), nullable=False),
        sa.Column("service", text(64), nullable=False),
        sa.Column("action", text(128), nullable=False),
        sa.Column("used_at", sa.BigInteger(), nullable=False),
        sa.Column("region", text(), nullable=False),
        sa.PrimaryKeyConstraint("account_id", "principal_id", "service", "action", name=op.f("pk_service_uses")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("subject", text(64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.BigInteger(), nullable=False),
        sa.Column("failed_before", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subject", name=op.f("pk_sign_in_attempts")),
    )
    op.create_index(op.f("ix_sign_in_attempts_failed_at"), "sign_in_attempts", ["failed_at"], unique=False)
    op.create_table(
        "account_aliases",
        sa.Column("alias", text(63), nullable=False),
        sa.Column("account_id", text(12), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name=op.f("fk_account_aliases_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("alias", name=op.f("pk_account_aliases")),
        sa.UniqueConstraint("account_id", name=op.f("uq_account_aliases_account_id")),
    )
    op.create_table(
        "account_properties",
        sa.Column("account_id", text(), nullable=False),
        sa.Column("name", text(50), nullable=False),
        sa.Column("value", text(1024), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name=op.f("fk_account_properties_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "name", name=op.f("pk_account_properties")),
    )
    op.create_table(
        "buckets",
        sa.Column("bucket_name", text(63), nullable=False),
        sa.Column("account_id", text(), nullable=False),
        sa.Column("region", text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("policy", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name=op.f("fk_buckets_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("bucket_name", name=op.f("pk_buckets")),
    )
    op.create_index(op.f("ix_buckets_account_id"), "buckets", ["account_id"], unique=False)
    op.create_table(
        "credential_reports",
        sa.Column("account_id", text(), nullable=False),
        sa.Column("requested_at", sa.BigInteger(), nullable=False),
        sa.Column("claimed_at", sa.BigInteger(), nullable=True),
        sa.Column("generated_at", sa.BigInteger(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name=op.f("fk_credential_reports_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_credential_reports")),
    )
    op.create_table(
        "denials",
        sa.Column("authorization_id", text(25), nullable=False),
        sa.Column("account_id", text(), nullable=False),
        sa.Column("denied_at", sa.BigInteger(), nullable=False),
        sa.Column("details", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name=op.f("fk_denials_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("authorization_id", name=op.f("pk_denials")),
    )
    op.create_index(op.f("ix_denials_denied_at"), "denials", ["denied_at"], unique=False)
    op.create_table(
        "groups",
        sa.Column("group_id", text(21), nullable=False),
        sa.Column("account_id", text(), nullable=False),
        sa.Column("group_name", text(128), nullable=False),
        sa.Column("group_name_key", text(128), nullable=False),
        sa.Column("path", text(512), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name=op.f("fk_groups_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("group_id", name=op.f("pk_groups")),
        sa.UniqueConstraint("account_id", "group_name_key", name=op.f("uq_groups_account_id_group_name_key")),
    )
    op.create_table(
        "last_accessed_jobs",
        sa.Column("job_id", text(36), nullable=False),
        sa.Column("account_id", text(), nullable=False),
        sa.Column("requested_by", text(), nullable=False),
        sa.Column("arn", text(), nullable=False),
        sa.Column("granularity", text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("services", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name=op.f("fk_last_accessed_jobs_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("job_id", name=op.f("pk_last_accessed_jobs")),
    )
    op.create_index(op.f("ix_last_accessed_jobs_created_at"), "last_accessed_jobs", ["created_at"], unique=False)
    op.create_table(
        "oidc_providers",
        sa.Column("arn", text(), nullable=False),
        sa.Column("account_id", text(), nullable=False),
        sa.Column("url", text(255), nullable=False),
        sa.Column("thumbprints", sa.Text(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name=op.f("fk_oidc_providers_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("arn", name=op.f("pk_oidc_providers")),
        sa.UniqueConstraint("account_id", "url", name=op.f("uq_oidc_providers_account_id_url")),
    )
    op.create_table(
        "password_policies",
        sa.Column("account_id", text(), nullable=False),
        sa.Column("minimum_length", sa.Integer(), nullable=False),
        sa.Column("require_symbols", sa.Boolean(), nullable=False),
        sa.Column("require_numbers", sa.Boolean(), nullable=False),
        sa.Column("require_uppercase", sa.Boolean(), nullable=False),
        sa.Column("require_lowercase", sa.Boolean(), nullable=False),
        sa.Column("allow_users_to_change", sa.Boolean(), nullable=False),
        sa.Column("max_age_days", sa.Integer(), nullable=True),
        sa.Column("reuse_prevention", sa.Integer(), nullable=True),
        sa.Column("hard_expiry", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name=op.f("fk_password_policies_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_password_policies")),
    )
    op.create_table(
        "policies",
        sa.Column("policy_id", text(21), nullable=False),
        sa.Column("account_id", text(), nullable=False),
        sa.Column("policy_name", text(128), nullable=False),
        sa.Column("policy_name_key", text(128), nullable=False),
        sa.Column("path", text(512), nullable=False),
        sa.Column("arn", text(), nullable=False),
        sa.Column("description", text(1000), nullable=False),
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
        sa.Column("role_id", text(21), nullable=False),
        sa.Column("account_id", text(), nullable=False),
        sa.Column("role_name", text(64), nullable=False),
        sa.Column("role_name_key", text(64), nullable=False),
        sa.Column("path", text(512), nullable=False),
        sa.Column("trust_policy", sa.Text(), nullable=False),
        sa.Column("description", text(1000), nullable=True),
        sa.Column("max_session_duration_seconds", sa.Integer(), nullable=False),
        sa.Column("permissions_boundary_arn", text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_used_at", sa.BigInteger(), nullable=True),
        sa.Column("last_used_region", text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name=op.f("fk_roles_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("role_id", name=op.f("pk_roles")),
        sa.UniqueConstraint("account_id", "role_name_key", name=op.f("uq_roles_account_id_role_name_key")),
    )
    op.create_index(
        op.f("ix_roles_account_id_permissions_boundary_arn"),
        "roles",
        ["account_id", "permissions_boundary_arn"],
        unique=False,
        sqlite_where=sa.column("permissions_boundary_arn").is_not(None),
        postgresql_where=sa.column("permissions_boundary_arn").is_not(None),
    )
    op.create_table(
        "saml_providers",
        sa.Column("arn", text(), nullable=False),
        sa.Column("account_id", text(), nullable=False),
        sa.Column("provider_uuid", text(64), nullable=False),
        sa.Column("provider_name", text(128), nullable=False),
        sa.Column("metadata_document", sa.Text(), nullable=False),
        sa.Column("assertion_encryption_mode", text(8), nullable=True),
        sa.Column("valid_until", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name=op.f("fk_saml_providers_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("arn", name=op.f("pk_saml_providers")),
    )
    op.create_table(
        "server_certificates",
        sa.Column("server_certificate_id", text(21), nullable=False),
        sa.Column("account_id", text(), nullable=False),
        sa.Column("server_certificate_name", text(128), nullable=False),
        sa.Column("server_certificate_name_key", text(128), nullable=False),
        sa.Column("path", text(512), nullable=False),
        sa.Column("certificate_body", sa.Text(), nullable=False),
        sa.Column("certificate_chain", sa.Text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name=op.f("fk_server_certificates_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("server_certificate_id", name=op.f("pk_server_certificates")),
        sa.UniqueConstraint(
            "account_id",
            "server_certificate_name_key",
            name=op.f("uq_server_certificates_account_id_server_certificate_name_key"),
        ),
    )
    op.create_table(
        "service_linked_role_deletions",
        sa.Column("deletion_task_id", text(512), nullable=False),
        sa.Column("account_id", text(), nullable=False),
        sa.Column("status", text(16), nullable=False),
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
        sa.Column("user_id", text(21), nullable=False),
        sa.Column("account_id", text(), nullable=False),
        sa.Column("user_name", text(64), nullable=False),
        sa.Column("user_name_key", text(64), nullable=False),
        sa.Column("path", text(512), nullable=False),
        sa.Column("permissions_boundary_arn", text(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("password_last_used", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name=op.f("fk_users_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_users")),
        sa.UniqueConstraint("account_id", "user_name_key", name=op.f("uq_users_account_id_user_name_key")),
    )
    op.create_index(
        op.f("ix_users_account_id_permissions_boundary_arn"),
        "users",
        ["account_id", "permissions_boundary_arn"],
        unique=False,
        sqlite_where=sa.column("permissions_boundary_arn").is_not(None),
        postgresql_where=sa.column("permissions_boundary_arn").is_not(None),
    )
    op.create_table(
        "web_identity_issuers",
        sa.Column("account_id", text(), nullable=False),
        sa.Column("issuer_id", text(36), nullable=False),
        sa.Column("issuer", text(), nullable=False),
        sa.Column("is_enabled", sa.Boolean(), nullable=False),
        sa.Column("sealed_rsa_key", sa.LargeBinary(), nullable=False),
        sa.Column("sealed_ec_key", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name=op.f("fk_web_identity_issuers_account_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_web_identity_issuers")),
        sa.UniqueConstraint("issuer_id", name=op.f("uq_web_identity_issuers_issuer_id")),
    )
    op.create_table(
        "access_keys",
        sa.Column("access_key_id", text(20), nullable=False),
        sa.Column("account_id", text(), nullable=False),
        sa.Column("user_id", text(), nullable=True),
        sa.Column("sealed_secret", sa.LargeBinary(), nullable=False),
        sa.Column("status", text(8), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_used_at", sa.BigInteger(), nullable=True),
        sa.Column("last_used_service", text(), nullable=True),
        sa.Column("last_used_region", text(), nullable=True),
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
        "browser_sessions",
        sa.Column("session_id", text(32), nullable=False),
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("account_id", text(), nullable=False),
        sa.Column("user_id", text(), nullable=True),
        sa.Column("password_generation", text(64), nullable=False),
        sa.Column("mfa_serial_number", text(256), nullable=True),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("last_used_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name=op.f("fk_browser_sessions_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name=op.f("fk_browser_sessions_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("session_id", name=op.f("pk_browser_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_browser_sessions_token_hash")),
    )
    op.create_index(op.f("ix_browser_sessions_account_id"), "browser_sessions", ["account_id"], unique=False)
    op.create_index(op.f("ix_browser_sessions_expires_at"), "browser_sessions", ["expires_at"], unique=False)
    op.create_index(op.f("ix_browser_sessions_user_id"), "browser_sessions", ["user_id"], unique=False)
    op.create_table(
        "former_passwords",
        sa.Column("user_id", text(), nullable=False),
        sa.Column("replaced_at", sa.BigInteger(), nullable=False),
        sa.Column("password_hash", text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name=op.f("fk_former_passwords_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "replaced_at", name=op.f("pk_former_passwords")),
    )
    op.create_table(
        "group_memberships",
        sa.Column("group_id", text(), nullable=False),
        sa.Column("user_id", text(), nullable=False),
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
        sa.Column("group_id", text(), nullable=False),
        sa.Column("policy_name_key", text(128), nullable=False),
        sa.Column("policy_name", text(128), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.group_id"], name=op.f("fk_group_policies_group_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("group_id", "policy_name_key", name=op.f("pk_group_policies")),
    )
    op.create_table(
        "group_policy_attachments",
        sa.Column("group_id", text(), nullable=False),
        sa.Column("policy_arn", text(), nullable=False),
        sa.Column("account_id", text(), nullable=False),
        sa.Column("attached_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.account_id"],
            name=op.f("fk_group_policy_attachments_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["group_id"], ["groups.group_id"], name=op.f("fk_group_policy_attachments_group_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("group_id", "policy_arn", name=op.f("pk_group_policy_attachments")),
    )
    op.create_index(
        op.f("ix_group_policy_attachments_account_id_policy_arn"),
        "group_policy_attachments",
        ["account_id", "policy_arn"],
        unique=False,
    )
    op.create_table(
        "instance_profiles",
        sa.Column("instance_profile_id", text(21), nullable=False),
        sa.Column("account_id", text(), nullable=False),
        sa.Column("instance_profile_name", text(128), nullable=False),
        sa.Column("instance_profile_name_key", text(128), nullable=False),
        sa.Column("path", text(512), nullable=False),
        sa.Column("role_id", text(), nullable=True),
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
        sa.Column("user_id", text(), nullable=False),
        sa.Column("password_hash", text(), nullable=False),
        sa.Column("password_reset_required", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("password_changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name=op.f("fk_login_profiles_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_login_profiles")),
    )
    op.create_table(
        "mfa_devices",
        sa.Column("serial_number_key", text(256), nullable=False),
        sa.Column("serial_number", text(256), nullable=False),
        sa.Column("account_id", text(), nullable=False),
        sa.Column("user_id", text(), nullable=True),
        sa.Column("is_virtual", sa.Boolean(), nullable=False),
        sa.Column("sealed_seed", sa.LargeBinary(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("enabled_at", sa.BigInteger(), nullable=True),
        sa.Column("clock_offset", sa.Integer(), nullable=False),
        sa.Column("last_step", sa.BigInteger(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", sa.BigInteger(), nullable=True),
        sa.Column("certifications", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name=op.f("fk_mfa_devices_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name=op.f("fk_mfa_devices_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("serial_number_key", name=op.f("pk_mfa_devices")),
    )
    op.create_index(
        op.f("ix_mfa_devices_account_id_serial_number_key"),
        "mfa_devices",
        ["account_id", "serial_number_key"],
        unique=False,
    )
    op.create_index(op.f("ix_mfa_devices_user_id"), "mfa_devices", ["user_id"], unique=False)
    op.create_table(
        "oidc_client_ids",
        sa.Column("arn", text(), nullable=False),
        sa.Column("client_id", text(255), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["arn"], ["oidc_providers.arn"], name=op.f("fk_oidc_client_ids_arn"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("arn", "client_id", name=op.f("pk_oidc_client_ids")),
    )
    op.create_table(
        "oidc_provider_tags",
        sa.Column("arn", text(), nullable=False),
        sa.Column("tag_key_key", text(128), nullable=False),
        sa.Column("tag_key", text(128), nullable=False),
        sa.Column("tag_value", text(256), nullable=False),
        sa.ForeignKeyConstraint(
            ["arn"], ["oidc_providers.arn"], name=op.f("fk_oidc_provider_tags_arn"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("arn", "tag_key_key", name=op.f("pk_oidc_provider_tags")),
    )
    op.create_table(
        "policy_tags",
        sa.Column("policy_id", text(), nullable=False),
        sa.Column("tag_key_key", text(128), nullable=False),
        sa.Column("tag_key", text(128), nullable=False),
        sa.Column("tag_value", text(256), nullable=False),
        sa.ForeignKeyConstraint(
            ["policy_id"], ["policies.policy_id"], name=op.f("fk_policy_tags_policy_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("policy_id", "tag_key_key", name=op.f("pk_policy_tags")),
    )
    op.create_table(
        "policy_versions",
        sa.Column("policy_id", text(), nullable=False),
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
        sa.Column("role_id", text(), nullable=False),
        sa.Column("policy_name_key", text(128), nullable=False),
        sa.Column("policy_name", text(128), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["role_id"], ["roles.role_id"], name=op.f("fk_role_policies_role_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("role_id", "policy_name_key", name=op.f("pk_role_policies")),
    )
    op.create_table(
        "role_policy_attachments",
        sa.Column("role_id", text(), nullable=False),
        sa.Column("policy_arn", text(), nullable=False),
        sa.Column("account_id", text(), nullable=False),
        sa.Column("attached_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.account_id"],
            name=op.f("fk_role_policy_attachments_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["role_id"], ["roles.role_id"], name=op.f("fk_role_policy_attachments_role_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("role_id", "policy_arn", name=op.f("pk_role_policy_attachments")),
    )
    op.create_index(
        op.f("ix_role_policy_attachments_account_id_policy_arn"),
        "role_policy_attachments",
        ["account_id", "policy_arn"],
        unique=False,
    )
    op.create_table(
        "role_tags",
        sa.Column("role_id", text(), nullable=False),
        sa.Column("tag_key_key", text(128), nullable=False),
        sa.Column("tag_key", text(128), nullable=False),
        sa.Column("tag_value", text(256), nullable=False),
        sa.ForeignKeyConstraint(["role_id"], ["roles.role_id"], name=op.f("fk_role_tags_role_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("role_id", "tag_key_key", name=op.f("pk_role_tags")),
    )
    op.create_table(
        "saml_private_keys",
        sa.Column("key_id", text(64), nullable=False),
        sa.Column("arn", text(), nullable=False),
        sa.Column("sealed_key", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["arn"], ["saml_providers.arn"], name=op.f("fk_saml_private_keys_arn"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("key_id", name=op.f("pk_saml_private_keys")),
    )
    op.create_table(
        "saml_provider_tags",
        sa.Column("arn", text(), nullable=False),
        sa.Column("tag_key_key", text(128), nullable=False),
        sa.Column("tag_key", text(128), nullable=False),
        sa.Column("tag_value", text(256), nullable=False),
        sa.ForeignKeyConstraint(
            ["arn"], ["saml_providers.arn"], name=op.f("fk_saml_provider_tags_arn"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("arn", "tag_key_key", name=op.f("pk_saml_provider_tags")),
    )
    op.create_table(
        "server_certificate_tags",
        sa.Column("server_certificate_id", text(), nullable=False),
        sa.Column("tag_key_key", text(128), nullable=False),
        sa.Column("tag_key", text(128), nullable=False),
        sa.Column("tag_value", text(256), nullable=False),
        sa.ForeignKeyConstraint(
            ["server_certificate_id"],
            ["server_certificates.server_certificate_id"],
            name=op.f("fk_server_certificate_tags_server_certificate_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("server_certificate_id", "tag_key_key", name=op.f("pk_server_certificate_tags")),
    )
    op.create_table(
        "service_specific_credentials",
        sa.Column("credential_id", text(21), nullable=False),
        sa.Column("user_id", text(), nullable=False),
        sa.Column("service_name", text(64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("alias", text(200), nullable=False),
        sa.Column("secret_digest", sa.LargeBinary(), nullable=False),
        sa.Column("status", text(8), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name=op.f("fk_service_specific_credentials_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("credential_id", name=op.f("pk_service_specific_credentials")),
        sa.UniqueConstraint(
            "user_id",
            "service_name",
            "number",
            name=op.f("uq_service_specific_credentials_user_id_service_name_number"),
        ),
    )
    op.create_table(
        "signing_certificates",
        sa.Column("account_id", text(), nullable=False),
        sa.Column("certificate_id", text(32), nullable=False),
        sa.Column("user_id", text(), nullable=True),
        sa.Column("certificate_body", sa.Text(), nullable=False),
        sa.Column("status", text(8), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.account_id"], name=op.f("fk_signing_certificates_account_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name=op.f("fk_signing_certificates_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", "certificate_id", name=op.f("pk_signing_certificates")),
    )
    op.create_index(op.f("ix_signing_certificates_user_id"), "signing_certificates", ["user_id"], unique=False)
    op.create_table(
        "ssh_public_keys",
        sa.Column("ssh_public_key_id", text(21), nullable=False),
        sa.Column("user_id", text(), nullable=False),
        sa.Column("fingerprint", text(47), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("status", text(8), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name=op.f("fk_ssh_public_keys_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("ssh_public_key_id", name=op.f("pk_ssh_public_keys")),
        sa.UniqueConstraint("user_id", "fingerprint", name=op.f("uq_ssh_public_keys_user_id_fingerprint")),
    )
    op.create_table(
        "user_policies",
        sa.Column("user_id", text(), nullable=False),
        sa.Column("policy_name_key", text(128), nullable=False),
        sa.Column("policy_name", text(128), nullable=False),
        sa.Column("document", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name=op.f("fk_user_policies_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "policy_name_key", name=op.f("pk_user_policies")),
    )
    op.create_table(
        "user_policy_attachments",
        sa.Column("user_id", text(), nullable=False),
        sa.Column("policy_arn", text(), nullable=False),
        sa.Column("account_id", text(), nullable=False),
        sa.Column("attached_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.account_id"],
            name=op.f("fk_user_policy_attachments_account_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.user_id"], name=op.f("fk_user_policy_attachments_user_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "policy_arn", name=op.f("pk_user_policy_attachments")),
    )
    op.create_index(
        op.f("ix_user_policy_attachments_account_id_policy_arn"),
        "user_policy_attachments",
        ["account_id", "policy_arn"],
        unique=False,
    )
    op.create_table(
        "user_tags",
        sa.Column("user_id", text(), nullable=False),
        sa.Column("tag_key_key", text(128), nullable=False),
        sa.Column("tag_key", text(128), nullable=False),
        sa.Column("tag_value", text(256), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.user_id"], name=op.f("fk_user_tags_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "tag_key_key", name=op.f("pk_user_tags")),
    )
    op.create_table(
        "instance_profile_tags",
        sa.Column("instance_profile_id", text(), nullable=False),
        sa.Column("tag_key_key", text(128), nullable=False),
        sa.Column("tag_key", text(128), nullable=False),
        sa.Column("tag_value", text(256), nullable=False),
        sa.ForeignKeyConstraint(
            ["instance_profile_id"],
            ["instance_profiles.instance_profile_id"],
            name=op.f("fk_instance_profile_tags_instance_profile_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("instance_profile_id", "tag_key_key", name=op.f("pk_instance_profile_tags")),
    )
    op.create_table(
        "mfa_device_tags",
        sa.Column("serial_number_key", text(), nullable=False),
        sa.Column("tag_key_key", text(128), nullable=False),
        sa.Column("tag_key", text(128), nullable=False),
        sa.Column("tag_value", text(256), nullable=False),
        sa.ForeignKeyConstraint(
            ["serial_number_key"],
            ["mfa_devices.serial_number_key"],
            name=op.f("fk_mfa_device_tags_serial_number_key"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("serial_number_key", "tag_key_key", name=op.f("pk_mfa_device_tags")),
    )
    op.execute("INSERT INTO identity_generation (generation) VALUES (0)")
