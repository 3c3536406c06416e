"""
Find whose a credential is, and which policies follow its owner.

What is found is kept, per account, until something in that account changes (`Store.on_identity_change`). Loading reads
what is committed, never what a transaction under way has written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final, NamedTuple

from sqlalchemy import Connection, Table, select

from keywright.aws.arn import iam_arn
from keywright.aws.secret import Secret
from keywright.identity.browser_sessions import is_signed_in
from keywright.identity.policies import policies_of_role, policies_of_session, policies_of_user, unlimited
from keywright.identity.principals import (
    Caller,
    Issuer,
    Session,
    federated_caller,
    role_caller,
    root_caller,
    user_caller,
)
from keywright.identity.session_tokens import TemporaryCredentials, open_token
from keywright.policy.evaluate import CompiledPolicy
from keywright.sigv4.signature import SigningKey, signing_key
from keywright.store.sealing import Sealer
from keywright.store.tables import access_keys, accounts, role_tags, roles, to_milliseconds, user_tags, users
from keywright.store.transaction import Store

_MAX_CACHED: Final = 10_000
_MAX_SIGNING_KEYS: Final = 32
_ROLE_PREFIX: Final = "AROA"


class Credential:
    """A caller, and the secret by which it signs; None for one who signs nothing."""

    __slots__ = ("_secret", "_signing_keys", "caller", "last_used_milliseconds")

    def __init__(self, caller: Caller, secret: Secret | None, last_used_milliseconds: int | None) -> None:
        self.caller: Final = caller
        self.last_used_milliseconds = last_used_milliseconds
        """When the use of this key was last recorded; None for a key never used, and for a session's."""
        self._secret: Final = secret
        self._signing_keys: dict[tuple[str, str, str], SigningKey] = {}

    def signing_key(self, date: str, region: str, service: str) -> SigningKey:
        """Derive the key that signs for one day, region and service; derived keys are kept."""
        scope = (date, region, service)
        key = self._signing_keys.get(scope)
        if key is None:
            if len(self._signing_keys) >= _MAX_SIGNING_KEYS:
                self._signing_keys.clear()
            assert self._secret is not None
            key = self._signing_keys[scope] = signing_key(self._secret.reveal(), date, region, service)
        return key


class _Owner(NamedTuple):
    """Whom a credential belongs to, as the store has it."""

    account_id: str
    user_id: str | None


class Directory:
    """The credentials of a store, found by access key id or by session token."""

    def __init__(self, store: Store, sealer: Sealer) -> None:
        self._store: Final = store
        self._sealer: Final = sealer
        self._by_account: dict[str, dict[str, Credential]] = {}
        self._account_of: dict[str, str] = {}
        self._drops = 0
        store.on_identity_change(self._drop)

    def cached(self, access_key_id: str) -> Credential | None:
        """Give a long-term credential that is at hand."""
        account_id = self._account_of.get(access_key_id)
        return None if account_id is None else self._by_account[account_id].get(access_key_id)

    async def find(self, access_key_id: str) -> Credential | None:
        """Find the credential of an active access key. None for an unknown, an inactive and a deleted one alike."""
        return self.cached(access_key_id) or await self._load(
            access_key_id, lambda connection: self._long_term(connection, access_key_id)
        )

    async def find_session(self, token: str) -> tuple[TemporaryCredentials, Credential | None] | None:
        """
        Open a session token and find its owner.

        None for a token that is not ours; no credential for one whose owner is gone. Whether it has expired, and
        whether it belongs to the access key id that came with it, is for the caller to see.
        """
        temporary = open_token(self._sealer, token)
        if temporary is None:
            return None
        key = temporary.session.access_key_id
        credential = self.cached(key) or await self._load(key, lambda connection: _temporary(connection, temporary))
        return temporary, credential

    async def _load(self, key: str, load: Callable[[Connection], Credential | None]) -> Credential | None:
        drops = self._drops
        credential = await self._store.read(load)
        # A change that was committed while this was being read may have missed it.
        if credential is not None and drops == self._drops:
            if len(self._account_of) >= _MAX_CACHED:
                self._drop(None)
            account_id = credential.caller.account_id
            self._account_of[key] = account_id
            self._by_account.setdefault(account_id, {})[key] = credential
        return credential

    def _drop(self, accounts_changed: Iterable[str] | None) -> None:
        self._drops += 1
        for account_id in list(self._by_account) if accounts_changed is None else accounts_changed:
            for key in self._by_account.pop(account_id, ()):
                del self._account_of[key]

    def _long_term(self, connection: Connection, access_key_id: str) -> Credential | None:
        row = connection.execute(
            select(
                access_keys.c.account_id,
                access_keys.c.user_id,
                access_keys.c.sealed_secret,
                access_keys.c.last_used_at,
            ).where(access_keys.c.access_key_id == access_key_id, access_keys.c.status == "Active")
        ).one_or_none()
        if row is None:
            return None
        caller = _caller(connection, _Owner(row.account_id, row.user_id), access_key_id)
        secret = self._sealer.unseal(row.sealed_secret, f"access_keys/{access_key_id}").decode("ascii")
        last_used = None if row.last_used_at is None else to_milliseconds(row.last_used_at)
        return None if caller is None else Credential(caller, Secret(secret), last_used)


