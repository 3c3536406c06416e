"""Tags: their rules, the same for every entity that bears them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select

from keywright.aws.quotas import TAGS_PER_ENTITY
from keywright.services.iam.errors import InvalidInput, quota_exceeded
from keywright.services.iam.pages import PageRequest, read_page
from keywright.services.operation import AlsoOf, Call, Inputs, Permission, ResourceOf

Tag = dict[str, str]


def add_tags(connection: Connection, table: Table, owner_id: str, tags: Sequence[Tag], quota: str) -> None:
    """
    Set tags; one whose key is there already, in whatever case, takes the new value and the new case.

    `table` holds them by its first column; `quota` is IAM's name for how many there may be, e.g. `TagsPerUser`.
    Raises: InvalidInput; LimitExceeded.
    """
    folded = {tag["Key"].casefold(): tag for tag in tags}
    if len(folded) != len(tags):
        raise InvalidInput("Duplicate tag keys found. Please note that Tag keys are case insensitive.")
    if any(key.startswith("aws:") for key in folded):
        raise InvalidInput("Tag keys beginning with aws: are reserved for system use.")
    _delete(connection, table, owner_id, list(folded))
    owner = table.columns[0]
    if folded:
        connection.execute(
            insert(table),
            [
                {owner.name: owner_id, "tag_key_key": key, "tag_key": tag["Key"], "tag_value": tag["Value"]}
                for key, tag in folded.items()
            ],
        )
    count = connection.execute(select(func.count()).select_from(table).where(owner == owner_id)).scalar_one()
    if count > TAGS_PER_ENTITY:
        raise quota_exceeded(quota, TAGS_PER_ENTITY)


def remove_tags(connection: Connection, table: Table, owner_id: str, keys: Sequence[str]) -> None:
    """Remove tags by key, in whatever case; one that is not there is no error."""
    _delete(connection, table, owner_id, [key.casefold() for key in keys])


def all_tags(connection: Connection, table: Table, owner_id: str) -> list[Tag]:
    """Read an entity's tags, by key."""
    rows = connection.execute(
        select(table.c.tag_key, table.c.tag_value).where(table.columns[0] == owner_id).order_by(table.c.tag_key_key)
    )
    return [{"Key": row.tag_key, "Value": row.tag_value} for row in rows]


def list_tags(connection: Connection, table: Table, owner_id: str, page: PageRequest) -> dict[str, Any]:
    """Answer a page of an entity's tags."""
    statement = select(table.c.tag_key_key, table.c.tag_key, table.c.tag_value).where(table.columns[0] == owner_id)
    rows, truncation = read_page(connection, statement, [table.c.tag_key_key], page)
    return {"Tags": [{"Key": row.tag_key, "Value": row.tag_value} for row in rows], **truncation}


def tagging(action: str, resource: ResourceOf) -> AlsoOf:
    """Ask for the permission to tag as well, e.g. `iam:TagUser`, where a call that makes something carries tags."""

    def also(call: Call, inputs: Inputs) -> Iterator[Permission]:
        if inputs.get("tags"):
            # AWS: the refusal says the ARN here, whatever the making itself says (reports of CreateRole with tags).
            yield Permission(action, resource(call, inputs)._replace(refusal_text=None))

    return also


def _delete(connection: Connection, table: Table, owner_id: str, folded_keys: list[str]) -> None:
    connection.execute(delete(table).where(table.columns[0] == owner_id, table.c.tag_key_key.in_(folded_keys)))
