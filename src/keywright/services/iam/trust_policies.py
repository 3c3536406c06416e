"""
Roles' trust policies on their way in and out.

AWS: a user or role that is named by its ARN is kept by its unique id, so that nobody who takes the name later is
trusted in its place; it is shown by its ARN for as long as it exists (User Guide, "Principal", IAM user and role
principals).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from typing import Final

from sqlalchemy import select

from keywright.aws.identifiers import account_of
from keywright.aws.quotas import TRUST_POLICY_CHARACTERS
from keywright.policy.document import Document, parse_document
from keywright.policy.json_reader import Node
from keywright.services.iam.documents import check_document, check_size
from keywright.services.iam.entities import ROLE, USER, EntityKind
from keywright.services.iam.errors import MalformedPolicyDocument
from keywright.services.operation import Call
from keywright.store.tables import accounts

_ENTITY_ARN: Final = re.compile(r"arn:aws:iam::(\d{12}):(user|role)/(?:.*/)?([^/]+)")
_ENTITY_ID: Final = re.compile(r"A(?:IDA|ROA)[A-Z2-7]{17}")
_KINDS: Final = {"user": USER, "role": ROLE, "AIDA": USER, "AROA": ROLE}


def read_trust_policy(call: Call, text: str) -> str:
    """
    Check a trust policy as it was sent, and give it as it is kept.

    Raises: MalformedPolicyDocument; LimitExceeded (ACLSizePerRole).
    """
    document = check_document(text, "trust")
    check_size([text], "ACLSizePerRole", TRUST_POLICY_CHARACTERS)
    return _replace_principals(document, lambda name: _kept(call, name))


def show_trust_policy(call: Call, text: str) -> str:
    """Give a kept trust policy as it is shown."""
    if _ENTITY_ID.search(text) is None:
        return text
    return _replace_principals(parse_document(text), lambda name: _shown(call, name))


def _kept(call: Call, name: str) -> str:
    """
    Give the unique id of a user or role that a trust policy names, any other name as it is.

    Raises: MalformedPolicyDocument (there is none of that name).
    """
    match = _ENTITY_ARN.fullmatch(name)
    if match is not None:
        account_id, arn_type, entity_name = match.groups()
        kind = _KINDS[arn_type]
        key = kind.table.c[f"{kind.name_column}_key"]
        row = call.connection.execute(
            select(kind.table).where(kind.table.c.account_id == account_id, key == entity_name.casefold())
        ).one_or_none()
        if row is not None and kind.arn(account_id, row) == name:
            return kind.row_id(row)
        # DIVERGES: Trust in accounts that are not on this server.
        if _is_here(call, account_id):
            raise _invalid_principal(name)
    elif _ENTITY_ID.fullmatch(name) and _arn_of(call, name) is None and _is_here(call, account_of(name)):
        raise _invalid_principal(name)
    return name


def _shown(call: Call, name: str) -> str:
    """Give the ARN of a user or role that is kept by its id; an id that nobody has any more stays."""
    return (_arn_of(call, name) if _ENTITY_ID.fullmatch(name) else None) or name


def _arn_of(call: Call, unique_id: str) -> str | None:
    kind: EntityKind = _KINDS[unique_id[:4]]
    row = call.connection.execute(select(kind.table).where(kind.table.columns[0] == unique_id)).one_or_none()
    return None if row is None else kind.arn(row.account_id, row)


def _is_here(call: Call, account_id: str | None) -> bool:
    """Tell whether an account is one of this server's."""
    found = call.connection.execute(select(accounts.c.account_id).where(accounts.c.account_id == account_id)).first()
    return found is not None


def _invalid_principal(name: str) -> MalformedPolicyDocument:
    return MalformedPolicyDocument(f'Invalid principal in policy: "AWS":"{name}"')


def _replace_principals(document: Document, replace: Callable[[str], str]) -> str:
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
