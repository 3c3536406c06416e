"""One API operation as the corridor meets it, with all that does not change from request to request worked out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, NamedTuple

from keywright.aws.model import OperationModel, ServiceModel
from keywright.services.operation import Identify, Operation, Service, is_read_only
from keywright.sigv4.refusals import Style
from keywright.trail.event import Described
from keywright.trail.redaction import compile_elements, compile_parameters

Show = Callable[[Mapping[str, Any]], dict[str, Any]]

_STYLES: Final[dict[str, Style]] = {
    "query": "query",
    "ec2": "query",
    "rest-xml": "query",
    "json": "json",
    "rest-json": "json",
    "smithy-rpc-v2-cbor": "json",
}

_HOME_REGION: Final = "us-east-1"
_MAKING_SESSIONS: Final = ("Assume", "GetSessionToken", "GetFederationToken", "GetDelegatedAccessToken")


class Entry(NamedTuple):
    """An operation of AWS's, whether or not it is performed here."""

    action: str
    """`iam:CreateUser`: the log's word for it, and the refusals'."""
    signing_name: str
    style: Style
    """In which words its service refuses a signature."""
    operation: Operation | None
    """None for one that is not performed yet."""
    reads: bool
    """Whether it only reads: from then on there is nothing to write but its event."""
    shows_result: bool
    """Whether its event shows its answer; CloudTrail's do where something was made, be it only credentials."""
    writes_with: str | None
    """The parameter, by its name on the wire, that makes a reading one write."""
    identify: Identify | None
    """What finds the caller of one that takes no signature; None for all others."""
    changes_identity: bool
    """Whether it may change who may do what, so that caches must be dropped."""
    home_region: str | None
    """Where its events are, for a service that is in one region only."""
    last_used_region: str | None
    described: Described
    show_parameters: Show
    show_elements: Show


_SIGNED_AS_S3: Final = frozenset({"s3", "s3express"})


def style_of(signing_name: str, protocol: str) -> Style:
    """Tell in which words a service refuses a signature; S3's relatives sign as it does."""
    return "s3" if signing_name in _SIGNED_AS_S3 else _STYLES[protocol]


Entries = Mapping[tuple[str, str], Entry]
"""By service and operation name."""


def build_entries(services: list[Service], style: Style | None = None) -> dict[tuple[str, str], Entry]:
    """Work out the entries of every operation of the services; `style` where the model's protocol is not spoken."""
    return {
        (service.model.name, operation.name): _build(
            service.model, operation, service.operations.get(operation.name), style
        )
        for service in services
        for operation in service.model.operations.values()
    }


def _build(
    service: ServiceModel, model: OperationModel, operation: Operation | None, style: Style | None = None
) -> Entry:
    read_only = is_read_only(model.name)
    return Entry(
        f"{service.name}:{model.name}" if operation is None else operation.action,
        service.signing_name,
        style or style_of(service.signing_name, service.protocol),
        operation,
        read_only,
        not read_only or (service.name == "sts" and model.name.startswith(_MAKING_SESSIONS)),
        None if operation is None else operation.writes_with,
        None if operation is None else operation.identify,
        service.name == "iam" and not read_only,
        _HOME_REGION if service.name == "iam" else None,
        # AWS: the last use for a service that is not region-specific, such as S3, has region N/A (User Guide,
        # "Get credential reports").
        "N/A" if service.name == "s3" else None,
        Described(
            f"{service.endpoint_prefix}.amazonaws.com", model.name, read_only, partial(_exception_name, service, model)
        ),
        compile_parameters(model),
        compile_elements(model),
    )


def _exception_name(service: ServiceModel, operation: OperationModel, code: str) -> str:
    """Give the exception that an error's code stands for; the operation's own errors come first."""
    error = operation.errors.get(code) or service.errors.get(code)
    return code if error is None else error.exception_name
