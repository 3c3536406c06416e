"""
The EC2 protocol: Query's form, but for the names.

A parameter is called by its `queryName`, else by its location's name with a capital; lists have no `.member`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from keywright.aws.errors import AwsError
from keywright.aws.model import Member, OperationModel, ServiceModel, Shape
from keywright.aws.wire import WireResponse
from keywright.protocol.asked import Asked
from keywright.protocol.aws_query import RESERVED_FIELDS, RESERVED_PREFIX
from keywright.protocol.constraints import Constraints, explain
from keywright.protocol.form_values import FormReaders, Read, read_numbered, split
from keywright.protocol.keywords import keyword
from keywright.protocol.refusals import InvalidParameterValue, MalformedInput, UnknownParameter
from keywright.protocol.response import error_status, respond
from keywright.protocol.xml_write import XmlWriters, escape

_CONTENT_TYPE = (b"content-type", b"text/xml;charset=UTF-8")
_REQUEST_ID = b"x-amzn-requestid"
_PROLOGUE = '<?xml version="1.0" encoding="UTF-8"?>\n'


class Ec2Readers(FormReaders):
    """The readers of EC2's shapes."""

    def _compound(self, shape: Shape) -> Read:
        if shape.type == "list" and shape.element is not None:
            return partial(_list, self.value(shape.element.shape))
        if shape.type == "map":
            raise ValueError(f"{shape.name}: EC2 takes no maps")
        return partial(_structure, self.members(shape, str))

    def members(self, shape: Shape, name_of: Callable[[str], str]) -> dict[str, tuple[str, Read]]:
        """Map a structure's parameter names to their members' and to what reads them."""
        return {
            parameter_name(member): (name_of(name), self.value(member.shape)) for name, member in shape.members.items()
        }


def parameter_name(member: Member) -> str:
    """Give a member's name in a form."""
    if member.query_name is not None:
        return member.query_name
    name = member.location_name or member.name
    return name[:1].upper() + name[1:]


def _list(read: Read, group: dict[str, str]) -> list[Any]:
    return [read(below) for below in read_numbered(split(group))]


def _structure(members: Mapping[str, tuple[str, Read]], group: dict[str, str]) -> dict[str, Any]:
    values = {}
    for name, below in split(group).items():
        if name not in members:
            # DIVERGES: Parameters that the model does not know.
            raise UnknownParameter(f"The parameter {name[:128]} is not recognized")
        key, read = members[name]
        values[key] = read(below)
    return values


def compile_parse(
    operation: OperationModel, constraints: Constraints, readers: Ec2Readers
) -> Callable[[Asked], dict[str, Any]]:
    """
    Compile the reading of an operation's form into keywords.

    The reader raises: UnknownParameter, InvalidParameterValue.
    """
    shape = operation.input
    members = {} if shape is None else readers.members(shape, keyword)
    check = None if shape is None else constraints.members(shape, keyword)

    def parse(asked: Asked) -> dict[str, Any]:
        fields = {
            name: text
            for name, text in asked.fields.items()
            if name not in RESERVED_FIELDS and name[:6].lower() != RESERVED_PREFIX
        }
        try:
            values = _structure(members, fields)
        except MalformedInput as error:
            raise InvalidParameterValue(error.message) from None
        if check is not None and (violations := check(values)) is not None:
            raise InvalidParameterValue(explain(violations))
        return values

    return parse


def compile_serialise(
    operation: OperationModel, service: ServiceModel, writers: XmlWriters
) -> Callable[[Mapping[str, Any], str], WireResponse]:
    """Compile the writing of an operation's answer."""
    content: Callable[[Mapping[str, Any]], str] = _nothing
    if operation.output is not None:
        content = writers.content(operation.output)
    opening = f'{_PROLOGUE}<{operation.name}Response xmlns="{service.xml_namespace}/"><requestId>'
    closing = f"</{operation.name}Response>"

    def serialise(result: Mapping[str, Any], request_id: str) -> WireResponse:
        body = f"{opening}{request_id}</requestId>{content(result)}{closing}".encode()
        return respond(operation.success_status, _CONTENT_TYPE, _REQUEST_ID, request_id, body)

    return serialise


def _nothing(_result: Mapping[str, Any]) -> str:
    return ""


def compile_error(service: ServiceModel) -> Callable[..., WireResponse]:
    """Compile the writing of the service's errors."""
    return partial(_error, service)


def dispatch_error(error: AwsError, request_id: str) -> WireResponse:
    """Write an error from before the model was read."""
    return _error(None, error, request_id)


def _error(
    service: ServiceModel | None,
    error: AwsError,
    request_id: str,
    operation: OperationModel | None = None,
    _details: Mapping[str, str] | None = None,
) -> WireResponse:
    body = (
        f"{_PROLOGUE}<Response><Errors><Error><Code>{error.code}</Code><Message>{escape(error.message)}</Message>"
        f"</Error></Errors><RequestID>{request_id}</RequestID></Response>"
    )
    return respond(error_status(error, service, operation), _CONTENT_TYPE, _REQUEST_ID, request_id, body.encode())
