"""
Pages of a list: what IAM's `Marker`, `MaxItems` and `IsTruncated` mean.

A marker is opaque to its users: it is the last item's sort key, in base64, so that a page begins after it whatever was
added or deleted in between.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple, TypeVar

import orjson
from sqlalchemy import ColumnElement, Connection, Row, Select, tuple_

from keywright.services.iam.errors import ValidationError

T = TypeVar("T")

DEFAULT_ITEMS: Final = 100


class PageRequest(NamedTuple):
    """Which page of a list is asked for."""

    marker: str | None
    max_items: int | None


def read_page(
    connection: Connection, statement: Select[Any], order: Sequence[ColumnElement[Any]], request: PageRequest
) -> tuple[list[Row[Any]], dict[str, Any]]:
    """
    Read a page of a statement's rows in an order, whose columns are the rows' first and tell them apart.

    Gives the rows, and the members `IsTruncated` and `Marker` of the answer.
    """
    limit = request.max_items or DEFAULT_ITEMS
    if request.marker is not None:
        statement = statement.where(tuple_(*order) > tuple_(*_read_marker(request.marker, len(order))))
    rows = list(connection.execute(statement.order_by(*order).limit(limit + 1)))
    if len(rows) <= limit:
        return rows, {"IsTruncated": False}
    last = rows[limit - 1]
    return rows[:limit], {"IsTruncated": True, "Marker": _write_marker(tuple(last)[: len(order)])}


def slice_page(items: Sequence[T], key: Callable[[T], str], request: PageRequest) -> tuple[Sequence[T], dict[str, Any]]:
    """Take a page of items that are at hand, sorted by a key that tells them apart."""
    limit = request.max_items or DEFAULT_ITEMS
    if request.marker is not None:
        after = _read_marker(request.marker, 1)[0]
        items = [item for item in items if key(item) > after]
    if len(items) <= limit:
        return items, {"IsTruncated": False}
    return items[:limit], {"IsTruncated": True, "Marker": _write_marker((key(items[limit - 1]),))}


def _write_marker(values: tuple[Any, ...]) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode("ascii")


def _read_marker(marker: str, length: int) -> list[str]:
    try:
        values = orjson.loads(base64.urlsafe_b64decode(marker.encode("ascii")))
    except (binascii.Error, ValueError):
        values = None
    if not isinstance(values, list) or len(values) != length or not all(isinstance(value, str) for value in values):
        raise ValidationError("Invalid Marker.")
    return values
