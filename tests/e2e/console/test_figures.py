"""What a first visit costs: the figures of the console's budget."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Browser

from tests.e2e.console.browser import Person
from tests.e2e.live_server import Account, LiveServer

MAX_BYTES = 460_000
MAX_REQUESTS = 25


def test_a_cold_users_page(browser: Browser, person: Person, account: Account, server: LiveServer) -> None:
    """The Users page, with nothing cached, comes in few requests and few bytes."""
    context = browser.new_context(storage_state=person.page.context.storage_state())
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    received: list[float] = []
    network.on("Network.loadingFinished", lambda event: received.append(_bytes_of(event)))
    page.goto(f"{server.url}/console/iam/users")
    page.get_by_role("link", name=account.user_name, exact=True).wait_for()
    page.wait_for_load_state("networkidle")
    paint = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    context.close()
    print(f"{len(received)} requests, {sum(received):.0f} bytes, first contentful paint after {paint:.0f} ms")
    assert (len(received) <= MAX_REQUESTS, sum(received) <= MAX_BYTES) == (True, True), (len(received), sum(received))


def _bytes_of(event: dict[str, Any]) -> float:
    return float(event["encodedDataLength"])
