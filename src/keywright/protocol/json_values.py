"""JSON values to and from the model's types: aware datetimes for numbers, bytes for base64."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import orjson

from keywright.aws.model import Member, Shape
from keywright.protocol.refusals import RequestEntityTooLarge, SerializationException, ValidationException
from keywright.protocol.scalars import to_blob
from keywright.protocol.timestamps import from_number, parse_text, to_iso_exact, to_number, to_rfc822

MAX_DEPTH = 64
"""Deeper than any model, shallow enough for a recursive reader."""

MAX_VALUES = 100_000

Convert = Callable[[Any], Any]

_TOKENS = {str: "STRING_VALUE", int: "NUMBER_VALUE", float: "NUMBER_VALUE"}


def read_object(body: bytes) -> dict[str, Any]:
    """
    Read a body that must be a JSON object; an empty body is an empty one.

    Raises: SerializationException, RequestEntityTooLarge.
    """
    if not body:
        return {}
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise SerializationException("The request body is not valid JSON") from None
    if type(document) is not dict:
        raise _unexpected(document, "structure or map")
    _bound(document)
    return document


def _bound(document: dict[str, Any]) -> None:
    """Refuse a document whose reading would take more time or depth than any model's has a use for."""
    level: list[Any] = [document]
    values = 0
    for _ in range(MAX_DEPTH):
        values += sum(map(len, level))
        if values > MAX_VALUES:
            raise RequestEntityTooLarge(f"A request may have at most {MAX_VALUES} values.")
        level = [
            inner
            for outer in level
            for inner in (outer.values() if type(outer) is dict else outer)
            if type(inner) is dict or type(inner) is list
        ]
        if not level:
            return
    raise SerializationException("The request body is nested too deeply")


class JsonReaders:
    """The readers of one service's shapes. They raise SerializationException and ValidationException."""

    def __init__(self) -> None:
        self._compiled: dict[str, Convert] = {}

    def members(self, shape: Shape, names: Mapping[str, str]) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
        """
        Compile the reading of a structure's members in the body.

        `names` gives the key that each such member has in the result. An explicit null is an absent member.
        """
        parts = {
            member.location_name or name: (names[name], self.value(member))
            for name, member in shape.members.items()
            if name in names
        }

        def read(document: Mapping[str, Any]) -> dict[str, Any]:
            values: dict[str, Any] = {}
            for name, value in document.items():
                part = parts.get(name)
                if part is None:
                    # DIVERGES: Parameters that the model does not know. AWS drops them.
                    raise ValidationException(f"The parameter {name[:128]} is not recognized")
                if value is not None:
                    values[part[0]] = part[1](value)
            return values

        return read

    def value(self, member: Member) -> Convert:
        """Compile the reading of the values in one place."""
        shape = member.shape
        if shape.type in _SCALAR_READERS:
            return _SCALAR_READERS[shape.type]
        if shape.name not in self._compiled:
            self._compiled[shape.name] = partial(self._late, shape.name)
            self._compiled[shape.name] = self._compound(shape)
        return self._compiled[shape.name]

    def _late(self, name: str, value: Any) -> Any:
        """Handle a shape inside itself: looked up when used, as it is still being compiled when met."""
        return self._compiled[name](value)

    def _compound(self, shape: Shape) -> Convert:
        if shape.document:
            return lambda value: value
        if shape.type == "list" and shape.element is not None:
            return _list_reader(self.value(shape.element))
        if shape.type == "map" and shape.value is not None:
            return _map_reader(self.value(shape.value))
        read = self.members(shape, {name: name for name in shape.members})
        return lambda value: read(_object(value))


def _list_reader(read: Convert) -> Convert:
    def read_list(value: Any) -> list[Any]:
        if type(value) is not list:
            raise _unexpected(value, "list")
        return [read(item) for item in value]

    return read_list


def _map_reader(read: Convert) -> Convert:
    def read_map(value: Any) -> dict[str, Any]:
        return {key: read(item) for key, item in _object(value).items()}

    return read_map


def _object(value: Any) -> dict[str, Any]:
    if type(value) is not dict:
        raise _unexpected(value, "structure or map")
    return value


