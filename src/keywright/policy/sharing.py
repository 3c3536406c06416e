"""
Ask what several statements have in common once.

Policies of one hand repeat their conditions: the region, the address, the tag. Statements that share a condition become
one branch behind it, so that thirty statements with the same failing condition cost one test.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Final, TypeAlias

from keywright.policy.condition.compile import ContextTest
from keywright.policy.evaluate import all_hold
from keywright.policy.request import AuthorizationRequest
from keywright.policy.resources import RequestTest

Conjunction: TypeAlias = tuple[RequestTest, tuple[ContextTest, ...]]
"""A statement: its resources and its conditions, all of which must hold."""
_MAX_DEPTH: Final = 8
"""Branches behind branches: a policy of a thousand shared conditions must not recurse a thousand deep."""


def any_of(statements: Sequence[Conjunction], depth: int = 0) -> list[RequestTest]:
    """Give tests of which one applies where one of the statements does; `depth` counts the branches before them."""
    counts = Counter(holds for _, conditions in statements for holds in set(conditions))
    groups: dict[ContextTest | None, list[Conjunction]] = {}
    for resources, conditions in statements:
        commonest = max(conditions, key=counts.__getitem__, default=None)
        groups.setdefault(commonest, []).append((resources, conditions))
    tests: list[RequestTest] = []
    for shared, group in groups.items():
        if shared is None or len(group) == 1 or depth == _MAX_DEPTH:
            tests += [all_hold(resources, conditions) for resources, conditions in group]
        else:
            branch = [
                (resources, tuple(holds for holds in conditions if holds is not shared))
                for resources, conditions in group
            ]
            tests.append(_behind(shared, any_of(branch, depth + 1)))
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
