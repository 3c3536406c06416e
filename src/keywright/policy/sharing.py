"""
Ask what several statements have in common once.

Policies of one hand repeat their conditions: the region, the address, the tag. Statements that share a condition become
one branch behind it, so that thirty statements with the same failing condition cost one test.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TypeAlias

from keywright.policy.condition.compile import ContextTest
from keywright.policy.evaluate import all_hold
from keywright.policy.request import AuthorizationRequest
from keywright.policy.resources import RequestTest

Conjunction: TypeAlias = tuple[RequestTest, tuple[ContextTest, ...]]
"""A statement: its resources and its conditions, all of which must hold."""


def any_of(statements: Sequence[Conjunction]) -> list[RequestTest]:
    """Give tests of which one applies where one of the statements does."""
    tests: list[RequestTest] = []
    while statements:
        counts = Counter(holds for _, conditions in statements for holds in set(conditions))
        shared, count = counts.most_common(1)[0] if counts else (None, 1)
        if shared is None or count == 1:
            return [*tests, *(all_hold(resources, conditions) for resources, conditions in statements)]
        branch = [
            (resources, tuple(holds for holds in conditions if holds is not shared))
            for resources, conditions in statements
            if shared in conditions
        ]
        tests.append(_behind(shared, any_of(branch)))
        statements = [one for one in statements if shared not in one[1]]
    return tests


def _behind(shared: ContextTest, tests: Sequence[RequestTest]) -> RequestTest:
    """Ask the shared condition, then what is behind it."""

    def applies(request: AuthorizationRequest) -> bool:
        if not shared(request.context):
            return False
        for test in tests:  # noqa: SIM110 (a generator would cost as much as the tests)
            if test(request):
                return True
        return False

    return applies
