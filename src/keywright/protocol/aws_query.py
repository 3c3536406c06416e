"""
The Query protocol: IAM and STS.

A request is a flat form (`Tags.member.1.Key=team`), an answer is XML.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from keywright.aws.errors import AwsError
from keywright.aws.model import Member, OperationModel, ServiceModel
from keywright.aws.wire import WireResponse
from keywright.protocol.asked import Asked
from keywright.protocol.constraints import Constraints, explain
from keywright.protocol.form_values import MAX_NESTING, NO_STRUCTURE, FormReaders, Read, converter, split, unknown
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
RESERVED_PREFIX = "x-amz-"

_CONTENT_TYPE = (b"content-type", b"text/xml")


def compile_parse(
    operation: OperationModel, constraints: Constraints, readers: FormReaders
) -> Callable[[Asked], dict[str, Any]]:
    """
    Compile the reading of an operation's form into keywords.

    The reader raises: MalformedInput, ValidationError.
    """
    members: Mapping[str, Member] = operation.input.members if operation.input is not None else {}
    scalars: dict[str, tuple[str, Convert | None]] = {}
    nested: dict[str, tuple[str, Read]] = {}
    for name, member in members.items():
        if member.shape.type in CONVERSIONS:
            scalars[name] = keyword(name), converter(member.shape)
        else:
            nested[name] = keyword(name), readers.value(member.shape)
    check = constraints.members(operation.input, keyword) if operation.input is not None else None

    def parse(asked: Asked) -> dict[str, Any]:
        values: dict[str, Any] = {}
        others: dict[str, str] | None = None
        for name, text in asked.fields.items():
            known = scalars.get(name)
            if known is not None:
                key, convert = known
                values[key] = text if convert is None else convert(text)
            elif name not in RESERVED_FIELDS and name[:6].lower() != RESERVED_PREFIX:
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
    nested: Mapping[str, tuple[str, Read]],
    scalars: Mapping[str, object],
    values: dict[str, Any],
) -> None:
    if any(name.count(".") > MAX_NESTING for name in others):
        raise MalformedInput("The request is nested too deeply")
    for head, group in split(others).items():
        if head in nested:
            key, read = nested[head]
            values[key] = read(group)
        else:
            raise MalformedInput(NO_STRUCTURE) if head in scalars else unknown(head)


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
    # AWS: an error without words, such as ReportNotPresent, has no Message (facts §4).
    message = f"<Message>{escape(error.message)}</Message>" if error.message else ""
    body = (
        f'<ErrorResponse xmlns="{namespace}"><Error><Type>{kind}</Type><Code>{error.code}</Code>'
        f"{message}{more}</Error><RequestId>{request_id}</RequestId></ErrorResponse>\n"
    )
    return respond(status, _CONTENT_TYPE, b"x-amzn-requestid", request_id, body.encode())
