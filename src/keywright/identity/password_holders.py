"""Who signs in by a password: IAM users, by their account and name, and root users, by their e-mail address."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, select

from keywright.aws.arn import iam_arn, root_arn
from keywright.identity.mfa import Bearer
from keywright.store.tables import account_aliases, accounts, login_profiles, to_milliseconds, users


class PasswordHolder(NamedTuple):
    """A user or a root user as sign-in knows them."""

    account_id: str
    account_alias: str | None
    user_id: str | None
    """None for the root user."""
    user_name: str | None
    """None for the root user."""
    arn: str
    password_hash: str | None
    """None for a user who has no password."""
    password_changed_at: datetime | None
    """None for the root user's."""
    reset_required: bool

    @property
    def bearer(self) -> Bearer:
        """Name them as the owner of their MFA devices."""
        return Bearer(self.account_id, self.user_id)

    @property
    def password_generation(self) -> str | None:
        """
        Name this password, other than any before and after it; None where there is none.

        The moment is part of it: a user's passwords share their salt, so that one that is set again has the same hash.
        """
        if self.password_hash is None:
            return None
        moment = "" if self.password_changed_at is None else str(to_milliseconds(self.password_changed_at))
        return hashlib.sha256(f"{self.password_hash}\0{moment}".encode()).hexdigest()


def find_account_id(connection: Connection, id_or_alias: str) -> str | None:
    """Find the account that an id or an alias names."""
    by_alias = select(account_aliases.c.account_id).where(account_aliases.c.alias == id_or_alias)
    by_id = select(accounts.c.account_id).where(accounts.c.account_id == id_or_alias)
    found: str | None = connection.execute(by_alias if not id_or_alias.isdigit() else by_id).scalar_one_or_none()
    return found


def find_user_holder(connection: Connection, account_id: str, user_name: str) -> PasswordHolder | None:
    """Find a user of an account by name, in whatever case; with or without a password."""
    statement = _users().where(users.c.account_id == account_id, users.c.user_name_key == user_name.casefold())
    return _as_user(connection.execute(statement).one_or_none())


def find_root_holder(connection: Connection, email: str) -> PasswordHolder | None:
    """Find the root user who has an e-mail address, in whatever case."""
    return _as_root(connection.execute(_roots().where(accounts.c.root_email == email.casefold())).one_or_none())


def find_holder(connection: Connection, account_id: str, user_id: str | None) -> PasswordHolder | None:
    """Find a user by unique id; without one, the account's root user."""
    if user_id is None:
        return _as_root(connection.execute(_roots().where(accounts.c.account_id == account_id)).one_or_none())
    statement = _users().where(users.c.user_id == user_id, users.c.account_id == account_id)
    return _as_user(connection.execute(statement).one_or_none())


def _users() -> Select[Any]:
    return (
        select(
            users.c.account_id,
            account_aliases.c.alias,
            users.c.user_id,
            users.c.user_name,
            users.c.path,
            login_profiles.c.password_hash,
            login_profiles.c.password_changed_at,
            login_profiles.c.password_reset_required,
        )
        .outerjoin(login_profiles, login_profiles.c.user_id == users.c.user_id)
        .outerjoin(account_aliases, account_aliases.c.account_id == users.c.account_id)
    )


def _roots() -> Select[Any]:
    return select(accounts.c.account_id, account_aliases.c.alias, accounts.c.root_password_hash).outerjoin(
        account_aliases, account_aliases.c.account_id == accounts.c.account_id
    )


def _as_user(row: Row[Any] | None) -> PasswordHolder | None:
    if row is None:
        return None
    return PasswordHolder(
        row.account_id,
        row.alias,
        row.user_id,
        row.user_name,
        iam_arn(row.account_id, "user", row.path, row.user_name),
        row.password_hash,
        row.password_changed_at,
        bool(row.password_reset_required),
    )


def _as_root(row: Row[Any] | None) -> PasswordHolder | None:
    if row is None:
        return None
    account_id = row.account_id
    return PasswordHolder(
        account_id, row.alias, None, None, root_arn(account_id), row.root_password_hash, None, reset_required=False
    )
