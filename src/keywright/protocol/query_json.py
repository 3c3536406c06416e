"""
The Query protocol's answers in JSON, for those who ask with `Accept: application/json`.

AWS: `{"GetCallerIdentityResponse": {"GetCallerIdentityResult": {…}, "ResponseMetadata": {"RequestId": …}}}`, times as
seconds since 1970; Kubernetes' aws-iam-authenticator reads GetCallerIdentity so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

import orjson

from keywright.aws.errors import AwsError
from keywright.aws.model import OperationModel, ServiceModel
from keywright.aws.wire import WireResponse
from keywright.protocol.json_values import JsonWriters
from keywright.protocol.response import error_status, respond

MEDIA_TYPE = b"application/json"
"""What an Accept header names that asks for JSON."""

_CONTENT_TYPE = (b"content-type", MEDIA_TYPE)
_REQUEST_ID = b"x-amzn-requestid"


def compile_serialise(
    operation: OperationModel, writers: JsonWriters
) -> Callable[[Mapping[str, Any], str], WireResponse]:
    """Compile the writing of an operation's answer."""
    shape = operation.output
    write = writers.members(shape, frozenset(shape.members)) if shape is not None else None
    wrapper = operation.result_wrapper

    def serialise(result: Mapping[str, Any], request_id: str) -> WireResponse:
        if write is None and result:
            raise ValueError(f"{operation.name} has no output, but was given {sorted(result)}")
        written = {} if write is None else write(result)
        content = written if wrapper is None else {wrapper: written}
        document = {f"{operation.name}Response": {**content, "ResponseMetadata": {"RequestId": request_id}}}
        return respond(operation.success_status, _CONTENT_TYPE, _REQUEST_ID, request_id, orjson.dumps(document))

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
    details: Mapping[str, str] | None = None,
) -> WireResponse:
    status = error_status(error, service, operation)
    described = {"Code": error.code, "Message": error.message, "Type": "Sender" if status < 500 else "Receiver"}
    told = {name: value for name, value in described.items() if value} | dict(details or {})
    body = orjson.dumps({"Error": told, "RequestId": request_id})
    return respond(status, _CONTENT_TYPE, _REQUEST_ID, request_id, body)
