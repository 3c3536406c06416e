"""What a first visit costs: the figures of the console's budget."""

from __future__ import annotations

from playwright.sync_api import Browser

from tests.bench.console_figures import MAX_BYTES, MAX_REQUESTS, visit_users
from tests.e2e.console.browser import Person
from tests.e2e.live_server import Account, LiveServer


def test_a_cold_users_page(browser: Browser, person: Person, account: Account, server: LiveServer) -> None:
    """The Users page, with nothing cached, comes in few requests and few bytes."""
    visit = visit_users(browser, person.page.context.storage_state(), server, account.user_name)
    assert (visit.requests <= MAX_REQUESTS, visit.bytes <= MAX_BYTES) == (True, True), visit
