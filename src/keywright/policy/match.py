"""
Match text against AWS's wildcards, in time linear in the text.

`*` is any run of characters and `?` is any one. A pattern is compiled once to the cheapest test of its shape (equal,
starts with, ends with, ordered pieces); what has no cheap shape is simulated on bit sets, so no pattern backtracks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import Enum
from itertools import pairwise
from typing import Final, TypeAlias, TypeVar

Matcher: TypeAlias = Callable[[str], bool]


class Wild(Enum):
    """What may stand in a pattern in place of a character."""

    RUN = "any run of characters"
    ONE = "any one character"
    SEGMENT_RUN = "any run of characters but the colon"
    SEGMENT_ONE = "any one character but the colon"


Token: TypeAlias = str | Wild
"""A piece of a pattern: literal text or a wildcard."""

Hole = TypeVar("Hole")

_WILDCARD: Final = re.compile(r"([*?])")
_WILDCARDS: Final[dict[str, Token]] = {"*": Wild.RUN, "?": Wild.ONE}

_RUNS: Final = (Wild.RUN, Wild.SEGMENT_RUN)


def everything(_text: str) -> bool:
    """Match any text; compared by identity where a pattern that matches everything is a short cut."""
    return True


def nothing(_text: str) -> bool:
    """Match no text."""
    return False


def text_tokens(pattern: str) -> Iterator[Token]:
    """Split a pattern whose wildcards match any character: an action, a string condition."""
    for piece in _WILDCARD.split(pattern):
        if piece:
            yield _WILDCARDS.get(piece, piece)


def resource_tokens(pieces: Iterable[Token | Hole]) -> Iterator[Token | Hole]:
    """
    Tighten a pattern's wildcards as the Resource element has them.

    An ARN has six segments and the last holds whatever colons follow. In the first five a wildcard stays within its
    segment, but for a `*` that ends the segment: that one "can expand to match beyond the colon boundaries"
    (User Guide, "IAM JSON policy elements: Resource"). A hole that a variable will fill is no wildcard and no colon.
    """
    colons = 0
    tokens = [*pieces, ":"]
    for token, following in pairwise(tokens):
        if isinstance(token, str):
            colons += token.count(":")
        if (
            not isinstance(token, Wild)
            or colons >= 5
            or (token is Wild.RUN and isinstance(following, str) and following.startswith(":"))
        ):
            yield token
        else:
            yield Wild.SEGMENT_RUN if token is Wild.RUN else Wild.SEGMENT_ONE


def compile_glob(pattern: str) -> Matcher:
    """Compile a pattern whose wildcards match any character. Case matters."""
    return compile_tokens(text_tokens(pattern))


def compile_resource(pattern: str) -> Matcher:
    """Compile an ARN pattern of a Resource element. Case matters."""
    return compile_tokens(resource_tokens(text_tokens(pattern)))


def compile_tokens(tokens: Iterable[Token]) -> Matcher:
    """Choose the cheapest test that says what the tokens say."""
    pattern = joined(tokens)
    if all(isinstance(token, str) for token in pattern):
        return "".join(map(str, pattern)).__eq__
    match pattern:
        case [Wild.RUN]:
            return everything
        case [str(prefix), Wild.RUN]:
            return lambda text: text.startswith(prefix)
        case [Wild.RUN, str(suffix)]:
            return lambda text: text.endswith(suffix)
    middle = pattern[isinstance(pattern[0], str) : len(pattern) - isinstance(pattern[-1], str)]
    prefix = pattern[0] if isinstance(pattern[0], str) else ""
    suffix = pattern[-1] if isinstance(pattern[-1], str) else ""
    if all(isinstance(token, str) or token is Wild.RUN for token in middle):
        return _between(prefix, _ordered_pieces(middle), suffix)
    return _between(prefix, _bit_sets(middle), suffix)


def joined(tokens: Iterable[Token]) -> list[Token]:
    """Join neighbouring literals, and neighbouring runs into the wider of them."""
    found: list[Token] = []
    for token in tokens:
        last = found[-1] if found else None
        if not token:
            continue
        if isinstance(token, str) and isinstance(last, str):
            found[-1] = last + token
        elif token in _RUNS and last in _RUNS:
            found[-1] = Wild.RUN if Wild.RUN in (token, last) else token
        else:
            found.append(token)
    return found


def _between(prefix: str, middle: Matcher, suffix: str) -> Matcher:
    """Match literal ends, and what lies between them."""
    start, ends = len(prefix), len(prefix) + len(suffix)

    def matches(text: str) -> bool:
        if len(text) < ends or not text.startswith(prefix) or not text.endswith(suffix):
            return False
        return middle(text[start : len(text) - len(suffix)])

    return matches


def _ordered_pieces(pattern: Sequence[Token]) -> Matcher:
    """Match literals with runs about them: the leftmost place of each piece leaves most room for the next."""
    pieces = [token for token in pattern if isinstance(token, str)]

    def matches(text: str) -> bool:
        at = 0
        for piece in pieces:
            found = text.find(piece, at)
            if found < 0:
                return False
            at = found + len(piece)
        return True

    return matches


def _bit_sets(pattern: Sequence[Token]) -> Matcher:
    """
    Simulate the pattern on a bit set: bit i says that the first i characters of the pattern are matched.

    A run loops on its state; a character moves every state that it fits one bit up. One step for each character of the
    text, whatever the pattern; a last state that loops settles it.
    """
    fits: dict[str, int] = {}
    any_one = any_but_colon = loop = loop_but_colon = length = 0
    for token in pattern:
        if token is Wild.RUN:
            loop |= 1 << length
        elif token is Wild.SEGMENT_RUN:
            loop_but_colon |= 1 << length
        elif token is Wild.ONE:
            any_one |= 1 << length
            length += 1
        elif token is Wild.SEGMENT_ONE:
            any_but_colon |= 1 << length
            length += 1
        else:
            for character in token:
                fits[character] = fits.get(character, 0) | 1 << length
                length += 1
    moves = {character: bits | any_one | any_but_colon for character, bits in fits.items()}
    moves[":"] = fits.get(":", 0) | any_one
    other = any_one | any_but_colon
    final = 1 << length
    settled = loop & final

    def matches(text: str) -> bool:
        states = 1
        for character in text:
            loops = loop if character == ":" else loop | loop_but_colon
            states = (states & moves.get(character, other)) << 1 | states & loops
            if not states:
                return False
            if states & settled:
                return True
        return states & final != 0

    return matches
