"""Operations of the Query services, by `Action` and `Version`."""

from __future__ import annotations

from collections.abc import Sequence

from keywright.aws.errors import AwsError
from keywright.aws.wire import WireRequest
from keywright.protocol import aws_query, query_json
from keywright.protocol.codec import OperationCodec, ServiceWire
from keywright.protocol.form import decode_form
from keywright.protocol.refusals import InvalidAction, MalformedQueryString, MethodNotAllowed, MissingAction
from keywright.protocol.routed import Route, RoutingError

_FORM = b"application/x-www-form-urlencoded"
# What the SDKs send, compared whole before anything is taken apart.
_KNOWN_FORMS = frozenset({_FORM, _FORM + b"; charset=utf-8", _FORM + b"; charset=UTF-8", _FORM + b";charset=utf-8"})
_NO_LABELS: dict[str, str] = {}


class QueryRoutes:
    """The operations of one Query service, or of all of them where the request does not say which."""

    def __init__(self, wires: Sequence[ServiceWire]) -> None:
        self._operations: dict[tuple[str, str], OperationCodec] = {
            (name, wire.service.api_version): codec for wire in wires for name, codec in wire.operations.items()
        }
        self._in_json: dict[tuple[str, str], OperationCodec] = {
            (name, wire.service.api_version): codec for wire in wires for name, codec in wire.in_json.items()
        }

    def claims(self, request: WireRequest) -> bool:
        """Tell whether the path is the Query services' only one."""
        return request.raw_path in (b"/", b"")

    def route(self, request: WireRequest) -> Route:
        """
        Find the operation of a form or query string.

        Raises: RoutingError, in AWS's dispatch form.
        """
        operations, dispatch_error = self._operations, aws_query.dispatch_error
        accept = request.headers.get(b"accept")
        if accept is not None and query_json.MEDIA_TYPE in accept:
            operations, dispatch_error = self._in_json, query_json.dispatch_error
        try:
            fields = read_fields(request)
        except AwsError as error:
            raise RoutingError(error, dispatch_error, request.method) from None
        action, version = fields.get("Action"), fields.get("Version")
        codec = operations.get((action, version))  # type: ignore[arg-type]  # None finds nothing
        if codec is None or not self.claims(request):
            raise RoutingError(_no_operation(action, version), dispatch_error, request.method)
        return Route(request, codec, fields, _NO_LABELS)


def _no_operation(action: str | None, version: str | None) -> AwsError:
    if action is None:
        return MissingAction("The request is missing an action or a required parameter.")
    # AWS: the words of the dispatcher [live STS].
    return InvalidAction(
        f"Could not find operation {action[:128]} for version {(version or 'NO_VERSION_SPECIFIED')[:128]}"
    )


def read_fields(request: WireRequest) -> dict[str, str]:
    """
    Read the query string and, of a POST, the form.

    Raises: MalformedQueryString, RequestEntityTooLarge, MethodNotAllowed.
    """
    if request.method == "POST":
        if not is_form(request.headers.get(b"content-type")):
            return decode_form(request.raw_query)
        if not request.raw_query:
            return decode_form(request.body)
        query, form = decode_form(request.raw_query), decode_form(request.body)
        if not query.keys().isdisjoint(form):
            raise MalformedQueryString("The query string names a parameter twice.")
        return query | form
    if request.method in ("GET", "HEAD"):
        return decode_form(request.raw_query)
    raise MethodNotAllowed("The Query API takes GET and POST.")


def names_action(request: WireRequest) -> bool:
    """Tell whether a query string or a form names an action, before either is read."""
    form = request.method == "POST" and is_form(request.headers.get(b"content-type"))
    return _names_action(request.raw_query) or (form and _names_action(request.body))


def _names_action(form: bytes) -> bool:
    return form.startswith(b"Action=") or b"&Action=" in form


def is_form(content_type: bytes | None) -> bool:
    """Tell whether a content type means a form in UTF-8."""
    if content_type in _KNOWN_FORMS:
        return True
    media_type, _, parameters = (content_type or b"").lower().partition(b";")
    return media_type.strip() == _FORM and parameters.replace(b'"', b"").strip() in (b"", b"charset=utf-8")
