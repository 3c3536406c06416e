"""The REST-JSON protocol: IAM Toolbox, Access Analyzer, Sign-In."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import orjson

from keywright.aws.errors import AwsError
from keywright.aws.model import OperationModel, ServiceModel
from keywright.aws.wire import WireResponse
from keywright.protocol import rest_binding
from keywright.protocol.asked import Asked
from keywright.protocol.aws_json import message_key, refusal
from keywright.protocol.constraints import Constraints
from keywright.protocol.json_values import JsonReaders, JsonWriters, read_object
from keywright.protocol.keywords import keyword
from keywright.protocol.refusals import ValidationException
from keywright.protocol.response import error_status

_CONTENT_TYPE = (b"content-type", b"application/json")


def compile_parse(
    operation: OperationModel, constraints: Constraints, readers: JsonReaders
) -> Callable[[Asked], dict[str, Any]]:
    """
    Compile the reading of an operation's request into keywords.

    The reader raises: SerializationException, ValidationException.
    """
    shape = operation.input
    if shape is None:
        raise ValueError(f"{operation.name} has no input")
    literals = frozenset(name for name, _ in rest_binding.query_literals(operation.http_uri))
    read_outside = rest_binding.compile_parse(shape, literals, ValidationException)
    names = {name: keyword(name) for name, member in shape.members.items() if member.location is None}
    payload = shape.payload
    read_body = readers.members(shape, names) if payload is None else readers.value(shape.members[payload])
    check = constraints.members(shape, keyword)

    def parse(asked: Asked) -> dict[str, Any]:
        values = read_outside(asked)
        document = read_object(asked.request.body)
        if payload is None:
            values.update(read_body(document))
        else:
            values[keyword(payload)] = read_body(document)
        if check is not None and (violations := check(values)) is not None:
            raise refusal(operation, violations)
        return values

    return parse


def compile_serialise(
    operation: OperationModel, writers: JsonWriters
) -> Callable[[Mapping[str, Any], str], WireResponse]:
    """Compile the writing of an operation's answer."""
    shape = operation.output
    if shape is None:
        return partial(_empty, operation)
    write_headers = rest_binding.compile_headers(shape)
    names = frozenset(name for name, member in shape.members.items() if member.location is None)
    payload = shape.payload
    write = writers.members(shape, names) if payload is None else writers.value(shape.members[payload])
    known = frozenset(shape.members)

    def serialise(result: Mapping[str, Any], request_id: str) -> WireResponse:
        if not result.keys() <= known:
            raise ValueError(f"{shape.name} has no members {sorted(result.keys() - known)}")
        body = orjson.dumps(write(result if payload is None else result[payload]))
        return _complete(operation.success_status, [_CONTENT_TYPE, *write_headers(result)], request_id, body)

    return serialise


def _empty(operation: OperationModel, result: Mapping[str, Any], request_id: str) -> WireResponse:
    if result:
        raise ValueError(f"{operation.name} has no output, but was given {sorted(result)}")
    return _complete(operation.success_status, [], request_id, b"")


def _complete(status: int, headers: list[tuple[bytes, bytes]], request_id: str, body: bytes) -> WireResponse:
    own = [(b"x-amzn-requestid", request_id.encode()), (b"content-length", b"%d" % len(body))]
    return WireResponse(status, own + headers, body)


def compile_error(service: ServiceModel) -> Callable[..., WireResponse]:
    """Compile the writing of a service's errors."""
    return partial(_error, service)


def dispatch_error(error: AwsError, request_id: str) -> WireResponse:
    """Write an error from before a service was found."""
    return _error(None, error, request_id)


def _error(
    service: ServiceModel | None,
    error: AwsError,
    request_id: str,
    operation: OperationModel | None = None,
    details: Mapping[str, Any] | None = None,
) -> WireResponse:
    document = {**(details or {})}
    if error.message:
        document[message_key(error, service)] = error.message
    headers = [_CONTENT_TYPE, (b"x-amzn-errortype", error.code.encode())]
    return _complete(error_status(error, service, operation), headers, request_id, orjson.dumps(document))
