"""What a reader or a writer holds while it works, and what every call adds to the trail."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple, Protocol, TypeVar

from sqlalchemy import Connection, Dialect, Table, update

from keywright.store.tables import access_keys, event_resources, events, identity_generation, roles, service_uses

T = TypeVar("T")
_ROLE_PREFIX: Final = "AROA"

EventRow = tuple[str, str, str, str, str, str | None, str | None, bool, bytes]
"""A row of `events`, in the table's order."""
ResourceRow = tuple[str, str, str, str, str]
"""A row of `event_resources`, in the table's order."""
KeyUseRow = tuple[int, str, str, str]
"""When (milliseconds), for which service, in which region an access key or a role was used; and the id of either."""
ServiceUseRow = tuple[str, str, str, str, int, str]
"""A row of `service_uses`, in the table's order."""


class StoreError(Exception):
    """The store cannot be opened or used; the message says why and what to do next."""


class Additions(NamedTuple):
    """Rows that calls add: kept aside, and written for a whole group of calls at once."""

    events: list[EventRow]
    resources: list[ResourceRow]
    key_uses: list[KeyUseRow]
    service_uses: list[ServiceUseRow]

    @classmethod
    def none(cls) -> Additions:
        """Begin empty."""
        return cls([], [], [], [])

    def take(self, other: Additions) -> None:
        """Append another's rows to these."""
        self.events.extend(other.events)
        self.resources.extend(other.resources)
        self.key_uses.extend(other.key_uses)
        self.service_uses.extend(other.service_uses)


class Transaction:
    """
    One caller's work in the store.

    INVARIANT: what is added here commits together with what was done on `connection`, or not at all.
    """

    __slots__ = ("additions", "changed_accounts", "connection", "generation")

    def __init__(self, connection: Connection) -> None:
        self.connection: Final = connection
        self.additions: Final = Additions.none()
        self.changed_accounts: Final[set[str]] = set()
        self.generation: int | None = None
        """What the count of identity changes is with this one; None where there is none."""

    def identity_changed(self, account_id: str) -> None:
        """Say that this transaction changes an account's credentials or policies: caches drop them at its commit."""
        if not self.changed_accounts:
            count = identity_generation.c.generation
            self.generation = self.connection.execute(
                update(identity_generation).values(generation=count + 1).returning(count)
            ).scalar_one()
        self.changed_accounts.add(account_id)


DropCaches = Callable[[Iterable[str] | None], None]
"""Called with the accounts whose credentials or policies changed; None when they are not known."""


class Store(Protocol):
    """The store as the corridor uses it: reads that never wait for writes, and one door for writes."""

    async def read(self, work: Callable[[Connection], T], /) -> T:
        """Run work that changes nothing on one snapshot of what is committed."""

    async def read_aside(self, work: Callable[[Connection], T], /) -> T:
        """Do the same for work that may take its time, without holding up anybody."""

    async def write(self, work: Callable[[Transaction], T], /) -> T:
        """
        Run work, and come back when it is durably committed. An exception of its own rolls back this work alone.

        Work may be run again from its start when it conflicts with another's: it has no effect but on its transaction.
        """

    async def add(
        self, event: EventRow, key_use: KeyUseRow | None, service_use: ServiceUseRow | None = None, /
    ) -> None:
        """Write one call's event, and come back when it is durably committed."""

    def on_identity_change(self, drop: DropCaches, /) -> None:
        """Register a cache to drop on change: by this process at once, by another at the next `refresh`."""

    def is_in_place(self) -> bool:
        """Return whether the database is still where it was opened."""
        ...

    async def refresh(self) -> None:
        """Look whether another process changed credentials or policies."""

    async def close(self) -> None:
        """Finish what is under way, then let the database go."""


Run = Callable[[str, list[Any]], object]
"""Runs a driver's statement for each of many rows."""


class AdditionWriter:
    """Writes additions by the driver's own statements, built once: they run for every call that is answered."""

    def __init__(self, dialect: Dialect) -> None:
        mark = "?" if dialect.paramstyle == "qmark" else "%s"
        self._events: Final = _insert_whole_rows(events, mark)
        self._resources: Final = _insert_whole_rows(event_resources, mark)
        self._service_uses: Final = (
            _insert_whole_rows(service_uses, mark) + " ON CONFLICT (account_id, principal_id, service, action)"
            " DO UPDATE SET used_at = excluded.used_at, region = excluded.region"
        )
        self._key_uses: Final = (
            f"UPDATE {access_keys.name} SET last_used_at = {mark}, last_used_service = {mark},"  # noqa: S608 - no input
            f" last_used_region = {mark} WHERE access_key_id = {mark}"
        )

        self._role_uses: Final = (
            f"UPDATE {roles.name} SET last_used_at = {mark}, last_used_region = {mark}"  # noqa: S608 - no input
            f" WHERE role_id = {mark}"
        )

    def write(self, run: Run, rows: Additions) -> None:
        """Write all of the rows, a statement for each kind."""
        if rows.events:
            run(self._events, rows.events)
        if rows.resources:
            run(self._resources, rows.resources)
        if rows.key_uses:
            keys = [row for row in rows.key_uses if not row[3].startswith(_ROLE_PREFIX)]
            if keys:
                run(self._key_uses, keys)
            if len(keys) < len(rows.key_uses):
                uses = [(at, region, used) for at, _, region, used in rows.key_uses if used.startswith(_ROLE_PREFIX)]
                run(self._role_uses, uses)
        if rows.service_uses:
            run(self._service_uses, rows.service_uses)


def _insert_whole_rows(table: Table, mark: str) -> str:
    names = ", ".join(table.columns.keys())
    return f"INSERT INTO {table.name} ({names}) VALUES ({', '.join(mark for _ in table.columns)})"  # noqa: S608
