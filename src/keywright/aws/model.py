"""
AWS's own service models, read from botocore's package data.

Only the JSON files are used: importing `botocore.model` or its loaders costs 16 MB of memory, which the server does not
have to spare. Documentation strings, by far the most of each file, are dropped while reading; a shape is read when
it is first asked for, since no call asks for most of them.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib import resources
from sys import intern
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import orjson

# AWS: what the API reference's sample answers have, and S3 itself, where the model says nothing.
_SUCCESS: Final = {("s3", "PutBucketPolicy"): 204, ("s3", "PutBucketTagging"): 204}


class ErrorModel(NamedTuple):
    """An error that a service declares: its code on the wire, its name in CloudTrail, its HTTP status."""

    code: str
    exception_name: str
    status: int
    sender_fault: bool


class Member(NamedTuple):
    """
    A place in a structure, a list or a map, and the traits that hold in this place only.

    The shape is looked up when asked for, because shapes may contain themselves.
    """

    name: str
    target: str
    required: bool = False
    location: str | None = None
    """One of uri, querystring, header, headers, statusCode; None where the value travels in the body."""
    location_name: str | None = None
    flattened: bool = False
    streaming: bool = False
    json_value: bool = False
    idempotency_token: bool = False
    host_label: bool = False
    event_payload: bool = False
    timestamp_format: str | None = None
    query_name: str | None = None
    """EC2: the parameter's name in a form, where it is not made of the location's."""
    xml_attribute: bool = False
    xml_namespace: str | None = None
    xml_prefix: str | None = None
    shapes: Mapping[str, Shape] = MappingProxyType({})
    """Where the shape is looked up."""

    @property
    def shape(self) -> Shape:
        """Resolve the shape that travels here."""
        return self.shapes[self.target]


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """
    One shape of a service's model.

    `members` keeps the model's order. `element` is a list's, `key` and `value` are a map's.
    """

    name: str
    type: str
    """One of structure, list, map, string, integer, long, float, double, boolean, timestamp, blob, character."""
    members: Mapping[str, Member] = field(default_factory=dict)
    element: Member | None = None
    key: Member | None = None
    value: Member | None = None
    required: tuple[str, ...] = ()
    min: float | None = None
    max: float | None = None
    pattern: str | None = None
    enum: tuple[str, ...] = ()
    sensitive: bool = False
    streaming: bool = False
    flattened: bool = False
    payload: str | None = None
    location_name: str | None = None
    timestamp_format: str | None = None
    xml_namespace: str | None = None
    xml_prefix: str | None = None
    xml_order: tuple[str, ...] = ()
    union: bool = False
    document: bool = False
    event_stream: bool = False
    event: bool = False
    exception: bool = False
    fault: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class OperationModel:
    """One operation of a service's API."""

    service_name: str
    name: str
    http_method: str
    http_uri: str
    success_status: int
    result_wrapper: str | None
    input_location_name: str | None
    """REST-XML: the name of the body's root element, where the body is the input itself."""
    input_xml_namespace: str | None
    errors: Mapping[str, ErrorModel] = field(repr=False)
    """By code on the wire."""
    unsigned: bool
    """Whether the operation takes no signature (AssumeRoleWithWebIdentity, CreateOAuth2Token)."""
    deprecated: bool
    host_prefix: str | None
    _input: str | None = field(repr=False)
    _output: str | None = field(repr=False)
    _shapes: Mapping[str, Shape] = field(repr=False)

    @property
    def input(self) -> Shape | None:
        """Resolve the structure of the parameters."""
        return None if self._input is None else self._shapes[self._input]

    @property
    def output(self) -> Shape | None:
        """Resolve the structure of the result."""
        return None if self._output is None else self._shapes[self._output]


@dataclass(frozen=True, slots=True, eq=False)
class ServiceModel:
    """One service's API, compiled from botocore's model."""

    name: str
    api_version: str
    protocol: str
    """One of query, json, rest-xml, rest-json."""
    signing_name: str
    endpoint_prefix: str
    target_prefix: str | None
    json_version: str | None
    xml_namespace: str | None
    operations: Mapping[str, OperationModel] = field(repr=False)
    errors: Mapping[str, ErrorModel] = field(repr=False)
    """Every error that any operation declares, by code on the wire."""
    shapes: Mapping[str, Shape] = field(repr=False)


def load_service(name: str) -> ServiceModel:
    """
    Read a service's newest model by botocore's name for it, such as `iam` or `cloudtrail`.

    Raises: LookupError where botocore has no such service.
    """
    raw = _read(name)
    metadata = raw["metadata"]
    shapes = _Shapes(raw["shapes"])
    errors = {name: _error(name, shape) for name, shape in raw["shapes"].items() if shape.get("exception")}
    return ServiceModel(
        name=name,
        api_version=metadata["apiVersion"],
        protocol=metadata["protocol"],
        signing_name=metadata.get("signingName", metadata["endpointPrefix"]),
        endpoint_prefix=metadata["endpointPrefix"],
        target_prefix=metadata.get("targetPrefix"),
        json_version=metadata.get("jsonVersion"),
        xml_namespace=metadata.get("xmlNamespace"),
        operations={
            intern(operation): _operation(name, operation, raw_operation, shapes, errors)
            for operation, raw_operation in raw["operations"].items()
        },
        errors=_by_code(errors.values()),
        shapes=shapes,
    )


