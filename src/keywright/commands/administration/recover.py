"""`keywright recover`: a new administrator of an account, for who has lost every other."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, select

from keywright.aws.clock import system_clock
from keywright.aws.identifiers import new_access_key_id, new_password, new_secret_access_key
from keywright.aws.secret import Secret
from keywright.identity.accounts import insert_administrator
from keywright.identity.passwords import hash_password
from keywright.store.existing import AdministrationError, existing_engine
from keywright.store.offline import alone
from keywright.store.opening import Location, check_master_key, find_sealer
from keywright.store.sealing import MasterKeyError, Sealer
from keywright.store.tables import account_aliases, accounts, users
from keywright.store.transaction import AdditionWriter, StoreError, Transaction
from keywright.trail.recovery_events import administrator_recovered

_NAME: Final = "recovery"


class Recovered(NamedTuple):
    """A new administrator and its secrets, which are nowhere else to be had."""

    account_id: str
    alias: str | None
    user_name: str
    password: Secret
    access_key_id: str
    secret_access_key: Secret


def recover_administrator(location: Location, account_id: str, environment: Mapping[str, str]) -> Recovered:
    """
    Make an administrator in an account of a store that is not served, and record it in the account's trail.

    Raises: StoreError; AdministrationError.
    """
    with existing_engine(location) as engine:
        try:
            sealer = find_sealer(location.folder, environment, create=False)
        except MasterKeyError as error:
            raise StoreError(str(error)) from error
        check_master_key(engine, sealer, location)
        with alone(engine, str(location)) as connection:
            _refuse_unknown(connection, account_id)
            alias = connection.execute(
                select(account_aliases.c.alias).where(account_aliases.c.account_id == account_id)
            ).scalar()
            made = Recovered(
                account_id,
                alias,
                _free_name(connection, account_id),
                Secret(new_password()),
                new_access_key_id(account_id),
                Secret(new_secret_access_key()),
            )
            _insert(connection, sealer, made, system_clock())
    return made


def _refuse_unknown(connection: Connection, account_id: str) -> None:
    known = connection.execute(select(accounts.c.account_id).order_by(accounts.c.account_id)).scalars().all()
    if account_id not in known:
        listed = ", ".join(known[:10]) + (", …" if len(known) > 10 else "")
        raise AdministrationError(
            f"this store has no account {account_id}: name one of its own with --account ({listed or 'it has none'})"
        )


def _free_name(connection: Connection, account_id: str) -> str:
    """Return the first name that no user of the account has."""
    taken = set(
        connection.execute(select(users.c.user_name_key).where(users.c.account_id == account_id)).scalars().all()
    )
    names = (_NAME if number == 1 else f"{_NAME}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)


def _insert(connection: Connection, sealer: Sealer, made: Recovered, now: datetime) -> None:
    hashed = hash_password(made.password.reveal())
    key = (made.access_key_id, made.secret_access_key)
    user_id = insert_administrator(connection, sealer, made.account_id, made.user_name, hashed, key, now)
    transaction = Transaction(connection)
    transaction.identity_changed(made.account_id)
    event, resources = administrator_recovered(now, made.account_id, made.user_name, user_id, made.access_key_id)
    transaction.additions.events.append(event)
    transaction.additions.resources.extend(resources)
    AdditionWriter(connection.dialect).write(connection.exec_driver_sql, transaction.additions)
