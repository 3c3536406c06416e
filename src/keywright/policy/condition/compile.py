"""
Compile a Condition element: one test of the request's context for each of its lines.

A line holds an operator, a key, and the policy's values, any of which satisfies it. A key that the request lacks: a
positive operator fails, a negated one holds, IfExists holds, ForAllValues holds, ForAnyValue fails (User Guide, "IAM
JSON policy elements: Condition operators" and "Set operators for multivalued context keys").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import TypeAlias

from keywright.policy.condition.compare import READS_ANYTHING, compile_value, literal
from keywright.policy.condition.operators import Operator, parse_operator
from keywright.policy.condition.values import read_bool
from keywright.policy.document import ConditionLine, Effect
from keywright.policy.match import Matcher, Token, nothing
from keywright.policy.request import Context
from keywright.policy.variables import Piece, Template, Variable, parse

ContextTest: TypeAlias = Callable[[Context], bool]


@lru_cache(maxsize=4096)
def compile_line(line: ConditionLine, effect: Effect, *, variables: bool) -> ContextTest:
    """
    Compile one line. The same line is the same test, in whatever policy: `plan` asks it once for all of them.

    INVARIANT: what the engine cannot read (an unknown operator, a date that is none) is closed: an Allow does not
    apply, a Deny does. `validate` keeps such policies from being stored.
    """
    operator = parse_operator(line.operator)
    if operator is None:
        return _closed(effect)
    if operator.family == "null":
        return _compile_null(line, effect)
    plain, patterns = _values(line, operator, variables=variables)
    matcher = _any_of(operator, plain)
    if matcher is None:
        return _closed(effect)
    key = line.key.lower()
    if patterns:
        # A variable filled with what the operator cannot read matches nothing.
        templates = [Template(one, lambda tokens: compile_value(operator, tokens) or nothing) for one in patterns]
        return _quantified(operator, key, lambda context: _either(matcher, [one.fill(context) for one in templates]))
    if operator.qualifier is None:
        return _one_value(operator, key, matcher)
    return _quantified(operator, key, lambda _: matcher)


def readable(line: ConditionLine, operator: Operator) -> bool:
    """Tell whether every value of a line is one that its operator compares; variables are not looked into."""
    if operator.family in READS_ANYTHING:
        return True
    if operator.family == "null":
        return all(read_bool(value) is not None for value in line.values)
    plain, _ = _values(line, operator, variables=True)
    return _any_of(operator, plain) is not None


def _values(line: ConditionLine, operator: Operator, *, variables: bool) -> tuple[list[list[Token]], list[list[Piece]]]:
    """Split a line's values into those without variables and those with."""
    plain: list[list[Token]] = []
    patterns: list[list[Piece]] = []
    for value in line.values:
        pieces = list(parse(value, variables=variables and operator.takes_variables))
        tokens = [piece for piece in pieces if not isinstance(piece, Variable)]
        if len(tokens) == len(pieces):
            plain.append(tokens)
        else:
            patterns.append(pieces)
    return plain, patterns


def _closed(effect: Effect) -> ContextTest:
    """Hold for a Deny and fail for an Allow."""
    denies = effect == "Deny"
    return lambda _: denies


def _any_of(operator: Operator, values: Sequence[list[Token]]) -> Matcher | None:
    """Match what any of the values does; None where one cannot be read. Several plain strings are one look-up."""
    matchers: list[Matcher] = []
    for tokens in values:
        matcher = compile_value(operator, tokens)
        if matcher is None:
            return None
        matchers.append(matcher)
    if len(matchers) == 1:
        return matchers[0]
    if operator.family == "string":
        return frozenset(map(literal, values)).__contains__
    return lambda text: any(matches(text) for matches in matchers)


def _either(matcher: Matcher, filled: Iterable[Matcher | None]) -> Matcher:
    """Match what the plain values do or the filled ones."""
    matchers = [matcher, *(one for one in filled if one is not None)]
    return lambda text: any(matches(text) for matches in matchers)


def _compile_null(line: ConditionLine, effect: Effect) -> ContextTest:
    """Ask whether a key is absent; a key without values is."""
    wanted = {read_bool(value) for value in line.values}
    if None in wanted:
        return _closed(effect)
    key = line.key.lower()
    return lambda context: (not context.get(key)) in wanted


def _one_value(operator: Operator, key: str, matches: Matcher) -> ContextTest:
    """Apply a line without set operator or variables: what most lines are, in as few steps as it takes."""
    negated, if_missing = operator.negated, operator.negated or operator.if_exists

    def holds(context: Context) -> bool:
        values = context.get(key)
        if not values:
            return if_missing
        if len(values) == 1:
            return matches(values[0]) is not negated
        return any(map(matches, values)) is not negated

    return holds


def _quantified(operator: Operator, key: str, matcher_for: Callable[[Context], Matcher]) -> ContextTest:
    """Apply a line's test to the values that the request has for its key."""
    negated, if_exists = operator.negated, operator.if_exists

    def one_value(context: Context) -> bool:
        # AWS: a key with several values wants a set operator; without one, the values are taken as any of them.
        values = context.get(key)
        if not values:
            return negated or if_exists
        matches = matcher_for(context)
        return any(map(matches, values)) is not negated

    def all_values(context: Context) -> bool:
        # AWS: "a null data set, such as an empty string" satisfies ForAllValues.
        values = context.get(key) or ()
        if not any(values):
            return True
        matches = matcher_for(context)
        return all(matches(value) is not negated for value in values)

    def any_value(context: Context) -> bool:
        values = context.get(key)
        if not values:
            return if_exists
        matches = matcher_for(context)
        return any(values) and any(matches(value) is not negated for value in values)

    return {"ForAllValues": all_values, "ForAnyValue": any_value, None: one_value}[operator.qualifier]
