"""XML out: a closure per place in the model, so that answering is string joining and nothing else."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from keywright.aws.model import Member, Shape
from keywright.protocol.timestamps import to_iso, to_iso_milliseconds, to_number, to_rfc822

Element = Callable[[Any], str]
"""Writes one value with its tags around it; a flattened list writes many."""

_SPECIAL = re.compile('[&<>"\r\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]')
_REPLACEMENTS = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#xD;"}


def escape(text: str) -> str:
    """Make text safe inside an element or attribute; what XML 1.0 cannot carry becomes U+FFFD."""
    if _SPECIAL.search(text) is None:
        return text
    return _SPECIAL.sub(lambda match: _REPLACEMENTS.get(match.group(), "\ufffd"), text)


class XmlWriters:
    """
    The writers of one service's shapes.

    `milliseconds`: S3 writes timestamps with them, IAM and STS without.
    """

    def __init__(self, *, milliseconds: bool) -> None:
        self._iso = to_iso_milliseconds if milliseconds else to_iso
        self._contents: dict[str, Callable[[Any], str]] = {}

    def element(self, tag: str, member: Member) -> Element:
        """Compile the writer of one place under the tag that it has there."""
        shape = member.shape
        if shape.type == "list" and shape.element is not None and (member.flattened or shape.flattened):
            own = shape.element.location_name
            return _each(self.element(tag if own in (None, "member") else own, shape.element))
        attributes = [inner for inner in shape.members.values() if inner.xml_attribute]
        if attributes:
            return self._with_attributes(tag, member, attributes)
        return _wrap(f"<{tag}{namespace_of(member) or namespace_of(shape)}>", f"</{tag}>", self.content(shape, member))

    def content(self, shape: Shape, member: Member | None = None) -> Callable[[Any], str]:
        """Compile the writer of what stands between a value's tags."""
        if shape.type == "timestamp":
            return self._timestamp(shape, member)
        if shape.type not in ("structure", "list", "map"):
            return _SCALARS[shape.type]
        if shape.name not in self._contents:
            self._contents[shape.name] = partial(self._late, shape.name)
            self._contents[shape.name] = self._compound(shape)
        return self._contents[shape.name]

    def structure(self, shape: Shape, names: Sequence[str]) -> Callable[[Mapping[str, Any]], str]:
        """Compile the writer of a structure's named members; others in a value are a programming error."""
        parts = tuple(
            (name, self.element(shape.members[name].location_name or name, shape.members[name])) for name in names
        )
        known = frozenset(shape.members)

        def write(value: Mapping[str, Any]) -> str:
            if not value.keys() <= known:
                raise ValueError(f"{shape.name} has no members {sorted(value.keys() - known)}")
            return "".join([element(value[name]) for name, element in parts if value.get(name) is not None])

        return write

    def _late(self, name: str, value: Any) -> Any:
        """Handle a shape inside itself: looked up when used, as it is still being compiled when met."""
        return self._contents[name](value)

    def _compound(self, shape: Shape) -> Callable[[Any], str]:
        if shape.type == "list" and shape.element is not None:
            return _each(self.element(shape.element.location_name or "member", shape.element))
        if shape.type == "map" and shape.key is not None and shape.value is not None:
            return self._map(shape.key, shape.value)
        return self.structure(shape, [name for name, member in shape.members.items() if not member.xml_attribute])

    def _map(self, key: Member, value: Member) -> Callable[[Mapping[str, Any]], str]:
        write_key = self.element(key.location_name or "key", key)
        write_value = self.element(value.location_name or "value", value)

        def write(entries: Mapping[str, Any]) -> str:
            return "".join([f"<entry>{write_key(name)}{write_value(item)}</entry>" for name, item in entries.items()])

        return write

    def _with_attributes(self, tag: str, member: Member, attributes: Sequence[Member]) -> Element:
        names = tuple((inner.location_name or inner.name, inner.name) for inner in attributes)
        namespace = namespace_of(member) or namespace_of(member.shape)
        content = self.content(member.shape)

        def write(value: Mapping[str, Any]) -> str:
            text = "".join([f' {name}="{escape(value[key])}"' for name, key in names if value.get(key) is not None])
            return f"<{tag}{namespace}{text}>{content(value)}</{tag}>"

        return write

    def _timestamp(self, shape: Shape, member: Member | None) -> Callable[[datetime], str]:
        chosen = (member.timestamp_format if member else None) or shape.timestamp_format or "iso8601"
        return {"iso8601": self._iso, "rfc822": to_rfc822, "unixTimestamp": lambda moment: str(to_number(moment))}[
            chosen
        ]


def namespace_of(place: Member | Shape) -> str:
    """Give the namespace declaration that the model wants on an element, with a space in front, else nothing."""
    if place.xml_namespace is None:
        return ""
    prefix = f":{place.xml_prefix}" if place.xml_prefix else ""
    return f' xmlns{prefix}="{place.xml_namespace}"'


def _wrap(opening: str, closing: str, content: Callable[[Any], str]) -> Element:
    if content is escape:
        return lambda value: f"{opening}{escape(value)}{closing}"
    return lambda value: f"{opening}{content(value)}{closing}"


def _each(element: Element) -> Callable[[Sequence[Any]], str]:
    return lambda values: "".join([element(value) for value in values])


def _boolean(value: object) -> str:
    return "true" if value else "false"


def _float(value: float) -> str:
    return repr(float(value))


def _integer(value: int) -> str:
    return str(int(value))


def _blob(value: bytes) -> str:
    return b64encode(value).decode("ascii")


_SCALARS: Mapping[str, Callable[[Any], str]] = {
    "string": escape,
    "character": escape,
    "boolean": _boolean,
    "integer": _integer,
    "long": _integer,
    "float": _float,
    "double": _float,
    "blob": _blob,
}
