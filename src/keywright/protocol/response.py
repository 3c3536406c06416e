"""What every protocol's answer has: a status, a content type, a request id, a length."""

from __future__ import annotations

from keywright.aws.errors import AwsError
from keywright.aws.model import OperationModel, ServiceModel
from keywright.aws.wire import WireResponse


def respond(
    status: int, content_type: tuple[bytes, bytes], request_id_header: bytes, request_id: str, body: bytes
) -> WireResponse:
    """Complete a response with a body."""
    return WireResponse(
        status,
        [(request_id_header, request_id.encode()), content_type, (b"content-length", b"%d" % len(body))],
        body,
    )


def error_status(error: AwsError, service: ServiceModel | None, operation: OperationModel | None) -> int:
    """Find an error's HTTP status: the operation's model, else the service's, else the error's own."""
    for known in (operation.errors if operation else None, service.errors if service else None):
        if known and error.code in known:
            return known[error.code].status
    return error.status
