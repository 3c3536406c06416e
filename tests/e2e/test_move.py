"""`keywright move` between SQLite and PostgreSQL, and PostgreSQL's own backup, as the administrator's page has it."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, select
from sqlalchemy.engine import URL, make_url

from keywright.store.tables import heartbeat, metadata
from tests.e2e.documentation import ROOT, blocks_of
from tests.e2e.live_server import KEYWRIGHT, LiveServer, bare_environment, make_account, run_keywright
from tests.e2e.signing import Key, query
from tests.e2e.writers import Client, all_pages, load, texts
from tests.unit.store.postgresql_server import ABSENT, PostgresqlServer, binaries, running

_PAGE = ROOT / "docs" / "administration.md"
_MOVE_SECONDS = 90


@pytest.fixture(scope="module")
def postgresql() -> Iterator[PostgresqlServer]:
    """Run a PostgreSQL server."""
    found = binaries()
    if found is None:
        pytest.skip(ABSENT)
    with running(found) as server:
        yield server


def as_text(url: URL) -> str:
    """Write a URL as a person does."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def rows_of(url: str) -> dict[str, list[Any]]:
    """Read all rows of all tables but the heartbeat's, as the tables' types have them."""
    made = make_url(url)
    if made.get_backend_name() == "postgresql":
        made = made.set(drivername="postgresql+psycopg")
    engine = create_engine(made)
    try:
        with engine.connect() as connection:
            return {
                table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
                for table in metadata.sorted_tables
                if table is not heartbeat
            }
    finally:
        engine.dispose()


def move(source: str, target: str, data: Path, home: Path) -> subprocess.CompletedProcess[str]:
    """Move a store."""
    flags = ("--from", source, "--to", target, "--data", str(data), "--json")
    return run_keywright("move", *flags, home=home, seconds=_MOVE_SECONDS)


def test_a_store_moves_to_postgresql_and_back_with_all_it_has(tmp_path: Path, postgresql: PostgresqlServer) -> None:
    """Every row arrives as it was, both ways; the keys work at once; what is served, or filled, is refused."""
    data = tmp_path / "data"
    account = make_account(data, home=tmp_path)
    admin = Key(account.access_key_id, account.secret_access_key)
    source = f"sqlite:///{data / 'keywright.db'}"
    target = as_text(postgresql.create_database("moved"))
    with LiveServer(tmp_path, name="first") as server, load(server.port, admin, "move") as so_far:
        served = move(source, target, data, tmp_path)
        assert (served.returncode, json.loads(served.stdout)["error"]["message"]) == (
            1,
            f"{data / 'keywright.db'} is in use: stop its server first (and any other command)",
        )
        while len(so_far().users) < 20:
            time.sleep(0.05)
    acknowledged = so_far()
    before = rows_of(source)

    moved = move(source, target, data, tmp_path)
    assert moved.returncode == 0, moved.stderr
    assert rows_of(target) == before == rows_of(source)
    counts = json.loads(moved.stdout)["Rows"]
    assert {name: len(rows) for name, rows in before.items()} == {n: c for n, c in counts.items() if n != "heartbeat"}
    again = move(source, target, data, tmp_path)
    assert again.returncode == 1
    assert "is not empty" in again.stderr

    with LiveServer(tmp_path, "--database", target, name="second") as server, Client(server.port) as client:
        for name, key in list(acknowledged.keys.values())[:20]:
            (arn,) = texts(client.ask_for(key, query("sts", "GetCallerIdentity")), "Arn")
            assert arn.endswith(f"user/{name}")
        back = f"sqlite:///{data / 'back.db'}"
        live = move(target, back, data, tmp_path)
        assert live.returncode == 1
        assert "is being served" in live.stderr
    changed = rows_of(target)
    returned = move(target, back, data, tmp_path)
    assert returned.returncode == 0, returned.stderr
    assert rows_of(back) == changed != before
    assert run_keywright("check", "--database", back, home=tmp_path).returncode == 0
    with LiveServer(tmp_path, "--database", back, name="third") as server, Client(server.port) as client:
        users = all_pages(client, admin, lambda **more: query("iam", "ListUsers", **more), "UserId")
        assert set(acknowledged.users.values()) <= users


def test_a_move_that_is_killed_can_be_run_again(tmp_path: Path, postgresql: PostgresqlServer) -> None:
    """Killed (SIGKILL) while it copies, it has moved nothing: the next time all of it is moved."""
    data = tmp_path / "data"
    make_account(data, home=tmp_path)
    database = data / "keywright.db"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(
            """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
            INSERT INTO service_uses SELECT '1', 'AIDA', 'iam', printf('action-%d', i), 0, 'us-east-1' FROM n"""
        )
        connection.commit()
    source, target = f"sqlite:///{database}", as_text(postgresql.create_database("killed"))
    command = [str(KEYWRIGHT), "move", "--from", source, "--to", target, "--data", str(data)]
    process = subprocess.Popen(command, env=bare_environment(tmp_path), stdout=subprocess.DEVNULL)
    _wait_until_it_writes(target, process)
    process.send_signal(signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL
    deadline = time.monotonic() + 20
    while any(len(rows) > 1 for rows in rows_of(target).values()):
        assert time.monotonic() < deadline
    assert rows_of(target)["accounts"] == []
    assert move(source, target, data, tmp_path).returncode == 0
    assert rows_of(target) == rows_of(source)


def _wait_until_it_writes(target: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until the other process has an open transaction that has written."""
    engine = create_engine(make_url(target).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT")
    statement = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND backend_xid IS NOT NULL"
        " AND query ILIKE 'INSERT INTO service_uses%%'"
    )
    try:
        with engine.connect() as connection:
            while not connection.exec_driver_sql(statement).scalar():
                assert process.poll() is None, "it ended before it was killed"
                time.sleep(0.01)
    finally:
        engine.dispose()


def test_postgresql_is_backed_up_as_the_page_says(tmp_path: Path, postgresql: PostgresqlServer) -> None:
    """The page's pg_dump under load, restored by its pg_restore, has what was acknowledged before, and is whole."""
    url, other = (as_text(postgresql.create_database(name)) for name in ("dumped", "restored"))
    data = tmp_path / "data"
    account = make_account(data, "--database", url, home=tmp_path)
    admin = Key(account.access_key_id, account.secret_access_key)
    commands = [
        command.text
        for block in blocks_of(_PAGE)
        if block.not_run and "tests/e2e/test_move.py" in block.not_run
        for command in block.commands()
    ]
    dump = [one for one in commands if "pg_dump" in one]
    restore = [one for one in commands if one.startswith(("pg_restore", "keywright check"))]
    assert (len(dump), len(restore)) == (1, 2)
    folder = binaries()
    assert folder is not None
    environment = bare_environment(tmp_path) | {"KEYWRIGHT_DATA": str(data)}
    environment["PATH"] = f"{folder}:{KEYWRIGHT.parent}:{os.environ['PATH']}"

    def run(command: str) -> None:
        text = command.replace("postgresql://keywright@db.example/keywright", f"'{url}'")
        text = text.replace("postgresql://keywright@db.example/restored", f"'{other}'")
        assert text != command
        done = subprocess.run(text, shell=True, env=environment, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr + done.stdout

    with LiveServer(tmp_path, "--database", url) as server, load(server.port, admin, "dump") as so_far:
        before = so_far()
        run(dump[0])
        assert (tmp_path / "keywright.dump").stat().st_mode & 0o777 == 0o600
    for command in restore:
        run(command)
    assert set(before.users.values()) <= {row[0] for row in rows_of(other)["users"]}
