"""
The Query protocol: IAM and STS.

A request is a flat form (`Tags.member.1.Key=team`), an answer is XML.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from keywright.aws.errors import AwsError
from keywright.aws.model import Member, OperationModel, ServiceModel, Shape
from keywright.aws.wire import WireResponse
from keywright.protocol.asked import Asked
from keywright.protocol.constraints import Constraints, explain
from keywright.protocol.keywords import keyword
from keywright.protocol.refusals import MalformedInput, ValidationError
from keywright.protocol.response import error_status, respond
from keywright.protocol.scalars import CONVERSIONS, Convert
from keywright.protocol.xml_write import XmlWriters, escape

DISPATCH_NAMESPACE = "http://webservices.amazon.com/AWSFault/2005-15-09"
"""AWS: the namespace of errors from before a service was found [live STS]."""

# The protocol's own fields, and those of the two ways to sign a query string; none is an operation's parameter.
RESERVED_FIELDS = frozenset(
    {
        "Action",
        "Version",
        "AWSAccessKeyId",
        "Expires",
        "SecurityToken",
        "Signature",
        "SignatureMethod",
        "SignatureVersion",
        "Timestamp",
    }
)
RESERVED_PREFIX = "X-Amz-"

MAX_NESTING = 64
"""Dots in a field's name; a name is taken apart once for each."""

# AWS: these sentences are the framework's [seen in SES, MWS, CloudFront]; no value in them.
_NO_STRUCTURE = "Start of structure or map found where not expected."
_LIST_EXPECTED = "Unexpected list element termination"
_STRUCTURE_EXPECTED = "Unexpected complex element termination"

_CONTENT_TYPE = (b"content-type", b"text/xml")

_Nested = Callable[[dict[str, str]], Any]
"""Reads one value from the fields below it, keyed by what follows its name; the value itself has the empty key."""


def compile_parse(operation: OperationModel, constraints: Constraints) -> Callable[[Asked], dict[str, Any]]:
    """
    Compile the reading of an operation's form into keywords.

    The reader raises: MalformedInput, ValidationError.
    """
    members: Mapping[str, Member] = operation.input.members if operation.input is not None else {}
    scalars: dict[str, tuple[str, Convert | None]] = {}
    nested: dict[str, tuple[str, _Nested]] = {}
    for name, member in members.items():
        if member.shape.type in CONVERSIONS:
            scalars[name] = keyword(name), _converter(member.shape)
        else:
            nested[name] = keyword(name), _nested(member.shape)
    check = constraints.members(operation.input, keyword) if operation.input is not None else None

    def parse(asked: Asked) -> dict[str, Any]:
        values: dict[str, Any] = {}
        others: dict[str, str] | None = None
        for name, text in asked.fields.items():
            known = scalars.get(name)
            if known is not None:
                key, convert = known
                values[key] = text if convert is None else convert(text)
            elif name not in RESERVED_FIELDS and not name.startswith(RESERVED_PREFIX):
                others = {} if others is None else others
                others[name] = text
        if others is not None:
            _read_others(others, nested, scalars, values)
        if check is not None and (violations := check(values)) is not None:
            raise ValidationError(explain(violations))
        return values

    return parse


def _read_others(
    others: Mapping[str, str],
    nested: Mapping[str, tuple[str, _Nested]],
    scalars: Mapping[str, object],
    values: dict[str, Any],
) -> None:
    if any(name.count(".") > MAX_NESTING for name in others):
        raise MalformedInput("The request is nested too deeply")
    for head, group in _split(others).items():
        if head in nested:
            key, read = nested[head]
            values[key] = read(group)
        else:
            raise MalformedInput(_NO_STRUCTURE) if head in scalars else _unknown(head)


def _unknown(name: str) -> AwsError:
    # DIVERGES: Parameters that the model does not know. AWS drops them; a parameter that does nothing misleads.
    return ValidationError(f"The parameter {name[:128]} is not recognized")


def _converter(shape: Shape) -> Convert | None:
    convert = CONVERSIONS[shape.type]
    return None if convert is None else partial(_convert, convert, shape.type)


def _convert(convert: Convert, kind: str, text: str) -> Any:
    try:
        return convert(text)
    except ValueError:
        raise MalformedInput(f"{kind} must follow xsd1.1 definition") from None


