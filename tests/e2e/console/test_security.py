"""What a browser itself refuses to do to a person who is signed in, and what the console keeps from it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.e2e.console.browser import Person
from tests.e2e.console.conftest import NewPerson
from tests.e2e.console.other_site import OtherSite, running_site
from tests.e2e.live_server import Account, LiveServer

STORED: Final = """async () => JSON.stringify([
  {...localStorage}, {...sessionStorage}, document.cookie, location.href, history.state,
  performance.getEntries().map(({name}) => name), (await indexedDB.databases()), (await caches.keys()),
])"""


@pytest.fixture
def other_site() -> Iterator[OtherSite]:
    """Have a web site of somebody else's."""
    with running_site() as site:
        yield site


@pytest.fixture
def signed_in(browser: Browser, person: Person) -> Iterator[BrowserContext]:
    """Have windows of the administrator's that may complain: refusals are what these tests are after."""
    context = browser.new_context(storage_state=person.page.context.storage_state())
    yield context
    context.close()


def asks_for_credentials(context: BrowserContext, server: LiveServer) -> int:
    """Have the console's own page ask for credentials with the cookie that its browser has; give the status."""
    page = context.new_page()
    page.goto(f"{server.url}/console/sign-in")
    status: int = page.evaluate("async () => (await fetch('/signin/credentials', {method: 'POST'})).status")
    page.close()
    return status


def test_the_cookie_is_out_of_reach(person: Person) -> None:
    """The browser keeps the session's cookie from scripts, from other sites, and from all but /signin."""
    (cookie,) = person.page.context.cookies(f"{person.server.url}/signin")
    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"], cookie["expires"]) == (
        True,
        "Strict",
        "/signin",
        -1,
    )
    assert person.page.context.cookies(f"{person.server.url}/console") == []
    assert person.page.evaluate("document.cookie") == ""


@pytest.mark.parametrize("path", ["/", "/console/sign-in", "/console/iam/users"])
@pytest.mark.parametrize("relation", ["cross_site", "same_site"])
def test_no_page_is_framed(
    signed_in: BrowserContext, server: LiveServer, other_site: OtherSite, relation: str, path: str
) -> None:
    """No other origin shows the console in a frame, where clicks would be somebody else's."""
    other_site.html = f"<iframe src='{server.url}{path}' width=800 height=600></iframe>"
    page = signed_in.new_page()
    with page.expect_console_message(lambda message: "frame-ancestors 'none'" in message.text):
        page.goto(getattr(other_site, relation))
    (frame,) = page.frames[1:]
    assert not frame.url.startswith(server.url)
    assert frame.evaluate("document.body.innerText.includes('Sign in')") is False


@pytest.mark.parametrize("path", ["/signin", "/signin/credentials", "/signin/out"])
@pytest.mark.parametrize("relation", ["cross_site", "same_site"])
def test_no_other_site_posts_a_form(
    signed_in: BrowserContext, server: LiveServer, other_site: OtherSite, relation: str, path: str
) -> None:
    """A form of another origin is refused, with the cookie or without, and the person stays signed in."""
    other_site.html = (
        f"<form method=post enctype=text/plain action='{server.url}{path}'>"
        """<input name='{"account":"1","user":"a","password":"' value='"}'><button>Win a prize</button></form>"""
    )
    page = signed_in.new_page()
    page.goto(getattr(other_site, relation))
    with page.expect_response(f"{server.url}{path}") as answered:
        page.get_by_role("button", name="Win a prize").click()
    assert answered.value.status == 403
    assert answered.value.json()["result"] == "crossSite"
    assert asks_for_credentials(signed_in, server) == 200


