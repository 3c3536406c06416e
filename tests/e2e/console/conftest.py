"""A browser, and people who use it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

pytest.importorskip("playwright", reason="playwright is not installed: pip install playwright")

from playwright.sync_api import Browser

from keywright.server.console_files import CONSOLE_FOLDER
from tests.e2e.console.browser import Person
from tests.e2e.live_server import Account, LiveServer

NewPerson = Callable[..., Person]


@pytest.fixture(scope="session")
def browser(browser: Browser) -> Browser:
    """Have the browser, and a console to look at."""
    if not (CONSOLE_FOLDER / "index.html").exists():
        pytest.skip("the console is not built: cd console && npm ci --ignore-scripts && npm run build")
    return browser


@pytest.fixture
def new_person(browser: Browser, server: LiveServer) -> Iterator[NewPerson]:
    """Give people a browser profile each; in the end, no browser may have complained."""
    people: list[Person] = []
    contexts = []

    def make(width: int = 1400, height: int = 1000, color_scheme: str = "light") -> Person:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=color_scheme,  # type: ignore[arg-type]
            reduced_motion="reduce",
            permissions=["clipboard-read", "clipboard-write"],
        )
        contexts.append(context)
        people.append(Person(context, server))
        return people[-1]

    yield make
    complaints = [complaint for person in people for complaint in person.complaints]
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def person(new_person: NewPerson, account: Account) -> Person:
    """Have the administrator signed in."""
    person = new_person()
    person.sign_in(account)
    return person
