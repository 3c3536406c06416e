"""Which key the rotation takes for an old one's successor, and what it says where there are two already."""

from __future__ import annotations

import time
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.console.browser import Person

TWO = "There are 2 access keys, so no new one can be created"


@pytest.fixture
def two_keys(iam: Any, request: pytest.FixtureRequest) -> tuple[str, str, str]:
    """Have a user with two keys, made in different seconds: name, older, newer."""
    name = f"two-{request.node.name.replace('_', '-')[:40]}"
    iam.create_user(UserName=name)
    older = iam.create_access_key(UserName=name)["AccessKey"]["AccessKeyId"]
    time.sleep(1.1)
    return name, older, iam.create_access_key(UserName=name)["AccessKey"]["AccessKeyId"]


def rotate(person: Person, user_name: str, key_id: str) -> None:
    """Choose Rotate from a key's actions."""
    person.go(f"/console/iam/users/{user_name}?tab=security")
    person.button(f"Actions of {key_id}").click()
    person.page.get_by_role("menuitem", name="Rotate", exact=True).click()
    person.see("Rotate access key")


def test_an_older_key_is_no_successor(person: Person, two_keys: tuple[str, str, str]) -> None:
    """The newer of two is not replaced by the older: the page says so, and offers to rotate the older."""
    name, older, newer = two_keys
    rotate(person, name, newer)
    person.see(TWO)
    person.see(f"{older} is older than {newer}, so it is not its replacement.")
    person.picture("rotate-older")
    expect(person.button(f"{older} is the replacement")).to_have_count(0)
    # Nor where the address claims it.
    person.go(f"/console/iam/users/{name}/rotate-access-key/{newer}?successor={older}")
    person.see(TWO)
    person.page.get_by_role("link", name=f"Rotate {older}").click()
    person.button(f"{newer} is the replacement").click()
    person.see_heading("Watch the old key")


def test_an_inactive_key_is_no_successor(person: Person, iam: Any, two_keys: tuple[str, str, str]) -> None:
    """A newer key that is inactive replaces nothing: the page says what can be done."""
    name, older, newer = two_keys
    iam.update_access_key(UserName=name, AccessKeyId=newer, Status="Inactive")
    rotate(person, name, older)
    person.see(f"{newer} is newer but inactive, so nothing can use it.")
    person.go(f"/console/iam/users/{name}/rotate-access-key/{older}?successor={newer}")
    person.see(TWO)
    expect(person.button(f"{newer} is the replacement")).to_have_count(0)


def test_an_unrelated_key_is_asked_about(person: Person, iam: Any, two_keys: tuple[str, str, str]) -> None:
    """A newer active key is the successor only if the person says so, who sees what it is for; then it stays so."""
    name, older, newer = two_keys
    iam.tag_user(UserName=name, Tags=[{"Key": newer, "Value": "Purpose=Backups"}])
    rotate(person, name, older)
    person.see(f"If it was created to replace {older}, continue with it.")
    person.see("Purpose=Backups")
    person.picture("rotate-two-keys")
    person.button(f"{newer} is the replacement").click()
    person.see_heading("Watch the old key")
    person.page.reload()
    person.see("The old key was not used since the new one was made.")
