"""An operation's two directions, compiled from its model; and a service's way to write errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from keywright.aws.errors import AwsError
from keywright.aws.model import OperationModel, ServiceModel
from keywright.aws.wire import WireResponse
from keywright.protocol import aws_json, aws_query, rest_json, rest_xml
from keywright.protocol.asked import Asked
from keywright.protocol.constraints import Constraints, Wording
from keywright.protocol.form_values import FormReaders
from keywright.protocol.json_values import JsonReaders, JsonWriters
from keywright.protocol.xml_read import XmlReaders
from keywright.protocol.xml_write import XmlWriters

Parse = Callable[[Asked], dict[str, Any]]
"""Reads a routed request into keywords. Raises: AwsError."""

Serialise = Callable[[Mapping[str, Any], str], WireResponse]
"""Writes a result, keyed by the model's member names, under a request id."""


class WriteError(Protocol):
    """Writes an error in a service's form."""

    def __call__(
        self,
        error: AwsError,
        request_id: str,
        operation: OperationModel | None = None,
        details: Mapping[str, str] | None = None,
    ) -> WireResponse:
        """Take the status from the operation's model, else from the service's, else from the error."""


@dataclass(frozen=True, slots=True)
class OperationCodec:
    """One operation, ready to be parsed and answered."""

    service: ServiceModel
    operation: OperationModel
    parse: Parse = field(repr=False)
    serialise: Serialise = field(repr=False)
    serialise_error: WriteError = field(repr=False)


@dataclass(frozen=True, slots=True)
class ServiceWire:
    """One service on the wire: all its operations, by name, and its errors."""

    service: ServiceModel
    operations: Mapping[str, OperationCodec] = field(repr=False)
    serialise_error: WriteError = field(repr=False)


def compile_service(service: ServiceModel) -> ServiceWire:
    """
    Compile every operation of a service.

    Raises: ValueError where the model asks for what the codecs do not do.
    """
    compile_operation, serialise_error = _PROTOCOLS[service.protocol](service)
    operations = {
        name: OperationCodec(service, operation, *compile_operation(operation), serialise_error)
        for name, operation in service.operations.items()
    }
    return ServiceWire(service, operations, serialise_error)


_Compiled = tuple[Callable[[OperationModel], tuple[Parse, Serialise]], WriteError]


def _query(service: ServiceModel) -> _Compiled:
    constraints, readers, writers = Constraints(Wording.of(service)), FormReaders(), XmlWriters(milliseconds=False)
    return (
        lambda operation: (
            aws_query.compile_parse(operation, constraints, readers),
            aws_query.compile_serialise(operation, service, writers),
        ),
        aws_query.compile_error(service),
    )


def _json(service: ServiceModel) -> _Compiled:
    constraints, readers, writers = Constraints(Wording.of(service)), JsonReaders(), JsonWriters()
    return (
        lambda operation: (
            aws_json.compile_parse(operation, constraints, readers),
            aws_json.compile_serialise(operation, service, writers),
        ),
        aws_json.compile_error(service),
    )


def _rest_xml(service: ServiceModel) -> _Compiled:
    constraints, readers, writers = Constraints(Wording.of(service)), XmlReaders(), XmlWriters(milliseconds=True)
    return (
        lambda operation: (
            rest_xml.compile_parse(operation, constraints, readers),
            rest_xml.compile_serialise(operation, writers),
        ),
        rest_xml.compile_error(service),
    )


def _rest_json(service: ServiceModel) -> _Compiled:
    constraints, readers, writers = Constraints(Wording.of(service)), JsonReaders(), JsonWriters()
    return (
        lambda operation: (
            rest_json.compile_parse(operation, constraints, readers),
            rest_json.compile_serialise(operation, writers),
        ),
        rest_json.compile_error(service),
    )


_PROTOCOLS: Mapping[str, Callable[[ServiceModel], _Compiled]] = {
    "query": _query,
    "json": _json,
    "rest-xml": _rest_xml,
    "rest-json": _rest_json,
}
