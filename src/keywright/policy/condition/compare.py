"""
Compare one value of the request with the values of a policy: a test for each family of operators.

Every test is the positive one; negation, missing keys and sets are `compile`'s.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final, TypeAlias

from keywright.policy.condition.operators import Comparison, Operator
from keywright.policy.condition.values import (
    read_address,
    read_binary,
    read_bool,
    read_date,
    read_network,
    read_number,
)
from keywright.policy.match import Matcher, Token, Wild, compile_tokens, everything, joined

Tokens: TypeAlias = Sequence[Token]

_ORDER: Final[dict[Comparison, Callable[[Decimal, Decimal], bool]]] = {
    "equals": operator.eq,
    "less": operator.lt,
    "less-or-equal": operator.le,
    "greater": operator.gt,
    "greater-or-equal": operator.ge,
}

_READERS: Final[dict[str, Callable[[str], object | None]]] = {
    "string-ignore-case": str.casefold,
    "bool": read_bool,
    "binary": read_binary,
}
"""What two texts must have in common to be the same value."""

READS_ANYTHING: Final = frozenset({"string", "string-like", "string-ignore-case"})
"""The families of operators to which every text is a value."""


def compile_value(condition: Operator, tokens: Tokens) -> Matcher | None:
    """Give the test of one policy value; None where the operator cannot read it."""
    if condition.family == "string-like":
        return compile_tokens(tokens)
    if condition.family == "arn":
        return _compile_arn(tokens)
    text = literal(tokens)
    if condition.family == "string":
        return text.__eq__
    if condition.family == "numeric":
        return _ordered(read_number, condition.comparison, text)
    if condition.family == "date":
        return _ordered(read_date, condition.comparison, text)
    return _compile_address(text) if condition.family == "address" else _same(_READERS[condition.family], text)


def literal(tokens: Iterable[Token]) -> str:
    """Spell tokens as text: to an operator without wildcards an asterisk is an asterisk."""
    return "".join([token if isinstance(token, str) else "*" if token is Wild.RUN else "?" for token in tokens])


def _same(read: Callable[[str], object | None], text: str) -> Matcher | None:
    """Compare what two texts mean."""
    expected = read(text)
    return None if expected is None else lambda given: given == text or read(given) == expected


def _ordered(read: Callable[[str], Decimal | None], comparison: Comparison, text: str) -> Matcher | None:
    """Compare numbers or dates."""
    expected = read(text)
    if expected is None:
        return None
    compare = _ORDER[comparison]

    def holds(given: str) -> bool:
        value = read(given)
        return value is not None and compare(value, expected)

    return holds


def _compile_address(text: str) -> Matcher | None:
    """Tell whether an address lies in a range; never across IPv4 and IPv6."""
    network = read_network(text)
    if network is None:
        return None
    mask, expected = int(network.netmask), (network.version, int(network.network_address))

    def holds(given: str) -> bool:
        version, number = read_address(given)
        return (version, number & mask) == expected

    return holds


def _compile_arn(tokens: Tokens) -> Matcher | None:
    """
    Compare ARNs: "each of the six colon-delimited components of the ARN is checked separately".

    A lone `*` is any ARN; AWS stores no other pattern of fewer than six components.
    """
    components = list(_components(joined(tokens)))
    if components == [[Wild.RUN]]:
        return lambda text: text.count(":") >= 5
    if len(components) < 6 or components[0] != ["arn"]:
        return None
    tests = [
        (index, test)
        for index, component in enumerate(components)
        if (test := compile_tokens(component)) is not everything
    ]

    def holds(given: str) -> bool:
        parts = given.split(":", 5)
        return len(parts) == 6 and all(test(parts[index]) for index, test in tests)

    return holds


def _components(tokens: Tokens) -> Iterator[list[Token]]:
    """Split a pattern at its first five colons."""
    component: list[Token] = []
    left = 5
    for token in tokens:
        if not isinstance(token, str):
            component.append(token)
            continue
        first, *rest = token.split(":", left)
        component.append(first)
        for part in rest:
            yield component
            component = [part]
            left -= 1
    yield component
