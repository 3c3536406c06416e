"""Operations of a REST service by method, path, query and headers, the most specific first."""

from __future__ import annotations

from collections.abc import Collection

from keywright.aws.errors import AwsError
from keywright.aws.wire import WireRequest
from keywright.protocol.addresses import host_name, virtual_bucket
from keywright.protocol.codec import OperationCodec, ServiceWire
from keywright.protocol.form import decode_pairs
from keywright.protocol.refusals import (
    METHOD_NOT_ALLOWED_MESSAGE,
    InvalidURI,
    MethodNotAllowed,
    UnknownRestOperation,
)
from keywright.protocol.rest_uri import Demands, UriTemplate
from keywright.protocol.routed import Route, RoutingError

_Candidate = tuple[Demands, OperationCodec]
_Candidates = list[_Candidate]


class RestRoutes:
    """One service's operations, sorted for finding."""

    def __init__(self, wire: ServiceWire, *, unsigned_only: bool = False) -> None:
        self._wire = wire
        by_path: dict[tuple[str, str], _Candidates] = {}
        candidates = [
            (Demands.of(codec.operation), codec)
            for codec in wire.operations.values()
            if codec.operation.unsigned or not unsigned_only
        ]
        for demands, codec in sorted(candidates, key=_specificity):
            path = codec.operation.http_uri.partition("?")[0]
            by_path.setdefault((codec.operation.http_method, path), []).append((demands, codec))
        self._by_method: dict[str, list[tuple[UriTemplate, _Candidates]]] = {}
        for (method, path), alike in by_path.items():
            self._by_method.setdefault(method, []).append((UriTemplate.of(path), alike))
        for templates in self._by_method.values():
            templates.sort(key=lambda entry: entry[0].specificity())

    def claims(self, request: WireRequest) -> bool:
        """Tell whether any operation has this method and path."""
        return any(
            template.match.fullmatch(request.raw_path) is not None
            for template, _ in self._by_method.get(request.method, ())
        )

    def route(self, request: WireRequest) -> Route:
        """
        Find the operation.

        Raises: RoutingError.
        """
        try:
            route = self._find(request, request.raw_path)
        except AwsError as error:
            raise self._refuse(error, request) from None
        if route is None:
            raise self._refuse(UnknownRestOperation(), request)
        return route

    def _find(self, request: WireRequest, raw_path: bytes) -> Route | None:
        fields: dict[str, str] = {}
        if request.raw_query:
            for name, value in decode_pairs(request.raw_query):
                fields.setdefault(name, value)
        for template, candidates in self._by_method.get(request.method, ()):
            labels = template.read(raw_path)
            if labels is not None:
                for demands, codec in candidates:
                    if demands.met_by(request, fields):
                        return Route(request, codec, fields, labels)
        return None

    def _refuse(self, error: AwsError, request: WireRequest) -> RoutingError:
        return RoutingError(error, self._wire.serialise_error, request.method)


class BucketRoutes(RestRoutes):
    """S3's operations, whose bucket may stand in the host."""

    def __init__(self, wire: ServiceWire, domains: Collection[str]) -> None:
        super().__init__(wire)
        self._domains = domains

    def claims(self, request: WireRequest) -> bool:  # noqa: ARG002 - S3 owns every path
        """Tell that every path may be a bucket's."""
        return True

    def route(self, request: WireRequest) -> Route:
        """
        Find the operation.

        Raises: RoutingError: MethodNotAllowed, InvalidURI.
        """
        bucket = virtual_bucket(host_name(request), self._domains)
        raw_path = request.raw_path if bucket is None else b"/" + bucket.encode("latin-1") + request.raw_path
        try:
            route = self._find(request, raw_path or b"/")
        except AwsError:
            raise self._refuse(InvalidURI("Couldn't parse the specified URI."), request) from None
        if route is None:
            raise self._refuse(MethodNotAllowed(METHOD_NOT_ALLOWED_MESSAGE), request)
        return route


def _specificity(candidate: _Candidate) -> tuple[tuple[int, int], bool]:
    demands, codec = candidate
    return demands.specificity(), codec.operation.deprecated
