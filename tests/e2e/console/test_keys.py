"""The rest of a key's life in the browser: deactivate, delete, rotate."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import expect

from tests.e2e.console.browser import Person


def act(person: Person, key_id: str, action: str) -> None:
    """Choose from a key's actions."""
    person.button(f"Actions of {key_id}").click()
    person.page.get_by_role("menuitem", name=action, exact=True).click()


def test_deactivate_activate_delete(person: Person, iam: Any) -> None:
    """A key is deactivated, activated, and deleted once it is inactive and its id was typed, with its description."""
    iam.create_user(UserName="keys")
    key_id = iam.create_access_key(UserName="keys")["AccessKey"]["AccessKeyId"]
    iam.tag_user(UserName="keys", Tags=[{"Key": key_id, "Value": "Purpose=Test"}])
    person.go("/console/iam/users/keys?tab=security")
    person.see("Purpose: Test")

    act(person, key_id, "Deactivate")
    person.see("This key was never used.")
    person.page.get_by_role("dialog").get_by_role("button", name="Deactivate", exact=True).click()
    person.see("Inactive")
    assert iam.list_access_keys(UserName="keys")["AccessKeyMetadata"][0]["Status"] == "Inactive"
    act(person, key_id, "Activate")
    person.see(f"Access key {key_id} is active.")

    act(person, key_id, "Delete")
    dialog = person.page.get_by_role("dialog").filter(has_text=f"Delete {key_id}?")
    expect(dialog.get_by_role("button", name="Delete", exact=True)).to_be_disabled()
    dialog.get_by_role("button", name="Deactivate", exact=True).click()
    dialog.get_by_label(f"To confirm, enter {key_id}").fill(key_id)
    dialog.get_by_role("button", name="Delete", exact=True).click()
    person.see("No access keys")
    assert iam.list_access_keys(UserName="keys")["AccessKeyMetadata"] == []
    assert iam.list_user_tags(UserName="keys")["Tags"] == []


def test_a_third_key_is_not_offered(person: Person, iam: Any) -> None:
    """With two keys, the button that makes another is disabled."""
    iam.create_user(UserName="full")
    for _ in range(2):
        iam.create_access_key(UserName="full")
    person.go("/console/iam/users/full?tab=security")
    person.see_heading("Access keys")
    expect(person.page.get_by_role("link", name="Create access key").first).to_have_attribute("aria-disabled", "true")


def test_rotation(person: Person, iam: Any) -> None:
    """A key is rotated step by step: a new one made, both watched, the old one deactivated and deleted."""
    iam.create_user(UserName="rotor")
    old = iam.create_access_key(UserName="rotor")["AccessKey"]["AccessKeyId"]
    person.go("/console/iam/users/rotor?tab=security")
    act(person, old, "Rotate")
    person.see_heading("Create the new key")
    person.button("Create the new key").click()
    person.see_heading("Save it and switch over")
    with person.page.expect_download():
        person.button("Download .csv file").click()
    person.button("Next: watch the old key").click()
    person.see("The old key was not used since the new one was made.")
    person.picture("rotate-access-key")
    person.button("Next: retire the old key").click()
    person.button("Deactivate the old key").click()
    person.page.get_by_role("dialog").get_by_role("button", name="Deactivate", exact=True).click()
    person.button("Delete the old key").click()
    dialog = person.page.get_by_role("dialog").filter(has_text=f"Delete {old}?")
    dialog.get_by_label(f"To confirm, enter {old}").fill(old)
    dialog.get_by_role("button", name="Delete", exact=True).click()
    person.see("The rotation is done")
    (left,) = iam.list_access_keys(UserName="rotor")["AccessKeyMetadata"]
    assert (left["AccessKeyId"] != old, left["Status"]) == (True, "Active")
