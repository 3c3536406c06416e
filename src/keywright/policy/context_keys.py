"""Find the context keys that policies ask for: all that a document names, or those that one request lacks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from keywright.policy.condition.operators import parse_operator
from keywright.policy.document import Document, Statement
from keywright.policy.evaluate import CompiledStatement
from keywright.policy.request import AuthorizationRequest, Context
from keywright.policy.variables import Variable, parse


def context_keys(document: Document) -> tuple[str, ...]:
    """Give every key that a document's conditions and variables name, each once, spelt as first written."""
    found: dict[str, str] = {}
    for statement in document.statements:
        for key in _named(statement, variables=document.version == "2012-10-17"):
            found.setdefault(key.lower(), key)
    return tuple(found.values())


def missing_keys(statements: Sequence[CompiledStatement], request: AuthorizationRequest) -> tuple[str, ...]:
    """
    Give the keys that statements ask for and the request lacks, each once, spelt as first written.

    Only of statements that cover the request's principal and resource; of those every condition is asked, that all
    may be told.
    """
    asked = _Asked(request.context)
    listening = request._replace(context=asked)
    spelt: dict[str, str] = {}
    for statement in statements:
        for key in _named(statement.statement, variables=True):
            spelt.setdefault(key.lower(), key)
        named = statement.naming is None or statement.naming(request.principal)
        if named and statement.covers_resource(listening):
            for holds in statement.conditions:
                holds(asked)
    return tuple(spelt[key] for key in asked.missing)


class _Asked:
    """A context that remembers what it could not answer."""

    __slots__ = ("_context", "missing")

    def __init__(self, context: Context) -> None:
        self._context = context
        self.missing: dict[str, None] = {}

    def get(self, key: str, /) -> tuple[str, ...] | None:
        """Pass the question on."""
        values = self._context.get(key)
        if values is None:
            self.missing[key] = None
        return values


def _named(statement: Statement, *, variables: bool) -> Iterator[str]:
    """Give the keys of a statement, some more than once."""
    for resource in (*(statement.resources or ()), *(statement.not_resources or ())):
        yield from _variables(resource, variables=variables)
    for line in statement.conditions:
        yield line.key
        operator = parse_operator(line.operator)
        takes_variables = variables and operator is not None and operator.takes_variables
        for value in line.values:
            yield from _variables(value, variables=takes_variables)


def _variables(text: str, *, variables: bool) -> Iterator[str]:
    """Give the keys of a text's variables."""
    for piece in parse(text, variables=variables):
        if isinstance(piece, Variable) and piece.name is not None:
            yield piece.name
