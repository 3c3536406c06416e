"""Keeping what was found when policies refused a call, for a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, create_engine, func, select

from keywright.store.tables import denials, denied_documents, metadata
from keywright.trail.denials import (
    RETENTION,
    Denial,
    find_denial,
    new_authorization_id,
    prune_denials,
    read_document,
    write_denial,
)

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MINE, THEIRS = "111122223333", "444455556666"
DETAILS: dict[str, Any] = {"requestContext": {}, "evaluations": [], "policies": []}


@pytest.fixture
def connection() -> Iterator[Connection]:
    """A store in which nothing was refused yet."""
    engine = create_engine("sqlite://")
    metadata.create_all(engine)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def refuse(connection: Connection, at: datetime, *texts: str) -> str:
    """Keep a refusal by policies of these texts; gives its id."""
    documents = {f"inline/{number}": text for number, text in enumerate(texts)}
    denial = Denial(new_authorization_id(), DETAILS, documents)
    write_denial(connection, MINE, denial, at)
    return denial.authorization_id


def count(connection: Connection) -> tuple[int, int]:
    """Count refusals and documents."""
    refusals, documents = (
        connection.execute(select(func.count()).select_from(table)).scalar_one()
        for table in (denials, denied_documents)
    )
    return refusals, documents


def test_a_refusal_is_found_by_its_account(connection: Connection) -> None:
    """Details and documents come back as they were, to the account that they are of."""
    found = find_denial(connection, MINE, refuse(connection, NOW, '{"a": 1}'), NOW)
    assert found is not None
    documents = found.pop("documents")
    assert found == DETAILS
    assert read_document(connection, documents["inline/0"]) == {"a": 1}
    assert find_denial(connection, THEIRS, refuse(connection, NOW), NOW) is None
    assert find_denial(connection, MINE, "nothing", NOW) is None


def test_a_document_is_kept_once(connection: Connection) -> None:
    """However often the same policies refuse, their documents are there once each."""
    for _ in range(3):
        refuse(connection, NOW, '{"a": 1}', '{"a": 2}', '{"a": 1}')
    assert count(connection) == (3, 2)


def test_refusals_are_forgotten_after_a_day(connection: Connection) -> None:
    """A refusal is gone after a day; a document stays for as long as a refusal names it."""
    first = refuse(connection, NOW, '{"a": 1}', '{"a": 2}')
    later = NOW + timedelta(hours=20)
    second = refuse(connection, later, '{"a": 1}')
    assert find_denial(connection, MINE, first, NOW + RETENTION) is not None
    assert find_denial(connection, MINE, first, NOW + RETENTION + timedelta(seconds=1)) is None
    prune_denials(connection, NOW + RETENTION + timedelta(hours=2), 100)
    assert count(connection) == (1, 1)
    found = find_denial(connection, MINE, second, later)
    assert found is not None
    assert read_document(connection, found["documents"]["inline/0"]) == {"a": 1}
    prune_denials(connection, later + RETENTION + timedelta(hours=2), 100)
    assert count(connection) == (0, 0)


def test_a_document_outlives_each_refusal_that_names_it(connection: Connection) -> None:
    """Used again within the hour, a document still lasts until the last of its refusals is a day old."""
    refuse(connection, NOW, '{"a": 1}')
    last = NOW + timedelta(minutes=59)
    found = find_denial(connection, MINE, refuse(connection, last, '{"a": 1}'), last)
    prune_denials(connection, last + RETENTION, 100)
    assert found is not None
    assert read_document(connection, found["documents"]["inline/0"]) == {"a": 1}
