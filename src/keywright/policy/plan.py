"""
What a set of policies holds about one action, found once.

Which statements concern an action does not change from request to request. A plan keeps them by the type of their
policy, and compiles one test for each question that a decision asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeAlias

from keywright.policy.evaluate import CompiledPolicy, CompiledStatement, PolicyType
from keywright.policy.resources import RequestTest, ResourcePatterns, always
from keywright.policy.sharing import Conjunction, any_of

if TYPE_CHECKING:
    from keywright.policy.decide import Decision

PoliciesByType: TypeAlias = Mapping[PolicyType, tuple[CompiledPolicy, ...] | None]
Statements: TypeAlias = tuple[CompiledStatement, ...]

TYPES: Final[tuple[PolicyType, ...]] = ("scp", "rcp", "resource", "identity", "boundary", "session")
"""In the order in which a refusal names them."""


class Plan:
    """The statements about one action, and the questions asked of them."""

    __slots__ = (
        *("action", "allows", "boundary", "denied", "denies", "identity", "identity_alone", "levels"),
        *("policies", "resource", "resource_must_allow", "session", "settled", "settles"),
    )

    def __init__(self, policies: PoliciesByType, action: str, *, resource_must_allow: bool) -> None:
        found = {kind: _candidates(policies[kind] or (), action.lower()) for kind in TYPES}
        if policies["boundary"] is not None:
            found["resource"] = tuple(map(_without_exceptions, found["resource"]))
        self.action: Final = action
        self.policies: Final = policies
        self.allows: Final = {kind: _of_effect(found[kind], "Allow") for kind in TYPES}
        self.denies: Final = {kind: _of_effect(found[kind], "Deny") for kind in TYPES}
        self.denied: Final = any_applies([statement for kind in TYPES for statement in self.denies[kind]])
        self.levels: Final = tuple(self._organisation_levels())
        self.identity: Final = any_applies(self.allows["identity"])
        self.boundary: Final = None if policies["boundary"] is None else any_applies(self.allows["boundary"])
        self.session: Final = None if policies["session"] is None else any_applies(self.allows["session"])
        self.resource: Final = self.allows["resource"]
        self.resource_must_allow: Final = resource_must_allow
        limits = self.levels or self.resource or self.boundary or self.session
        self.identity_alone: Final = not (limits or resource_must_allow)
        """Whether a user or role session asking in its own account needs an identity policy's allow and no other."""
        self.settles: Final = all(statement.unconditional for listed in found.values() for statement in listed)
        """Whether a user or role session asking in its own account gets the same answer every time."""
        self.settled: Decision | None = None
        """That answer, once it has been given."""

    def _organisation_levels(self) -> Iterator[tuple[PolicyType, RequestTest]]:
        """Give a test for each level of the organisation that bears policies: each of them must allow."""
        kinds: tuple[PolicyType, ...] = ("scp", "rcp")
        for kind in kinds:
            levels: dict[str | None, list[CompiledStatement]] = {
                policy.source.attached_to: [] for policy in self.policies[kind] or ()
            }
            for statement in self.allows[kind]:
                levels[statement.source.attached_to].append(statement)
            for statements in levels.values():
                yield kind, any_applies(statements)


def any_applies(statements: Sequence[CompiledStatement]) -> RequestTest:
    """
    Compile to one test whether any of the statements applies.

    Lists of plain resources become one look-up, and a condition that several statements have is asked once.
    """
    listed = ResourcePatterns()
    tests: list[RequestTest] = []
    conditional: list[Conjunction] = []
    for statement in statements:
        if statement.unconditional:
            return always
        if statement.listed:
            listed |= statement.resources
        elif statement.naming is None:
            conditional.append((statement.covers_resource, statement.conditions))
        else:
            tests.append(statement.applies)
    return listed._replace(others=(*listed.others, *tests, *any_of(conditional))).test()


def _candidates(policies: Iterable[CompiledPolicy], action: str) -> Statements:
    """Give the statements about an action, in order."""
    return tuple(statement for policy in policies for statement in policy.candidates(action))


def _of_effect(statements: Statements, effect: str) -> Statements:
    """Give the statements that allow, or those that deny."""
    return tuple(statement for statement in statements if statement.effect == effect)


def _without_exceptions(statement: CompiledStatement) -> CompiledStatement:
    """
    Let a Deny with NotPrincipal spare nobody.

    AWS: it "will always deny any IAM principal that has a permissions boundary policy attached, regardless of the
    values specified in the NotPrincipal element" (User Guide, "Permissions boundaries for IAM entities").
    """
    if statement.effect == "Allow" or statement.statement.not_principal is None:
        return statement
    return replace(statement, naming=None, applies=statement.covers)
