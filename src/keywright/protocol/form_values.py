"""Structures, lists and maps out of a form's flat fields: `Tags.member.1.Key=team`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from keywright.aws.model import Shape
from keywright.protocol.refusals import MalformedInput, ValidationError
from keywright.protocol.scalars import CONVERSIONS, Convert

MAX_NESTING = 64
"""Dots in a field's name; a name is taken apart once for each."""

Read = Callable[[dict[str, str]], Any]
"""Reads one value from the fields below it, keyed by what follows its name; the value itself has the empty key."""

# AWS: the framework's sentences; none repeats a value [wild: aws-sdk-js-v3#7102, s3_website#320, boto#37].
NO_STRUCTURE = "Start of structure or map found where not expected"
_LIST_EXPECTED = "Unexpected list element termination"
_STRUCTURE_EXPECTED = "Unexpected complex element termination"


class FormReaders:
    """The readers of one service's shapes. They raise MalformedInput and, for unknown members, ValidationError."""

    def __init__(self) -> None:
        self._compiled: dict[str, Read] = {}

    def value(self, shape: Shape) -> Read:
        """Compile the reading of a shape's values."""
        if shape.type in CONVERSIONS:
            return partial(_scalar, converter(shape))
        if shape.name not in self._compiled:
            self._compiled[shape.name] = partial(self._late, shape.name)
            self._compiled[shape.name] = self._compound(shape)
        return self._compiled[shape.name]

    def _late(self, name: str, group: dict[str, str]) -> Any:
        """Handle a shape inside itself: looked up when used, as it is still being compiled when met."""
        return self._compiled[name](group)

    def _compound(self, shape: Shape) -> Read:
        if shape.type == "list" and shape.element is not None:
            return partial(_list, self.value(shape.element.shape))
        if shape.type == "map" and shape.key is not None and shape.value is not None:
            return partial(_map, self.value(shape.key.shape), self.value(shape.value.shape))
        return partial(_structure, {name: self.value(member.shape) for name, member in shape.members.items()})


def converter(shape: Shape) -> Convert | None:
    """Give the conversion of a scalar's text, which raises MalformedInput; None where the text is the value."""
    convert = CONVERSIONS[shape.type]
    return None if convert is None else partial(_convert, convert, shape.type)


def unknown(name: str) -> ValidationError:
    """Make the refusal of a parameter that the model does not have."""
    # DIVERGES: Parameters that the model does not know. AWS drops them; a parameter that does nothing misleads.
    return ValidationError(f"The parameter {name[:128]} is not recognized")


def split(fields: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """
    Group fields by the first part of their names, keyed by the rest.

    Raises: MalformedInput for a name that ends in a dot, which would be taken for the name without it.
    """
    parts: dict[str, dict[str, str]] = {}
    for name, text in fields.items():
        head, dot, rest = name.partition(".")
        if dot and not rest:
            raise MalformedInput(_STRUCTURE_EXPECTED)
        parts.setdefault(head, {})[rest] = text
    return parts


def _convert(convert: Convert, kind: str, text: str) -> Any:
    try:
        return convert(text)
    except ValueError:
        # The words are ours: AWS's for this fault are not recorded.
        raise MalformedInput(f"The value of a parameter is not a valid {kind}") from None


def _scalar(convert: Convert | None, group: dict[str, str]) -> Any:
    if group.keys() != {""}:
        raise MalformedInput(NO_STRUCTURE)
    return group[""] if convert is None else convert(group[""])


def _structure(members: Mapping[str, Read], group: dict[str, str]) -> dict[str, Any]:
    if "" in group:
        raise MalformedInput(_STRUCTURE_EXPECTED)
    values = {}
    for name, below in split(group).items():
        if name not in members:
            raise unknown(name)
        values[name] = members[name](below)
    return values


def _list(read: Read, group: dict[str, str]) -> list[Any]:
    return [read(below) for below in _numbered(group, "member")]


def _map(read_key: Read, read_value: Read, group: dict[str, str]) -> dict[str, Any]:
    entries: dict[str, Any] = {}
    for below in _numbered(group, "entry"):
        parts = split(below)
        if parts.keys() != {"key", "value"}:
            raise MalformedInput(_STRUCTURE_EXPECTED)
        key = read_key(parts["key"])
        if key in entries:
            raise MalformedInput("Duplicate map key")
        entries[key] = read_value(parts["value"])
    return entries


def _numbered(group: dict[str, str], word: str) -> list[dict[str, str]]:
    """Put the items of a list or map in the order of their numbers; gaps close up, as nothing stands in them."""
    if group == {"": ""}:
        return []  # The SDKs' way to send an empty list.
    parts = split(group)
    if parts.keys() != {word}:
        raise MalformedInput(_LIST_EXPECTED)
    return read_numbered(split(parts[word]))


def read_numbered(parts: Mapping[str, dict[str, str]]) -> list[dict[str, str]]:
    """Put items in the order of their numbers. Raises: MalformedInput."""
    items: dict[int, dict[str, str]] = {}
    for number, below in parts.items():
        if not (number.isascii() and number.isdigit() and len(number) < 10) or int(number) in items:
            raise MalformedInput(_LIST_EXPECTED)
        items[int(number)] = below
    return [items[number] for number in sorted(items)]
