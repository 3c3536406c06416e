"""
Compile a policy: once when it is stored or loaded, so that asking it costs little.

A statement becomes one closure over the request; a policy indexes its statements by action, so that what cannot concern
the action is never looked at.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from keywright.policy.condition.compile import ContextTest, compile_line
from keywright.policy.document import Document, Effect, Statement
from keywright.policy.match import Matcher, compile_glob, everything, nothing
from keywright.policy.principals import PrincipalTest, compile_not_principal, compile_principal
from keywright.policy.request import AuthorizationRequest
from keywright.policy.resources import RequestTest, ResourcePatterns, compile_resources

PolicyType = Literal["identity", "boundary", "session", "resource", "scp", "rcp"]


class PolicySource(NamedTuple):
    """Where a policy came from, carried into every explanation."""

    name: str
    policy_type: PolicyType
    arn: str | None = None
    """A managed policy's ARN; None for an inline one."""
    attached_to: str | None = None
    """
    The user, group, role or resource that bears it; for an scp or rcp the root, unit or account: each such level
    must allow on its own.
    """


@dataclass(frozen=True, slots=True, eq=False)
class CompiledStatement:
    """A statement ready to be asked. Its action is asked apart: see `CompiledPolicy.candidates`."""

    source: PolicySource
    statement: Statement
    literal_actions: frozenset[str] | None
    """The actions in lower case where the element names them without wildcards; else None."""
    covers_action: Matcher
    """Takes the action in lower case."""
    resources: ResourcePatterns
    not_resource: bool
    conditions: tuple[ContextTest, ...]
    naming: PrincipalTest | None
    """None where the statement has no Principal: an identity policy speaks of whoever bears it."""
    covers_resource: RequestTest
    covers: RequestTest
    """Whether resource and conditions match."""
    applies: RequestTest
    """Whether resource, conditions and principal match."""

    @property
    def effect(self) -> Effect:
        """Give the statement's effect."""
        return self.statement.effect

    @property
    def listed(self) -> bool:
        """Tell whether the listed resources are all that the statement asks for."""
        return not (self.not_resource or self.conditions or self.naming)

    @property
    def unconditional(self) -> bool:
        """Tell whether the statement applies to every request for its actions."""
        return self.listed and self.resources.everything


@dataclass(frozen=True, slots=True, eq=False)
class CompiledPolicy:
    """A policy ready to be asked. Equal to itself alone, so that sets of policies are told apart cheaply."""

    source: PolicySource
    document: Document
    statements: tuple[CompiledStatement, ...]
    _by_action: dict[str, list[int]] = field(repr=False)
    _by_pattern: list[int] = field(repr=False)

    def candidates(self, action: str) -> tuple[CompiledStatement, ...]:
        """Give the statements, in order, whose Action or NotAction covers an action in lower case."""
        literal = self._by_action.get(action, ())
        patterns = (index for index in self._by_pattern if self.statements[index].covers_action(action))
        return tuple(self.statements[index] for index in sorted((*literal, *patterns)))


def compile_policy(document: Document, source: PolicySource) -> CompiledPolicy:
    """Compile a document for its place among a request's policies."""
    variables = document.version == "2012-10-17"
    statements = tuple(_compile_statement(statement, source, variables=variables) for statement in document.statements)
    by_action: dict[str, list[int]] = {}
    by_pattern: list[int] = []
    for index, statement in enumerate(statements):
        if statement.literal_actions is None:
            by_pattern.append(index)
        for action in statement.literal_actions or ():
            by_action.setdefault(action, []).append(index)
    return CompiledPolicy(source, document, statements, by_action, by_pattern)


def _compile_statement(statement: Statement, source: PolicySource, *, variables: bool) -> CompiledStatement:
    """Compile one statement."""
    literal_actions, covers_action = _compile_actions(statement)
    resources, not_resource = compile_resources(
        statement, borne_by_resource=source.policy_type == "resource", variables=variables
    )
    conditions = tuple(compile_line(line, statement.effect, variables=variables) for line in statement.conditions)
    naming = _compile_naming(statement)
    covers_resource = _negated(resources.test()) if not_resource else resources.test()
    covers = all_hold(covers_resource, conditions)
    return CompiledStatement(
        source=source,
        statement=statement,
        literal_actions=literal_actions,
        covers_action=covers_action,
        resources=resources,
        not_resource=not_resource,
        conditions=conditions,
        naming=naming,
        covers_resource=covers_resource,
        covers=covers,
        applies=covers if naming is None else lambda request: bool(naming(request.principal)) and covers(request),
    )


def _compile_actions(statement: Statement) -> tuple[frozenset[str] | None, Matcher]:
    """
    Compile Action or NotAction; actions without wildcards apart, for the index.

    INVARIANT: a statement that names no action is closed, as a condition that cannot be read is: an Allow is about
    nothing, a Deny about everything.
    """
    if statement.actions:
        literals = frozenset(action.lower() for action in statement.actions)
        if any("*" in action or "?" in action for action in literals):
            return None, _any_of([compile_glob(action) for action in literals])
        return literals, literals.__contains__
    if statement.not_actions:
        listed = _any_of([compile_glob(action.lower()) for action in statement.not_actions])
        return None, lambda action: not listed(action)
    return (None, everything) if statement.effect == "Deny" else (frozenset(), nothing)


def _any_of(matchers: Sequence[Matcher]) -> Matcher:
    """Match what any of the matchers does."""
    if everything in matchers:
        return everything
    return lambda text: any(matches(text) for matches in matchers)


def _compile_naming(statement: Statement) -> PrincipalTest | None:
    """Compile Principal or NotPrincipal."""
    if statement.principal is not None:
        return compile_principal(statement.principal)
    if statement.not_principal is not None:
        return compile_not_principal(statement.not_principal, statement.effect)
    return None


def _negated(covers: RequestTest) -> RequestTest:
    """Cover what the other does not."""
    return lambda request: not covers(request)


def all_hold(covers_resource: RequestTest, conditions: tuple[ContextTest, ...]) -> RequestTest:
    """Ask the resource, then the conditions."""
    if not conditions:
        return covers_resource

    def covers(request: AuthorizationRequest) -> bool:
        if not covers_resource(request):
            return False
        context = request.context
        for holds in conditions:  # noqa: SIM110 (a generator would cost as much as the tests)
            if not holds(context):
                return False
        return True

    return covers
