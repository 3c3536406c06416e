"""A policy's text as a tree of places, read leniently: what is wrong with it is for the checks to say."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, NamedTuple

from keywright.policy.condition.operators import Operator, parse_operator
from keywright.policy.json_reader import Node, Number

PolicyType = Literal["IDENTITY_POLICY", "RESOURCE_POLICY", "SERVICE_CONTROL_POLICY", "RESOURCE_CONTROL_POLICY"]
TRUST = "AWS::IAM::AssumeRolePolicyDocument"


class Place(NamedTuple):
    """A value of the text, and the path to it as Access Analyzer writes paths."""

    node: Node
    path: tuple[dict[str, Any], ...] = ()

    @property
    def text(self) -> str | None:
        """Give a string, None for anything else."""
        return self.node.value if isinstance(self.node.value, str) else None

    @property
    def spelling(self) -> str | None:
        """Give a string, or a number or boolean as it is spelt; None for a list, an object and null."""
        value = self.node.value
        if isinstance(value, bool):
            return "true" if value else "false"
        return value.text if isinstance(value, Number) else self.text

    def members(self) -> dict[str, Place]:
        """Give an object's members; none for anything else."""
        if not isinstance(self.node.value, dict):
            return {}
        return {name: Place(node, (*self.path, {"value": name})) for name, node in self.node.value.items()}

    def items(self) -> list[Place]:
        """Give a list's items; what stands without brackets is its only item."""
        if not isinstance(self.node.value, list):
            return [self]
        return [Place(node, (*self.path, {"index": index})) for index, node in enumerate(self.node.value)]


class Line(NamedTuple):
    """One line of a Condition element."""

    operator: str
    key: str
    place: Place
    values: tuple[Place, ...]

    @property
    def parsed(self) -> Operator | None:
        """Give the operator's meaning, None for one that the language does not have."""
        return parse_operator(self.operator)

    @property
    def folded_key(self) -> str:
        """Give the key in lower case."""
        return self.key.lower()

    def texts(self) -> list[str]:
        """Give the values as they are spelt."""
        return [text for value in self.values if (text := value.spelling) is not None]


@dataclass(frozen=True)
class Statement:
    """One statement, as far as it can be read."""

    place: Place

    @cached_property
    def elements(self) -> Mapping[str, Place]:
        """Give the statement's elements by name."""
        return self.place.members()

    @property
    def effect(self) -> str | None:
        """Give `Allow`, `Deny`, or whatever stands there."""
        return self.elements["Effect"].text if "Effect" in self.elements else None

    def listed(self, name: str) -> list[Place]:
        """Give the strings that an element lists."""
        if name not in self.elements:
            return []
        return [item for item in self.elements[name].items() if item.text is not None]

    def texts(self, name: str) -> list[str]:
        """Give the texts that an element lists."""
        return [place.text for place in self.listed(name) if place.text is not None]

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        """Give the lines of the Condition element."""
        return tuple(self._lines())

    def _lines(self) -> Iterator[Line]:
        if "Condition" not in self.elements:
            return
        for operator, keys in self.elements["Condition"].members().items():
            for key, place in keys.members().items():
                yield Line(operator, key, place, tuple(place.items()))

    def has_key(self, *keys: str) -> bool:
        """Tell whether a condition asks for one of these keys, given in lower case."""
        return any(line.folded_key in keys for line in self.lines)

    @cached_property
    def principals(self) -> tuple[tuple[str, Place], ...]:
        """Give the names in Principal with their types; a bare `*` has the type `*`."""
        place = self.elements.get("Principal")
        if place is None:
            return ()
        if place.text is not None:
            return (("*", place),)
        return tuple((kind, name) for kind, names in place.members().items() for name in names.items() if name.text)


@dataclass(frozen=True)
class Policy:
    """A policy to be checked, and what it is to be attached to."""

    text: str
    root: Place
    type: PolicyType
    resource_type: str | None
    line_starts: tuple[int, ...]

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """Give the statements."""
        element = self.root.members().get("Statement")
        return () if element is None else tuple(Statement(place) for place in element.items())

    @property
    def version(self) -> str | None:
        """Give the Version element."""
        place = self.root.members().get("Version")
        return None if place is None else place.text

    @property
    def is_trust(self) -> bool:
        """Tell whether it says who may assume a role."""
        return self.resource_type == TRUST

    def position(self, offset: int) -> dict[str, int]:
        """Give an offset's position: lines from 1, columns and offsets from 0."""
        line = bisect_right(self.line_starts, offset)
        return {"line": line, "column": offset - self.line_starts[line - 1], "offset": offset}
