"""Making accounts: what is chosen, what is refused, what is written."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import select

from keywright.aws.identifiers import account_of
from keywright.identity.accounts import (
    AccountError,
    AccountSpec,
    PasswordHashes,
    draft_account,
    has_accounts,
    insert_account,
)
from keywright.identity.passwords import hash_password
from keywright.store.sealing import Sealer
from keywright.store.tables import access_keys, accounts, login_profiles, metadata, users
from tests.unit.identity.memory import NOW, MemoryStore

SEALER = Sealer([bytes(32)])
HASHES = PasswordHashes("root-hash", "admin-hash")
ALL_OPEN = AccountSpec(None, None, None, "admin")


def test_what_is_left_open_is_chosen() -> None:
    """Id, e-mail, passwords and key are made up; each account has its own."""
    one, two = draft_account(ALL_OPEN), draft_account(ALL_OPEN)
    assert one.account_id != two.account_id
    assert one.root_email == f"root@{one.account_id}.keywright.internal"
    assert account_of(one.access_key_id) == one.account_id
    secrets = {
        secret.reveal()
        for account in (one, two)
        for secret in (account.root_password, account.admin_password, account.secret_access_key)
    }
    assert len(secrets) == 6


def test_what_is_asked_is_taken() -> None:
    """A given id, alias, e-mail and name are the account's."""
    account = draft_account(AccountSpec("111122223333", "my-alias", "me@example.com", "boss"))
    assert account[:3] == ("111122223333", "my-alias", "me@example.com")
    assert account.admin_name == "boss"


def test_a_new_accounts_secrets_are_masked() -> None:
    """Printing a new account by accident shows no secret."""
    account = draft_account(ALL_OPEN)
    for secret in (account.root_password, account.admin_password, account.secret_access_key):
        assert secret.reveal() not in repr(account)


@pytest.mark.parametrize("alias", ["ab", "Abc", "a--b", "-ab", "ab-", "a_b", "x" * 64, "111122223333", ""])
def test_aliases_that_are_refused(alias: str) -> None:
    """An alias that IAM would not take is refused, and so is one that looks like an account id."""
    with pytest.raises(AccountError, match="alias"):
        draft_account(AccountSpec(None, alias, None, "admin"))


@pytest.mark.parametrize("name", ["", "a b", "é", "x" * 65, "a/b", "a\n"])
def test_names_that_are_refused(name: str) -> None:
    """A name that IAM would not take is refused."""
    with pytest.raises(AccountError, match="user name"):
        draft_account(AccountSpec(None, None, None, name))


@pytest.mark.parametrize("email", ["", "nobody", "@x", "a@", "a b@c", "a@b@c"])
def test_emails_that_are_refused(email: str) -> None:
    """What does not look like an e-mail address is refused."""
    with pytest.raises(AccountError, match="e-mail"):
        draft_account(AccountSpec(None, None, email, "admin"))


def test_an_account_is_written_whole() -> None:
    """Root user, administrator, password hashes and a sealed key are in the store; no secret is."""

    async def body() -> None:
        store = MemoryStore()
        account = draft_account(ALL_OPEN)
        assert not await store.read(has_accounts)
        await store.write(lambda one: insert_account(one.connection, SEALER, account, HASHES, NOW))
        assert await store.read(has_accounts)

        def look(connection: Any) -> None:
            row = connection.execute(select(accounts)).one()
            assert (row.root_password_hash, len(row.canonical_id)) == ("root-hash", 64)
            user = connection.execute(select(users)).one()
            assert (user.user_name, user.path) == ("admin", "/")
            assert connection.execute(select(login_profiles)).one().password_hash == "admin-hash"
            key = connection.execute(select(access_keys)).one()
            secret = account.secret_access_key.reveal()
            assert SEALER.unseal(key.sealed_secret, f"access_keys/{key.access_key_id}").decode() == secret
            everything = [connection.execute(select(table)).all() for table in metadata.sorted_tables]
            for one in (account.secret_access_key, account.root_password, account.admin_password):
                assert one.reveal() not in repr(everything)

        await store.read(look)
        await store.close()

    asyncio.run(body())


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (AccountSpec("111122223333", None, None, "a"), AccountSpec("111122223333", None, None, "a")),
        (AccountSpec(None, "alias", None, "a"), AccountSpec(None, "alias", None, "a")),
        (AccountSpec(None, None, "me@x.org", "a"), AccountSpec(None, None, "ME@X.org", "a")),
    ],
    ids=["id", "alias", "email"],
)
def test_ids_aliases_and_emails_are_one_accounts(first: AccountSpec, second: AccountSpec) -> None:
    """What another account has is refused in one line."""

    async def body() -> None:
        store = MemoryStore()
        await store.write(lambda one: insert_account(one.connection, SEALER, draft_account(first), HASHES, NOW))
        with pytest.raises(AccountError, match="already"):
            await store.write(lambda one: insert_account(one.connection, SEALER, draft_account(second), HASHES, NOW))
        await store.close()

    asyncio.run(body())


def test_a_password_is_kept_as_an_argon2id_hash() -> None:
    """The hash is argon2id's, salted anew each time, and holds nothing of the password."""
    one, two = hash_password("correct horse"), hash_password("correct horse")
    assert one.startswith("$argon2id$")
    assert one != two
    assert "horse" not in one
