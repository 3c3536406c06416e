"""Finding credentials: what is kept, and when it is let go."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, update

from keywright.aws.secret import Secret
from keywright.identity import directory as directory_module
from keywright.identity.directory import Credential, Directory
from keywright.identity.principals import Session
from keywright.identity.session_tokens import TemporaryCredentials, seal_token
from keywright.sigv4.signature import signing_key
from keywright.store.sealing import Sealer
from keywright.store.tables import access_keys, user_policy_attachments, users
from keywright.store.transaction import Transaction
from tests.unit.identity.memory import NOW, SECRET, MemoryStore, add_account

SEALER = Sealer([bytes(32)])
MINE, THEIRS = "111122223333", "444455556666"
MY_KEY, THEIR_KEY = "AKIA" + "Q" * 16, "AKIA" + "R" * 16


def scenario(body: Callable[[MemoryStore, Directory], Any]) -> None:
    """Run a test's body on a store with two accounts, and a directory of it."""

    @asynccontextmanager
    async def prepared() -> AsyncIterator[MemoryStore]:
        store = MemoryStore()
        try:
            await store.write(lambda transaction: add_account(transaction.connection, SEALER, MINE, MY_KEY))
            await store.write(lambda transaction: add_account(transaction.connection, SEALER, THEIRS, THEIR_KEY))
            yield store
        finally:
            await store.close()

    async def run() -> None:
        async with prepared() as store:
            await body(store, Directory(store, SEALER))

    asyncio.run(run())


def changing(statement: Any, account_id: str = MINE) -> Callable[[Transaction], None]:
    """Make work that changes an account's identities."""

    def work(transaction: Transaction) -> None:
        transaction.connection.execute(statement)
        transaction.identity_changed(account_id)

    return work


def session(account_id: str = MINE, user_id: str | None = None) -> TemporaryCredentials:
    """Make temporary credentials."""
    expires = NOW + timedelta(hours=1)
    return TemporaryCredentials(
        account_id, user_id, Secret("s" * 40), Session("ASIA" + "Q" * 16, NOW, expires, mfa_authenticated=False)
    )


def test_a_key_is_its_users() -> None:
    """An active key gives its user, with the user's policies, and signs with the user's secret."""

    async def body(store: MemoryStore, directory: Directory) -> None:
        credential = await directory.find(MY_KEY)
        assert credential is not None
        caller = credential.caller
        assert (caller.account_id, caller.kind, caller.user_name) == (MINE, "IAMUser", "admin")
        assert (caller.access_key_id, caller.session) == (MY_KEY, None)
        assert len(caller.policies.identity) == 1
        key = credential.signing_key("20261124", "us-east-1", "iam")
        assert key.sign(b"text") == signing_key(SECRET, "20261124", "us-east-1", "iam").sign(b"text")
        assert store.reads == 1

    scenario(body)


def test_a_found_credential_is_kept() -> None:
    """The second time a credential is at hand without a read."""

    async def body(store: MemoryStore, directory: Directory) -> None:
        assert directory.cached(MY_KEY) is None
        first = await directory.find(MY_KEY)
        assert await directory.find(MY_KEY) is first
        assert directory.cached(MY_KEY) is first
        assert store.reads == 1

    scenario(body)


def test_an_unknown_key_is_not_kept() -> None:
    """A key that is not there is asked for again: it may be made in the meantime."""

    async def body(store: MemoryStore, directory: Directory) -> None:
        for _ in range(2):
            assert await directory.find("AKIA" + "Z" * 16) is None
        assert store.reads == 2

    scenario(body)


@pytest.mark.parametrize(
    "statement",
    [
        update(access_keys).where(access_keys.c.access_key_id == MY_KEY).values(status="Inactive"),
        delete(access_keys).where(access_keys.c.access_key_id == MY_KEY),
    ],
    ids=["inactive", "deleted"],
)
def test_a_change_is_seen_at_once(statement: Any) -> None:
    """A key that is deactivated or deleted is gone at the next question; another account's stays at hand."""

    async def body(store: MemoryStore, directory: Directory) -> None:
        await directory.find(MY_KEY)
        theirs = await directory.find(THEIR_KEY)
        await store.write(changing(statement))
        assert directory.cached(MY_KEY) is None
        assert await directory.find(MY_KEY) is None
        assert directory.cached(THEIR_KEY) is theirs

    scenario(body)


def test_policies_are_read_again_after_a_change() -> None:
    """A user whose policies changed has the new ones at the next question."""

    async def body(store: MemoryStore, directory: Directory) -> None:
        await directory.find(MY_KEY)
        await store.write(changing(delete(user_policy_attachments)))
        credential = await directory.find(MY_KEY)
        assert credential is not None
        assert credential.caller.policies.identity == ()

    scenario(body)


def test_another_processs_change_drops_everything() -> None:
    """When another process changed something, nothing that was kept is trusted."""

    async def body(store: MemoryStore, directory: Directory) -> None:
        await directory.find(MY_KEY)
        await directory.find(THEIR_KEY)
        await store.refresh()
        assert (directory.cached(MY_KEY), directory.cached(THEIR_KEY)) == (None, None)

    scenario(body)


