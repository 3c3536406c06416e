"""Check what an organisation attaches: service control policies and resource control policies."""

from __future__ import annotations

from typing import Final

from keywright.policy.document import Document, MalformedDocument, Statement
from keywright.policy.validation.identity import check_identity, check_legacy, check_names, check_syntax

REFUSAL: Final = "The provided policy document does not meet the requirements of the specified policy type."


def check_scp(document: Document, *, partition: str) -> None:
    """
    Check a service control policy: the language of identity policies, whole.

    Raises: MalformedDocument.
    """
    try:
        check_identity(document, partition=partition)
    except MalformedDocument as error:
        raise MalformedDocument(REFUSAL) from error


def check_rcp(document: Document, *, partition: str) -> None:
    """
    Check a resource control policy: it denies, to everyone, named services' actions.

    AWS: only RCPFullAWSAccess allows, and it is AWS's own; Principal is `*` and conditions narrow it (Organizations
    User Guide, "RCP syntax").

    Raises: MalformedDocument.
    """
    for statement in document.statements:
        if _full_access(statement):
            continue
        named = statement.actions is not None and "*" not in statement.actions
        everyone = statement.principal is not None and statement.principal.names == (("*", "*"),)
        if statement.effect != "Deny" or not (named and everyone):
            raise MalformedDocument(REFUSAL)
        try:
            check_syntax(statement)
            check_legacy(statement)
            check_names(statement, partition=partition)
        except MalformedDocument as error:
            raise MalformedDocument(REFUSAL) from error


def _full_access(statement: Statement) -> bool:
    """Recognise the statement of RCPFullAWSAccess."""
    return (
        statement.effect == "Allow"
        and statement.principal is not None
        and statement.principal.names == (("*", "*"),)
        and statement.actions == ("*",)
        and statement.resources == ("*",)
        and not statement.conditions
    )
