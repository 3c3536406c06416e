"""What users, groups, roles and instance profiles have alike: an account's name, a path, an id, an ARN."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Row, Table, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from keywright.aws import quotas
from keywright.aws.arn import iam_arn
from keywright.aws.identifiers import new_unique_id
from keywright.services.iam.errors import DeleteConflict, EntityAlreadyExists, NoSuchEntity, quota_exceeded
from keywright.services.iam.pages import PageRequest, read_page
from keywright.services.operation import AlsoOf, Call, Inputs, Permission, ResourceOf, Target
from keywright.store.tables import groups, instance_profiles, roles, server_certificates, users

Entity = Row[Any]
"""A row of the table of its kind, which begins with its unique id."""


class EntityKind(NamedTuple):
    """A kind of entity, and IAM's words for it."""

    table: Table
    name_column: str
    """Its name's column, and the keyword by which operations take it; `…_key` holds the name folded."""
    arn_type: str
    spoken: str
    """What refusals say before a name."""
    id_prefix: str
    per_account: int
    quota: str
    missing: str
    taken: str

    def arn(self, account_id: str, row: Entity) -> str:
        """Name an entity."""
        return iam_arn(account_id, self.arn_type, row.path, self.name(row))

    def name(self, row: Entity) -> str:
        """Give an entity's name as it was made."""
        name: str = getattr(row, self.name_column)
        return name

    def row_id(self, row: Entity) -> str:
        """Give an entity's unique id."""
        unique_id: str = getattr(row, self.table.columns[0].name)
        return unique_id


USER: Final = EntityKind(
    users,
    "user_name",
    "user",
    "user",
    "AIDA",
    quotas.USERS_PER_ACCOUNT,
    "UsersPerAccount",
    "The user with name {} cannot be found.",
    "User with name {} already exists.",
)
GROUP: Final = EntityKind(
    groups,
    "group_name",
    "group",
    "group",
    "AGPA",
    quotas.GROUPS_PER_ACCOUNT,
    "GroupsPerAccount",
    "The group with name {} cannot be found.",
    "Group with name {} already exists.",
)
ROLE: Final = EntityKind(
    roles,
    "role_name",
    "role",
    "role",
    "AROA",
    quotas.ROLES_PER_ACCOUNT,
    "RolesPerAccount",
    "The role with name {} cannot be found.",
    "Role with name {} already exists.",
)
INSTANCE_PROFILE: Final = EntityKind(
    instance_profiles,
    "instance_profile_name",
    "instance-profile",
    "instance profile",
    "AIPA",
    quotas.INSTANCE_PROFILES_PER_ACCOUNT,
    "InstanceProfilesPerAccount",
    "Instance Profile {} cannot be found.",
    "Instance Profile {} already exists.",
)
SERVER_CERTIFICATE: Final = EntityKind(
    server_certificates,
    "server_certificate_name",
    "server-certificate",
    "server certificate",
    "ASCA",
    quotas.SERVER_CERTIFICATES_PER_ACCOUNT,
    "ServerCertificatesPerAccount",
    "The Server Certificate with name {} cannot be found.",
    "The Server Certificate with name {} already exists.",
)


def look_up(call: Call, kind: EntityKind, name: str) -> Entity | None:
    """Look for an entity of the calling account by name, in whatever case."""
    columns = kind.table.c
    return call.connection.execute(
        select(kind.table).where(
            columns.account_id == call.account_id, columns[f"{kind.name_column}_key"] == name.casefold()
        )
    ).one_or_none()


def find(call: Call, kind: EntityKind, name: str) -> Entity:
    """
    Find an entity of the calling account by name, in whatever case.

    Raises: NoSuchEntity.
    """
    row = look_up(call, kind, name)
    if row is None:
        raise NoSuchEntity(kind.missing.format(name))
    return row


def existing(kind: EntityKind) -> ResourceOf:
    """Name the entity that is acted upon: as it is called where it exists, else as it would be."""

    def target(call: Call, inputs: Inputs) -> Target:
        name: str = inputs[kind.name_column]
        row = look_up(call, kind, name)
        arn = iam_arn(call.account_id, kind.arn_type, "/", name) if row is None else kind.arn(call.account_id, row)
        return Target(arn, f"{kind.spoken} {name}")

    return target


