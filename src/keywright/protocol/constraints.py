"""
Values against the model's constraints: required, length, range, pattern, enum.

A check gives None where all is well, which costs next to nothing, else every violation. Paths are put together on the
way out, so that only a refusal pays for them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from keywright.aws.model import Member, ServiceModel, Shape
from keywright.protocol.patterns import compile_pattern

MAX_SHOWN_CHARACTERS = 1024
"""A longer value is not repeated in the message, which also goes to the trail."""

MAX_TOLD = 100
"""More violations than these are counted, but not told."""

_NOT_NULL = "Member must not be null"

_CHECKED_BY_THEIR_SERVICE = frozenset({"BucketLocationConstraint"})
"""Enums whose service has an error of its own for other values (S3: InvalidLocationConstraint, recorded)."""


class Specified(str):
    """A constraint that IAM tells in a sentence of its own: what the value must be."""

    __slots__ = ()


_NAME = Specified("It must contain only alphanumeric characters and/or the following: +=,.@_-")
_PATH = Specified("It must begin and end with / and contain only alphanumeric characters and/or / characters.")
_PATH_PREFIX = Specified(
    "It must begin with the / character and contain only alphanumeric characters and/or / characters."
)
# AWS: the three sentences are quoted in public reports of real calls (names: PutGroupPolicy and the console; paths:
# serverless#3802, cfn-lint#722; prefixes: ansible-collections/amazon.aws#2065).
_SPECIFIED: Mapping[str, Specified] = {
    r"[\w+=,.@-]+": _NAME,
    r"(\u002F)|(\u002F[\u0021-\u007E]+\u002F)": _PATH,
    r"((/[A-Za-z0-9\.,\+@=_-]+)*)/": _PATH,
    r"\u002F[\u0021-\u007F]*": _PATH_PREFIX,
}
"""By pattern."""


class Violation(NamedTuple):
    """One broken constraint: where, what was there, what should have been."""

    path: str
    shown: str | None
    """The value as the message shows it, quotes included; None where it must not be shown."""
    constraint: str

    def __str__(self) -> str:
        """Word it as AWS does."""
        if isinstance(self.constraint, Specified):
            return f"The specified value for {self.path} is invalid. {self.constraint}"
        value = "Value" if self.shown is None else f"Value {self.shown}"
        return f"{value} at '{self.path}' failed to satisfy constraint: {self.constraint}"


Check = Callable[[Any], list[Violation] | None]


class Wording(NamedTuple):
    """How a service words a violation."""

    shows_value: bool
    specified: Mapping[str, Specified]
    """The constraints that have a sentence of their own, by pattern."""

    @classmethod
    def of(cls, service: ServiceModel) -> Wording:
        """Give the service's habit."""
        # AWS: IAM stopped repeating values and enum sets (recorded 2026, facts/aws-errors A1); STS repeats them (A2).
        iam = service.name == "iam"
        return cls(shows_value=not iam, specified=_SPECIFIED if iam else {})


def explain(violations: Sequence[Violation]) -> str:
    """
    Put violations into AWS's one sentence: `2 validation errors detected: Value … at 'x' failed …; Value …`.

    Names and paths, which IAM checks after all else, are told without a count, and one at a time.
    """
    others = [violation for violation in violations if not isinstance(violation.constraint, Specified)]
    if not others:
        return str(violations[0])
    violations = others
    plural = "" if len(violations) == 1 else "s"
    return f"{len(violations)} validation error{plural} detected: " + "; ".join(map(str, violations[:MAX_TOLD]))


