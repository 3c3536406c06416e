"""What the REST protocols put outside the body: path labels, query fields, headers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from keywright.aws.errors import AwsError
from keywright.aws.model import Member, Shape
from keywright.aws.wire import Headers
from keywright.protocol.asked import Asked
from keywright.protocol.form import decode_pairs
from keywright.protocol.keywords import keyword
from keywright.protocol.scalars import CONVERSIONS, Convert
from keywright.protocol.timestamps import to_iso, to_rfc822

Refuse = Callable[[str], AwsError]
"""Makes the protocol's error for a value that cannot be read, from a message."""

_Read = Callable[[Asked], Any]

# Fields of a query string that belong to the signature or to an SDK's diagnostics, not to the operation.
_RESERVED = frozenset({"x-id", "AWSAccessKeyId", "Signature", "Expires", "SecurityToken"})
# AWS: presigning moves headers into the query string; what S3 ignores as a header, it ignores there too.
_RESERVED_PREFIX = "x-amz-"


def compile_parse(shape: Shape, literals: frozenset[str], refuse: Refuse) -> Callable[[Asked], dict[str, Any]]:
    """
    Compile the reading of an input's members outside the body into keywords.

    `literals`: the query fields that the operation's own URI names. A query field that is neither a literal nor a
    member is refused.
    """
    readers = [
        (keyword(name), _reader(name, member, refuse)) for name, member in shape.members.items() if member.location
    ]
    queries = {
        _wire_name(name, member): member for name, member in shape.members.items() if member.location == "querystring"
    }
    repeatable = frozenset(name for name, member in queries.items() if member.shape.type == "list")
    known = literals | queries.keys() | _RESERVED

    def parse(asked: Asked) -> dict[str, Any]:
        if asked.fields:
            _refuse_strangers(asked, known, repeatable, refuse)
        values: dict[str, Any] = {}
        for key, read in readers:
            value = read(asked)
            if value is not None:
                values[key] = value
        return values

    return parse


def _refuse_strangers(asked: Asked, known: frozenset[str], repeatable: frozenset[str], refuse: Refuse) -> None:
    for name in asked.fields:
        if name not in known and name[:6].lower() != _RESERVED_PREFIX:
            # DIVERGES: Parameters that the model does not know. AWS drops them.
            raise refuse(f"The parameter {name[:128]} is not recognized")
    if asked.request.raw_query.count(b"&") >= len(asked.fields):
        seen: set[str] = set()
        for name, _ in decode_pairs(asked.request.raw_query):
            if name in seen and name not in repeatable:
                raise refuse(f"The parameter {name[:128]} comes twice")
            seen.add(name)


def query_literals(uri: str) -> list[tuple[str, str | None]]:
    """Give the query fields that an operation's URI names, each with its value where that too is fixed."""
    pairs = [literal.partition("=") for literal in uri.partition("?")[2].split("&") if literal]
    return [(name, value if equals else None) for name, equals, value in pairs]


def _wire_name(name: str, member: Member) -> str:
    return member.location_name or name


def _reader(name: str, member: Member, refuse: Refuse) -> _Read:
    wire_name = _wire_name(name, member)
    if member.location == "headers":
        return _prefixed_headers(wire_name.lower().encode())
    if member.location == "querystring" and member.shape.type == "list":
        return _repeated(wire_name)
    convert = _converter(wire_name, member.shape, refuse)
    if member.location == "header":
        return _header(wire_name.lower(), convert)
    if member.location == "querystring":
        return lambda asked: _apply(convert, asked.fields.get(wire_name))
    return lambda asked: _apply(convert, asked.labels[wire_name])


def _header(name: str, convert: Convert | None) -> _Read:
    header, may_be_presigned = name.encode(), name.startswith(_RESERVED_PREFIX)

    def read(asked: Asked) -> Any:
        text = asked.request.header(header)
        if text is None and may_be_presigned:
            text = asked.fields.get(name)
        return _apply(convert, text)

    return read


def _apply(convert: Convert | None, text: str | None) -> Any:
    return text if text is None or convert is None else convert(text)


def _converter(wire_name: str, shape: Shape, refuse: Refuse) -> Convert | None:
    if shape.type == "list":
        return lambda text: [item.strip() for item in text.split(",")]
    inner = CONVERSIONS[shape.type]
    if inner is None:
        return None

    def convert(text: str) -> Any:
        try:
            return inner(text)
        except ValueError:
            raise refuse(f"The value of {wire_name} is not a valid {shape.type}") from None

    return convert


def _repeated(wire_name: str) -> _Read:
    def read(asked: Asked) -> list[str] | None:
        if wire_name not in asked.fields:
            return None
        return [value for name, value in decode_pairs(asked.request.raw_query) if name == wire_name]

    return read


def _prefixed_headers(prefix: bytes) -> _Read:
    def read(asked: Asked) -> dict[str, str] | None:
        found = {
            name[len(prefix) :].decode("latin-1"): value.decode("latin-1")
            for name, value in asked.request.headers.items()
            if name.startswith(prefix)
        }
        return found or None

    return read


def compile_headers(shape: Shape) -> Callable[[Mapping[str, Any]], Headers]:
    """Compile the writing of an output's header members."""
    writers = [
        (name, (member.location_name or name).lower(), _header_value(member))
        for name, member in shape.members.items()
        if member.location == "header"
    ]
    prefixes = [
        (name, (member.location_name or "").lower())
        for name, member in shape.members.items()
        if member.location == "headers"
    ]

    def write(result: Mapping[str, Any]) -> Headers:
        headers = [
            (header.encode(), _safe(render(result[name])))
            for name, header, render in writers
            if result.get(name) is not None
        ]
        for name, prefix in prefixes:
            for key, value in (result.get(name) or {}).items():
                headers.append((_safe(prefix + key.lower()), _safe(value)))
        return headers

    return write


def _header_value(member: Member) -> Callable[[Any], str]:
    kind = member.shape.type
    if kind == "timestamp":
        chosen = member.timestamp_format or member.shape.timestamp_format or "rfc822"
        return _TIMESTAMPS[chosen]
    if kind == "boolean":
        return lambda value: "true" if value else "false"
    if kind == "list":
        return ", ".join
    return str


def _safe(text: str) -> bytes:
    """Encode a header's text. Raises: ValueError where it would end the header."""
    if "\r" in text or "\n" in text or "\0" in text:
        raise ValueError("a header value holds a control character")
    return text.encode("latin-1", "replace")


_TIMESTAMPS: Mapping[str, Callable[[datetime], str]] = {"rfc822": to_rfc822, "iso8601": to_iso}
