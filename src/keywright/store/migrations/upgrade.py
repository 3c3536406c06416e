"""Run Alembic on a store: the only place that imports it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text

from keywright.store.migrations import HEAD

_ADVISORY_LOCK = 0x6B6579777269  # "keywri"


def scripts() -> ScriptDirectory:
    """Read the migration scripts."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


def upgrade(engine: Engine) -> None:
    """Bring the schema to its head, in one transaction; a second process waits, then finds nothing to do."""
    with _alone(engine) as connection:
        script = scripts()

        def steps(revision: object, _context: MigrationContext) -> list[object]:
            return script._upgrade_revs(HEAD, revision)  # type: ignore[arg-type,return-value]  # noqa: SLF001 - Alembic's own env does so

        context = MigrationContext.configure(connection, opts={"fn": steps})
        with Operations.context(context):
            context.run_migrations()


@contextlib.contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """Give a connection in a transaction that no other process's upgrade overlaps."""
    if engine.dialect.name == "sqlite":
        with engine.connect() as connection:
            connection.execute(text("PRAGMA busy_timeout = 60000"))
            connection.execute(text("BEGIN IMMEDIATE"))
            yield connection
            connection.execute(text("COMMIT"))
        return
    # The lock is taken outside of the transaction: one that waits inside would go on with what it saw before.
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as locking:
        locking.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": _ADVISORY_LOCK})
        try:
            with engine.begin() as connection:
                yield connection
        finally:
            locking.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": _ADVISORY_LOCK})
