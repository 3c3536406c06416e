"""A PostgreSQL server for the tests, from Debian's binaries, in a folder that goes with it."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL

ABSENT = "no PostgreSQL server here: its tests need Debian's package postgresql (/usr/lib/postgresql/*/bin)"
_OWNER = "postgres"
_OPTIONS = "-c fsync=off -c listen_addresses='' -c max_connections=100 -c unix_socket_directories={folder}"


def binaries() -> Path | None:
    """Find the newest server's binaries."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


class PostgresqlServer:
    """A running server: anybody on this machine who can enter its folder is its superuser."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def create_database(self, name: str, template: str | None = None, icu_locale: str | None = None) -> URL:
        """Make a database, as a copy of another where one is named, or with a language's order of letters."""
        statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
        if template is not None:
            statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
        if icu_locale is not None:
            locale = sql.Literal(icu_locale)
            statement += sql.SQL(" TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE {}").format(locale)
        with psycopg.connect(host=str(self._folder), user=_OWNER, dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)
        return URL.create("postgresql+psycopg", username=_OWNER, database=name, query={"host": str(self._folder)})


@contextmanager
def running(folder_of_binaries: Path) -> Iterator[PostgresqlServer]:
    """Make a cluster, start it, and remove both."""
    folder = Path(tempfile.mkdtemp(prefix="keywright-pg-", dir="/tmp"))
    as_owner: list[str] = []
    try:
        if os.geteuid() == 0:
            # The server refuses to run as root.
            owner = pwd.getpwnam(_OWNER)
            os.chown(folder, owner.pw_uid, owner.pw_gid)
            as_owner = ["runuser", "-u", _OWNER, "--"]

        def run(program: str, *arguments: str) -> None:
            command = [*as_owner, str(folder_of_binaries / program), "-D", str(folder / "data"), *arguments]
            subprocess.run(command, check=True, cwd="/", stdout=subprocess.DEVNULL, stdin=subprocess.DEVNULL)

        run("initdb", "--auth=trust", f"--username={_OWNER}", "--no-sync", "--encoding=UTF8", "--locale=C")
        run("pg_ctl", "start", "-w", "-s", "-l", str(folder / "log"), "-o", _OPTIONS.format(folder=folder))
        try:
            yield PostgresqlServer(folder)
        finally:
            run("pg_ctl", "stop", "-w", "-s", "-m", "immediate")
    finally:
        shutil.rmtree(folder)
