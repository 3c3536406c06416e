"""
Policy variables: `${aws:username}`, `${aws:PrincipalTag/team, 'none'}`, and `${*}` `${?}` `${$}` for the characters.

A value that takes a variable's place is literal: its `*` is an asterisk. A variable without a value matches nothing
(User Guide, "IAM policy elements: Variables and tags": "there is no equal or like value").
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final, Generic, NamedTuple, TypeAlias, TypeVar

from keywright.policy.match import Token, text_tokens
from keywright.policy.request import Context

Filled = TypeVar("Filled")

_VARIABLE: Final = re.compile(r"\$\{([^}]*)(\}?)")
_REFERENCE: Final = re.compile(r"\s*([^,'\s]+)\s*(?:,\s*'([^']*)'\s*)?")
_CHARACTERS: Final = frozenset({"*", "?", "$"})
_MAX_FILLED: Final = 256
"""Fillings kept for one template; callers whose values differ more often only fill it again."""


class Variable(NamedTuple):
    """A place that a request's value fills; one whose spelling makes no sense has no name and never has a value."""

    name: str | None
    """The context key as it is spelt."""
    default: str | None = None


Piece: TypeAlias = Token | Variable


def parse(text: str, *, variables: bool) -> Iterator[Piece]:
    """Split a value into literals, wildcards and, where the policy's version has them, variables."""
    at = 0
    for found in _VARIABLE.finditer(text) if variables and "$" in text else ():
        yield from text_tokens(text[at : found.start()])
        at = found.end()
        if found[2] and found[1] in _CHARACTERS:
            yield found[1]
        else:
            reference = _REFERENCE.fullmatch(found[1]) if found[2] else None
            yield Variable(None) if reference is None else Variable(reference[1], reference[2])
    yield from text_tokens(text[at:])


class Template(Generic[Filled]):
    """A pattern with variables, and what was built of it for the values met so far."""

    __slots__ = ("_build", "_filled", "_pieces", "_variables")

    def __init__(self, pieces: Iterable[Piece], build: Callable[[list[Token]], Filled]) -> None:
        self._pieces = tuple(pieces)
        self._variables = tuple(piece for piece in self._pieces if isinstance(piece, Variable))
        self._build = build
        self._filled: dict[tuple[str, ...], Filled] = {}

    def fill(self, context: Context) -> Filled | None:
        """Build the pattern with the request's values; None where a variable has no value."""
        values: list[str] = []
        for variable in self._variables:
            value = _value(variable, context)
            if value is None:
                return None
            values.append(value)
        key = tuple(values)
        filled = self._filled.get(key)
        if filled is None:
            if len(self._filled) >= _MAX_FILLED:
                self._filled.clear()
            places = iter(key)
            tokens = [next(places) if isinstance(piece, Variable) else piece for piece in self._pieces]
            filled = self._filled[key] = self._build(tokens)
        return filled


def _value(variable: Variable, context: Context) -> str | None:
    """Give a variable's value: a key with several values has none to put in one place."""
    values = None if variable.name is None else context.get(variable.name.lower())
    return values[0] if values is not None and len(values) == 1 else variable.default
