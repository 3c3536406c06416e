"""Record it: the last door, in the same transaction as the change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from keywright.aws.errors import AwsError
from keywright.aws.model import OperationModel, ServiceModel
from keywright.identity.directory import Credential
from keywright.server.stages import Authenticated
from keywright.services.operation import is_read_only
from keywright.store.tables import to_milliseconds
from keywright.store.transaction import EventRow, KeyUseRow, ResourceRow
from keywright.trail.event import Described, OpenEvent, Outcome, close_event
from keywright.trail.redaction import compile_elements, compile_parameters

_HOME_REGION: Final = "us-east-1"
_USE_MILLISECONDS: Final = 15 * 60 * 1000
"""AWS: only the first use in 15 minutes is recorded (User Guide, "Get credential reports")."""

Show = Callable[[Mapping[str, Any]], dict[str, Any]]


class Closed(NamedTuple):
    """What a call adds to the store beside its change."""

    event: EventRow
    resources: list[ResourceRow]
    key_use: KeyUseRow | None


class _Recorded(NamedTuple):
    described: Described
    show_parameters: Show
    show_elements: Show


class Recorder:
    """Closes events, with what of each operation they may show compiled once."""

    def __init__(self, services: Mapping[str, ServiceModel]) -> None:
        self._recorded: Final = {
            (service.name, operation.name): _describe(service, operation)
            for service in services.values()
            for operation in service.operations.values()
        }

    def close(
        self,
        event: OpenEvent,
        authenticated: Authenticated,
        inputs: Mapping[str, Any] | None,
        result: Mapping[str, Any] | None,
        error: AwsError | None,
    ) -> Closed:
        """Close the event of an authenticated call."""
        route = authenticated.route
        described, show_parameters, show_elements = self._recorded[route.service.name, route.operation.name]
        parameters = show_parameters(inputs) or None if inputs else None
        elements = show_elements(result) or None if result and not described.read_only else None
        region = _HOME_REGION if route.service.name == "iam" else authenticated.region
        row, resources = close_event(
            event, described, authenticated.caller, region, Outcome(parameters, elements, error)
        )
        return Closed(row, resources, _key_use(authenticated.credential, route.service, region, event.at))


def _key_use(credential: Credential, service: ServiceModel, region: str, at: datetime) -> KeyUseRow | None:
    """Note the use of a long-term key, unless one was noted in the last quarter of an hour."""
    if credential.caller.session is not None:
        return None
    now = to_milliseconds(at)
    last = credential.last_used_milliseconds
    if last is not None and now - last < _USE_MILLISECONDS:
        return None
    credential.last_used_milliseconds = now
    # AWS: S3 is not region-specific here: its last use has region N/A (User Guide, "Get credential reports").
    return now, service.signing_name, "N/A" if service.name == "s3" else region, credential.caller.access_key_id


def _describe(service: ServiceModel, operation: OperationModel) -> _Recorded:
    errors = {**service.errors, **operation.errors}
    described = Described(
        f"{service.endpoint_prefix}.amazonaws.com",
        operation.name,
        is_read_only(operation.name),
        {code: error.exception_name for code, error in errors.items()},
    )
    return _Recorded(described, compile_parameters(operation.input), compile_elements(operation.output))
