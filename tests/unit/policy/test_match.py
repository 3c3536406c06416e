"""Matching patterns: every shape says the same as the plain reading of it, in time linear in the text."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keywright.policy.match import Wild, compile_glob, compile_resource, compile_tokens, everything, joined, nothing
from tests.unit.endings import must_end

patterns = st.builds(str.__add__, st.sampled_from(("", ":::", "::::", ":::::")), st.text("ab*?:", max_size=9))


@st.composite
def patterns_and_texts(draw: st.DrawFn) -> tuple[str, str]:
    """Draw a pattern, and a text that it matches or nearly matches."""
    pattern = draw(patterns)
    runs = st.text("ab:", max_size=3)
    text = "".join(draw(runs) if one == "*" else draw(st.sampled_from("ab:")) if one == "?" else one for one in pattern)
    at = draw(st.integers(0, len(text)))
    return pattern, text[:at] + draw(st.sampled_from(("", "", "a", "b", ":"))) + text[at + draw(st.integers(0, 1)) :]


def as_regex(pattern: str, *, resource: bool) -> str:
    """Spell a pattern as a regular expression; within an ARN's first five segments a wildcard stops at the colon."""
    spelled, colons = "", 0
    for index, character in enumerate(pattern):
        ends_segment = pattern[index + 1 : index + 2] in ("", ":")
        anything = "." if not resource or colons >= 5 or (character == "*" and ends_segment) else "[^:]"
        spelled += {"*": f"{anything}*", "?": anything}.get(character, re.escape(character))
        colons += character == ":"
    return spelled


@settings(max_examples=500, deadline=None)
@given(patterns_and_texts())
def test_glob_says_what_its_regular_expression_says(drawn: tuple[str, str]) -> None:
    """`*` is any run and `?` any character, wherever they stand."""
    pattern, text = drawn
    assert compile_glob(pattern)(text) is bool(re.fullmatch(as_regex(pattern, resource=False), text, re.DOTALL))


@settings(max_examples=500, deadline=None)
@given(patterns_and_texts())
def test_resource_says_what_its_regular_expression_says(drawn: tuple[str, str]) -> None:
    """The Resource element's wildcards stop at colons but for a `*` that ends its segment."""
    pattern, text = drawn
    assert compile_resource(pattern)(text) is bool(re.fullmatch(as_regex(pattern, resource=True), text, re.DOTALL))


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        *(("*b", "ab", True), ("*b", "ba", False)),
        *(("a*b*c", "a1b2c", True), ("a*b*c", "xbbc", False)),
        *(("*b?*c?", "aab1xc2", True), ("*b?*c?", "bc2", False)),
        *(("*ab?", "aab1", True), ("*ab?", "bb1", False)),
    ],
)
def test_wildcards_stand_anywhere(pattern: str, text: str, matches: bool) -> None:
    """What stands before, between and behind the wildcards must stand in the text, in order and no nearer."""
    assert compile_glob(pattern)(text) is matches


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        *(("a??b:c", "a12b:c", True), ("a??b:c", "a1b:c", False), ("a??b:c", "a1:b:c", False)),
        *(("a?:b", "a1:b", True), ("a?:b", "a::b", False)),
        *(("?*b:c", "a12b:c", True), ("?*b:c", "a1:b:c", False)),
        *(("*a?*b:c", "11a22b:c", True), ("*a?*b:c", "1:1a22b:c", False), ("*a?*b:c", "11a2:2b:c", False)),
        *(("a?*:c", "a1:2:c", True), ("a?c*", "abc:d", True), ("a?*c", "a1:c", False)),
    ],
)
def test_wildcards_stay_in_their_segment(pattern: str, text: str, matches: bool) -> None:
    """Before an ARN's fifth colon `?` is no colon, and of the runs only one that ends its segment holds any."""
    assert compile_resource(pattern)(text) is matches


@pytest.mark.parametrize(
    ("tokens", "expected"),
    [
        (["a", Wild.RUN, "b", "", "c"], ["a", Wild.RUN, "bc"]),
        (["a", Wild.RUN, Wild.SEGMENT_RUN], ["a", Wild.RUN]),
        (["a", Wild.SEGMENT_RUN, Wild.RUN], ["a", Wild.RUN]),
        (["a", Wild.SEGMENT_RUN, Wild.SEGMENT_RUN], ["a", Wild.SEGMENT_RUN]),
        (["a", Wild.ONE, Wild.ONE], ["a", Wild.ONE, Wild.ONE]),
    ],
)
def test_neighbours_are_joined(tokens: list[str | Wild], expected: list[str | Wild]) -> None:
    """Literals become one, of two runs the wider stays, and nothing else is touched."""
    assert joined(tokens) == expected


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from(("a", "b", "", "ab:", *Wild)), max_size=7))
def test_joined_tokens_mean_the_same(tokens: list[str | Wild]) -> None:
    """Joining leaves no two neighbours that are alike, and matches what the tokens one by one match."""
    pattern = joined(tokens)
    runs = (Wild.RUN, Wild.SEGMENT_RUN)
    for left, right in pairwise(pattern):
        assert not (isinstance(left, str) and isinstance(right, str))
        assert not (left in runs and right in runs)
    assert "" not in pattern
    spelled = {Wild.RUN: ".*", Wild.ONE: ".", Wild.SEGMENT_RUN: "[^:]*", Wild.SEGMENT_ONE: "[^:]"}
    regex = "".join(re.escape(token) if isinstance(token, str) else spelled[token] for token in tokens)
    for text in ("", "a", "ab:", "aab:b", "a:b", "b", ":", "abab:"):
        assert compile_tokens(tokens)(text) is bool(re.fullmatch(regex, text))


def test_nothing_matches_nothing() -> None:
    """The matcher of what cannot be read says no, and no less: None would pass where a condition is negated."""
    assert nothing("") is False


@pytest.mark.parametrize("pattern", ["*", "**", "***"])
def test_everything_is_known_as_such(pattern: str) -> None:
    """A pattern of nothing but stars is the one matcher by which callers skip the question."""
    assert compile_glob(pattern) is everything
    assert everything("anything")


@pytest.mark.parametrize(
    "pattern",
    [
        "*a" * 1000,
        "a*" * 1000 + "b",
        "?" * 2000 + "*b",
        "*?a" * 700,
        "*a?" * 700,
        "a" * 2000 + "?*b",
        "*" + "a" * 2000 + "*?",
    ],
)
@pytest.mark.parametrize("compiled", [compile_glob, compile_resource])
def test_no_pattern_is_a_bomb(pattern: str, compiled: type) -> None:
    """Patterns that make a backtracking matcher explode come to an end on the longest ARN."""
    matches = compiled(pattern)
    with must_end():
        for text in ("a" * 2048, "arn:aws:" + "a:" * 1000, "b" * 2048):
            matches(text)


def test_bit_sets_grow_linearly_with_the_text() -> None:
    """A text of a megabyte comes to an end: its square would not."""
    matches = compile_glob("*?a" * 100)
    with must_end():
        assert matches("a" * 1_000_000)
