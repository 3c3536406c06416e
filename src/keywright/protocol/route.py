"""
PARSE, first half: which operation a request means.

One port serves every service. The credential scope names the service; without one, the target, the action, the host
and the path do, in this order.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from keywright.aws.known_services import services_signed_as
from keywright.aws.model import ServiceModel
from keywright.aws.wire import WireRequest
from keywright.protocol import rest_json
from keywright.protocol.addresses import host_name, is_signed, scope_service, virtual_bucket
from keywright.protocol.codec import ServiceWire, compile_service
from keywright.protocol.not_loaded import NotLoaded
from keywright.protocol.query_routes import QueryRoutes, names_action
from keywright.protocol.refusals import UnknownRestOperation
from keywright.protocol.rest_routes import BucketRoutes, RestRoutes
from keywright.protocol.routed import Route, RoutingError
from keywright.protocol.target_routes import TARGET, TargetRoutes

__all__ = ["NotLoaded", "Route", "Routes", "RoutingError"]

_S3_CONTROL = b"/v20180820/"
"""AWS: what every path of S3 Control begins with; each of its requests names an account (its model)."""
_Finder = QueryRoutes | TargetRoutes | RestRoutes


class Routes:
    """
    Every operation of every service, compiled once.

    `bucket_domains`: the server's own names; `photos.localhost` is the bucket `photos` where `localhost` is one.
    """

    def __init__(self, services: Sequence[ServiceModel], *, bucket_domains: Collection[str] = ("localhost",)) -> None:
        self.services = {service.name: compile_service(service) for service in services}
        self._domains = tuple(bucket_domains)
        self._queries = QueryRoutes(self._wires("query"))
        self._targets = TargetRoutes(self._wires("json"))
        self._buckets: RestRoutes | None = None
        self._scopes: dict[bytes | None, list[_Finder]] = {}
        self._hosts: dict[str, list[_Finder]] = {}
        for wire in self.services.values():
            finder = self._finder(wire)
            self._scopes.setdefault(wire.service.signing_name.encode(), []).append(finder)
            self._hosts.setdefault(wire.service.endpoint_prefix, []).append(finder)
        self._unsigned = [RestRoutes(wire, unsigned_only=True) for wire in self._wires("rest-json")]

    def _wires(self, protocol: str) -> list[ServiceWire]:
        return [wire for wire in self.services.values() if wire.service.protocol == protocol]

    def _finder(self, wire: ServiceWire) -> _Finder:
        match wire.service.protocol:
            case "query":
                return QueryRoutes([wire])
            case "json":
                return TargetRoutes([wire])
            case "rest-xml":
                self._buckets = _BucketRoutes(wire, self._domains)
                return self._buckets
            case _:
                return RestRoutes(wire)

    def route(self, request: WireRequest) -> Route | None:
        """
        Find the operation that a request means; None where nothing in it is AWS's, such as a browser's GET /.

        Raises: RoutingError for a request of AWS's kind without an operation; NotLoaded for one of another service.
        """
        scope = scope_service(request)
        finders = self._scopes.get(scope) if scope is not None else None
        if finders is None:
            return self._without_scope(request, scope)
        if len(finders) == 1:
            return finders[0].route(request)
        return _first_claim(finders, request).route(request)

    def _without_scope(self, request: WireRequest, scope: bytes | None) -> Route | None:
        known = None if scope is None else services_signed_as().get(scope.decode("latin-1"))
        if known is not None:
            raise NotLoaded(request, known)
        finder = self._by_content(request) or self._by_host(host_name(request), request)
        if finder is None and scope is None and (is_signed(request) or _has_amz_header(request)):
            finder = self._buckets
        if finder is None:
            finder = next((finder for finder in self._unsigned if finder.claims(request)), None)
        if finder is not None:
            return finder.route(request)
        if scope is not None:
            raise RoutingError(UnknownRestOperation(), rest_json.dispatch_error, request.method)
        return None

    def _by_content(self, request: WireRequest) -> _Finder | None:
        if TARGET in request.headers:
            return self._targets
        return self._queries if names_action(request) and self._queries.claims(request) else None

    def _by_host(self, host: str, request: WireRequest) -> _Finder | None:
        service, _, rest = host.partition(".")
        if rest and service in self._hosts:
            return next((finder for finder in self._hosts[service] if finder.claims(request)), None)
        return self._buckets if virtual_bucket(host, self._domains) is not None else None


class _BucketRoutes(BucketRoutes):
    """S3's operations; S3 Control is signed as S3, and has no bucket in its paths."""

    def route(self, request: WireRequest) -> Route:
        """
        Find the operation.

        Raises: RoutingError; NotLoaded.
        """
        if request.raw_path.startswith(_S3_CONTROL) and b"x-amz-account-id" in request.headers:
            raise NotLoaded(request, tuple(one for one in services_signed_as()["s3"] if one.name == "s3control"))
        return super().route(request)


def _first_claim(finders: Sequence[_Finder], request: WireRequest) -> _Finder:
    """Give the one that has such a path, else the first, whose error it then is."""
    return next((finder for finder in finders if finder.claims(request)), finders[0])


def _has_amz_header(request: WireRequest) -> bool:
    """Tell whether an SDK speaks: `x-amz-…` is AWS's own, `amz-sdk-…` comes with unsigned requests too."""
    return any(name.startswith((b"x-amz-", b"amz-sdk-")) for name in request.headers)
