"""The REST-XML protocol: S3."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import partial
from hashlib import sha384
from typing import Any

from keywright.aws.errors import AwsError
from keywright.aws.model import Member, OperationModel, ServiceModel, Shape
from keywright.aws.wire import Headers, WireResponse
from keywright.protocol import rest_binding
from keywright.protocol.asked import Asked
from keywright.protocol.constraints import Constraints, explain
from keywright.protocol.keywords import keyword
from keywright.protocol.refusals import InvalidArgument, MissingRequestBodyError
from keywright.protocol.response import error_status
from keywright.protocol.s3_elements import LOCATION_CONSTRAINT, NAMESPACE, root_element
from keywright.protocol.xml_read import Node, XmlReaders, malformed, read_xml
from keywright.protocol.xml_write import XmlWriters, escape, namespace_of

_PROLOGUE = '<?xml version="1.0" encoding="UTF-8"?>\n'
_CONTENT_TYPE = (b"content-type", b"application/xml")
_BODILESS = frozenset({204, 304})

_ReadBody = Callable[[bytes], dict[str, Any]]
_WriteBody = Callable[[Mapping[str, Any]], bytes | None]


def compile_parse(
    operation: OperationModel, constraints: Constraints, readers: XmlReaders
) -> Callable[[Asked], dict[str, Any]]:
    """
    Compile the reading of an operation's request into keywords.

    The reader raises: MalformedXML, InvalidArgument, MissingRequestBodyError.
    """
    shape = operation.input
    if shape is None:
        raise ValueError(f"{operation.name} has no input")
    literals = frozenset(name for name, _ in rest_binding.query_literals(operation.http_uri))
    read_outside = rest_binding.compile_parse(shape, literals, InvalidArgument)
    read_body = _body_reader(operation, shape, readers)
    check = constraints.members(shape, keyword)
    in_body = {name[:1].lower() + name[1:] for name, member in shape.members.items() if member.location is None}

    def parse(asked: Asked) -> dict[str, Any]:
        values = read_outside(asked)
        if read_body is not None:
            values.update(read_body(asked.request.body))
        if check is not None and (violations := check(values)) is not None:
            if violations[0].path.partition(".")[0] in in_body:
                raise malformed()
            raise InvalidArgument(explain(violations))
        return values

    return parse


def _body_reader(operation: OperationModel, shape: Shape, readers: XmlReaders) -> _ReadBody | None:
    if shape.payload is not None:
        member = shape.members[shape.payload]
        key = keyword(shape.payload)
        if member.shape.type == "structure":
            return partial(_read_payload, key, member, readers.value(member))
        if member.shape.type == "blob":
            return lambda body: {key: body}
        return lambda body: {key: _text(body)} if body or member.required else {}
    names = {name: keyword(name) for name, member in shape.members.items() if member.location is None}
    if not names:
        return None
    read = readers.members(shape, names)
    root = operation.input_location_name

    def read_root(body: bytes) -> dict[str, Any]:
        node = read_xml(body)
        if node.tag != root:
            raise malformed()
        return read(node)

    return read_root


def _read_payload(key: str, member: Member, read: Callable[[Node], Any], body: bytes) -> dict[str, Any]:
    if not body:
        if member.required:
            raise MissingRequestBodyError("Request Body is empty")
        return {}
    node = read_xml(body)
    if node.tag not in (member.location_name, member.shape.name):
        raise malformed()
    return {key: read(node)}


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError:
        raise InvalidArgument("The request body is not UTF-8") from None


def compile_serialise(
    operation: OperationModel, writers: XmlWriters
) -> Callable[[Mapping[str, Any], str], WireResponse]:
    """Compile the writing of an operation's answer."""
    shape = operation.output
    if shape is None:
        return partial(_empty, operation)
    known = frozenset(shape.members)
    write_headers = rest_binding.compile_headers(shape)
    write_body = _body_writer(operation, shape, writers)
    binary = shape.payload is not None and shape.members[shape.payload].shape.type in ("blob", "string")

    def serialise(result: Mapping[str, Any], request_id: str) -> WireResponse:
        if not result.keys() <= known:
            raise ValueError(f"{shape.name} has no members {sorted(result.keys() - known)}")
        headers = write_headers(result)
        body = write_body(result)
        content_type = None if body is None or binary else _CONTENT_TYPE
        return _complete(operation.success_status, headers, content_type, request_id, body or b"")

    return serialise


