"""Login profiles: that a user has a password."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, insert, update
from sqlalchemy.exc import IntegrityError

from keywright.services.iam.errors import EntityAlreadyExists, NoSuchEntity, ValidationError
from keywright.services.iam.passwords import (
    Hashed,
    LoginProfile,
    check_new_password,
    find_login_profile,
    hash_new_password,
    remember_password,
)
from keywright.services.iam.users import User, existing_user, find_user_or_caller
from keywright.services.operation import Call, Inputs, Result, operation
from keywright.store.tables import login_profiles


def _hash_password(call: Call, inputs: Inputs) -> Hashed | None:
    """Hash the password that is to be set, if one is."""
    password: str | None = inputs.get("password")
    return None if password is None else hash_new_password(call, _find_owner(call, inputs.get("user_name")), password)


@operation(resource=existing_user, prepare=_hash_password)
def create_login_profile(
    call: Call, *, user_name: str | None = None, password: str | None = None, password_reset_required: bool = False
) -> Result:
    """
    Give a user a password.

    Raises: NoSuchEntity; ValidationError (no password); EntityAlreadyExists; PasswordPolicyViolation;
    EntityTemporarilyUnmodifiable.
    """
    user = _find_owner(call, user_name)
    if password is None:
        raise ValidationError("A password must be supplied.")
    hashed: Hashed = call.prepared
    if find_login_profile(call, user) is not None:
        raise _has_one(user)
    check_new_password(call, user, password, hashed)
    try:
        call.connection.execute(
            insert(login_profiles).values(
                user_id=user.user_id,
                password_hash=hashed.password_hash,
                password_reset_required=password_reset_required,
                created_at=call.now,
                password_changed_at=call.now,
            )
        )
    except IntegrityError:
        raise _has_one(user) from None
    return {"LoginProfile": _describe(user, _find_profile(call, user))}


@operation(resource=existing_user)
def get_login_profile(call: Call, *, user_name: str | None = None) -> Result:
    """
    Tell whether a user has a password, and since when.

    Raises: NoSuchEntity.
    """
    user = _find_owner(call, user_name)
    return {"LoginProfile": _describe(user, _find_profile(call, user))}


@operation(resource=existing_user, prepare=_hash_password)
def update_login_profile(
    call: Call, *, user_name: str, password: str | None = None, password_reset_required: bool | None = None
) -> Result:
    """
    Set a user's password, or that it must be changed at the next sign-in.

    Raises: NoSuchEntity; PasswordPolicyViolation; EntityTemporarilyUnmodifiable.
    """
    user = _find_owner(call, user_name)
    profile = _find_profile(call, user)
    values: dict[str, Any] = {}
    if password is not None:
        hashed: Hashed = call.prepared
        check_new_password(call, user, password, hashed)
        remember_password(call, user, profile.password_hash)
        values |= {"password_hash": hashed.password_hash, "password_changed_at": call.now}
    if password_reset_required is not None:
        values["password_reset_required"] = password_reset_required
    if values:
        call.connection.execute(update(login_profiles).where(login_profiles.c.user_id == user.user_id).values(values))
    return None


@operation(resource=existing_user)
def delete_login_profile(call: Call, *, user_name: str | None = None) -> Result:
    """
    Take a user's password away.

    Raises: NoSuchEntity.
    """
    user = _find_owner(call, user_name)
    # AWS: the words changed since "Cannot find Login Profile for User …" was recorded, of GetLoginProfile in 2017 too.
    profile = _find_profile(call, user)
    remember_password(call, user, profile.password_hash)
    call.connection.execute(delete(login_profiles).where(login_profiles.c.user_id == user.user_id))
    return None


def _find_owner(call: Call, user_name: str | None) -> User:
    """
    Find the user; without a name, the calling one.

    Raises: NoSuchEntity; ValidationError: the root user's password is not managed here but by an AssumeRoot session.
    """
    user = find_user_or_caller(call, user_name)
    if user is None:
        raise ValidationError("Must specify userName when calling with non-User credentials")
    return user


def _find_profile(call: Call, user: User) -> LoginProfile:
    profile = find_login_profile(call, user)
    if profile is None:
        raise NoSuchEntity(f"Login Profile for User {user.user_name} cannot be found.")
    return profile


def _describe(user: User, profile: LoginProfile) -> dict[str, Any]:
    return {
        "UserName": user.user_name,
        "CreateDate": profile.created_at,
        "PasswordResetRequired": profile.password_reset_required,
    }


def _has_one(user: User) -> EntityAlreadyExists:
    return EntityAlreadyExists(f"Login Profile for User {user.user_name} already exists.")
