"""Markers: pages go on where the last one ended, and made-up markers are refused."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Connection, Integer, MetaData, String, Table, create_engine, insert, select

from keywright.services.iam.errors import ValidationError
from keywright.services.iam.pages import PageRequest, read_page, slice_page

TABLE = Table("t", MetaData(), Column("a", String), Column("b", String), Column("n", Integer))


@pytest.fixture
def connection() -> Iterator[Connection]:
    """A table of four rows, in no order."""
    engine = create_engine("sqlite://")
    TABLE.metadata.create_all(engine)
    with engine.connect() as connection:
        rows = [{"a": a, "b": b, "n": n} for n, (a, b) in enumerate([("y", "1"), ("x", "2"), ("x", "1"), ("z", "é")])]
        connection.execute(insert(TABLE), rows)
        yield connection
    engine.dispose()


def test_rows_are_read_page_by_page(connection: Connection) -> None:
    """Pages of every size hold each row once, in order, by as many columns as tell rows apart."""
    for size in range(1, 6):
        marker, found = None, []
        while True:
            page = PageRequest(marker, size)
            rows, truncation = read_page(connection, select(TABLE), [TABLE.c.a, TABLE.c.b], page)
            found += [row.n for row in rows]
            marker = truncation.get("Marker")
            assert truncation["IsTruncated"] is (marker is not None)
            if marker is None:
                break
            assert len(rows) == size
        assert found == [2, 1, 0, 3]


@settings(max_examples=60, deadline=None)
@given(st.sets(st.text(max_size=8), max_size=12), st.integers(1, 5))
def test_items_are_sliced_page_by_page(keys: set[str], size: int) -> None:
    """Pages of items hold each once, in order, whatever their keys are."""
    items, marker, found = sorted(keys), None, list[str]()
    while True:
        page, truncation = slice_page(items, str, PageRequest(marker, size))
        found += page
        marker = truncation.get("Marker")
        if marker is None:
            break
    assert found == items


def test_without_a_size_a_page_has_a_hundred() -> None:
    """A hundred items are the default."""
    items = [f"{number:03d}" for number in range(101)]
    page, truncation = slice_page(items, str, PageRequest(None, None))
    assert (len(page), truncation["IsTruncated"]) == (100, True)


def encoded(value: object) -> str:
    """Write a marker as the server would, of any value."""
    return base64.urlsafe_b64encode(orjson.dumps(value)).decode()


@pytest.mark.parametrize(
    "marker",
    [
        "",
        "x",
        "====",
        "é",
        encoded("a"),
        encoded([]),
        encoded(["a", "b"]),
        encoded([1]),
        encoded({"a": 1}),
        encoded(None),
    ],
)
def test_a_made_up_marker_is_refused(marker: str) -> None:
    """What is no marker of this list is a ValidationError, and never anything else."""
    with pytest.raises(ValidationError):
        slice_page(["a"], str, PageRequest(marker, 1))
