"""What routing finds: an operation, with what was decoded on the way; or an error with the form to write it in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from keywright.aws.errors import AwsError
from keywright.aws.model import OperationModel, ServiceModel
from keywright.aws.wire import WireRequest, WireResponse
from keywright.protocol.codec import OperationCodec


class Route(NamedTuple):
    """
    A request whose operation is known.

    `_replace(request=...)` gives the same route with another body, such as a chunked upload's once it is verified.
    """

    request: WireRequest
    codec: OperationCodec
    fields: Mapping[str, str]
    """The decoded form or query string."""
    labels: Mapping[str, str]
    """The decoded labels of a REST path: Bucket, Key."""

    @property
    def operation(self) -> OperationModel:
        """Give the operation's model."""
        return self.codec.operation

    @property
    def service(self) -> ServiceModel:
        """Give the service's model."""
        return self.codec.service

    def parse(self) -> dict[str, Any]:
        """
        Read the parameters as keywords: `user_name`; structures inside keep the model's own member names.

        Raises: AwsError.
        """
        return self.codec.parse(self)

    def serialise(self, result: Mapping[str, Any], request_id: str) -> WireResponse:
        """
        Write the operation's result, keyed by the model's member names; None is an absent member.

        Raises: ValueError for a member that the model does not know.
        """
        return self.codec.serialise(result, request_id)

    def serialise_error(
        self, error: AwsError, request_id: str, details: Mapping[str, str] | None = None
    ) -> WireResponse:
        """
        Write an error in the service's form, under the status that the model has for its code.

        `details` are further members of the error, such as S3's BucketName.
        """
        response = self.codec.serialise_error(error, request_id, self.codec.operation, details)
        return without_body(response) if self.request.method == "HEAD" else response


class RoutingError(Exception):
    """A request of AWS's kind for which there is no operation: the error, and the form in which to write it."""

    def __init__(self, error: AwsError, write: Callable[[AwsError, str], WireResponse], method: str) -> None:
        super().__init__(error.code, error.message)
        self.error = error
        self._write = write
        self._method = method

    def serialise(self, request_id: str) -> WireResponse:
        """Write the error under a request id."""
        response = self._write(self.error, request_id)
        return without_body(response) if self._method == "HEAD" else response


def without_body(response: WireResponse) -> WireResponse:
    """Leave the body away, as an answer to HEAD must; its length may stay."""
    return response._replace(body=b"")
