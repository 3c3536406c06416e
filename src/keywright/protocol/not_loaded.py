"""
Requests for services whose models are read only when a caller who is known asks for them: all but a few of botocore's.

What is known before then: by the scope's signing name, which services it may be; by the request itself, which of their
protocols it speaks. Then, with the models of those services, which operation is meant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from keywright.aws.errors import AwsError
from keywright.aws.known_services import KnownService
from keywright.aws.model import ServiceModel
from keywright.aws.wire import WireRequest, WireResponse
from keywright.protocol import aws_json, aws_query, ec2_query, rest_json, rpc_cbor
from keywright.protocol.codec import compile_service
from keywright.protocol.query_routes import QueryRoutes, names_action
from keywright.protocol.refusals import UnknownRestOperation
from keywright.protocol.rest_routes import RestRoutes
from keywright.protocol.routed import Route, RoutingError
from keywright.protocol.target_routes import TARGET, TargetRoutes

_CBOR: Final = "smithy-rpc-v2-cbor"
_WRITERS: Final[Mapping[str, Callable[[AwsError, str], WireResponse]]] = {
    "query": aws_query.dispatch_error,
    "ec2": ec2_query.dispatch_error,
    "json": aws_json.dispatch_error,
    _CBOR: rpc_cbor.dispatch_error,
    "rest-json": rest_json.dispatch_error,
    "rest-xml": aws_query.dispatch_error,
}
_NOTHING: dict[str, str] = {}


class NotLoaded(Exception):
    """A signed request for a service whose model is not read yet: raised instead of a route."""

    def __init__(self, request: WireRequest, services: tuple[KnownService, ...]) -> None:
        super().__init__(services[0].signing_name)
        self.protocol: Final = spoken_protocol(request, services)
        self.signing_name: Final = services[0].signing_name
        # A client older than the model may speak what the model has lost: SQS's Query.
        speaking = [service for service in services if self.protocol in service.protocols] or services
        self.service_names: Final = tuple(service.name for service in speaking)
        self._method: Final = request.method

    def refuse(self, error: AwsError) -> RoutingError:
        """Give an error in the form that the request speaks."""
        return RoutingError(error, _WRITERS[self.protocol], self._method)


def spoken_protocol(request: WireRequest, services: Sequence[KnownService]) -> str:
    """Tell which of the services' protocols a request speaks."""
    known = [protocol for service in services for protocol in service.protocols]
    if request.headers.get(b"smithy-protocol") == b"rpc-v2-cbor":
        return _CBOR
    if TARGET in request.headers:
        return "json"
    if "ec2" in known:
        return "ec2"
    if names_action(request):
        return "query"
    return next((one for one in known if one.startswith("rest-")), known[0])


class LoadedServices:
    """The operations of the services that share a signing name, in the protocol in which they were asked for."""

    def __init__(self, models: Sequence[ServiceModel], protocol: str) -> None:
        self._wires = [compile_service(model, protocol if _is_rpc(protocol) else None) for model in models]
        self._find = self._finder(protocol)

    def _finder(self, protocol: str) -> Callable[[WireRequest], Route]:
        match protocol:
            case "query" | "ec2":
                return QueryRoutes(self._wires).route
            case "json":
                return TargetRoutes(self._wires).route
            case "smithy-rpc-v2-cbor":
                return self._by_path
            case _:
                self._rest = [RestRoutes(wire) for wire in self._wires]
                return self._by_rest

    def route(self, request: WireRequest) -> Route:
        """
        Find the operation that a request means.

        Raises: RoutingError.
        """
        return self._find(request)

    def _by_rest(self, request: WireRequest) -> Route:
        """Take the first service that has such an operation; the first one's refusal where none has."""
        refusals = []
        for routes in self._rest:
            try:
                return routes.route(request)
            except RoutingError as refusal:
                refusals.append(refusal)
        raise refusals[0]

    def _by_path(self, request: WireRequest) -> Route:
        """Read `/service/{target prefix}/operation/{name}`."""
        parts = request.raw_path.decode("latin-1").split("/")
        if request.method == "POST" and len(parts) == 5 and parts[1::2] == ["service", "operation"]:
            for wire in self._wires:
                if wire.service.target_prefix == parts[2] and parts[4] in wire.operations:
                    return Route(request, wire.operations[parts[4]], _NOTHING, _NOTHING)
        raise RoutingError(UnknownRestOperation(), rpc_cbor.dispatch_error, request.method)


def _is_rpc(protocol: str) -> bool:
    """Tell whether a protocol can be asked of a service that prefers another; REST's paths are in its own models."""
    return not protocol.startswith("rest-")
