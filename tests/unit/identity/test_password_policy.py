"""What a password policy accepts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from keywright.identity.password_policy import PasswordPolicy
from keywright.identity.passwords import hash_password, is_password

STRICT = PasswordPolicy(12, True, True, True, True)


@pytest.mark.parametrize(
    ("policy", "password", "accepted"),
    [
        (STRICT, "Abcdefgh123!", True),
        (STRICT, "Abcdefg123!", False),
        (STRICT, "abcdefgh123!", False),
        (STRICT, "ABCDEFGH123!", False),
        (STRICT, "Abcdefghijk!", False),
        (STRICT, "Abcdefgh1234", False),
        (STRICT, "Abcdefgh123~", False),
        (STRICT, "Ábcdefgh123!", False),
        (PasswordPolicy(), "aaaaaa", True),
        (PasswordPolicy(), "aaaaa", False),
        (PasswordPolicy(), "a" * 128, True),
        (PasswordPolicy(), "a" * 129, False),
    ],
)
def test_each_demand_counts(policy: PasswordPolicy, password: str, accepted: bool) -> None:
    """A password needs the length and each class that is asked for, symbols being AWS's and letters ASCII's."""
    assert policy.accepts(password) is accepted


def test_passwords_expire_by_their_age() -> None:
    """A password must be changed so many days after it was set, and never where no age is given."""
    changed_at = datetime(2026, 11, 24, tzinfo=UTC)
    assert PasswordPolicy(max_age_days=90).expires_at(changed_at) == changed_at + timedelta(days=90)
    assert PasswordPolicy().expires_at(changed_at) is None


def test_a_hash_like_another_tells_whether_it_is_the_same_password() -> None:
    """With another hash's salt the same password has the same hash, another has not, and both verify."""
    first = hash_password("one")
    assert hash_password("one") != first
    assert hash_password("one", like=first) == first
    second = hash_password("two", like=first)
    assert second != first
    assert is_password(second, "two")
    assert not is_password(second, "one")
