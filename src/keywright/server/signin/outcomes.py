"""How a sign-in ends once its password has been looked at, and what it leaves: all in one transaction."""

from __future__ import annotations

from datetime import datetime
from typing import Final, Literal, NamedTuple

from sqlalchemy import Connection, select, update

from keywright.aws.secret import Secret
from keywright.identity.browser_sessions import begin_session, end_session, find_session
from keywright.identity.mfa import devices_of, verify_any_mfa
from keywright.identity.password_holders import PasswordHolder
from keywright.identity.password_policy import find_password_policy
from keywright.identity.sign_in_throttle import forget, take_back
from keywright.server.signin.attempts import Attempt, Checked, find
from keywright.server.signin.requests import nothing_to_change
from keywright.store.sealing import Sealer
from keywright.store.tables import accounts, mfa_devices, users
from keywright.store.transaction import Transaction
from keywright.trail.sign_in_events import FAILED, HIDDEN, UNKNOWN_USER, SignInUser, check_mfa, console_login

Result = Literal["signedIn", "refused", "mfaRequired", "passwordChangeRequired", "passwordExpired"]
_VIRTUAL: Final = "Virtual MFA"
_SEVERAL_KINDS: Final = "Multiple MFA Devices"
_KEY: Final = "U2F MFA"


class Outcome(NamedTuple):
    """How a sign-in ended."""

    result: Result
    holder: PasswordHolder | None
    token: Secret | None = None
    """Of the session that was begun."""


def conclude(transaction: Transaction, sealer: Sealer, checked: Checked) -> Outcome:
    """
    End a sign-in, and record it.

    Raises: BadRequest (a new password that nobody asked for).
    """
    connection, attempt = transaction.connection, checked.attempt
    account_id, holder = find(connection, attempt.asked)
    if holder is None or not _is_still_right(holder, checked):
        _record_refusal(transaction, attempt, account_id, holder)
        return Outcome("refused", None)
    serial_number = _shown_before(connection, attempt, holder)
    if serial_number is None and attempt.asked.mfa_code is not None:
        serial_number = verify_any_mfa(connection, sealer, holder.bearer, attempt.asked.mfa_code, attempt.event.at)
        if serial_number is None:
            _record_refusal(transaction, attempt, account_id, holder, mfa_used=True)
            return Outcome("refused", None)
    # From here on it was no guess.
    take_back(connection, (checked.name, checked.address))
    outcome = _go_on(transaction, attempt, holder, serial_number)
    if outcome.result == "signedIn":
        forget(connection, checked.name)
    return outcome


def sign_in(
    transaction: Transaction, attempt: Attempt, holder: PasswordHolder, mfa_serial_number: str | None
) -> Outcome:
    """Begin the session of somebody who has shown all that is asked for."""
    now = attempt.event.at
    if holder.user_id is None:
        used = update(accounts).where(accounts.c.account_id == holder.account_id).values(root_password_last_used=now)
    else:
        used = update(users).where(users.c.user_id == holder.user_id).values(password_last_used=now)
    transaction.connection.execute(used)
    event = console_login(attempt.event, _describe(holder), attempt.login_to, mfa_serial_number)
    transaction.additions.events.append(event)
    return Outcome("signedIn", holder, _begin(transaction, attempt, holder, mfa_serial_number))


def _go_on(
    transaction: Transaction, attempt: Attempt, holder: PasswordHolder, mfa_serial_number: str | None
) -> Outcome:
    """Let somebody in whose password was right, and the code, if one came; or ask for what is missing."""
    connection, now = transaction.connection, attempt.event.at
    kind = None if mfa_serial_number is not None else _kind_of_mfa(connection, holder)
    if kind is not None:
        transaction.additions.events.append(check_mfa(attempt.event, _describe(holder), kind))
        return Outcome("mfaRequired", None)
    expired = _expired(connection, holder, now)
    if expired == "for good":
        event = console_login(
            attempt.event, _describe(holder), attempt.login_to, mfa_serial_number, error_message=FAILED
        )
        transaction.additions.events.append(event)
        return Outcome("passwordExpired", None)
    if holder.reset_required or expired == "until changed":
        token = _begin(transaction, attempt, holder, mfa_serial_number, must_change_password=True)
        return Outcome("passwordChangeRequired", holder, token)
    if attempt.asked.new_password is not None:
        raise nothing_to_change()
    return sign_in(transaction, attempt, holder, mfa_serial_number)


def _begin(
    transaction: Transaction,
    attempt: Attempt,
    holder: PasswordHolder,
    mfa_serial_number: str | None,
    *,
    must_change_password: bool = False,
) -> Secret:
    """Begin a session with a token of its own: none that the browser brought lives on."""
    connection = transaction.connection
    if attempt.cookie is not None:
        account_id = end_session(connection, attempt.cookie)
        if account_id is not None:
            transaction.identity_changed(account_id)
    return begin_session(
        connection, holder, attempt.event.at, mfa_serial_number, must_change_password=must_change_password
    )


def _is_still_right(holder: PasswordHolder, checked: Checked) -> bool:
    """Tell whether the password was right, and is the same still."""
    return checked.password_generation is not None and holder.password_generation == checked.password_generation


def _shown_before(connection: Connection, attempt: Attempt, holder: PasswordHolder) -> str | None:
    """Give the device whose code was shown when the new password was asked for that comes now."""
    if attempt.cookie is None or attempt.asked.new_password is None:
        return None
    earlier = find_session(connection, attempt.cookie, attempt.event.at)
    if earlier is None or not earlier.must_change_password or earlier.holder != holder:
        return None
    return earlier.mfa_serial_number


def _kind_of_mfa(connection: Connection, holder: PasswordHolder) -> str | None:
    """Say as CloudTrail does which devices somebody has enabled; None for no device."""
    kinds = set(connection.execute(select(mfa_devices.c.is_virtual).where(devices_of(holder.bearer))).scalars())
    if not kinds:
        return None
    return _SEVERAL_KINDS if len(kinds) > 1 else _VIRTUAL if True in kinds else _KEY


def _expired(
    connection: Connection, holder: PasswordHolder, now: datetime
) -> Literal["until changed", "for good"] | None:
    """Tell whether the account's policy has a password expire, and whether its user may set another."""
    policy = find_password_policy(connection, holder.account_id)
    if policy is None or holder.password_changed_at is None:
        return None
    expires_at = policy.expires_at(holder.password_changed_at)
    if expires_at is None or now < expires_at:
        return None
    return "for good" if policy.hard_expiry else "until changed"


def _record_refusal(
    transaction: Transaction,
    attempt: Attempt,
    account_id: str | None,
    holder: PasswordHolder | None,
    *,
    mfa_used: bool = False,
) -> None:
    """Record a refusal in the trail of the account that it is about; one about none has only the log."""
    if account_id is None:
        return
    user = SignInUser(account_id, None, None, HIDDEN) if holder is None else _describe(holder)
    message = UNKNOWN_USER if holder is None else FAILED
    event = console_login(attempt.event, user, attempt.login_to, mfa_used=mfa_used, error_message=message)
    transaction.additions.events.append(event)


def _describe(holder: PasswordHolder) -> SignInUser:
    return SignInUser(holder.account_id, holder.arn, holder.user_id or holder.account_id, holder.user_name)
