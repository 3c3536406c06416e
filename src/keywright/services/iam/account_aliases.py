"""The account's alias: one, and no other account's."""

from __future__ import annotations

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from keywright.services.iam.errors import EntityAlreadyExists, NoSuchEntity
from keywright.services.operation import Call, Result, everything, operation
from keywright.store.tables import account_aliases


@operation(resource=everything)
def create_account_alias(call: Call, *, account_alias: str) -> Result:
    """
    Set the account's alias, in place of the one that it has.

    Raises: EntityAlreadyExists.
    """
    call.connection.execute(delete(account_aliases).where(account_aliases.c.account_id == call.account_id))
    try:
        call.connection.execute(insert(account_aliases).values(alias=account_alias, account_id=call.account_id))
    except IntegrityError:
        raise EntityAlreadyExists(f"The account alias {account_alias} already exists.") from None
    return None


@operation(resource=everything)
def list_account_aliases(call: Call, *, marker: str | None = None, max_items: int | None = None) -> Result:
    """List the account's alias: there is one at most, so there is but one page."""
    del marker, max_items
    aliases = call.connection.execute(
        select(account_aliases.c.alias).where(account_aliases.c.account_id == call.account_id)
    ).scalars()
    return {"AccountAliases": list(aliases), "IsTruncated": False}


@operation(resource=everything)
def delete_account_alias(call: Call, *, account_alias: str) -> Result:
    """
    Remove the account's alias.

    Raises: NoSuchEntity.
    """
    deleted = call.connection.execute(
        delete(account_aliases).where(
            account_aliases.c.alias == account_alias, account_aliases.c.account_id == call.account_id
        )
    ).rowcount
    if not deleted:
        raise NoSuchEntity(f"The account alias with name {account_alias} cannot be found.")
    return None
