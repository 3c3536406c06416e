"""A session that ends, and the tabs of one browser: each shows whose it is, or the way in."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page, expect

from tests.e2e.console.browser import Person
from tests.e2e.console.conftest import NewPerson
from tests.e2e.console.test_people import PASSWORD, with_password
from tests.e2e.live_server import Account

END = """async () => (await fetch("/signin/out", {method: "POST"})).status"""


def sign_out(person: Person, account: Account) -> None:
    """Choose Sign out."""
    person.page.get_by_role("button", name=f"{account.user_name} @").first.click()
    person.page.get_by_role("menuitem", name="Sign out").click()
    person.see("You have signed out.")


def other_tab(person: Person, path: str) -> Page:
    """Open another tab of the same browser."""
    page = person.page.context.new_page()
    page.goto(person.server.url + path)
    return page


def see_heading(page: Page, name: str) -> None:
    """Wait for a heading of another tab."""
    expect(page.get_by_role("heading", name=name).first).to_be_visible()


def test_refused_credentials_end_the_session(person: Person, account: Account) -> None:
    """Where the server knows the session no more, the next call leads to sign-in, and from there to the same place."""
    person.go("/console/iam/groups?x=1")
    person.see("There are no groups yet.")
    assert person.page.evaluate(END) == 204
    person.button("Refresh groups").click()
    person.see_heading("Sign in")
    person.see("Your session has ended. Sign in again to return to the page you were on.")
    person.enter(account.account_id, account.user_name, account.password)
    person.see_heading("User groups")
    assert person.page.url.endswith("/console/iam/groups?x=1")


def test_refused_credentials_of_cloudtrail_end_the_session(person: Person) -> None:
    """CloudTrail has another name for the same refusal."""
    person.go("/console/cloudtrail/events")
    person.see_heading("Event history")
    expect(person.button("Refresh events")).to_be_enabled()
    assert person.page.evaluate(END) == 204
    person.button("Refresh events").click()
    person.see("Your session has ended.")


def test_expired_credentials_are_renewed(person: Person) -> None:
    """ExpiredToken, while the session still stands, costs a renewal and nothing that the person sees."""
    person.go("/console/iam/groups")
    person.see("There are no groups yet.")
    refusal = (
        "<ErrorResponse xmlns='https://iam.amazonaws.com/doc/2010-05-08/'><Error><Type>Sender</Type>"
        "<Code>ExpiredToken</Code><Message>The security token included in the request is expired</Message></Error>"
        "<RequestId>1</RequestId></ErrorResponse>"
    )
    person.page.route(
        person.server.url + "/",
        lambda route: route.fulfill(status=403, content_type="text/xml", body=refusal),
        times=1,
    )
    with person.page.expect_response("**/signin/credentials") as renewed:
        person.button("Refresh groups").click()
    assert renewed.value.status == 200
    expect(person.button("Refresh groups")).to_be_enabled()
    person.see("There are no groups yet.")
    person.see_heading("User groups")


def test_expired_credentials_that_stay_so_end_the_session(person: Person, account: Account) -> None:
    """Where new credentials are refused, too, the session ends for good: no page is loaded over and over."""
    person.go("/console/iam/groups")
    person.see("There are no groups yet.")
    refusal = (
        "<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>invalid</Message></Error></ErrorResponse>"
    )
    person.page.route(
        person.server.url + "/", lambda route: route.fulfill(status=403, content_type="text/xml", body=refusal)
    )
    person.button("Refresh groups").click()
    person.see("Your session has ended.")
    person.page.unroute_all()
    person.enter(account.account_id, account.user_name, account.password)
    person.see_heading("User groups")


def test_signing_out_signs_out_every_tab(person: Person, account: Account) -> None:
    """A tab hears of it when the person signs out in another, says so, and leads back."""
    other = other_tab(person, "/console/iam/groups")
    see_heading(other, "User groups")
    sign_out(person, account)
    expect(other.get_by_text("You signed out in another tab.")).to_be_visible()
    assert "next=%2Fconsole%2Fiam%2Fgroups" in other.url


def test_another_user_takes_over_every_tab(new_person: NewPerson, account: Account, iam: Any) -> None:
    """When somebody else signs in in another tab, each tab is theirs and says so: none calls as another."""
    with_password(iam, "successor")
    person = new_person()
    door = other_tab(person, "/console/sign-in")
    see_heading(door, "Sign in")
    person.sign_in(account)
    person.go("/console/iam/security-credentials")
    person.see(account.user_name)
    door.get_by_label("Account ID or account alias").fill(account.account_id)
    door.get_by_label("IAM username").fill("successor")
    door.get_by_label("Password", exact=True).fill(PASSWORD)
    door.get_by_role("button", name="Sign in", exact=True).click()
    see_heading(door, "Console home")
    person.see("You signed in as successor in another tab, so this tab is successor's, too.")
    person.see_heading("My security credentials")
    expect(person.page.get_by_role("button", name="successor @").first).to_be_visible()
    person.page.reload()
    person.see_heading("My security credentials")
    expect(person.page.get_by_text("in another tab")).to_have_count(0)


def test_a_tab_never_signs_as_another_user(new_person: NewPerson, account: Account, iam: Any) -> None:
    """Even a tab that was told nothing does not take the other user's credentials for what it shows."""
    with_password(iam, "intruder")
    person = new_person()
    person.sign_in(account)
    person.go("/console/iam/groups")
    person.see("There are no groups yet.")
    # By the same cookie jar, and past every page.
    answer = person.page.evaluate(
        """async (form) => (await fetch("/signin", {method: "POST", headers: {"content-type": "application/json"},
          body: JSON.stringify(form)})).json()""",
        {"account": account.account_id, "user": "intruder", "password": PASSWORD},
    )
    assert answer["result"] == "signedIn"
    person.button("Refresh groups").click()
    person.see("You signed in as intruder in another tab, so this tab is intruder's, too.")
    person.see("You need permission: iam:ListGroups")
