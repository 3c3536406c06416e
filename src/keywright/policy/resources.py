"""
Compile the Resource and NotResource elements.

Most resources are a plain ARN or a prefix; those are kept apart as data, so that a whole policy's worth of them is
asked in one look-up (see `plan`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple, TypeAlias

from keywright.policy.document import Statement
from keywright.policy.match import Matcher, compile_resource, compile_tokens, resource_tokens
from keywright.policy.request import AuthorizationRequest
from keywright.policy.variables import Template, parse

RequestTest: TypeAlias = Callable[[AuthorizationRequest], bool]


def always(_request: object) -> bool:
    """Apply to every request; compared by identity where that is a short cut."""
    return True


def never(_request: object) -> bool:
    """Apply to no request."""
    return False


class ResourcePatterns(NamedTuple):
    """What an element lists, sorted by the cheapest test of each pattern."""

    literals: frozenset[str] = frozenset()
    prefixes: tuple[str, ...] = ()
    others: tuple[RequestTest, ...] = ()

    @property
    def everything(self) -> bool:
        """Tell whether a pattern is `*`."""
        return "" in self.prefixes

    def __or__(self, other: ResourcePatterns) -> ResourcePatterns:
        """Cover what either covers."""
        return ResourcePatterns(
            self.literals | other.literals, self.prefixes + other.prefixes, self.others + other.others
        )

    def test(self) -> RequestTest:
        """Compile to one test of a request's resource."""
        if self.everything:
            return always
        literals, prefixes, others = self.literals, self.prefixes, self.others
        if others:

            def covers(request: AuthorizationRequest) -> bool:
                resource = request.resource
                if resource in literals or resource.startswith(prefixes):
                    return True
                for matches in others:  # noqa: SIM110 (a generator would cost as much as the tests)
                    if matches(request):
                        return True
                return False

            return covers
        if not prefixes:
            return (lambda request: request.resource in literals) if literals else never
        if not literals:
            return lambda request: request.resource.startswith(prefixes)
        return lambda request: request.resource in literals or request.resource.startswith(prefixes)


_EVERY_RESOURCE: Final = ResourcePatterns(prefixes=("",))
_NO_RESOURCE: Final = ResourcePatterns()


def compile_resources(
    statement: Statement, *, borne_by_resource: bool, variables: bool
) -> tuple[ResourcePatterns, bool]:
    """
    Compile a statement's element; True beside it says NotResource.

    A statement with neither speaks of the resource that bears it: a trust policy has no Resource.

    INVARIANT: where the bearer is no resource, that statement is closed: an Allow covers nothing, a Deny everything.
    """
    if statement.resources:
        return compile_patterns(statement.resources, variables=variables), False
    if statement.not_resources:
        return compile_patterns(statement.not_resources, variables=variables), True
    return _EVERY_RESOURCE if borne_by_resource or statement.effect == "Deny" else _NO_RESOURCE, False


def compile_patterns(patterns: Iterable[str], *, variables: bool) -> ResourcePatterns:
    """Sort patterns by the cheapest test of each."""
    literals: set[str] = set()
    prefixes: list[str] = []
    others: list[RequestTest] = []
    for pattern in patterns:
        if variables and "${" in pattern:
            others.append(_with_variables(pattern))
        elif "?" in pattern or "*" in pattern[:-1]:
            others.append(_on_resource(compile_resource(pattern)))
        elif pattern.endswith("*"):
            prefixes.append(pattern[:-1])
        else:
            literals.add(pattern)
    return ResourcePatterns(frozenset(literals), tuple(prefixes), tuple(others))


def _on_resource(matches: Matcher) -> RequestTest:
    """Ask a matcher of the request's resource."""
    return lambda request: matches(request.resource)


def _with_variables(pattern: str) -> RequestTest:
    """Compile an ARN pattern that holds variables: its wildcards are fixed, its literals come with the request."""
    template = Template(resource_tokens(parse(pattern, variables=True)), compile_tokens)

    def covers(request: AuthorizationRequest) -> bool:
        matches = template.fill(request.context)
        return matches is not None and matches(request.resource)

    return covers
