"""
Check a sign-in's password, no oftener than guessing is let.

Somebody who does not exist and a wrong password take as long: a password is hashed for both, on a thread, so that
nobody else waits for it.
"""

from __future__ import annotations

import asyncio
from typing import Final, NamedTuple

from sqlalchemy import Connection

from keywright.identity.password_holders import PasswordHolder, find_account_id, find_root_holder, find_user_holder
from keywright.identity.passwords import is_password, placeholder_hash
from keywright.identity.sign_in_throttle import Subject, address_subject, begin_attempt, root_subject, user_subject
from keywright.server.runtime import Runtime
from keywright.server.signin.requests import SignInRequest
from keywright.trail.event import OpenEvent


class Throttled(Exception):
    """Too many attempts have failed of late."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"wait {seconds} seconds")
        self.seconds: Final = seconds


class Attempt(NamedTuple):
    """A sign-in, and where and when it is tried."""

    asked: SignInRequest
    event: OpenEvent
    login_to: str
    """The address that it leads to."""
    cookie: str | None
    """The token of the session that the browser has already."""


class Checked(NamedTuple):
    """An attempt whose password has been looked at."""

    attempt: Attempt
    password_generation: str | None
    """Of the password that was right; None where it was wrong."""
    name: Subject
    address: Subject


class Found(NamedTuple):
    """Whom a sign-in names."""

    account_id: str | None
    holder: PasswordHolder | None


async def check_password(attempt: Attempt, runtime: Runtime) -> Checked:
    """
    Count the attempt, then look at its password.

    Raises: Throttled.
    """
    asked, event = attempt.asked, attempt.event
    found = await runtime.store.read(lambda connection: find(connection, asked))
    name, address = _subject(asked, found), address_subject(event.source_address)
    wait = await runtime.store.write(
        lambda transaction: begin_attempt(transaction.connection, (name, address), event.at)
    )
    if wait is not None:
        raise Throttled(wait)
    known = None if found.holder is None else found.holder.password_hash
    is_right = await asyncio.get_running_loop().run_in_executor(
        runtime.password_threads, is_password, known or placeholder_hash(), asked.password.reveal()
    )
    generation = found.holder.password_generation if found.holder is not None and is_right else None
    return Checked(attempt, generation, name, address)


def find(connection: Connection, asked: SignInRequest) -> Found:
    """Find whom a sign-in names."""
    if asked.email is not None:
        root = find_root_holder(connection, asked.email)
        return Found(None if root is None else root.account_id, root)
    account_id = find_account_id(connection, asked.account)
    if account_id is None or asked.user_name is None:
        return Found(None, None)
    return Found(account_id, find_user_holder(connection, account_id, asked.user_name))


def _subject(asked: SignInRequest, found: Found) -> Subject:
    if asked.email is not None:
        return root_subject(asked.email)
    # An account is the same by its alias as by its id.
    return user_subject(found.account_id or asked.account, asked.user_name or "")