def _nested(shape: Shape) -> _Nested:
    if shape.type == "structure":
        return partial(_read_structure, {name: _nested(member.shape) for name, member in shape.members.items()})
    if shape.type == "list" and shape.element is not None:
        return partial(_read_list, _nested(shape.element.shape))
    if shape.type == "map" and shape.key is not None and shape.value is not None:
        return partial(_read_map, _nested(shape.key.shape), _nested(shape.value.shape))
    return partial(_read_scalar, _converter(shape))


def _read_scalar(convert: Convert | None, group: dict[str, str]) -> Any:
    if group.keys() != {""}:
        raise MalformedInput(_NO_STRUCTURE)
    return group[""] if convert is None else convert(group[""])


def _read_structure(members: Mapping[str, _Nested], group: dict[str, str]) -> dict[str, Any]:
    if "" in group:
        raise MalformedInput(_STRUCTURE_EXPECTED)
    values = {}
    for name, below in _split(group).items():
        if name not in members:
            raise _unknown(name)
        values[name] = members[name](below)
    return values


def _read_list(read: _Nested, group: dict[str, str]) -> list[Any]:
    return [read(below) for below in _numbered(group, "member")]


def _read_map(read_key: _Nested, read_value: _Nested, group: dict[str, str]) -> dict[str, Any]:
    entries: dict[str, Any] = {}
    for below in _numbered(group, "entry"):
        parts = _split(below)
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
    parts = _split(group)
    if parts.keys() != {word}:
        raise MalformedInput(_LIST_EXPECTED)
    items: dict[int, dict[str, str]] = {}
    for number, below in _split(parts[word]).items():
        if not (number.isascii() and number.isdigit() and len(number) < 10) or int(number) in items:
            raise MalformedInput(_LIST_EXPECTED)
        items[int(number)] = below
    return [items[number] for number in sorted(items)]


def _split(group: Mapping[str, str]) -> dict[str, dict[str, str]]:
    parts: dict[str, dict[str, str]] = {}
    for name, text in group.items():
        head, dot, rest = name.partition(".")
        if dot and not rest:
            raise MalformedInput(_STRUCTURE_EXPECTED)  # `Tags.` would be taken for `Tags`.
        parts.setdefault(head, {})[rest] = text
    return parts


def compile_serialise(
    operation: OperationModel, service: ServiceModel, writers: XmlWriters
) -> Callable[[Mapping[str, Any], str], WireResponse]:
    """Compile the writing of an operation's answer."""
    opening = f'<{operation.name}Response xmlns="{service.xml_namespace}">'
    content = writers.content(operation.output) if operation.output is not None else None
    if operation.result_wrapper is not None:
        opening += f"<{operation.result_wrapper}>"
    closing = f"</{operation.result_wrapper}>" if operation.result_wrapper is not None else ""
    middle = f"{closing}<ResponseMetadata><RequestId>"
    end = f"</RequestId></ResponseMetadata></{operation.name}Response>\n"
    status = operation.success_status

    def serialise(result: Mapping[str, Any], request_id: str) -> WireResponse:
        if content is None:
            if result:
                raise ValueError(f"{operation.name} has no output, but was given {sorted(result)}")
            text = ""
        else:
            text = content(result)
        body = f"{opening}{text}{middle}{request_id}{end}".encode()
        return respond(status, _CONTENT_TYPE, b"x-amzn-requestid", request_id, body)

    return serialise


def compile_error(service: ServiceModel) -> Callable[..., WireResponse]:
    """Compile the writing of a service's errors."""
    return partial(_error, service.xml_namespace or DISPATCH_NAMESPACE, service)


def dispatch_error(error: AwsError, request_id: str) -> WireResponse:
    """Write an error from before a service was found."""
    return _error(DISPATCH_NAMESPACE, None, error, request_id)


def _error(
    namespace: str,
    service: ServiceModel | None,
    error: AwsError,
    request_id: str,
    operation: OperationModel | None = None,
    details: Mapping[str, str] | None = None,
) -> WireResponse:
    status = error_status(error, service, operation)
    kind = "Sender" if status < 500 else "Receiver"
    more = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in (details or {}).items())
    body = (
        f'<ErrorResponse xmlns="{namespace}"><Error><Type>{kind}</Type><Code>{error.code}</Code>'
        f"<Message>{escape(error.message)}</Message>{more}</Error><RequestId>{request_id}</RequestId></ErrorResponse>\n"
    )
    return respond(status, _CONTENT_TYPE, b"x-amzn-requestid", request_id, body.encode())
