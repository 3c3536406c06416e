"""A user's password: what may be one, what was one, and the change of one's own."""

from __future__ import annotations

from typing import Any, Final, NamedTuple

from sqlalchemy import Row, delete, insert, select, update

from keywright.aws.errors import AccessDenied
from keywright.identity.browser_sessions import keep_session
from keywright.identity.password_policy import REMEMBERED, find_password_policy, is_acceptable
from keywright.identity.passwords import hash_password, is_password
from keywright.services.iam.errors import (
    EntityTemporarilyUnmodifiable,
    InvalidUserType,
    NoSuchEntity,
    PasswordPolicyViolation,
)
from keywright.services.iam.users import User, existing_user, find_user
from keywright.services.operation import Call, Inputs, Result, Target, operation
from keywright.store.tables import former_passwords, login_profiles

LoginProfile = Row[Any]
"""A row of `login_profiles`."""

_UNACCEPTABLE: Final = "Password does not conform to the account password policy."
_USED_BEFORE: Final = "Policy constraint violation with password reuse prevention during password change."


class Hashed(NamedTuple):
    """A new password, hashed aside before the transaction that sets it."""

    password_hash: str
    replaces: str | None
    """The hash that the user had then: by another one, the salt would be another."""
    old_is_right: bool = True


def hash_new_password(call: Call, user: User, password: str) -> Hashed:
    """
    Hash a password that the account's policy accepts for a user.

    Raises: PasswordPolicyViolation.
    """
    policy = find_password_policy(call.connection, call.account_id)
    if not is_acceptable(call.connection, call.account_id, policy, password):
        raise PasswordPolicyViolation(_UNACCEPTABLE)
    latest = _latest_hash(call, user)
    return Hashed(hash_password(password, like=latest), latest)


def check_new_password(call: Call, user: User, password: str, hashed: Hashed) -> None:
    """
    See within the transaction that a hashed password may be set.

    Raises: EntityTemporarilyUnmodifiable (it was changed in between); PasswordPolicyViolation.
    """
    if _latest_hash(call, user) != hashed.replaces:
        raise EntityTemporarilyUnmodifiable(
            f"Login Profile for User {user.user_name} cannot be modified while login profile is being changed."
        )
    policy = find_password_policy(call.connection, call.account_id)
    if not is_acceptable(call.connection, call.account_id, policy, password):
        raise PasswordPolicyViolation(_UNACCEPTABLE)
    forbidden = 0 if policy is None or policy.reuse_prevention is None else policy.reuse_prevention
    if hashed.password_hash in _latest_hashes(call, user)[:forbidden]:
        raise PasswordPolicyViolation(_USED_BEFORE)


def remember_password(call: Call, user: User, password_hash: str) -> None:
    """Keep the hash of a password that is given up, among the latest that a policy can ask about."""
    call.connection.execute(
        insert(former_passwords).values(user_id=user.user_id, replaced_at=call.now, password_hash=password_hash)
    )
    kept = (
        select(former_passwords.c.replaced_at)
        .where(former_passwords.c.user_id == user.user_id)
        .order_by(former_passwords.c.replaced_at.desc())
        .limit(REMEMBERED)
    )
    call.connection.execute(
        delete(former_passwords).where(
            former_passwords.c.user_id == user.user_id, former_passwords.c.replaced_at.not_in(kept)
        )
    )


def find_login_profile(call: Call, user: User) -> LoginProfile | None:
    """Find a user's login profile."""
    return call.connection.execute(select(login_profiles).where(login_profiles.c.user_id == user.user_id)).one_or_none()


def own_password(call: Call, inputs: Inputs) -> Target:
    """Name the caller, to whom the account's policy may grant it."""
    policy = find_password_policy(call.connection, call.account_id)
    target = existing_user(call, inputs)
    return target._replace(granted=policy is not None and policy.allow_users_to_change)


def _verify_and_hash(call: Call, inputs: Inputs) -> Hashed:
    user, profile = _caller_with_password(call)
    hashed = hash_new_password(call, user, inputs["new_password"])
    return hashed._replace(
        replaces=profile.password_hash, old_is_right=is_password(profile.password_hash, inputs["old_password"])
    )


@operation(resource=own_password, prepare=_verify_and_hash)
def change_password(call: Call, *, old_password: str, new_password: str) -> Result:
    """
    Change the caller's own password, who must know the old one.

    Raises: InvalidUserType (not an IAM user); NoSuchEntity (has none); AccessDenied; PasswordPolicyViolation;
    EntityTemporarilyUnmodifiable.
    """
    del old_password
    hashed: Hashed = call.prepared
    user, profile = _caller_with_password(call)
    if not hashed.old_is_right:
        raise AccessDenied("The old password was incorrect.")
    check_new_password(call, user, new_password, hashed)
    remember_password(call, user, profile.password_hash)
    call.connection.execute(
        update(login_profiles)
        .where(login_profiles.c.user_id == user.user_id)
        .values(password_hash=hashed.password_hash, password_reset_required=False, password_changed_at=call.now)
    )
    session = call.caller.session
    if session is not None and session.browser_session_id is not None:
        keep_session(call.connection, session.browser_session_id)
    return None


def _caller_with_password(call: Call) -> tuple[User, LoginProfile]:
    if call.caller.user_name is None:
        raise InvalidUserType("Only IAM Users can change their own password.")
    user = find_user(call, call.caller.user_name)
    profile = find_login_profile(call, user)
    if profile is None:
        raise NoSuchEntity(f"Login Profile for User {user.user_name} cannot be found.")
    return user, profile


def _latest_hash(call: Call, user: User) -> str | None:
    return next(iter(_latest_hashes(call, user)), None)


def _latest_hashes(call: Call, user: User) -> list[str]:
    """List the hashes of a user's passwords, the present one first."""
    present = call.connection.execute(
        select(login_profiles.c.password_hash).where(login_profiles.c.user_id == user.user_id)
    ).scalars()
    former = call.connection.execute(
        select(former_passwords.c.password_hash)
        .where(former_passwords.c.user_id == user.user_id)
        .order_by(former_passwords.c.replaced_at.desc())
    ).scalars()
    return [*present, *former]
