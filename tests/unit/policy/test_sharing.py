"""Sharing conditions among statements: the same answers, each condition asked once."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from keywright.policy.condition.compile import ContextTest
from keywright.policy.request import AuthorizationRequest, Context, Principal
from keywright.policy.resources import always
from keywright.policy.sharing import any_of
from tests.unit.endings import must_end

BOB = Principal("user", "arn:aws:iam::111122223333:user/Bob", "111122223333")


def conditions(truth: tuple[bool, ...], asked: Counter[int]) -> list[ContextTest]:
    """Make conditions of known answers that count how often they are asked."""

    def condition(number: int) -> ContextTest:
        def holds(_context: Context) -> bool:
            asked[number] += 1
            return truth[number]

        return holds

    return [condition(number) for number in range(len(truth))]


@settings(max_examples=200, deadline=None)
@given(
    st.tuples(*[st.booleans()] * 4),
    st.lists(st.tuples(st.sampled_from("ab"), st.lists(st.integers(0, 3), max_size=4, unique=True)), max_size=8),
)
def test_shared_conditions_answer_as_each_statement_by_itself(
    truth: tuple[bool, ...], statements: list[tuple[str, list[int]]]
) -> None:
    """One statement applies where its resource and all of its conditions do, however the conditions are shared out."""
    tests = conditions(truth, Counter())
    request = AuthorizationRequest("s3:GetObject", "a", BOB, BOB.account_id)
    made = [
        (lambda request, name=name: request.resource == name, tuple(tests[number] for number in numbers))
        for name, numbers in statements
    ]
    expected = any(name == "a" and all(truth[number] for number in numbers) for name, numbers in statements)
    assert any(applies(request) for applies in any_of(made)) is expected


def test_a_thousand_shared_conditions_are_asked_without_recursing() -> None:
    """Statements that share more conditions than Python has stack are still asked right."""
    request = AuthorizationRequest("s3:GetObject", "a", BOB, BOB.account_id)
    for last in (True, False):
        tests = conditions((*[True] * 2999, last), Counter())
        assert any(applies(request) for applies in any_of([(always, tuple(tests))] * 2)) is last


def test_the_work_of_sharing_grows_with_the_statements() -> None:
    """Many thousand statements, each sharing a condition with one other, are sorted: their square would not be."""
    count = 20_000
    tests = conditions((False,) * count, Counter())
    with must_end():
        any_of([(always, (tests[number // 2], tests[(number + count // 2) % count])) for number in range(count)])


def test_a_condition_of_thirty_statements_is_asked_once() -> None:
    """What thirty statements have in common costs one test where it fails, and one where it holds."""
    for common in (False, True):
        asked: Counter[int] = Counter()
        first, *others = conditions((common, *[False] * 30), asked)
        request = AuthorizationRequest("s3:GetObject", "a", BOB, BOB.account_id)
        tests = any_of([(always, (other, first)) for other in others])
        assert not any(applies(request) for applies in tests)
        assert asked[0] == 1
        assert sum(asked.values()) == (31 if common else 1)
