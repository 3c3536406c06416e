"""What the event history shows at first, in which columns, and what is in it once."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.console.browser import Person
from tests.e2e.console.conftest import NewPerson
from tests.e2e.live_server import Account


@pytest.fixture
def wide(new_person: NewPerson, account: Account) -> Person:
    """Have the administrator in a window of 1440 pixels."""
    person = new_person(width=1440, height=900)
    person.sign_in(account)
    return person


def test_it_opens_on_what_changed_something(wide: Person, iam: Any) -> None:
    """As on AWS, calls that only read are left out until they are asked for; the time range narrows the same choice."""
    iam.create_user(UserName="changed")
    iam.list_users()
    wide.go("/console/cloudtrail/events")
    expect(wide.page.get_by_role("link", name="CreateUser", exact=True).first).to_be_visible()
    expect(wide.page.get_by_role("link", name="ListUsers", exact=True)).to_have_count(0)
    wide.button("Lookup attribute Read-only").click()
    wide.page.get_by_role("option", name="All events").click()
    expect(wide.page.get_by_role("link", name="ListUsers", exact=True).first).to_be_visible()
    wide.page.reload()
    expect(wide.page.get_by_role("link", name="ListUsers", exact=True).first).to_be_visible()


def test_the_key_and_the_error_are_in_sight(wide: Person, iam: Any, account: Account) -> None:
    """At 1440 pixels the access key and the error code are whole, without scrolling sideways."""
    with pytest.raises(iam.exceptions.NoSuchEntityException):
        iam.delete_user(UserName="nobody-of-this-name")
    wide.go("/console/cloudtrail/events")
    row = wide.page.get_by_role("row").filter(has_text="DeleteUser").first
    for text in (account.access_key_id, "NoSuchEntityException"):
        cell = row.get_by_text(text)
        expect(cell).to_be_visible()
        wide.picture("event-history-1440")
        box = cell.bounding_box()
        assert box is not None
        assert box["x"] + box["width"] <= 1440
        assert cell.evaluate("(it) => { const td = it.closest('td'); return td.scrollWidth <= td.clientWidth; }")


def test_the_columns_stay_as_they_were_chosen(wide: Person) -> None:
    """The choice of columns is kept in the browser; one that cannot be read is passed over."""
    wide.go("/console/cloudtrail/events")
    expect(wide.page.get_by_role("columnheader", name="Event source")).to_be_visible()
    wide.button("Preferences").click()
    dialog = wide.page.get_by_role("dialog")
    for name in ("Event source", "Source IP address"):
        dialog.get_by_role("checkbox", name=name, exact=True).click()
    dialog.get_by_role("button", name="Confirm").click()
    wide.page.reload()
    expect(wide.page.get_by_role("columnheader", name="Source IP address")).to_be_attached()
    expect(wide.page.get_by_role("columnheader", name="Event source")).to_have_count(0)
    wide.page.evaluate("localStorage.setItem('keywright.table.events', '{')")
    wide.page.reload()
    expect(wide.page.get_by_role("columnheader", name="Event source")).to_be_visible()


def test_a_refused_key_is_asked_for_once(wide: Person, iam: Any) -> None:
    """CreateAccessKey that hits the limit is not tried again: the trail has it once."""
    iam.create_user(UserName="fullhouse")
    for _ in range(2):
        iam.create_access_key(UserName="fullhouse")
    wide.go("/console/iam/users/fullhouse/create-access-key")
    wide.page.get_by_label("I understand the above recommendation").check()
    wide.button("Next").click()
    asked: list[str] = []
    wide.page.on("request", lambda request: asked.append(request.post_data or ""))
    wide.button("Create access key").click()
    wide.see("Cannot exceed quota for AccessKeysPerUser: 2")
    wide.page.wait_for_timeout(1_000)
    assert len([form for form in asked if "Action=CreateAccessKey" in form]) == 1


def test_a_bad_query_is_passed_over(wide: Person) -> None:
    """What an address has that makes no sense is ignored, and the page is there."""
    for query in ("?start=yesterday&end=%E0%A4%A", "?attribute=Nonsense&value=1", "?attribute=EventName&value="):
        wide.go(f"/console/cloudtrail/events{query}")
        wide.see_heading("Event history")
        expect(wide.page.get_by_role("link", name="ConsoleLogin").first).to_be_visible()
    for path in (
        "/console/iam/users?%",
        "/console/iam/account-settings?tab=%E0%A4%A",
        "/console/sign-in?next=%E0%A4%A",
    ):
        wide.go(path)
        expect(wide.page.get_by_role("heading", level=1).first).to_be_visible()
        expect(wide.page.get_by_text("This page failed")).to_have_count(0)
