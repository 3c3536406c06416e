"""
A policy's text as the language has it: statements, elements, and where each one stands.

Shape only: every element is known and of the type that the grammar gives it. What a kind of policy may say is
`validate`'s.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Final, Literal, NamedTuple

from keywright.policy.json_reader import DuplicateKeyError, Node, NotJsonError, Number, read_json

Effect = Literal["Allow", "Deny"]
Version = Literal["2012-10-17", "2008-10-17"]

_LINE_END: Final = re.compile(r"\n")
_EFFECTS: Final[dict[str, Effect]] = {"Allow": "Allow", "Deny": "Deny"}
_VERSIONS: Final[dict[str, Version]] = {"2012-10-17": "2012-10-17", "2008-10-17": "2008-10-17"}
_DOCUMENT_ELEMENTS: Final = frozenset({"Version", "Id", "Statement"})
_STATEMENT_ELEMENTS: Final = frozenset(
    {
        *("Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction"),
        *("Resource", "NotResource", "Condition"),
    }
)
_PRINCIPAL_TYPES: Final = frozenset({"AWS", "Federated", "Service", "CanonicalUser"})


class Flaw(Enum):
    """What is wrong with a document, for the kinds of policy that say it in words of their own."""

    NOT_JSON = "not JSON"
    MISSING = "an element is missing"
    UNKNOWN = "an element has no meaning"
    EFFECT = "an Effect is neither Allow nor Deny"
    SYNTAX = "an element has a value of the wrong form"
    CONTENT = "what it says is not allowed in this kind of policy"


class MalformedDocument(ValueError):
    """The text is not a policy that AWS would store; the message is AWS's."""

    def __init__(self, message: str, flaw: Flaw = Flaw.CONTENT, subject: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.flaw = flaw
        self.subject = subject
        """The element that is missing or unknown, the Effect that is none."""


class Position(NamedTuple):
    """A place in the text as AWS counts it: lines and columns from 1."""

    line: int
    column: int


class PrincipalElement(NamedTuple):
    """Who a statement names: `("AWS", "*")`, `("Service", "ec2.amazonaws.com")`; a bare `*` has the type `*`."""

    names: tuple[tuple[str, str], ...]


class ConditionLine(NamedTuple):
    """One line of a Condition: an operator, a context key, and the values any of which satisfies it."""

    operator: str
    key: str
    values: tuple[str, ...]


class Statement(NamedTuple):
    """One statement; an element that the text lacks is None."""

    sid: str | None
    effect: Effect
    principal: PrincipalElement | None
    not_principal: PrincipalElement | None
    actions: tuple[str, ...] | None
    not_actions: tuple[str, ...] | None
    resources: tuple[str, ...] | None
    not_resources: tuple[str, ...] | None
    conditions: tuple[ConditionLine, ...]
    start: Position
    """
    Where the simulator says that it begins: just past the list's bracket or past the statement before it.

    AWS: a statement that stands without a list begins just past its own brace. Both are so in the examples of the AWS
    CLI's reference (1:38 in simulate-custom-policy, 3:19 in simulate-principal-policy) and in published answers, where
    a second statement begins where the first one ends.
    """
    end: Position
    """Just past the closing brace."""
    nodes: Mapping[str, Node]
    """Each element's value with its offsets, for `Document.span`."""


class Document(NamedTuple):
    """A policy document, read."""

    text: str
    version: Version
    """AWS: a document without Version has the old one, in which variables are plain text."""
    id: str | None
    statements: tuple[Statement, ...]
    nodes: Mapping[str, Node]
    line_starts: tuple[int, ...]

    def span(self, node: Node) -> tuple[Position, Position]:
        """Give a node's first character and the place just past its last one, counted from 1."""
        return _position(self.line_starts, node.start), _position(self.line_starts, node.end)


def parse_document(text: str) -> Document:
    """
    Read a policy document.

    Raises: MalformedDocument.
    """
    try:
        root = read_json(text)
    except DuplicateKeyError as error:
        raise _malformed(Flaw.SYNTAX) from error
    except NotJsonError as error:
        raise _malformed(Flaw.NOT_JSON) from error
    elements = _members(root, _DOCUMENT_ELEMENTS)
    if "Statement" not in elements:
        raise _malformed(Flaw.MISSING, "Statement")
    version = _VERSIONS.get(_text(elements["Version"])) if "Version" in elements else "2008-10-17"
    if version is None:
        raise _malformed()
    identifier = _text(elements["Id"]) if "Id" in elements else None
    line_starts = (0, *(found.end() for found in _LINE_END.finditer(text)))
    statements = tuple(_statements(elements["Statement"], line_starts))
    if not statements:
        raise _malformed()
    return Document(text, version, identifier, statements, elements, line_starts)


def _statements(listed: Node, line_starts: tuple[int, ...]) -> Iterator[Statement]:
    """
    Read the statements, each from where the simulator has it begin.

    An Effect is complained of when all else could be read: IAM's older parser, which alone minds its case, comes last.
    """
    begin = listed.start + 1
    no_effect: MalformedDocument | None = None
    for node in _listed(listed):
        try:
            yield _statement(node, begin, line_starts)
        except MalformedDocument as error:
            if error.flaw is not Flaw.EFFECT:
                raise
            no_effect = no_effect or error
        begin = node.end
    if no_effect is not None:
        raise no_effect


def _statement(node: Node, begin: int, line_starts: tuple[int, ...]) -> Statement:
    """Read one statement."""
    elements = _members(node, _STATEMENT_ELEMENTS)
    if "Effect" not in elements:
        raise _malformed(Flaw.MISSING, "Effect")
    given = _text(elements["Effect"])
    for name in ("Principal", "Action", "Resource"):
        if name in elements and f"Not{name}" in elements:
            raise _malformed()
    statement = Statement(
        sid=_text(elements["Sid"]) if "Sid" in elements else None,
        effect=_EFFECTS.get(given, "Deny"),
        principal=_principal(elements.get("Principal")),
        not_principal=_principal(elements.get("NotPrincipal")),
        actions=_texts(elements.get("Action")),
        not_actions=_texts(elements.get("NotAction")),
        resources=_texts(elements.get("Resource")),
        not_resources=_texts(elements.get("NotResource")),
        conditions=tuple(_conditions(elements.get("Condition"))),
        start=_position(line_starts, begin),
        end=_position(line_starts, node.end),
        nodes=elements,
    )
    if given not in _EFFECTS:
        raise _malformed(Flaw.EFFECT, given)
    return statement


def _principal(node: Node | None) -> PrincipalElement | None:
    """Read a Principal: `*`, or lists of names by type."""
    if node is None:
        return None
    if node.value == "*":
        return PrincipalElement((("*", "*"),))
    types = _members(node, _PRINCIPAL_TYPES)
    names = tuple((kind, _text(item)) for kind, listed in types.items() for item in _listed(listed))
    if not names:
        raise _malformed()
    return PrincipalElement(names)


def _conditions(node: Node | None) -> Iterator[ConditionLine]:
    """Read a Condition: operators, in each its keys, for each key a value or a list of them."""
    if node is None:
        return
    for operator, keys in _members(node, None).items():
        for key, values in _members(keys, None).items():
            yield ConditionLine(operator, key, tuple(_scalar(value) for value in _listed(values)))


def _members(node: Node, allowed: frozenset[str] | None) -> dict[str, Node]:
    """Give an object's members, refusing a name that is not allowed."""
    if not isinstance(node.value, dict):
        raise _malformed()
    for name in node.value:
        if allowed is not None and name not in allowed:
            raise _malformed(Flaw.UNKNOWN, name)
    return node.value


def _listed(node: Node) -> list[Node]:
    """Give the items of a list; the language lets a single item stand without its brackets."""
    return node.value if isinstance(node.value, list) else [node]


def _texts(node: Node | None) -> tuple[str, ...] | None:
    """Give one string or several as a tuple."""
    return None if node is None else tuple(_text(item) for item in _listed(node))


def _text(node: Node) -> str:
    """Give a string's value."""
    if not isinstance(node.value, str):
        raise _malformed()
    return node.value


def _scalar(node: Node) -> str:
    """Give a condition's value as text: AWS takes a bare number or boolean for its spelling."""
    value = node.value
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.text if isinstance(value, Number) else _text(node)


def _position(line_starts: tuple[int, ...], offset: int) -> Position:
    """Turn an offset into a line and a column."""
    line = bisect_right(line_starts, offset)
    return Position(line, offset - line_starts[line - 1] + 1)


def _malformed(flaw: Flaw = Flaw.SYNTAX, subject: str = "") -> MalformedDocument:
    """Say that the text is not a policy."""
    return MalformedDocument("Syntax errors in policy.", flaw, subject)