def _empty(operation: OperationModel, result: Mapping[str, Any], request_id: str) -> WireResponse:
    if result:
        raise ValueError(f"{operation.name} has no output, but was given {sorted(result)}")
    return _complete(operation.success_status, [], None, request_id, b"")


def _complete(
    status: int, headers: Headers, content_type: tuple[bytes, bytes] | None, request_id: str, body: bytes
) -> WireResponse:
    own = [(b"x-amz-id-2", host_id(request_id).encode()), (b"x-amz-request-id", request_id.encode())]
    names = {name for name, _ in headers}
    if content_type is not None:
        own.append(content_type)
    if status not in _BODILESS and b"content-length" not in names:
        own.append((b"content-length", b"%d" % len(body)))
    return WireResponse(status, own + headers, body)


def host_id(request_id: str) -> str:
    """Give S3's second identifier of a request: opaque text, here made from the first."""
    return b64encode(sha384(request_id.encode()).digest()).decode("ascii")


def _body_writer(operation: OperationModel, shape: Shape, writers: XmlWriters) -> _WriteBody:
    if operation.name == "GetBucketLocation":
        return _location
    if shape.payload is not None:
        return _payload_writer(shape.payload, shape.members[shape.payload], writers)
    names = [name for name, member in shape.members.items() if member.location is None]
    if not names:
        return _nothing
    root = root_element(operation.name, shape)
    opening, closing = f'{_PROLOGUE}<{root} xmlns="{NAMESPACE}">', f"</{root}>"
    content = writers.structure(shape, names)
    return lambda result: f"{opening}{content(result)}{closing}".encode()


def _nothing(result: Mapping[str, Any]) -> None:
    """Write no body, whatever the result: all of it travels in headers."""


def _payload_writer(name: str, member: Member, writers: XmlWriters) -> _WriteBody:
    shape = member.shape
    if shape.event_stream:
        return _refuse_event_stream
    if shape.type == "blob":
        return lambda result: result.get(name, b"")
    if shape.type == "string":
        return lambda result: result.get(name, "").encode()
    root = member.location_name or shape.name
    namespace = namespace_of(member) or namespace_of(shape) or f' xmlns="{NAMESPACE}"'
    content = writers.content(shape)

    def write(result: Mapping[str, Any]) -> bytes | None:
        value = result.get(name)
        if value is None:
            return None
        return f"{_PROLOGUE}<{root}{namespace}>{content(value)}</{root}>".encode()

    return write


def _refuse_event_stream(result: Mapping[str, Any]) -> bytes | None:
    raise NotImplementedError("Keywright has no operation that answers with an event stream")


def _location(result: Mapping[str, Any]) -> bytes:
    # AWS: GetBucketLocation's root element is its value; us-east-1 is the empty one (S3 API reference).
    value = escape(result.get("LocationConstraint") or "")
    root = f'{LOCATION_CONSTRAINT} xmlns="{NAMESPACE}"'
    return f"{_PROLOGUE}<{root}>{value}</{LOCATION_CONSTRAINT}>".encode()


def compile_error(service: ServiceModel) -> Callable[..., WireResponse]:
    """Compile the writing of a service's errors."""
    return partial(_error, service)


def _error(
    service: ServiceModel,
    error: AwsError,
    request_id: str,
    operation: OperationModel | None = None,
    details: Mapping[str, str] | None = None,
) -> WireResponse:
    more = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in (details or {}).items())
    body = (
        f"{_PROLOGUE}<Error><Code>{error.code}</Code><Message>{escape(error.message)}</Message>{more}"
        f"<RequestId>{request_id}</RequestId><HostId>{host_id(request_id)}</HostId></Error>"
    )
    status = error_status(error, service, operation)
    return _complete(status, [], _CONTENT_TYPE, request_id, b"" if status in _BODILESS else body.encode())