@pytest.mark.parametrize("relation", ["cross_site", "same_site"])
def test_no_other_site_reads_credentials(
    signed_in: BrowserContext, server: LiveServer, other_site: OtherSite, relation: str
) -> None:
    """A script of another origin gets nothing to read, and the server gives it nothing."""
    page = signed_in.new_page()
    page.goto(getattr(other_site, relation))
    before = len(server.log_lines())
    outcome = page.evaluate(
        """(url) => fetch(url, {method: "POST", credentials: "include"}).then(() => "read", (error) => error.name)""",
        f"{server.url}/signin/credentials",
    )
    assert outcome == "TypeError"
    assert asks_for_credentials(signed_in, server) == 200
    answers = [line for line in server.log_lines()[before:] if line.get("action") == "signin:GetCredentials"]
    assert [(line["status"], line["error"]) for line in answers if line["error"] is not None] == [(403, "crossSite")]


def test_a_signed_out_cookie_is_worth_nothing(person: Person, account: Account) -> None:
    """Who kept the cookie of a session that was signed out gets to the door, and no further."""
    context = person.page.context
    kept = context.storage_state()["cookies"]
    person.page.get_by_role("button", name=f"{account.user_name} @").first.click()
    person.page.get_by_role("menuitem", name="Sign out").click()
    person.see("You have signed out.")
    context.add_cookies(kept)  # type: ignore[arg-type]  # what the one gives, the other takes
    assert asks_for_credentials(context, person.server) == 401
    person.go("/console/iam/users")
    person.see_heading("Sign in")


def test_a_planted_cookie_is_not_taken_over(new_person: NewPerson, account: Account) -> None:
    """Signing in never turns a token that was there before into a session: whoever planted it has nothing."""
    person = new_person()
    context = person.page.context
    name = f"keywright-signin-{person.server.port}"
    context.add_cookies([{"name": name, "value": "p" * 43, "domain": "127.0.0.1", "path": "/signin"}])
    person.sign_in(account)
    (cookie,) = context.cookies(f"{person.server.url}/signin")
    assert (cookie["name"], cookie["value"] != "p" * 43) == (name, True)


def test_guessing_is_slowed_down(new_person: NewPerson, account: Account) -> None:
    """After five wrong passwords the door says to wait: 2 s, and more for each further one."""
    person = new_person()
    person.go("/")
    statuses: list[int] = []
    while len(statuses) < 9 and 429 not in statuses:
        with person.page.expect_response("**/signin") as answered:
            person.enter(account.account_id, "guessed", "wrong")
        statuses.append(answered.value.status)
        expect(person.button("Sign in")).to_be_enabled()
    person.see("Too many attempts.")
    assert (statuses[:5], statuses[-1]) == ([401] * 5, 429)


def test_no_text_becomes_a_script(signed_in: BrowserContext, server: LiveServer) -> None:
    """The browser lets neither a string into the page's markup nor an inline script run."""
    page = signed_in.new_page()
    page.goto(f"{server.url}/console/iam/users")
    expect(page.get_by_role("heading", name="Users").first).to_be_visible()
    assert (
        page.evaluate("() => { try { document.body.innerHTML = '<b>'; } catch (error) { return error.name; } }")
        == "TypeError"
    )
    ran = page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.append("window.ran = true");
          document.head.append(script);
          return window.ran ?? false;
        }"""
    )
    assert ran is False


def test_secrets_are_kept_nowhere(person: Person, iam: Any, server: LiveServer) -> None:
    """Neither a new key's secret nor the session's own is in the browser's stores, an address, the log or the trail."""
    iam.create_user(UserName="secretive")
    with person.page.expect_response(lambda response: response.url.endswith("/signin/credentials")) as issued:
        person.go("/console/iam/users/secretive/create-access-key")
    session = issued.value.json()
    person.page.get_by_label("I understand the above recommendation").check()
    person.button("Next").click()
    person.button("Create access key").click()
    person.see_heading("Retrieve access keys")
    person.button("Show secret access key").click()
    secret = person.page.locator("code").filter(has_text=re.compile(r"^[A-Za-z0-9/+]{40}$")).inner_text()
    person.button("Copy secret access key").click()
    person.button("Done").click()
    person.see_heading("Access keys")
    seen = person.page.evaluate(STORED) + json.dumps(person.page.context.storage_state()) + server.log
    for kept in (secret, session["secretAccessKey"], session["sessionToken"]):
        assert kept not in seen
        assert kept.encode() not in (server.data / "keywright.db").read_bytes()