def to_be_made(kind: EntityKind) -> ResourceOf:
    """Name the entity that is to be made."""

    def target(call: Call, inputs: Inputs) -> Target:
        return Target(iam_arn(call.account_id, kind.arn_type, inputs.get("path") or "/", inputs[kind.name_column]))

    return target


def below_path(kind: EntityKind) -> ResourceOf:
    """Name the entities below a path."""

    def target(call: Call, inputs: Inputs) -> Target:
        return Target(iam_arn(call.account_id, kind.arn_type, inputs.get("path_prefix") or "/", ""))

    return target


def renaming(action: str, kind: EntityKind) -> AlsoOf:
    """
    Ask for the permission to rename or move to what the entity is to be called, too, e.g. `iam:UpdateUser`.

    AWS: "you must have appropriate permissions on both the source object and the target object" (API reference,
    "UpdateUser").
    """

    def also(call: Call, inputs: Inputs) -> Iterator[Permission]:
        row = look_up(call, kind, inputs[kind.name_column])
        if row is not None:
            name = inputs.get(f"new_{kind.name_column}") or kind.name(row)
            target = iam_arn(call.account_id, kind.arn_type, inputs.get("new_path") or row.path, name)
            if target != kind.arn(call.account_id, row):
                yield Permission(action, Target(target, f"{kind.spoken} {name}"))

    return also


def make(call: Call, kind: EntityKind, name: str, path: str, **values: Any) -> str:
    """
    Make an entity of the calling account, and give its unique id.

    Raises: EntityAlreadyExists; LimitExceeded.
    """
    count = call.connection.execute(
        select(func.count()).select_from(kind.table).where(kind.table.c.account_id == call.account_id)
    ).scalar_one()
    if count >= kind.per_account:
        raise quota_exceeded(kind.quota, kind.per_account)
    unique_id = new_unique_id(kind.id_prefix, call.account_id)
    row = {
        kind.table.columns[0].name: unique_id,
        "account_id": call.account_id,
        kind.name_column: name,
        f"{kind.name_column}_key": name.casefold(),
        "path": path,
        "created_at": call.now,
    }
    try:
        call.connection.execute(insert(kind.table).values(row | values))
    except IntegrityError:
        raise EntityAlreadyExists(kind.taken.format(name)) from None
    return unique_id


def rename(call: Call, kind: EntityKind, row: Entity, new_name: str | None, new_path: str | None) -> None:
    """
    Give an entity another name or path. Its id and what is its own stay; its ARN does not.

    Raises: EntityAlreadyExists.
    """
    name = kind.name(row) if new_name is None else new_name
    key = f"{kind.name_column}_key"
    values = {kind.name_column: name, key: name.casefold(), "path": row.path if new_path is None else new_path}
    try:
        call.connection.execute(update(kind.table).where(kind.table.columns[0] == kind.row_id(row)).values(values))
    except IntegrityError:
        raise EntityAlreadyExists(kind.taken.format(new_name)) from None


def refuse_left_behind(call: Call, kind: EntityKind, row: Entity, left_behind: tuple[tuple[Table, str], ...]) -> None:
    """
    Refuse to delete an entity that one of these tables still holds something for, with the words beside the table.

    Raises: DeleteConflict.
    """
    owner = kind.table.columns[0].name
    for table, message in left_behind:
        if call.connection.execute(
            select(1).select_from(table).where(table.c[owner] == kind.row_id(row)).limit(1)
        ).first():
            raise DeleteConflict(message)


def below(table: Table, path_prefix: str) -> ColumnElement[bool]:
    """Select what is below a path. Not by LIKE: SQLite's takes upper and lower case for the same."""
    start: ColumnElement[str] = func.substr(table.c.path, 1, len(path_prefix))
    return start == path_prefix


def page_below(
    call: Call, kind: EntityKind, path_prefix: str, page: PageRequest
) -> tuple[list[Entity], dict[str, Any]]:
    """Read a page of the account's entities below a path, by name."""
    key = kind.table.c[f"{kind.name_column}_key"]
    statement = select(key.label("sorted_by"), kind.table).where(
        kind.table.c.account_id == call.account_id, below(kind.table, path_prefix)
    )
    return read_page(call.connection, statement, [key], page)
