"""`keywright check`: every reference, seal, counter and event of a store, read while it is served."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import func, select

from keywright.commands.administration.checks.counters import check_counters
from keywright.commands.administration.checks.problem import Problem
from keywright.commands.administration.checks.references import check_references
from keywright.commands.administration.checks.secrets import check_seals
from keywright.commands.administration.checks.trail import check_events
from keywright.store.existing import existing_engine, snapshot
from keywright.store.opening import Location, find_sealer
from keywright.store.sealing import MasterKeyError
from keywright.store.snapshot import integrity_errors
from keywright.store.tables import metadata
from keywright.store.transaction import StoreError


class Checked(NamedTuple):
    """What was looked at, and what is wrong."""

    rows: int
    sealed: Mapping[str, int]
    """How many values each master key has sealed, by its id."""
    events: int
    problems: list[Problem]


def check_store(location: Location, environment: Mapping[str, str]) -> Checked:
    """
    Look at all of a store, as it is at one moment.

    Raises: StoreError.
    """
    sealed_by: Counter[str] = Counter()
    problems: list[Problem] = []
    with existing_engine(location) as engine:
        if location.sqlite_file is not None and (damage := integrity_errors(location.sqlite_file)):
            fix = "restore the last good backup, and look at the disk; nothing else was checked"
            return Checked(0, {}, 0, [Problem("file", str(location), one, fix) for one in damage])
        try:
            sealer = find_sealer(location.folder, environment, create=False)
        except MasterKeyError as error:
            raise StoreError(str(error)) from error
        with snapshot(engine) as connection:
            rows = sum(
                connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in metadata.sorted_tables
            )
            problems += check_references(connection)
            problems += check_seals(connection, sealer, sealed_by)
            problems += check_counters(connection)
            events = 0
            for problem in check_events(connection):
                events += 1
                if problem is not None:
                    problems.append(problem)
    return Checked(rows, dict(sorted(sealed_by.items())), events, problems)
