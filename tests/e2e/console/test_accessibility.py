"""What axe finds on each page, light and dark; a narrow window; the keyboard alone."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.e2e.console.browser import Person
from tests.e2e.console.conftest import NewPerson
from tests.e2e.live_server import Account

PAGES = {
    "/console": "Console home",
    "/console/iam": "IAM Dashboard",
    "/console/iam/users": "Users",
    "/console/iam/create-user": "Specify user details",
    "/console/iam/users/seen": "seen",
    "/console/iam/users/seen?tab=security": "Access keys",
    "/console/iam/users/seen?tab=tags": "Tags",
    "/console/iam/users/seen/create-access-key": "Access key best practices",
    "/console/iam/security-credentials": "My security credentials",
    "/console/iam/groups": "User groups",
    "/console/iam/groups/seers": "seers",
    "/console/iam/roles": "Roles",
    "/console/iam/create-role": "Create role",
    "/console/iam/roles/seer": "seer",
    "/console/iam/policies": "Policies",
    "/console/iam/create-policy": "Create policy",
    "/console/iam/policies/arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2FReadOnlyAccess": "ReadOnlyAccess",
    "/console/iam/identity-providers": "Identity providers",
    "/console/iam/simulator": "Policy simulator",
    "/console/iam/account-settings": "Account settings",
    "/console/iam/credential-report": "Credential report",
    "/console/cloudtrail/events": "Event history",
    "/console/no-such-page": "Page not found",
}
CLOUDSCAPE = ("aria-allowed-attr: <div aria-orientation",)
"""Faults that are Cloudscape's own: the mobile navigation's handle."""
TRUST = '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}}'


@pytest.fixture(scope="module")
def inhabited(iam: Any) -> None:
    """Have something to see on the pages."""
    iam.create_user(UserName="seen", Tags=[{"Key": "team", "Value": "blue"}])
    iam.create_access_key(UserName="seen")
    iam.create_group(GroupName="seers")
    iam.add_user_to_group(GroupName="seers", UserName="seen")
    iam.create_role(RoleName="seer", AssumeRolePolicyDocument=TRUST)


def ours(person: Person) -> list[str]:
    """Give what axe finds that is not Cloudscape's own."""
    return [found for found in person.axe_violations() if not found.startswith(CLOUDSCAPE)]


def settle(page: Page) -> None:
    """Wait until nothing loads and nothing moves."""
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(300)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe(scheme: str, new_person: NewPerson, account: Account, inhabited: None) -> None:
    """No page has a fault that axe finds."""
    if not Person.has_axe():
        pytest.skip("axe is not there: cd console && npm ci --ignore-scripts")
    person = new_person(color_scheme=scheme)
    person.go("/")
    person.see_heading("Sign in")
    faults = {"sign-in": ours(person)}
    person.sign_in(account)
    for path, heading in PAGES.items():
        person.go(path)
        person.see_heading(heading)
        settle(person.page)
        faults[path] = ours(person)
        person.picture(f"{scheme}{path.replace('/', '-').replace('?', '-').replace('%', '')}")
    assert {path: found for path, found in faults.items() if found} == {}


@pytest.fixture
def narrow(new_person: NewPerson, account: Account) -> Person:
    """Have somebody with a telephone."""
    person = new_person(width=390, height=844)
    person.sign_in(account)
    return person


def test_390_pixels(narrow: Person, inhabited: None) -> None:
    """A window of 390 pixels shows each page without scrolling sideways."""
    wide = []
    for path, heading in PAGES.items():
        narrow.go(path)
        narrow.see_heading(heading)
        settle(narrow.page)
        if narrow.page.evaluate("document.documentElement.scrollWidth") > 390:
            wide.append(path)
    narrow.go("/console/iam/users/seen?tab=security")
    settle(narrow.page)
    narrow.picture("narrow-security-credentials")
    assert wide == []


def test_the_keyboard_alone(new_person: NewPerson, account: Account, iam: Any) -> None:
    """A key is made and its file saved without a mouse."""
    iam.create_user(UserName="typist")
    person = new_person()
    person.sign_in(account)
    person.go("/console/iam/users/typist/create-access-key")
    person.see_heading("Access key best practices")
    reach(person.page, "I understand the above recommendation and want to proceed to create an access key.")
    person.page.keyboard.press("Space")
    press(person.page, "Next")
    person.see_heading("Set description tags")
    press(person.page, "Create access key")
    person.see_heading("Retrieve access keys")
    with person.page.expect_download() as downloading:
        press(person.page, "Download .csv file")
    assert downloading.value.suggested_filename == "typist_accessKeys.csv"
    press(person.page, "Done")
    person.see_heading("Access keys")


FOCUSED = """() => {
  const focused = document.activeElement;
  const labels = (focused.getAttribute("aria-labelledby") ?? "").split(" ").map((id) => document.getElementById(id));
  const named = labels.map((label) => label?.innerText ?? "").join(" ").trim();
  return named || focused.getAttribute("aria-label") || focused.innerText || "";
}"""


def reach(page: Page, name: str) -> None:
    """Press Tab until something of this name has the focus."""
    met = []
    for _ in range(80):
        page.keyboard.press("Tab")
        met.append(page.evaluate(FOCUSED).strip())
        if met[-1].startswith(name):
            return
    raise AssertionError(f"Tab does not lead to {name}, but to {met}")


def press(page: Page, name: str) -> None:
    """Go to a button by Tab, and press Enter."""
    reach(page, name)
    page.keyboard.press("Enter")
