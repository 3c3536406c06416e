"""The RPC v2 CBOR protocol: Resource Groups Tagging, CloudWatch. The path names service and operation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from keywright.aws.errors import AwsError
from keywright.aws.model import OperationModel, ServiceModel
from keywright.aws.wire import WireResponse
from keywright.protocol.asked import Asked
from keywright.protocol.aws_json import message_key, refusal
from keywright.protocol.cbor import read_cbor, write_cbor
from keywright.protocol.constraints import Constraints
from keywright.protocol.json_values import JsonReaders, JsonWriters
from keywright.protocol.keywords import keyword
from keywright.protocol.response import error_status, respond

SMITHY_PROTOCOL = (b"smithy-protocol", b"rpc-v2-cbor")
_CONTENT_TYPE = (b"content-type", b"application/cbor")
_REQUEST_ID = b"x-amzn-requestid"


def compile_parse(
    operation: OperationModel, constraints: Constraints, readers: JsonReaders
) -> Callable[[Asked], dict[str, Any]]:
    """
    Compile the reading of an operation's body into keywords.

    The reader raises: SerializationException, ValidationException.
    """
    shape = operation.input
    if shape is None:
        return lambda asked: read_cbor(asked.request.body) and {}
    read = readers.members(shape, {name: keyword(name) for name in shape.members})
    check = constraints.members(shape, keyword)

    def parse(asked: Asked) -> dict[str, Any]:
        values = read(read_cbor(asked.request.body))
        if check is not None and (violations := check(values)) is not None:
            raise refusal(operation, violations)
        return values

    return parse


def compile_serialise(
    operation: OperationModel, writers: JsonWriters
) -> Callable[[Mapping[str, Any], str], WireResponse]:
    """Compile the writing of an operation's answer."""
    shape = operation.output
    write = dict if shape is None else writers.members(shape, frozenset(shape.members))

    def serialise(result: Mapping[str, Any], request_id: str) -> WireResponse:
        return _respond(operation.success_status, request_id, write(result))

    return serialise


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
    document = {"__type": error.code, **(details or {})}
    if error.message:
        document[message_key(error, service)] = error.message
    return _respond(error_status(error, service, operation), request_id, document)


def _respond(status: int, request_id: str, document: dict[str, Any]) -> WireResponse:
    response = respond(status, _CONTENT_TYPE, _REQUEST_ID, request_id, write_cbor(document))
    return response._replace(headers=[*response.headers, SMITHY_PROTOCOL])
