"""Operations of the JSON services, by `X-Amz-Target`."""

from __future__ import annotations

from collections.abc import Sequence

from keywright.aws.wire import WireRequest
from keywright.protocol.aws_json import dispatch_error
from keywright.protocol.codec import OperationCodec, ServiceWire
from keywright.protocol.refusals import UnknownOperationException
from keywright.protocol.routed import Route, RoutingError

TARGET = b"x-amz-target"
_NOTHING: dict[str, str] = {}


class TargetRoutes:
    """The operations of one JSON service, or of all of them."""

    def __init__(self, wires: Sequence[ServiceWire]) -> None:
        self._operations: dict[bytes | None, OperationCodec] = {
            f"{prefix}.{name}".encode(): codec
            for wire in wires
            for prefix in _prefixes(wire)
            for name, codec in wire.operations.items()
        }

    def claims(self, request: WireRequest) -> bool:
        """Tell whether the request names a target."""
        return TARGET in request.headers

    def route(self, request: WireRequest) -> Route:
        """
        Find the operation that a target names.

        Raises: RoutingError.
        """
        codec = self._operations.get(request.headers.get(TARGET))
        if codec is None or request.method != "POST" or request.raw_path not in (b"/", b""):
            raise RoutingError(UnknownOperationException(), dispatch_error, request.method)
        return Route(request, codec, _NOTHING, _NOTHING)


def _prefixes(wire: ServiceWire) -> Sequence[str]:
    # AWS: botocore writes `com.amazonaws.….CloudTrail_20131101`, the SDKs made from Smithy its last part alone.
    whole = wire.service.target_prefix or ""
    return whole, whole.rpartition(".")[2]