def test_what_was_read_during_a_change_is_not_kept() -> None:
    """A credential that was being read while its account changed answers once and is read again."""

    async def body(store: MemoryStore, directory: Directory) -> None:
        store.after_read = lambda: store.drop([MINE])
        assert await directory.find(MY_KEY) is not None
        assert directory.cached(MY_KEY) is None
        store.after_read = lambda: None
        await directory.find(MY_KEY)
        assert directory.cached(MY_KEY) is not None

    scenario(body)


def test_what_is_kept_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """When there is no room the directory begins anew."""
    monkeypatch.setattr(directory_module, "_MAX_CACHED", 1)

    async def body(store: MemoryStore, directory: Directory) -> None:
        await directory.find(MY_KEY)
        await directory.find(THEIR_KEY)
        assert directory.cached(MY_KEY) is None
        assert directory.cached(THEIR_KEY) is not None

    scenario(body)


def test_a_root_users_key_is_root() -> None:
    """A key without a user is its account's root user's."""

    async def body(store: MemoryStore, directory: Directory) -> None:
        await store.write(changing(update(access_keys).values(user_id=None)))
        credential = await directory.find(MY_KEY)
        assert credential is not None
        caller = credential.caller
        assert (caller.kind, caller.arn, caller.user_name) == ("Root", f"arn:aws:iam::{MINE}:root", None)

    scenario(body)


def test_a_policy_that_cannot_be_read_stops_its_bearer() -> None:
    """Nothing is decided without a policy that is attached: it may hold a deny."""

    async def body(store: MemoryStore, directory: Directory) -> None:
        unknown = "arn:aws:iam::aws:policy/FromTheFuture"
        await store.write(changing(update(user_policy_attachments).values(policy_arn=unknown)))
        with pytest.raises(LookupError, match="FromTheFuture"):
            await directory.find(MY_KEY)

    scenario(body)


def test_a_secret_of_another_row_does_not_open() -> None:
    """A secret that was copied to another key in the database is not that key's."""

    async def body(store: MemoryStore, directory: Directory) -> None:
        sealed = SEALER.seal(b"stolen", "access_keys/" + THEIR_KEY)
        await store.write(
            changing(update(access_keys).where(access_keys.c.access_key_id == MY_KEY).values(sealed_secret=sealed))
        )
        with pytest.raises(Exception, match="does not open"):
            await directory.find(MY_KEY)

    scenario(body)


def test_a_session_is_its_owners() -> None:
    """A session token gives its user, with the session; the root user's gives root."""

    async def body(store: MemoryStore, directory: Directory) -> None:
        await store.write(lambda transaction: transaction.connection.execute(_insert_user()) and None)
        issued = session(user_id="AIDAX")
        found = await directory.find_session(seal_token(SEALER, issued))
        assert found is not None
        temporary, credential = found
        assert temporary.session == issued.session
        assert credential is not None
        assert (credential.caller.user_name, credential.caller.session) == ("bob", issued.session)
        assert credential.signing_key("d", "r", "s").sign(b"text") == signing_key("s" * 40, "d", "r", "s").sign(b"text")
        root = await directory.find_session(seal_token(SEALER, session(THEIRS)))
        assert root is not None
        assert root[1] is not None

    scenario(body)


def test_a_session_is_read_again_after_a_change() -> None:
    """A session's owner is looked up anew when its account changed, and is none once it is gone."""

    async def body(store: MemoryStore, directory: Directory) -> None:
        await store.write(lambda transaction: transaction.connection.execute(_insert_user()) and None)
        token = seal_token(SEALER, session(user_id="AIDAX"))
        for _ in range(2):
            await directory.find_session(token)
        assert store.reads == 1
        await store.write(changing(delete(users).where(users.c.user_id == "AIDAX")))
        found = await directory.find_session(token)
        assert found is not None
        assert found[1] is None

    scenario(body)


def test_a_foreign_token_is_not_read() -> None:
    """What is no token of this system costs no read."""

    async def body(store: MemoryStore, directory: Directory) -> None:
        foreign = seal_token(Sealer([b"x" * 32]), session())
        assert await directory.find_session(foreign) is None
        assert await directory.find_session("nonsense") is None
        assert store.reads == 0

    scenario(body)


def test_signing_keys_are_kept_and_bounded() -> None:
    """A derived key is kept, and of days, regions and services no more than there is room for."""

    async def body(store: MemoryStore, directory: Directory) -> None:
        credential = await directory.find(MY_KEY)
        assert isinstance(credential, Credential)
        first = credential.signing_key("20261124", "us-east-1", "iam")
        assert credential.signing_key("20261124", "us-east-1", "iam") is first
        for number in range(100):
            credential.signing_key("20261124", f"region-{number}", "iam")
        assert len(credential._signing_keys) <= directory_module._MAX_SIGNING_KEYS
        assert credential.signing_key("20261124", "us-east-1", "iam").sign(b"text") == first.sign(b"text")

    scenario(body)


def _insert_user() -> Any:
    return insert(users).values(
        user_id="AIDAX", account_id=MINE, user_name="bob", user_name_key="bob", path="/", created_at=NOW
    )
