"""Gather the facts: live calls for what is true now, the credential report for what only it knows."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError, ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from keywright.client.audit.asking import Asking, is_missing, patient
from keywright.client.audit.credential_report import ROOT, Report, fetch_report
from keywright.client.audit.facts import AuditedUser, Facts
from keywright.client.audit.plain_text import keys_in_plain_text
from keywright.client.audit.policies import OneByOne, Permissions, permissions_of_all
from keywright.client.audit.roots import read_root
from keywright.client.audit.users import KnownUser, read_user
from keywright.client.errors import CommandError, UnreachableError
from keywright.client.identity import Caller, who_am_i
from keywright.client.session import SignedIn, reason

PARALLEL: Final = 8


class NotLetInError(UnreachableError):
    """Nothing of the account could be read; the message says which permission is missing."""


class NoSuchUserError(CommandError):
    """There is no user of a name that was given."""


Watch = Callable[[str, int | None], AbstractContextManager[Callable[[int], None]]]
"""Given what is done, and how often where that is known, gives whom to tell how far it is."""


def gather(signed_in: SignedIn, names: tuple[str, ...], watch: Watch) -> Facts:
    """
    Read the account, or a few users of it by name.

    Raises: BotoCoreError; ClientError (STS's); NotLetInError; NoSuchUserError; SignInError.
    """
    caller = who_am_i(signed_in)
    signing_key_id = signed_in.session.get_credentials().get_frozen_credentials().access_key
    asking = Asking(signed_in.client("iam", patient(PARALLEL)))
    given_up = threading.Event()
    with ThreadPoolExecutor(PARALLEL) as pool:
        try:
            reported = pool.submit(_report, asking, given_up)
            permissions = None if names else pool.submit(_permissions, asking)
            with watch("Listing users, and having the credential report made", None):
                listed = _named(asking, names) if names else _listed(asking)
                report = reported.result()
                given = {} if permissions is None else permissions.result()
            known = listed if listed is not None else _fallback(report, caller, asking)
            with watch("Reading users", len(known)) as advance:
                read = functools.partial(_read, asking, report, given, OneByOne(asking), advance)
                users = [user for user in pool.map(read, known) if user is not None]
        except BaseException:
            given_up.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return Facts(
        caller,
        signing_key_id,
        _alias(asking.iam),
        datetime.now(UTC),
        None if report is None else report.made_at,
        None if names else read_root(asking, caller, report),
        tuple(sorted(users, key=lambda user: user.name.lower())),
        keys_in_plain_text(),
        asking.gaps(),
    )


def _report(asking: Asking, given_up: threading.Event) -> Report | None:
    def wait(seconds: float) -> None:
        if given_up.wait(seconds):
            raise CancelledError

    try:
        return fetch_report(asking.iam, wait)
    except ClientError as error:
        name = error.operation_name
        asking.refuse(f"iam:{name}", reason(error))
    except (TimeoutError, ValueError) as error:
        asking.refuse("iam:GetCredentialReport", str(error))
    return None


def _permissions(asking: Asking) -> dict[str, Permissions]:
    """Read all users' at once; empty where that is not allowed: then each is asked for by itself."""
    try:
        return permissions_of_all(asking.iam)
    except ClientError:
        return {}


def _listed(asking: Asking) -> list[KnownUser] | None:
    users = asking.items("list_users", "Users", "iam:ListUsers", {}, made_up_for=True)
    return None if users is None else [_known(user) for user in users]


def _named(asking: Asking, names: Iterable[str]) -> list[KnownUser]:
    found = {}
    for name in names:
        try:
            answer = asking.ask("iam:GetUser", functools.partial(asking.iam.get_user, UserName=name), name)
        except ClientError as error:
            raise NoSuchUserError(f"there is no user {name}") from error
        user = KnownUser(name, "", None, None) if answer is None else _known(answer["User"])
        found[user.name] = user
    return list(found.values())


def _known(user: Any) -> KnownUser:
    return KnownUser(user["UserName"], user["Arn"], user["CreateDate"], user.get("PasswordLastUsed"))


def _fallback(report: Report | None, caller: Caller, asking: Asking) -> list[KnownUser]:
    """Find the users where they cannot be listed: in the report, or at least oneself."""
    if report is not None:
        rows = (one for one in report.users.values() if one.name != ROOT)
        return [KnownUser(one.name, one.arn, one.created_at, one.password_last_used_at) for one in rows]
    asking.refuse("iam:ListUsers", "nothing else says who there is")
    if caller.user_name is not None:
        return [KnownUser(caller.user_name, caller.arn, None, None)]
    missing = "; ".join(f"{gap.action}: {gap.why}" for gap in asking.gaps())
    raise NotLetInError(f"nothing of the account {caller.account_id} may be read: {missing}")


def _read(
    asking: Asking,
    report: Report | None,
    given: dict[str, Permissions],
    alone: OneByOne,
    advance: Callable[[int], None],
    known: KnownUser,
) -> AuditedUser | None:
    """Read one user; None: it has gone since it was listed."""
    try:
        permissions = given.get(known.name) or alone.permissions(known.name)
        return read_user(asking, known, permissions, None if report is None else report.users.get(known.name))
    except ClientError as error:
        if not is_missing(error):
            raise
        return None
    finally:
        advance(1)


def _alias(iam: Any) -> str | None:
    """Give the account's alias, where one may see it: nothing depends on it."""
    try:
        return next(iter(iam.list_account_aliases()["AccountAliases"]), None)
    except (ClientError, BotoCoreError):
        return None
