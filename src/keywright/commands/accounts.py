"""`keywright init`, `keywright account create`: make an account and show its secrets once."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Mapping

from keywright.aws.clock import system_clock
from keywright.aws.endpoint_support import VERSIONS, alias
from keywright.aws.secret import Secret
from keywright.commands.endpoint import Endpoint
from keywright.commands.output import as_text
from keywright.identity.accounts import (
    AccountError,
    AccountSpec,
    NewAccount,
    draft_account,
    has_accounts,
    hash_passwords,
    insert_account,
)
from keywright.server.settings import Settings
from keywright.store.opening import locate, open_store
from keywright.store.sealing import Sealer
from keywright.store.transaction import Store, Transaction


class AlreadyInitialised(Exception):
    """The store has an account already."""


async def create_account(store: Store, sealer: Sealer, settings: Settings, *, only_first: bool) -> NewAccount:
    """
    Make the account that the settings describe.

    Raises: AlreadyInitialised (`only_first`); AccountError.
    """
    spec = AccountSpec(settings.account_id, settings.alias, settings.root_email, settings.admin)
    account = draft_account(spec)
    if only_first and await store.read(has_accounts):
        raise AlreadyInitialised
    hashes = hash_passwords(account)

    def write(transaction: Transaction) -> None:
        if only_first and has_accounts(transaction.connection):
            raise AlreadyInitialised
        insert_account(transaction.connection, sealer, account, hashes, system_clock())
        transaction.identity_changed(account.account_id)

    await store.write(write)
    return account


def run(settings: Settings, *, only_first: bool) -> NewAccount:
    """
    Open the store, make an account in it, and close it.

    Raises: StoreError; AlreadyInitialised; AccountError; AwsFileError.
    """
    location = locate(settings.data, settings.database)

    async def in_store() -> NewAccount:
        store, sealer = open_store(location, os.environ)
        try:
            return await create_account(store, sealer, settings, only_first=only_first)
        finally:
            await store.close()

    return asyncio.run(in_store())


def show_account(
    account: NewAccount,
    profile: str | None,
    endpoint: Endpoint | None,
    environment: Mapping[str, str],
    as_document: Callable[[NewAccount, str | None], str] = as_text,
) -> str | None:
    """
    Print a new account once, with no secret that a profile holds now; return what to say of the profile.

    Raises: AwsFileError where the profile cannot be written; then the secret is printed too.
    """
    from keywright.client.errors import AwsFileError

    note = None
    try:
        if profile is not None and endpoint is not None:
            key = (account.access_key_id, account.secret_access_key)
            note = save_profile(key, profile, endpoint, environment)
    except AwsFileError:
        print(as_document(account, None), flush=True)
        raise
    print(as_document(account, None if note is None else profile), flush=True)
    return note


def save_profile(key: tuple[str, Secret], profile: str, endpoint: Endpoint, environment: Mapping[str, str]) -> str:
    """
    Store an access key in a profile of the AWS files; return what to say of it.

    Raises: AwsFileError.
    """
    from keywright.client.aws_files import write_profile

    config, credentials = write_profile(profile, *key, endpoint.profile_options(), environment)
    return (
        f"Profile {profile} is in {credentials} and {config}: aws --profile {profile} sts get-caller-identity\n"
        f"The aws CLI reads the profile's endpoint_url from {VERSIONS} on; an older one needs: {alias(endpoint.url)}"
    )


__all__ = ["AccountError", "AlreadyInitialised", "create_account", "run", "show_account"]
