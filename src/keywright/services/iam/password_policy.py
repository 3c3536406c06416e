"""The account's password policy."""

from __future__ import annotations

from sqlalchemy import delete, insert

from keywright.identity.password_policy import find_password_policy
from keywright.services.iam.errors import NoSuchEntity
from keywright.services.operation import Call, Inputs, Result, Target, everything, operation
from keywright.store.tables import password_policies


def readable_policy(call: Call, inputs: Inputs) -> Target:
    """Name the policy: one that lets users change their passwords lets them read it."""
    del inputs
    policy = find_password_policy(call.connection, call.account_id)
    is_granted = policy is not None and policy.allow_users_to_change and call.caller.user_name is not None
    return Target("*", granted=is_granted)


@operation(resource=everything)
def update_account_password_policy(
    call: Call,
    *,
    minimum_password_length: int = 6,
    require_symbols: bool = False,
    require_numbers: bool = False,
    require_uppercase_characters: bool = False,
    require_lowercase_characters: bool = False,
    allow_users_to_change_password: bool = False,
    max_password_age: int | None = None,
    password_reuse_prevention: int | None = None,
    hard_expiry: bool | None = None,
) -> Result:
    """Set the policy whole: what is not named goes back to its default."""
    call.connection.execute(delete(password_policies).where(password_policies.c.account_id == call.account_id))
    call.connection.execute(
        insert(password_policies).values(
            account_id=call.account_id,
            minimum_length=minimum_password_length,
            require_symbols=require_symbols,
            require_numbers=require_numbers,
            require_uppercase=require_uppercase_characters,
            require_lowercase=require_lowercase_characters,
            allow_users_to_change=allow_users_to_change_password,
            max_age_days=max_password_age,
            reuse_prevention=password_reuse_prevention,
            hard_expiry=hard_expiry,
        )
    )
    return None


@operation(resource=readable_policy)
def get_account_password_policy(call: Call) -> Result:
    """
    Give the policy that was set.

    Raises: NoSuchEntity (AWS's default applies).
    """
    policy = find_password_policy(call.connection, call.account_id)
    if policy is None:
        raise _no_policy(call)
    return {
        "PasswordPolicy": {
            "MinimumPasswordLength": policy.minimum_length,
            "RequireSymbols": policy.require_symbols,
            "RequireNumbers": policy.require_numbers,
            "RequireUppercaseCharacters": policy.require_uppercase,
            "RequireLowercaseCharacters": policy.require_lowercase,
            "AllowUsersToChangePassword": policy.allow_users_to_change,
            "ExpirePasswords": policy.max_age_days is not None,
            "MaxPasswordAge": policy.max_age_days,
            "PasswordReusePrevention": policy.reuse_prevention,
            "HardExpiry": policy.hard_expiry,
        }
    }


@operation(resource=everything)
def delete_account_password_policy(call: Call) -> Result:
    """
    Go back to AWS's default policy.

    Raises: NoSuchEntity.
    """
    deleted = call.connection.execute(
        delete(password_policies).where(password_policies.c.account_id == call.account_id)
    ).rowcount
    if not deleted:
        raise _no_policy(call)
    return None


def _no_policy(call: Call) -> NoSuchEntity:
    return NoSuchEntity(f"The Password Policy with domain name {call.account_id} cannot be found.")
