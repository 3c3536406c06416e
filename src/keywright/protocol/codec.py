"""An operation's two directions, compiled from its model; and a service's way to write errors."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from threading import Lock
from typing import Any, Final, NamedTuple, Protocol

from keywright.aws.errors import AwsError
from keywright.aws.model import OperationModel, ServiceModel
from keywright.aws.wire import WireResponse
from keywright.protocol import aws_json, aws_query, ec2_query, query_json, rest_json, rest_xml, rpc_cbor
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


class Compilers(NamedTuple):
    """What compiles the operations of one service, which share the readers and writers of its shapes."""

    parse: Callable[[OperationModel], Parse]
    serialise: Callable[[OperationModel], Serialise]
    serialise_error: WriteError
    lock: Lock
    """Held while one compiles: long operations are parsed on a thread of their own."""


class OperationCodec:
    """One operation, to be parsed and answered; each direction is compiled when it is first gone."""

    def __init__(self, service: ServiceModel, operation: OperationModel, compilers: Compilers) -> None:
        self.service: Final = service
        self.operation: Final = operation
        self.serialise_error: Final = compilers.serialise_error
        self._compilers: Final = compilers

    @cached_property
    def parse(self) -> Parse:
        """
        Give what reads the parameters.

        Raises: ValueError where the model asks for what the codecs do not do.
        """
        with self._compilers.lock:
            return self._compilers.parse(self.operation)

    @cached_property
    def serialise(self) -> Serialise:
        """
        Give what writes the result.

        Raises: ValueError where the model asks for what the codecs do not do.
        """
        with self._compilers.lock:
            return self._compilers.serialise(self.operation)


class ServiceWire(NamedTuple):
    """One service on the wire: all its operations, by name, and its errors."""

    service: ServiceModel
    operations: Mapping[str, OperationCodec]
    serialise_error: WriteError
    in_json: Mapping[str, OperationCodec]
    """A Query service's operations again, answering in JSON; of other services the same ones."""


def compile_service(service: ServiceModel, protocol: str | None = None) -> ServiceWire:
    """Make the codecs of a service's operations, in the model's first protocol or in another that it has."""
    protocol = protocol or service.protocol
    compilers = _PROTOCOLS[protocol](service)
    operations = _codecs(service, compilers)
    in_json = _codecs(service, _in_json(service, compilers)) if protocol == "query" else operations
    return ServiceWire(service, operations, compilers.serialise_error, in_json)


def _codecs(service: ServiceModel, compilers: Compilers) -> dict[str, OperationCodec]:
    return {name: OperationCodec(service, one, compilers) for name, one in service.operations.items()}


def _query(service: ServiceModel) -> Compilers:
    constraints, readers, writers = Constraints(Wording.of(service)), FormReaders(), XmlWriters(milliseconds=False)
    return Compilers(
        lambda operation: aws_query.compile_parse(operation, constraints, readers),
        lambda operation: aws_query.compile_serialise(operation, service, writers),
        aws_query.compile_error(service),
        Lock(),
    )


def _in_json(service: ServiceModel, compilers: Compilers) -> Compilers:
    """Give a Query service's compilers the answers in JSON; requests are the same forms."""
    writers = JsonWriters()
    return compilers._replace(
        serialise=lambda operation: query_json.compile_serialise(operation, writers),
        serialise_error=query_json.compile_error(service),
    )


def _json(service: ServiceModel) -> Compilers:
    constraints, readers, writers = Constraints(Wording.of(service)), JsonReaders(), JsonWriters()
    return Compilers(
        lambda operation: aws_json.compile_parse(operation, constraints, readers),
        lambda operation: aws_json.compile_serialise(operation, service, writers),
        aws_json.compile_error(service),
        Lock(),
    )


def _ec2(service: ServiceModel) -> Compilers:
    constraints, readers, writers = (
        Constraints(Wording.of(service)),
        ec2_query.Ec2Readers(),
        XmlWriters(milliseconds=True),
    )
    return Compilers(
        lambda operation: ec2_query.compile_parse(operation, constraints, readers),
        lambda operation: ec2_query.compile_serialise(operation, service, writers),
        ec2_query.compile_error(service),
        Lock(),
    )


def _rpc_cbor(service: ServiceModel) -> Compilers:
    constraints, readers, writers = Constraints(Wording.of(service)), JsonReaders(), JsonWriters()
    return Compilers(
        lambda operation: rpc_cbor.compile_parse(operation, constraints, readers),
        lambda operation: rpc_cbor.compile_serialise(operation, writers),
        rpc_cbor.compile_error(service),
        Lock(),
    )


def _rest_xml(service: ServiceModel) -> Compilers:
    constraints, readers, writers = Constraints(Wording.of(service)), XmlReaders(), XmlWriters(milliseconds=True)
    return Compilers(
        lambda operation: rest_xml.compile_parse(operation, constraints, readers),
        lambda operation: rest_xml.compile_serialise(operation, writers),
        # AWS: S3 has a form of its own; Route 53, CloudFront and S3 Control write errors as Query does (their APIs).
        rest_xml.compile_error(service) if service.name == "s3" else aws_query.compile_error(service),
        Lock(),
    )


def _rest_json(service: ServiceModel) -> Compilers:
    constraints, readers, writers = Constraints(Wording.of(service)), JsonReaders(), JsonWriters()
    return Compilers(
        lambda operation: rest_json.compile_parse(operation, constraints, readers),
        lambda operation: rest_json.compile_serialise(operation, writers),
        rest_json.compile_error(service),
        Lock(),
    )


_PROTOCOLS: Mapping[str, Callable[[ServiceModel], Compilers]] = {
    "query": _query,
    "json": _json,
    "ec2": _ec2,
    "smithy-rpc-v2-cbor": _rpc_cbor,
    "rest-xml": _rest_xml,
    "rest-json": _rest_json,
}
