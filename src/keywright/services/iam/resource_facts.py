"""What policies may ask about the IAM resource that a call is about: its tags, and the boundary of a user or role."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from sqlalchemy import Column, Connection, Row, Table, select

from keywright.store.tables import (
    instance_profile_tags,
    instance_profiles,
    mfa_device_tags,
    mfa_devices,
    oidc_provider_tags,
    oidc_providers,
    policies,
    policy_tags,
    role_tags,
    roles,
    saml_provider_tags,
    saml_providers,
    server_certificate_tags,
    server_certificates,
    user_tags,
    users,
)


class _Kind(NamedTuple):
    """How the ARNs of one type lead to rows: by the name at the ARN's end, or by the ARN itself, folded or not."""

    table: Table
    tags: Table
    column: str
    by_arn: bool = False


_KINDS: Final = {
    "user": _Kind(users, user_tags, "user_name_key"),
    "role": _Kind(roles, role_tags, "role_name_key"),
    "instance-profile": _Kind(instance_profiles, instance_profile_tags, "instance_profile_name_key"),
    "server-certificate": _Kind(server_certificates, server_certificate_tags, "server_certificate_name_key"),
    "policy": _Kind(policies, policy_tags, "arn", by_arn=True),
    "oidc-provider": _Kind(oidc_providers, oidc_provider_tags, "arn", by_arn=True),
    "saml-provider": _Kind(saml_providers, saml_provider_tags, "arn", by_arn=True),
    "mfa": _Kind(mfa_devices, mfa_device_tags, "serial_number_key", by_arn=True),
}
"""By the type in the ARN. One that is not here bears no tags, or is not kept by Keywright."""


def find_tags(connection: Connection, arn: str) -> Mapping[str, str]:
    """Read the tags of the resource that an ARN names, by their keys as given; none where there is no such resource."""
    found = _find(connection, arn)
    if found is None:
        return {}
    kind, row = found
    owner: Column[str] = kind.tags.columns[0]
    rows = connection.execute(select(kind.tags.c.tag_key, kind.tags.c.tag_value).where(owner == row[0]))
    return {tag.tag_key: tag.tag_value for tag in rows}


def find_boundary(connection: Connection, arn: str) -> str | None:
    """Read the permissions boundary of the user or role that an ARN names, None where it has none."""
    found = _find(connection, arn)
    boundary: str | None = None if found is None else found[1]._mapping.get("permissions_boundary_arn")  # noqa: SLF001
    return boundary


def _find(connection: Connection, arn: str) -> tuple[_Kind, Row[tuple[str]]] | None:
    parts = arn.split(":", 5)
    if len(parts) != 6 or parts[2] != "iam":
        return None
    arn_type, _, path = parts[5].partition("/")
    kind = _KINDS.get(arn_type)
    if kind is None:
        return None
    name = arn if kind.by_arn else path.rpartition("/")[2]
    wanted = name.casefold() if kind.column.endswith("_key") else name
    row = connection.execute(
        select(kind.table).where(kind.table.c.account_id == parts[4], kind.table.c[kind.column] == wanted)
    ).one_or_none()
    return None if row is None else (kind, row)