def _unexpected(value: Any, wanted: str) -> SerializationException:
    # AWS: the framework's sentences [wild: sidecar#148, cloudwatch-front-logger#9, aws-sdk-js-v3#7102].
    if type(value) is list:
        return SerializationException("Start of list found where not expected")
    if type(value) is dict:
        return SerializationException("Start of structure or map found where not expected")
    if wanted in ("list", "structure or map"):
        return SerializationException("Unexpected field type")
    token = _TOKENS.get(type(value)) or ("NULL_VALUE" if value is None else f"{str(value).upper()}_VALUE")
    article = "an" if wanted[0] in "AEIOU" else "a"
    return SerializationException(f"{token} can not be converted to {article} {wanted}")


def _string(value: Any) -> str:
    if type(value) is not str:
        raise _unexpected(value, "String")
    return value


def _boolean(value: Any) -> bool:
    if type(value) is not bool:
        raise _unexpected(value, "Boolean")
    return value


def _whole(bits: int, name: str) -> Convert:
    def read(value: Any) -> int:
        whole = int(value) if type(value) is float and value.is_integer() else value
        if type(whole) is not int or not -(1 << bits) <= whole < 1 << bits:
            raise _unexpected(value, name)
        return whole

    return read


def _float(value: Any) -> float:
    if type(value) is not float and type(value) is not int:
        raise _unexpected(value, "Double")
    return float(value)


def _timestamp(value: Any) -> Any:
    try:
        if type(value) is str:
            return parse_text(value)
        return from_number(_float(value))
    except ValueError:
        raise _unexpected(value, "Timestamp") from None


def _blob(value: Any) -> bytes:
    try:
        return to_blob(_string(value))
    except ValueError:
        raise _unexpected(value, "Blob") from None


_SCALAR_READERS: Mapping[str, Convert] = {
    "string": _string,
    "character": _string,
    "boolean": _boolean,
    "integer": _whole(31, "Integer"),
    "long": _whole(63, "Long"),
    "float": _float,
    "double": _float,
    "timestamp": _timestamp,
    "blob": _blob,
}


class JsonWriters:
    """The writers of one service's shapes, from results to what orjson can write."""

    def __init__(self) -> None:
        self._compiled: dict[str, Convert] = {}

    def members(self, shape: Shape, names: frozenset[str]) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
        """Compile the writing of those members of a structure; others in a value are a programming error."""
        parts = {
            name: (member.location_name or name, self.value(member))
            for name, member in shape.members.items()
            if name in names
        }
        known = frozenset(shape.members)

        def write(values: Mapping[str, Any]) -> dict[str, Any]:
            if not values.keys() <= known:
                raise ValueError(f"{shape.name} has no members {sorted(values.keys() - known)}")
            return {
                part[0]: part[1](value)
                for name, value in values.items()
                if value is not None and (part := parts.get(name)) is not None
            }

        return write

    def value(self, member: Member) -> Convert:
        """Compile the writing of the values in one place."""
        shape = member.shape
        if shape.type == "timestamp":
            return _TIMESTAMP_WRITERS[member.timestamp_format or shape.timestamp_format or "unixTimestamp"]
        if shape.type == "blob":
            return _write_blob
        if shape.type not in ("structure", "list", "map") or shape.document:
            return lambda value: value
        if shape.name not in self._compiled:
            self._compiled[shape.name] = partial(self._late, shape.name)
            self._compiled[shape.name] = self._compound(shape)
        return self._compiled[shape.name]

    def _late(self, name: str, value: Any) -> Any:
        """Handle a shape inside itself: looked up when used, as it is still being compiled when met."""
        return self._compiled[name](value)

    def _compound(self, shape: Shape) -> Convert:
        if shape.type == "list" and shape.element is not None:
            write_item = self.value(shape.element)
            return lambda values: [write_item(value) for value in values]
        if shape.type == "map" and shape.value is not None:
            write_value = self.value(shape.value)
            return lambda values: {key: write_value(value) for key, value in values.items()}
        return self.members(shape, frozenset(shape.members))


def _write_blob(value: bytes) -> str:
    return b64encode(value).decode("ascii")


_TIMESTAMP_WRITERS: Mapping[str, Convert] = {"unixTimestamp": to_number, "iso8601": to_iso_exact, "rfc822": to_rfc822}
