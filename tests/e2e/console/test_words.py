"""What the pages say: all of it, once, before it is sent, and reachable by Tab."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.console.browser import Person
from tests.e2e.console.conftest import NewPerson
from tests.e2e.console.test_people import PASSWORD, with_password
from tests.e2e.live_server import Account


def test_a_denial_names_the_whole_resource(new_person: NewPerson, account: Account, iam: Any) -> None:
    """The resource of a refusal is whole, with its spaces and full stops, however long it is."""
    with_password(iam, "denied")
    person = new_person()
    person.sign_in(account, "denied", PASSWORD)
    for name in ("someone.else.", "a" * 64):
        person.go(f"/console/iam/users/{name}")
        alert = person.page.get_by_text("You do not have permission to perform iam:GetUser").first
        expect(alert).to_contain_text(f"on user {name}. Ask your administrator")
    person.picture("denial")


@pytest.mark.parametrize("name", ["..", "."])
def test_a_user_of_dots_opens(name: str, person: Person, iam: Any) -> None:
    """A user whose name a browser takes out of every address has a page, tabs, and keys all the same."""
    iam.create_user(UserName=name)
    person.go("/console/iam/users")
    person.page.get_by_role("link", name=name, exact=True).click()
    person.see(f":user/{name}")
    person.page.get_by_role("tab", name="Security credentials").click()
    person.page.get_by_role("link", name="Create access key").first.click()
    person.see_heading("Access key best practices")
    person.page.reload()
    person.see_heading("Access key best practices")
    person.page.get_by_label("I understand the above recommendation").check()
    person.button("Next").click()
    person.button("Create access key").click()
    person.see_heading("Retrieve access keys")
    assert len(iam.list_access_keys(UserName=name)["AccessKeyMetadata"]) == 1


@pytest.mark.parametrize("kind", ["users", "groups", "roles", "policies"])
def test_what_is_missing_is_said_once(kind: str, person: Person, account: Account) -> None:
    """A page of nothing says so in one message, and offers nothing to do with it."""
    name = f"arn%3Aaws%3Aiam%3A%3A{account.account_id}%3Apolicy%2Fnone" if kind == "policies" else "none"
    person.go(f"/console/iam/{kind}/{name}")
    person.see("Not found")
    person.page.wait_for_load_state("networkidle")
    expect(person.page.get_by_text("Not found")).to_have_count(1)
    expect(person.page.get_by_role("tab")).to_have_count(0)
    expect(person.button("Delete")).to_have_count(0)


def test_tags_are_checked_before_they_are_sent(person: Person, iam: Any) -> None:
    """A key or a value that IAM would refuse is marked, in words, and cannot be saved; one with `=` can."""
    iam.create_user(UserName="tagged", Tags=[{"Key": "Team", "Value": "blue"}])
    person.go("/console/iam/users/tagged?tab=tags")
    person.button("Manage tags").click()
    dialog = person.page.get_by_role("dialog")
    dialog.get_by_role("button", name="Add new tag").click()
    key, value = dialog.get_by_label("Key 2"), dialog.get_by_label("Value 2")
    save = dialog.get_by_role("button", name="Save changes")
    for typed, said in (
        ("aws:team", "Keys that begin with aws: are reserved for AWS."),
        ("team", "This key already exists as Team"),
        ("a,b", "without “,”"),
        ("k" * 129, "A key has at most 128 characters; this one has 129."),
    ):
        key.fill(typed)
        expect(dialog.get_by_text(said).first).to_be_visible()
        expect(save).to_be_disabled()
    person.picture("manage-tags")
    key.fill("Filter")
    value.fill("v" * 257)
    expect(dialog.get_by_text("A value has at most 256 characters; this one has 257.")).to_be_visible()
    value.fill("a;b")
    expect(dialog.get_by_text("without “;”")).to_be_visible()
    expect(save).to_be_disabled()
    value.fill("env=prod=eu")
    save.click()
    person.see("Tags saved.")
    tags = {tag["Key"]: tag["Value"] for tag in iam.list_user_tags(UserName="tagged")["Tags"]}
    assert tags == {"Team": "blue", "Filter": "env=prod=eu"}


def test_an_equals_sign_in_a_description(person: Person, iam: Any) -> None:
    """A description tag keeps all that follows the first `=`."""
    iam.create_user(UserName="equal")
    key_id = iam.create_access_key(UserName="equal")["AccessKey"]["AccessKeyId"]
    person.go("/console/iam/users/equal?tab=security")
    person.button(f"Actions of {key_id}").click()
    person.page.get_by_role("menuitem", name="Edit description tags").click()
    dialog = person.page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Purpose").fill("filter=env=prod")
    dialog.get_by_role("button", name="Save", exact=True).click()
    person.see("Purpose: filter=env=prod")
    assert iam.list_user_tags(UserName="equal")["Tags"] == [{"Key": key_id, "Value": "Purpose=filter=env=prod"}]


def test_an_alias_is_checked_before_it_is_sent(person: Person) -> None:
    """An alias that IAM would refuse is told in words, and cannot be saved."""
    person.go("/console/iam/account-settings")
    person.button("Create alias").click()
    dialog = person.page.get_by_role("dialog")
    for typed, said in (
        ("ab", "An alias has 3 to 63 characters; this one has 2."),
        ("My-Account", "Use lower-case letters, digits and hyphens only."),
        ("-account", "An alias cannot begin or end with a hyphen."),
        ("my--account", "An alias cannot have two hyphens in a row."),
    ):
        dialog.get_by_label("Alias").fill(typed)
        expect(dialog.get_by_text(said)).to_be_visible()
        expect(dialog.get_by_role("button", name="Save")).to_be_disabled()
    dialog.get_by_label("Alias").fill("my-account")
    dialog.get_by_role("button", name="Save").click()
    person.see("The account's alias is my-account.")


def test_the_skip_link_is_the_first(person: Person) -> None:
    """Tab reaches the skip link first; Enter leads past the navigation, and the address stays."""
    person.go("/console/iam/groups")
    person.see("There are no groups yet.")
    address = person.page.url
    person.page.keyboard.press("Tab")
    link = person.page.get_by_role("link", name="Skip to main content")
    expect(link).to_be_focused()
    expect(link).to_be_in_viewport()
    person.picture("skip-link")
    person.page.keyboard.press("Enter")
    assert person.page.evaluate("document.activeElement.id") == "main-content"
    person.page.keyboard.press("Tab")
    assert person.page.evaluate("document.activeElement.closest('main') !== null")
    assert person.page.url == address
