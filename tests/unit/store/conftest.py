"""Stores for the tests, on SQLite and on a real PostgreSQL: each a copy of one that was migrated once."""

from __future__ import annotations

import asyncio
import secrets
import shutil
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from keywright.store.opening import Location, locate, open_store
from keywright.store.transaction import Store
from tests.unit.store.postgresql_server import ABSENT, PostgresqlServer, binaries, running

BACKENDS = ("sqlite", "postgresql")
Opened = Callable[[], AbstractAsyncContextManager[Store]]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    """A PostgreSQL server."""
    folder = binaries()
    if folder is None:
        pytest.skip(ABSENT)
    with running(folder) as server:
        yield server


@pytest.fixture(params=BACKENDS)
def empty_location(request: pytest.FixtureRequest, tmp_path: Path) -> Location:
    """A place where there is no store yet."""
    if request.param == "sqlite":
        return locate(tmp_path / "data", None)
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    url = server.create_database(f"empty_{secrets.token_hex(8)}")
    return locate(tmp_path / "data", url.render_as_string(hide_password=False))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a migrated SQLite store."""
    folder = tmp_path_factory.mktemp("template") / "data"
    _migrate(locate(folder, None))
    return folder


@pytest.fixture(scope="session")
def postgresql_template(postgresql: PostgresqlServer, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder beside a migrated PostgreSQL store, whose database is called `template`."""
    folder = tmp_path_factory.mktemp("template") / "data"
    _migrate(locate(folder, postgresql.create_database("template").render_as_string()))
    return folder


@pytest.fixture
def sqlite_location(sqlite_template: Path, tmp_path: Path) -> Location:
    """A new SQLite store."""
    shutil.copytree(sqlite_template, tmp_path / "data")
    return locate(tmp_path / "data", None)


@pytest.fixture(params=BACKENDS)
def location(request: pytest.FixtureRequest, tmp_path: Path) -> Location:
    """A new store, on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        found: Location = request.getfixturevalue("sqlite_location")
        return found
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    folder: Path = request.getfixturevalue("postgresql_template")
    shutil.copytree(folder, tmp_path / "data")
    url = server.create_database(f"store_{secrets.token_hex(8)}", template="template")
    return locate(tmp_path / "data", url.render_as_string())


@pytest.fixture
def opened(location: Location) -> Opened:
    """Open the store; each opening is as another server process would have it."""
    return lambda: opening(location)


@asynccontextmanager
async def opening(location: Location) -> AsyncIterator[Store]:
    """Open a store and close it."""
    store, _ = open_store(location, {})
    try:
        yield store
    finally:
        await store.close()


def _migrate(location: Location) -> None:
    async def migrate() -> None:
        async with opening(location):
            pass

    asyncio.run(migrate())


@pytest.fixture
def run() -> Callable[[Coroutine[Any, Any, Any]], Any]:
    """Run a coroutine on an event loop of its own."""
    return asyncio.run
