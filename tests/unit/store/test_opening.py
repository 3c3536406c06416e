"""Finding, making and upgrading a store, and saying in one line what is wrong with it."""

from __future__ import annotations

import asyncio
import base64
import gc
import secrets
import stat
from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, update

from keywright.store.migrations import HEAD, VERSIONS, version_table
from keywright.store.migrations.upgrade import scripts
from keywright.store.opening import Location, locate, open_store
from keywright.store.postgresql import postgresql_engine
from keywright.store.sqlite import sqlite_engine
from keywright.store.tables import metadata
from keywright.store.transaction import StoreError
from tests.unit.store.conftest import opening
from tests.unit.store.rows import account_ids, adding

Run = Callable[[Any], Any]


def test_migrations_make_the_schema_of_the_tables(empty_location: Location, run: Run) -> None:
    """What the migrations make is what `tables` says, to the last column, index and constraint."""

    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        found: list[Any] = compare_metadata(context, metadata)
        return found

    async def scenario() -> None:
        async with opening(empty_location) as store:
            assert await store.read(differences) == []

    run(scenario())


def test_versions_are_the_migration_scripts() -> None:
    """The list of versions is the scripts', oldest first, in one line of descent."""
    found = [script.revision for script in scripts().walk_revisions()]
    assert list(reversed(found)) == list(VERSIONS)
    assert scripts().get_heads() == [HEAD]


def test_a_newer_store_is_refused(location: Location) -> None:
    """A store from a later version is left alone, with a line that says so."""
    file = location.sqlite_file
    engine = postgresql_engine(location.url) if file is None else sqlite_engine(file)
    with engine.begin() as connection:
        connection.execute(update(version_table).values(version_num="9999"))
    with pytest.raises(StoreError) as caught:
        open_store(location, {})
    assert str(caught.value) == (
        f"{location} was written by a newer Keywright (schema 9999): upgrade this one to use it"
    )
    engine.dispose()
    del caught
    # What was opened to look is closed: an open connection would be told here.
    gc.collect()


def test_many_may_make_a_store_at_once(empty_location: Location, run: Run) -> None:
    """Of several that find nothing, one makes the store, the others wait and use it, with one master key."""
    count = 4
    barrier, problems, sealed = Barrier(count), [], []

    async def open_and_write(number: int) -> None:
        barrier.wait()
        store, sealer = open_store(empty_location, {})
        try:
            await store.write(adding(number))
            sealed.append(sealer.seal(b"secret", "row"))
        finally:
            await store.close()

    def process(number: int) -> None:
        try:
            asyncio.run(open_and_write(number))
        except Exception as error:  # noqa: BLE001 - told by the assertion
            problems.append(error)

    threads = [Thread(target=process, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []

    async def scenario() -> None:
        store, sealer = open_store(empty_location, {})
        try:
            assert await store.read(account_ids) == {f"{number:012d}" for number in range(count)}
            assert [sealer.unseal(one, "row") for one in sealed] == [b"secret"] * count
        finally:
            await store.close()

    run(scenario())


def test_a_new_store_is_private(tmp_path: Path, run: Run) -> None:
    """The folder is made 0700, with its parents where they are missing."""

    async def scenario() -> None:
        async with opening(locate(tmp_path / "a" / "b", None)):
            assert stat.S_IMODE((tmp_path / "a" / "b").stat().st_mode) == 0o700

    run(scenario())


@pytest.mark.parametrize("mode", [0o750, 0o705, 0o777])
def test_a_folder_that_others_enter_is_refused(tmp_path: Path, mode: int) -> None:
    """A folder that is open to others is not used, nor changed; the message says how to mend it."""
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(mode)
    with pytest.raises(StoreError) as caught:
        open_store(locate(folder, None), {})
    assert f"chmod 700 {folder}" in str(caught.value)
    assert stat.S_IMODE(folder.stat().st_mode) == mode
    assert list(folder.iterdir()) == []


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    """A path that is no folder is one line, not a traceback."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(StoreError, match="cannot be used"):
        open_store(locate(tmp_path / "file" / "data", None), {})


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """A database file with something else in it is named, and left as it is."""
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    (folder / "keywright.db").write_bytes(b"this is not SQLite" * 100)
    with pytest.raises(StoreError, match="cannot be opened"):
        open_store(locate(folder, None), {})
    assert (folder / "keywright.db").read_bytes().startswith(b"this is not")


def test_a_database_server_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A server that does not answer is one line that masks the password."""
    location = locate(tmp_path / "data", f"postgresql://user:hunter2@/db?host={tmp_path}")
    with pytest.raises(StoreError) as caught:
        open_store(location, {})
    assert "cannot be opened" in str(caught.value)
    assert "hunter2" not in str(caught.value)


def test_a_store_without_its_master_key_is_refused(sqlite_location: Location) -> None:
    """A lost key is not replaced by a new one, under which no secret would open."""
    (sqlite_location.folder / "master.key").unlink()
    with pytest.raises(StoreError, match="master key"):
        open_store(sqlite_location, {})
    assert not (sqlite_location.folder / "master.key").exists()


def test_the_master_key_may_come_from_the_environment(tmp_path: Path, run: Run) -> None:
    """With the variable no key file is made, and the same variable opens the secrets again."""
    environment = {"KEYWRIGHT_MASTER_KEY": base64.b64encode(secrets.token_bytes(32)).decode()}
    location = locate(tmp_path / "data", None)

    async def scenario() -> None:
        store, sealer = open_store(location, environment)
        sealed = sealer.seal(b"secret", "row")
        await store.close()
        assert not (location.folder / "master.key").exists()
        store, sealer = open_store(location, environment)
        assert sealer.unseal(sealed, "row") == b"secret"
        await store.close()

    run(scenario())


@pytest.mark.parametrize(
    ("database", "url", "folder"),
    [
        (None, "sqlite:////data/keywright.db", "/data"),
        ("sqlite:////elsewhere/x.db", "sqlite:////elsewhere/x.db", "/elsewhere"),
        ("postgresql://u@h/n", "postgresql+psycopg://u@h/n", "/data"),
        ("postgresql+psycopg://u@h:1/n?sslmode=require", "postgresql+psycopg://u@h:1/n?sslmode=require", "/data"),
    ],
)
def test_where_a_store_is(database: str | None, url: str, folder: str) -> None:
    """Without a URL it is SQLite in the data folder; a PostgreSQL store keeps its key there too."""
    location = locate(Path("/data"), database)
    assert (location.url.render_as_string(hide_password=False), str(location.folder)) == (url, folder)


@pytest.mark.parametrize(
    "database", ["nonsense", "mysql://u:hunter2@h/n", "sqlite://", "sqlite:///:memory:", "postgresql://u:hunter2@h", ""]
)
def test_urls_that_are_no_store(database: str) -> None:
    """What is neither a SQLite file nor a PostgreSQL database is refused, passwords masked."""
    with pytest.raises(StoreError) as caught:
        locate(Path("/data"), database)
    assert "hunter2" not in str(caught.value)


def test_a_location_is_named_without_its_password() -> None:
    """What is said of a store to people masks its password."""
    assert str(locate(Path("/data"), "postgresql://u:hunter2@h/n")) == "postgresql+psycopg://u:***@h/n"
    assert str(locate(Path("/data"), None)) == "/data/keywright.db"
