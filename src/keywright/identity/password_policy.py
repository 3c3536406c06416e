"""An account's password policy: what a password must be, and how long it may be used."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, select

from keywright.store.tables import account_aliases, accounts, password_policies

_SYMBOLS: Final = frozenset("!@#$%^&*()_+-=[]{}|'")
_LONGEST: Final = 128
REMEMBERED: Final = 24
"""How many of a user's passwords, the present one among them, a policy can forbid to use again."""


class PasswordPolicy(NamedTuple):
    """What an account asks of its users' passwords."""

    minimum_length: int = 6
    require_symbols: bool = False
    require_numbers: bool = False
    require_uppercase: bool = False
    require_lowercase: bool = False
    allow_users_to_change: bool = False
    max_age_days: int | None = None
    reuse_prevention: int | None = None
    hard_expiry: bool | None = None

    def accepts(self, password: str) -> bool:
        """Tell whether a password is long enough and has the characters that are asked for."""
        classes = _classes_of(password)
        return self.minimum_length <= len(password) <= _LONGEST and not (
            (self.require_symbols and "symbol" not in classes)
            or (self.require_numbers and "number" not in classes)
            or (self.require_uppercase and "uppercase" not in classes)
            or (self.require_lowercase and "lowercase" not in classes)
        )

    def expires_at(self, changed_at: datetime) -> datetime | None:
        """Tell when a password that was set at a moment must be changed; None for never."""
        return None if self.max_age_days is None else changed_at + timedelta(days=self.max_age_days)


def find_password_policy(connection: Connection, account_id: str) -> PasswordPolicy | None:
    """Find the policy that an account has set; None where AWS's default applies."""
    row = connection.execute(
        select(
            password_policies.c.minimum_length,
            password_policies.c.require_symbols,
            password_policies.c.require_numbers,
            password_policies.c.require_uppercase,
            password_policies.c.require_lowercase,
            password_policies.c.allow_users_to_change,
            password_policies.c.max_age_days,
            password_policies.c.reuse_prevention,
            password_policies.c.hard_expiry,
        ).where(password_policies.c.account_id == account_id)
    ).one_or_none()
    return None if row is None else PasswordPolicy(*row)


def is_acceptable(connection: Connection, account_id: str, policy: PasswordPolicy | None, password: str) -> bool:
    """Tell whether a password is as the account's policy asks, or, without one, AWS's default (facts §6)."""
    if policy is not None:
        return policy.accepts(password)
    # AWS: 8 to 128 characters, three of the four classes, not the account's name or e-mail address (User Guide,
    # "Default password policy").
    return (
        8 <= len(password) <= _LONGEST
        and len(_classes_of(password)) >= 3
        and password.casefold() not in _names_of(connection, account_id)
    )


def _classes_of(password: str) -> set[str]:
    found = set()
    for character in password:
        if "a" <= character <= "z":
            found.add("lowercase")
        elif "A" <= character <= "Z":
            found.add("uppercase")
        elif "0" <= character <= "9":
            found.add("number")
        elif character in _SYMBOLS:
            found.add("symbol")
    return found


def _names_of(connection: Connection, account_id: str) -> set[str]:
    email = select(accounts.c.root_email).where(accounts.c.account_id == account_id)
    alias = select(account_aliases.c.alias).where(account_aliases.c.account_id == account_id)
    return {name.casefold() for statement in (email, alias) for name in connection.execute(statement).scalars()}
