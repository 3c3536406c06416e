"""What `--json` prints: a dataclass per command, its members named as AWS names its own (`AccessKeyId`)."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from keywright.client.cli.failures import Failure


def as_json(document: Any, error: Failure | None = None) -> str:
    """Write a document as one JSON object; `error`: why it is not the whole answer."""
    failed = {} if error is None else {"error": dataclasses.asdict(error)}
    return json.dumps(_plain(document) | failed, indent=2, ensure_ascii=False)


def members(document: type[Any], prefix: str = "") -> Iterator[tuple[str, str, str]]:
    """Give each member of a document: its path, its type, its meaning (`Annotated`)."""
    hints = typing.get_type_hints(document, include_extras=True)
    for field in dataclasses.fields(document):
        annotated = hints[field.name]
        kind, meaning = annotated.__origin__, annotated.__metadata__[0]
        path = prefix + _member(field.name)
        yield path, _type_name(kind), meaning
        for inner in _documents_in(kind):
            yield from members(inner, f"{path}[]." if typing.get_origin(kind) is tuple else f"{path}.")


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {_member(field.name): _plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, dict):
        return {str(name): _plain(one) for name, one in value.items()}
    return value


def _member(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def _documents_in(kind: Any) -> list[type[Any]]:
    options = typing.get_args(kind) or (kind,)
    return [one for one in options if dataclasses.is_dataclass(one) and isinstance(one, type)]


def _type_name(kind: Any) -> str:
    if typing.get_origin(kind) is types.UnionType:
        return " or ".join(_type_name(one) for one in typing.get_args(kind))
    if typing.get_origin(kind) is tuple:
        return f"list of {_type_name(typing.get_args(kind)[0])}s"
    if typing.get_origin(kind) is dict:
        return "object of strings"
    if dataclasses.is_dataclass(kind):
        return "object"
    names = {str: "string", bool: "boolean", int: "number", datetime: "time", type(None): "null", Path: "string"}
    return names.get(kind, "string")
