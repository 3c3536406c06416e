"""AWS's identifiers: their form, and the account that they carry."""

from __future__ import annotations

import os
import re
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keywright.aws.identifiers import (
    account_independent_id,
    account_of,
    new_access_key_id,
    new_account_id,
    new_ordered_uuid,
    new_password,
    new_secret_access_key,
    new_unique_id,
    new_uuid,
)

account_ids = st.integers(0, 10**12 - 1).map(lambda number: f"{number:012d}")


@settings(max_examples=100, deadline=None)
@given(account_ids, st.sampled_from(["AKIA", "ASIA"]))
def test_an_access_key_id_carries_its_account(account_id: str, prefix: str) -> None:
    """A key's id is a prefix and 16 of base32 from which its account is read back, leading zeros and all."""
    access_key_id = new_access_key_id(account_id, prefix)
    assert re.fullmatch(prefix + "[A-Z2-7]{16}", access_key_id)
    assert account_of(access_key_id) == account_id


@settings(max_examples=100, deadline=None)
@given(account_ids, st.sampled_from(["AIDA", "ANPA", "AROA", "AGPA"]))
def test_a_unique_id_carries_its_account(account_id: str, prefix: str) -> None:
    """An entity's id is a prefix and 17 of base32, from which the account is read back."""
    unique_id = new_unique_id(prefix, account_id)
    assert re.fullmatch(prefix + "[A-Z2-7]{17}", unique_id)
    assert account_of(unique_id) == account_id


def test_a_public_key_id_decodes() -> None:
    """The account of a real key id is the one that a public write-up names (facts §1)."""
    assert account_of("AKIAXYAFLIG2DFBKVWHJ") == "532587168180"


def test_an_id_of_today_is_told_from_an_old_one() -> None:
    """The fifth character of an id is Q to Z or 2 to 7, as in AWS's since the account is in it."""
    assert all(new_access_key_id(new_account_id())[4] in "QRSTUVWXYZ234567" for _ in range(200))


@pytest.mark.parametrize(
    "identifier",
    [
        "",
        "AKIA",
        "AKIAIOSFODNN7EXAMPLE",
        "AKIAJQQQQQQQQQQQQQQQ",
        "AKIAQQQQQQQQQQQQQQQ",
        "AKIAQQQQQQQQQQQQQQQ1",
        "AKIAqqqqqqqqqqqqqqqq",
        "AKIAééééééééééééééé2",
        "AKIA7777777777777777",
        "AKIAQ" + " " * 15,
    ],
)
def test_what_carries_no_account(identifier: str) -> None:
    """Ids of old, too short, out of the alphabet, or of no account's number have none; none is an error."""
    assert account_of(identifier) is None


def test_ids_are_random() -> None:
    """Ten thousand ids of one account are ten thousand ids."""
    assert len({new_access_key_id("111122223333") for _ in range(10_000)}) == 10_000
    assert len({new_uuid() for _ in range(10_000)}) == 10_000
    assert len({new_ordered_uuid(1) for _ in range(10_000)}) == 10_000


def test_a_fork_draws_its_own() -> None:
    """A forked process gives other ids than its parent."""
    new_uuid()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, new_uuid().encode())
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        theirs = pipe.read()
    os.waitpid(child, 0)
    assert uuid.UUID(theirs)
    assert theirs not in {new_uuid() for _ in range(1000)}


@given(st.integers(0, 2**48 - 1), st.integers(0, 2**48 - 1))
@settings(max_examples=60, deadline=None)
def test_ordered_uuids_are_in_times_order(one: int, two: int) -> None:
    """A UUID of version 7 holds its milliseconds, and sorts by them as text."""
    first, second = new_ordered_uuid(min(one, two)), new_ordered_uuid(max(one, two))
    assert one == two or first < second
    parsed = uuid.UUID(second)
    assert (parsed.version, parsed.int >> 80) == (7, max(one, two))


def test_a_secret_access_key_is_forty_characters() -> None:
    """A secret is 40 of base64's characters, as scanners know them, and never the same."""
    secrets = {new_secret_access_key() for _ in range(1000)}
    assert len(secrets) == 1000
    assert all(re.fullmatch(r"[A-Za-z0-9/+]{40}", secret) for secret in secrets)


def test_a_password_meets_the_default_policy() -> None:
    """A password has all four kinds of characters, in no fixed place, and none that is easily taken for another."""
    passwords = {new_password() for _ in range(300)}
    assert len(passwords) == 300
    for password in passwords:
        assert len(password) == 20
        assert all(re.search(kind, password) for kind in ("[A-Z]", "[a-z]", "[0-9]", "[^A-Za-z0-9]"))
        assert not set(password) & set("0O1lI")
    assert len({password[0] for password in passwords}) > 20


def test_an_account_id_is_twelve_digits() -> None:
    """An account id has 12 digits and does not begin with zero."""
    assert all(re.fullmatch("[1-9][0-9]{11}", new_account_id()) for _ in range(1000))


def test_aws_policies_have_lasting_ids() -> None:
    """The id of what belongs to no account is always the same for the same name, and carries no account."""
    one = account_independent_id("ANPA", "arn:aws:iam::aws:policy/A")
    assert one == account_independent_id("ANPA", "arn:aws:iam::aws:policy/A")
    assert one != account_independent_id("ANPA", "arn:aws:iam::aws:policy/B")
    assert re.fullmatch("ANPA[A-Z2-7]{17}", one)
    assert account_of(one) is None