class _Shapes(Mapping[str, Shape]):
    """A service's shapes; each is read when it is first asked for."""

    def __init__(self, raw: dict[str, dict[str, Any]]) -> None:
        for shape in raw.values():
            shape.pop("documentation", None)
            for member in shape.get("members", {}).values():
                member.pop("documentation", None)
        self._raw = raw
        self._read: dict[str, Shape] = {}

    def __getitem__(self, name: str) -> Shape:
        found = self._read.get(name)
        if found is None:
            # Two threads may read one shape at once: they must have the same, since shapes are compared by identity.
            found = self._read.setdefault(name, _shape(name, self._raw[name], self))
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._raw)

    def __len__(self) -> int:
        return len(self._raw)


def _read(name: str) -> dict[str, Any]:
    folder = resources.files("botocore") / "data" / name
    versions = sorted(entry.name for entry in folder.iterdir() if entry.is_dir()) if folder.is_dir() else []
    if not versions:
        raise LookupError(f"botocore has no model of a service named {name!r}")
    newest = folder / versions[-1]
    packed = newest / "service-2.json.gz"
    text = gzip.decompress(packed.read_bytes()) if packed.is_file() else (newest / "service-2.json").read_bytes()
    model: dict[str, Any] = orjson.loads(text)
    return model


def _shape(name: str, raw: Mapping[str, Any], shapes: Mapping[str, Shape]) -> Shape:
    required = tuple(map(intern, raw.get("required", ())))
    namespace = raw.get("xmlNamespace") or {}
    return Shape(
        name=intern(name),
        type=intern(raw["type"]),
        members={
            intern(member): _member(member, raw_member, shapes, required=member in required)
            for member, raw_member in raw.get("members", {}).items()
        },
        element=_member("member", raw["member"], shapes) if "member" in raw else None,
        key=_member("key", raw["key"], shapes) if "key" in raw else None,
        value=_member("value", raw["value"], shapes) if "value" in raw else None,
        required=required,
        min=raw.get("min"),
        max=raw.get("max"),
        pattern=raw.get("pattern"),
        enum=tuple(map(intern, raw.get("enum", ()))),
        sensitive=raw.get("sensitive", False),
        streaming=raw.get("streaming", False),
        flattened=raw.get("flattened", False),
        payload=raw.get("payload"),
        location_name=raw.get("locationName"),
        timestamp_format=raw.get("timestampFormat"),
        xml_namespace=namespace.get("uri"),
        xml_prefix=namespace.get("prefix"),
        xml_order=tuple(raw.get("xmlOrder", ())),
        union=raw.get("union", False),
        document=raw.get("document", False),
        event_stream=raw.get("eventstream", False),
        event=raw.get("event", False),
        exception=raw.get("exception", False),
        fault=raw.get("fault", False),
    )


def _member(name: str, raw: Mapping[str, Any], shapes: Mapping[str, Shape], *, required: bool = False) -> Member:
    namespace = raw.get("xmlNamespace") or {}
    return Member(
        name=intern(name),
        target=intern(raw["shape"]),
        required=required,
        location=raw.get("location"),
        location_name=raw.get("locationName"),
        flattened=raw.get("flattened", False),
        streaming=raw.get("streaming", False),
        json_value=raw.get("jsonvalue", False),
        idempotency_token=raw.get("idempotencyToken", False),
        host_label=raw.get("hostLabel", False),
        event_payload=raw.get("eventpayload", False),
        timestamp_format=raw.get("timestampFormat"),
        query_name=raw.get("queryName"),
        xml_attribute=raw.get("xmlAttribute", False),
        xml_namespace=namespace.get("uri"),
        xml_prefix=namespace.get("prefix"),
        shapes=shapes,
    )


def _error(exception_name: str, raw: Mapping[str, Any]) -> ErrorModel:
    trait = raw.get("error", {})
    fault = raw.get("fault", False)
    status = trait.get("httpStatusCode", 500 if fault else 400)
    return ErrorModel(
        code=trait.get("code", exception_name),
        exception_name=exception_name,
        status=status,
        sender_fault=status < 500 and not fault,
    )


def _operation(
    service: str, name: str, raw: Mapping[str, Any], shapes: Mapping[str, Shape], errors: Mapping[str, ErrorModel]
) -> OperationModel:
    http = raw["http"]
    raw_input = raw.get("input") or {}
    raw_output = raw.get("output") or {}
    return OperationModel(
        service_name=service,
        name=intern(name),
        http_method=http["method"],
        http_uri=http["requestUri"],
        success_status=_SUCCESS.get((service, name)) or http.get("responseCode", 200),
        result_wrapper=raw_output.get("resultWrapper"),
        input_location_name=raw_input.get("locationName"),
        input_xml_namespace=(raw_input.get("xmlNamespace") or {}).get("uri"),
        errors=_by_code(errors[declared["shape"]] for declared in raw.get("errors", ())),
        unsigned=raw.get("authtype") == "none",
        deprecated=raw.get("deprecated", False),
        host_prefix=(raw.get("endpoint") or {}).get("hostPrefix"),
        _input=raw_input.get("shape"),
        _output=raw_output.get("shape"),
        _shapes=shapes,
    )


def _by_code(errors: Iterable[ErrorModel]) -> dict[str, ErrorModel]:
    return {error.code: error for error in errors}
