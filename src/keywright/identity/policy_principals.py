"""
The principals that a resource's policy names, on their way in and out.

AWS: a user or role that is named by its ARN is kept by its unique id, so that nobody who takes the name later is
trusted in its place; it is shown by its ARN for as long as it exists (User Guide, "Principal", IAM user and role
principals).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from sqlalchemy import Column, Connection, Table, select

from keywright.aws.arn import iam_arn
from keywright.aws.identifiers import account_of
from keywright.policy.document import Document, parse_document
from keywright.policy.json_reader import Node
from keywright.store.tables import accounts, roles, users

_ENTITY_ARN: Final = re.compile(r"arn:aws:iam::(\d{12}):(user|role)/(?:.*/)?([^/]+)")
_ENTITY_ID: Final = re.compile(r"A(?:IDA|ROA)[A-Z2-7]{17}")


class InvalidPrincipal(Exception):
    """A policy names a user or a role that does not exist."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name: Final = name


class _Kind(NamedTuple):
    arn_type: str
    table: Table
    unique_id: Column[str]
    name: Column[str]
    name_key: Column[str]


_USER: Final = _Kind("user", users, users.c.user_id, users.c.user_name, users.c.user_name_key)
_ROLE: Final = _Kind("role", roles, roles.c.role_id, roles.c.role_name, roles.c.role_name_key)
_KINDS: Final = {"user": _USER, "role": _ROLE, "AIDA": _USER, "AROA": _ROLE}


def keep_principals(connection: Connection, document: Document) -> str:
    """
    Give a policy's text as it is kept.

    Raises: InvalidPrincipal.
    """
    return _replace(document, lambda name: _kept(connection, name))


def show_principals(connection: Connection, text: str) -> str:
    """Give a kept policy's text as it is shown."""
    if _ENTITY_ID.search(text) is None:
        return text
    return _replace(parse_document(text), lambda name: _shown(connection, name))


def _kept(connection: Connection, name: str) -> str:
    """Give the unique id of a user or role that a policy names, any other name as it is."""
    match = _ENTITY_ARN.fullmatch(name)
    if match is not None:
        account_id, arn_type, entity_name = match.groups()
        kind = _KINDS[arn_type]
        row = _entity(connection, kind, kind.name_key == entity_name.casefold(), account_id)
        if row is not None and iam_arn(account_id, arn_type, row.path, row.name) == name:
            unique_id: str = row.unique_id
            return unique_id
        # DIVERGES: Trust in accounts that are not on this server.
        if _is_here(connection, account_id):
            raise InvalidPrincipal(name)
    elif _ENTITY_ID.fullmatch(name) and _arn_of(connection, name) is None and _is_here(connection, account_of(name)):
        raise InvalidPrincipal(name)
    return name


def _shown(connection: Connection, name: str) -> str:
    """Give the ARN of a user or role that is kept by its id; an id that nobody has any more stays."""
    return (_arn_of(connection, name) if _ENTITY_ID.fullmatch(name) else None) or name


def _arn_of(connection: Connection, unique_id: str) -> str | None:
    kind = _KINDS[unique_id[:4]]
    row = _entity(connection, kind, kind.unique_id == unique_id, None)
    return None if row is None else iam_arn(row.account_id, kind.arn_type, row.path, row.name)


def _entity(connection: Connection, kind: _Kind, condition: Any, account_id: str | None) -> Any:
    table = kind.table
    statement = select(
        kind.unique_id.label("unique_id"), kind.name.label("name"), table.c.path, table.c.account_id
    ).where(condition)
    if account_id is not None:
        statement = statement.where(table.c.account_id == account_id)
    return connection.execute(statement).one_or_none()


def _is_here(connection: Connection, account_id: str | None) -> bool:
    """Tell whether an account is one of this server's."""
    found = connection.execute(select(accounts.c.account_id).where(accounts.c.account_id == account_id)).first()
    return found is not None


def _replace(document: Document, replace: Callable[[str], str]) -> str:
    """Write a document's text with other names for its AWS principals; all else stays to the character."""
    parts: list[str] = []
    end = 0
    for node in sorted(_principal_nodes(document), key=lambda node: node.start):
        parts += [document.text[end : node.start], json.dumps(replace(str(node.value)))]
        end = node.end
    return "".join([*parts, document.text[end:]])


def _principal_nodes(document: Document) -> Iterator[Node]:
    """Find the strings that name an account, a user or a role."""
    for statement in document.statements:
        for element in ("Principal", "NotPrincipal"):
            node = statement.nodes.get(element)
            if node is not None and isinstance(node.value, dict) and "AWS" in node.value:
                names = node.value["AWS"]
                yield from names.value if isinstance(names.value, list) else [names]
