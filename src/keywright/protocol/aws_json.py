"""The JSON protocol: CloudTrail, Secrets Manager. The operation is in `X-Amz-Target`, all else in the body."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from typing import Any

import orjson

from keywright.aws.errors import AwsError
from keywright.aws.model import OperationModel, ServiceModel
from keywright.aws.wire import WireResponse
from keywright.protocol.asked import Asked
from keywright.protocol.constraints import Constraints, Violation, explain
from keywright.protocol.json_values import JsonReaders, JsonWriters, read_object
from keywright.protocol.keywords import keyword
from keywright.protocol.refusals import ValidationException
from keywright.protocol.response import error_status, respond

_REQUEST_ID = b"x-amzn-requestid"


def compile_parse(
    operation: OperationModel, constraints: Constraints, readers: JsonReaders
) -> Callable[[Asked], dict[str, Any]]:
    """
    Compile the reading of an operation's body into keywords.

    The reader raises: SerializationException, ValidationException, or the operation's own error for a member
    (InvalidMaxResultsException for MaxResults).
    """
    shape = operation.input
    if shape is None:
        return _nothing
    read = readers.members(shape, {name: keyword(name) for name in shape.members})
    check = constraints.members(shape, keyword)

    def parse(asked: Asked) -> dict[str, Any]:
        values = read(read_object(asked.request.body))
        if check is not None and (violations := check(values)) is not None:
            raise refusal(operation, violations)
        return values

    return parse


def _nothing(asked: Asked) -> dict[str, Any]:
    document = read_object(asked.request.body)
    if document:
        raise ValidationException(f"The parameter {next(iter(document))[:128]} is not recognized")
    return {}


def refusal(operation: OperationModel, violations: list[Violation]) -> AwsError:
    """
    Give the error for broken constraints.

    AWS's own name for it where the operation declares one for the first member at fault: InvalidMaxResultsException.
    """
    message = explain(violations)
    member = violations[0].path.partition(".")[0]
    code = f"Invalid{member[:1].upper()}{member[1:]}Exception"
    if code in operation.errors:
        return _declared(code)(message)
    return ValidationException(message)


@cache
def _declared(code: str) -> type[AwsError]:
    return type(code, (AwsError,), {"code": code})


def compile_serialise(
    operation: OperationModel, service: ServiceModel, writers: JsonWriters
) -> Callable[[Mapping[str, Any], str], WireResponse]:
    """Compile the writing of an operation's answer."""
    shape = operation.output
    write = writers.members(shape, frozenset(shape.members)) if shape is not None else None
    content_type = _content_type(service)

    def serialise(result: Mapping[str, Any], request_id: str) -> WireResponse:
        if write is None and result:
            raise ValueError(f"{operation.name} has no output, but was given {sorted(result)}")
        body = orjson.dumps(write(result)) if write is not None else b"{}"
        return respond(operation.success_status, content_type, _REQUEST_ID, request_id, body)

    return serialise


def compile_error(service: ServiceModel) -> Callable[..., WireResponse]:
    """Compile the writing of a service's errors."""
    return partial(_error, _content_type(service), service)


def dispatch_error(error: AwsError, request_id: str) -> WireResponse:
    """Write an error from before a service was found."""
    return _error((b"content-type", b"application/x-amz-json-1.1"), None, error, request_id)


def _error(
    content_type: tuple[bytes, bytes],
    service: ServiceModel | None,
    error: AwsError,
    request_id: str,
    operation: OperationModel | None = None,
    details: Mapping[str, Any] | None = None,
) -> WireResponse:
    document = {"__type": error.code, **(details or {})}
    if error.message:
        document[message_key(error, service)] = error.message
    return respond(
        error_status(error, service, operation), content_type, _REQUEST_ID, request_id, orjson.dumps(document)
    )


def message_key(error: AwsError, service: ServiceModel | None) -> str:
    """Give the member that carries an error's message: some models spell it `Message`."""
    declared = service.errors.get(error.code) if service is not None else None
    if service is None or declared is None:
        return "message"
    return "Message" if "Message" in service.shapes[declared.exception_name].members else "message"


def _content_type(service: ServiceModel) -> tuple[bytes, bytes]:
    return b"content-type", f"application/x-amz-json-{service.json_version}".encode()