def _temporary(connection: Connection, temporary: TemporaryCredentials) -> Credential | None:
    """Make the credential of a session; None if its owner is gone, another by the same name, or signed out."""
    session, account_id, owner_id = temporary.session, temporary.account_id, temporary.owner_id
    if session.browser_session_id is not None and not is_signed_in(connection, session.browser_session_id):
        return None
    passed = policies_of_session(connection, session.policy, session.policy_arns)
    if owner_id is not None and owner_id.startswith(_ROLE_PREFIX):
        caller = _role_session(connection, account_id, owner_id, session, passed)
        return None if caller is None else Credential(caller, temporary.secret, None)
    owner = _caller(connection, _Owner(account_id, owner_id), session.access_key_id)
    if owner is None:
        return None
    if session.name is None:
        return Credential(owner._replace(session=session), temporary.secret, None)
    policies = replace(unlimited() if owner.kind == "Root" else owner.policies, session=passed)
    return Credential(federated_caller(owner, session, policies), temporary.secret, None)


def find_signed_in(connection: Connection, account_id: str, user_id: str | None, session: Session) -> Caller | None:
    """Describe whom a sign-in is for as a caller; None if they are gone."""
    owner = _caller(connection, _Owner(account_id, user_id), session.access_key_id)
    return None if owner is None else owner._replace(session=session)


def _role_session(
    connection: Connection, account_id: str, role_id: str, session: Session, passed: tuple[CompiledPolicy, ...] | None
) -> Caller | None:
    role = connection.execute(
        select(roles.c.path, roles.c.role_name, roles.c.permissions_boundary_arn).where(
            roles.c.role_id == role_id, roles.c.account_id == account_id
        )
    ).one_or_none()
    if role is None:
        return None
    issuer = Issuer("Role", iam_arn(account_id, "role", role.path, role.role_name), role_id, role.role_name)
    policies = policies_of_role(connection, role_id, role.permissions_boundary_arn)
    tags = _tags(connection, role_tags, role_id)
    return role_caller(account_id, issuer, session, replace(policies, session=passed), tags)


def _caller(connection: Connection, owner: _Owner, access_key_id: str) -> Caller | None:
    """Make the caller that an owner is; None if it is gone."""
    if owner.user_id is None:
        canonical_id = connection.execute(
            select(accounts.c.canonical_id).where(accounts.c.account_id == owner.account_id)
        ).scalar_one_or_none()
        return None if canonical_id is None else root_caller(owner.account_id, canonical_id, access_key_id)
    user = connection.execute(
        select(users.c.path, users.c.user_name, users.c.permissions_boundary_arn).where(
            users.c.user_id == owner.user_id, users.c.account_id == owner.account_id
        )
    ).one_or_none()
    if user is None:
        return None
    policies = policies_of_user(connection, owner.user_id, user.permissions_boundary_arn)
    tags = _tags(connection, user_tags, owner.user_id)
    return user_caller(owner.account_id, owner.user_id, user.path, user.user_name, access_key_id, policies, tags)


def _tags(connection: Connection, table: Table, owner_id: str) -> dict[str, str]:
    rows = connection.execute(select(table.c.tag_key, table.c.tag_value).where(table.columns[0] == owner_id))
    return {row.tag_key: row.tag_value for row in rows}
