"""Make accounts: what a new one holds, and nothing of any other's."""

from __future__ import annotations

import re
import secrets
from datetime import datetime
from typing import Final, NamedTuple

from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import IntegrityError

from keywright.aws.identifiers import (
    new_access_key_id,
    new_account_id,
    new_password,
    new_secret_access_key,
    new_unique_id,
)
from keywright.aws.secret import Secret
from keywright.identity.aws_managed import ARN_PREFIX
from keywright.identity.passwords import hash_password
from keywright.store.sealing import Sealer
from keywright.store.tables import (
    access_keys,
    account_aliases,
    accounts,
    login_profiles,
    user_policy_attachments,
    users,
)

ADMINISTRATOR: Final = ARN_PREFIX + "AdministratorAccess"
_ALIAS: Final = re.compile(r"[a-z0-9](?:[a-z0-9]|-(?!-)){1,61}[a-z0-9]")
_USER_NAME: Final = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+")


class AccountError(Exception):
    """The account cannot be made as asked; the message says why."""


class AccountSpec(NamedTuple):
    """What is asked of a new account; None leaves it to us."""

    account_id: str | None
    alias: str | None
    root_email: str | None
    admin_name: str


class NewAccount(NamedTuple):
    """A new account and its secrets, which are nowhere else to be had."""

    account_id: str
    alias: str | None
    root_email: str
    root_password: Secret
    admin_name: str
    admin_password: Secret
    access_key_id: str
    secret_access_key: Secret


def draft_account(spec: AccountSpec) -> NewAccount:
    """
    Choose what is left open and make the secrets.

    Raises: AccountError.
    """
    if spec.alias is not None and (not _ALIAS.fullmatch(spec.alias) or spec.alias.isdigit()):
        raise AccountError(f"an alias is 3 to 63 small letters, digits and single hyphens, not {spec.alias!r}")
    if not _USER_NAME.fullmatch(spec.admin_name):
        raise AccountError(f"a user name is 1 to 64 letters, digits and any of +=,.@-_, not {spec.admin_name!r}")
    if spec.root_email is not None and not _EMAIL.fullmatch(spec.root_email):
        raise AccountError(f"the root user's e-mail must look like one, not {spec.root_email!r}")
    account_id = spec.account_id or new_account_id()
    return NewAccount(
        account_id,
        spec.alias,
        spec.root_email or f"root@{account_id}.keywright.internal",
        Secret(new_password()),
        spec.admin_name,
        Secret(new_password()),
        new_access_key_id(account_id),
        Secret(new_secret_access_key()),
    )


def has_accounts(connection: Connection) -> bool:
    """Tell whether the store has been initialised."""
    return connection.execute(select(accounts.c.account_id).limit(1)).first() is not None


class PasswordHashes(NamedTuple):
    """A draft's passwords as they are kept: made before the transaction, since they take their time."""

    root: str
    admin: str


def hash_passwords(account: NewAccount) -> PasswordHashes:
    """Hash a draft's passwords."""
    return PasswordHashes(hash_password(account.root_password.reveal()), hash_password(account.admin_password.reveal()))


def insert_account(
    connection: Connection, sealer: Sealer, account: NewAccount, hashes: PasswordHashes, now: datetime
) -> None:
    """
    Write a new account: its root user, and an administrator with a password and an access key.

    Raises: AccountError.
    """
    account_id = account.account_id
    try:
        connection.execute(
            insert(accounts).values(
                account_id=account_id,
                canonical_id=secrets.token_hex(32),
                root_email=account.root_email.casefold(),
                root_password_hash=hashes.root,
                created_at=now,
            )
        )
        if account.alias is not None:
            connection.execute(insert(account_aliases).values(alias=account.alias, account_id=account_id))
    except IntegrityError:
        raise AccountError(
            f"this store has account {account_id}, the alias {account.alias} or the e-mail {account.root_email} already"
        ) from None
    key = (account.access_key_id, account.secret_access_key)
    insert_administrator(connection, sealer, account_id, account.admin_name, hashes.admin, key, now)


def insert_administrator(
    connection: Connection,
    sealer: Sealer,
    account_id: str,
    user_name: str,
    password_hash: str,
    key: tuple[str, Secret],
    now: datetime,
) -> str:
    """Write a user who may do everything, with a password and an access key; return the user's id."""
    user_id = new_unique_id("AIDA", account_id)
    access_key_id, secret = key
    connection.execute(
        insert(users).values(
            user_id=user_id,
            account_id=account_id,
            user_name=user_name,
            user_name_key=user_name.casefold(),
            path="/",
            created_at=now,
        )
    )
    connection.execute(
        insert(login_profiles).values(
            user_id=user_id,
            password_hash=password_hash,
            password_reset_required=False,
            created_at=now,
            password_changed_at=now,
        )
    )
    connection.execute(
        insert(user_policy_attachments).values(
            user_id=user_id, policy_arn=ADMINISTRATOR, account_id=account_id, attached_at=now
        )
    )
    connection.execute(
        insert(access_keys).values(
            access_key_id=access_key_id,
            account_id=account_id,
            user_id=user_id,
            sealed_secret=sealer.seal(secret.reveal().encode("ascii"), f"access_keys/{access_key_id}"),
            status="Active",
            created_at=now,
        )
    )
    return user_id