class Constraints:
    """The checks of one service's shapes, each compiled once."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording
        self._compiled: dict[str, Check | None] = {}
        self._in_progress: set[str] = set()

    def members(self, shape: Shape, name_of: Callable[[str], str] = str) -> Check | None:
        """
        Compile the check of a structure whose values are keyed by `name_of` a member's name.

        None where no value could break a constraint.
        """
        rules = tuple(
            (name_of(name), _label(name), member.required, self.of(member)) for name, member in shape.members.items()
        )
        relevant = tuple(rule for rule in rules if rule[2] or rule[3] is not None)
        return partial(_check_structure, relevant) if relevant else None

    def of(self, member: Member) -> Check | None:
        """Compile the check of the values in one place; None where no value could break a constraint."""
        shape = member.shape
        if shape.name in self._in_progress:
            return partial(self._late, shape.name)
        if shape.name not in self._compiled:
            self._in_progress.add(shape.name)
            self._compiled[shape.name] = self._compile(shape)
            self._in_progress.discard(shape.name)
        return self._compiled[shape.name]

    def _late(self, name: str, value: Any) -> list[Violation] | None:
        check = self._compiled[name]
        return None if check is None else check(value)

    def _compile(self, shape: Shape) -> Check | None:
        if shape.type == "structure":
            return None if shape.document else self.members(shape)
        own = tuple(_rules(shape, self._wording))
        show = partial(_show, shape, self._wording)
        if shape.type == "list" and shape.element is not None:
            return _list_check(own, show, shape.element.shape, self.of(shape.element))
        if shape.type == "map" and shape.key is not None and shape.value is not None:
            return _map_check(own, show, self.of(shape.key), shape.value.shape, self.of(shape.value))
        return partial(_check_scalar, own, show) if own else None


_Rule = tuple[Callable[[Any], object], str]
_Show = Callable[[Any], str | None]


def _rules(shape: Shape, wording: Wording) -> Iterator[_Rule]:
    # AWS: of one value STS tells the pattern before the length [wild, newscorpaus/consigliere#18].
    if shape.pattern is not None:
        words = f"Member must satisfy regular expression pattern: {shape.pattern}"
        yield compile_pattern(shape.pattern), wording.specified.get(shape.pattern, words)
    if shape.type in ("integer", "long", "float", "double"):
        yield from _bounds(shape, lambda value: value, "value")
    elif shape.min is not None or shape.max is not None:
        yield from _bounds(shape, len, "length")
    if shape.enum and shape.name not in _CHECKED_BY_THEIR_SERVICE:
        values = f": [{', '.join(shape.enum)}]" if wording.shows_value else ""
        yield frozenset(shape.enum).__contains__, f"Member must satisfy enum value set{values}"


def _bounds(shape: Shape, measure: Callable[[Any], Any], noun: str) -> Iterator[_Rule]:
    high, low = shape.max, shape.min
    if high is not None:
        yield (lambda value: measure(value) <= high), f"Member must have {noun} less than or equal to {high}"
    if low is not None and (low > 0 or noun == "value"):
        yield (lambda value: measure(value) >= low), f"Member must have {noun} greater than or equal to {low}"


def _check_structure(
    rules: tuple[tuple[str, str, bool, Check | None], ...], values: Mapping[str, Any]
) -> list[Violation] | None:
    found: list[Violation] | None = None
    for key, label, required, check in rules:
        value = values.get(key)
        if value is None:
            if required:
                found = found or []
                found.append(Violation(label, "null", _NOT_NULL))
        elif check is not None:
            broken = check(value)
            if broken is not None:
                found = found or []
                found.extend(_below(label, broken))
    return found


def _check_scalar(rules: tuple[_Rule, ...], show: _Show, value: Any) -> list[Violation] | None:
    for holds, _ in rules:
        if not holds(value):
            shown = show(value)
            return [Violation("", shown, text) for holds, text in rules if not holds(value)]
    return None


def _list_check(own: tuple[_Rule, ...], show: _Show, element: Shape, check: Check | None) -> Check | None:
    if not own and check is None:
        return None
    scalar = element.type not in ("structure", "list", "map")

    def check_list(values: Sequence[Any]) -> list[Violation] | None:
        found = _check_scalar(own, show, values) or []
        if check is not None:
            broken = [(number, violations) for number, value in enumerate(values, 1) if (violations := check(value))]
            if broken and scalar:
                # AWS: scalars in a list are reported as one violation of the list.
                texts = dict.fromkeys(violation.constraint for _, violations in broken for violation in violations)
                found.append(Violation("", show(values), f"Member must satisfy constraint: [{', '.join(texts)}]"))
            else:
                for number, violations in broken:
                    found.extend(_below(f"{number}.member", violations))
        return found or None

    return check_list


def _map_check(
    own: tuple[_Rule, ...], show: _Show, check_key: Check | None, value_shape: Shape, check_value: Check | None
) -> Check | None:
    if not own and check_key is None and check_value is None:
        return None
    scalar = value_shape.type not in ("structure", "list", "map")

    def check_map(values: Mapping[str, Any]) -> list[Violation] | None:
        found = _check_scalar(own, show, values) or []
        keys = dict.fromkeys(v.constraint for key in values if check_key for v in check_key(key) or ())
        if keys:
            found.append(Violation("", show(values), f"Map keys must satisfy constraint: [{', '.join(keys)}]"))
        broken = [(key, v) for key, value in values.items() if check_value and (v := check_value(value))]
        if broken and scalar:
            texts = dict.fromkeys(violation.constraint for _, violations in broken for violation in violations)
            found.append(Violation("", show(values), f"Map value must satisfy constraint: [{', '.join(texts)}]"))
        else:
            for key, violations in broken:
                found.extend(_below(f"{key}.member", violations))
        return found or None

    return check_map


def _below(label: str, violations: list[Violation]) -> Iterator[Violation]:
    for path, shown, constraint in violations:
        yield Violation(f"{label}.{path}" if path else label, shown, constraint)


def _label(name: str) -> str:
    # AWS: messages name a member by its Java field: RoleSessionName is roleSessionName, SAMLAssertion sAMLAssertion.
    return name[:1].lower() + name[1:]


def _show(shape: Shape, wording: Wording, value: Any) -> str | None:
    if not wording.shows_value or _is_secret(shape):
        return None
    text = _text(value)
    return f"'{text}'" if len(text) <= MAX_SHOWN_CHARACTERS else None


def _is_secret(shape: Shape) -> bool:
    """Tell whether a value of this shape may hold what must not be repeated; structures inside are never shown."""
    inside = [member.shape for member in (shape.element, shape.key, shape.value) if member is not None]
    return shape.sensitive or shape.type in ("structure", "blob") or any(map(_is_secret, inside))


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}={_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(_text, value)) + "]"
    return str(value)
