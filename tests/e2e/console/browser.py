"""A person in front of the console: a browser window, what they do in it, and what it complains of."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, expect

from tests.e2e.live_server import Account, LiveServer

SCREENSHOTS: Final = Path(__file__).parents[3] / "build" / "screenshots"
_AXE: Final = Path(__file__).parents[3] / "console" / "node_modules" / "axe-core" / "axe.min.js"
_ANSWERED: Final = "Failed to load resource: the server responded with a status of 4"
"""Chromium writes so of every 4xx answer, and a console that asks whether something is there gets some."""
_MILLISECONDS: Final = 15_000
_VIOLATIONS: Final = """async () => {
  const {violations} = await axe.run(document, {resultTypes: ["violations"]});
  return violations.map(({id, nodes}) => `${id}: ${nodes.map(({html}) => html.slice(0, 160)).join(" | ")}`);
}"""


class Person:
    """Somebody with a browser."""

    def __init__(self, context: BrowserContext, server: LiveServer) -> None:
        context.set_default_timeout(_MILLISECONDS)
        expect.set_options(timeout=_MILLISECONDS)
        self.page: Final[Page] = context.new_page()
        self.server: Final = server
        self.complaints: Final[list[str]] = []
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(_ANSWERED):
            self.complaints.append(message.text)

    def go(self, path: str) -> None:
        """Open an address of the console, as one that is typed or bookmarked."""
        self.page.goto(self.server.url + path)

    def enter(self, account_id: str, user_name: str, password: str) -> None:
        """Fill in the door, and knock."""
        self.page.get_by_label("Account ID or account alias").fill(account_id)
        self.page.get_by_label("IAM username").fill(user_name)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.button("Sign in").click()

    def sign_in(self, account: Account, user_name: str | None = None, password: str | None = None) -> None:
        """Sign in, and arrive."""
        self.go("/")
        self.enter(account.account_id, user_name or account.user_name, password or account.password)
        self.see_heading("Console home")

    def button(self, name: str) -> Locator:
        """Find a button by its whole name."""
        return self.page.get_by_role("button", name=name, exact=True)

    def see_heading(self, name: str) -> None:
        """Wait for a page or a step of this name."""
        expect(self.page.get_by_role("heading", name=name).first).to_be_visible()

    def see(self, text: str) -> None:
        """Wait for a text to be in sight."""
        expect(self.page.get_by_text(text).locator("visible=true").first).to_be_visible()

    def picture(self, name: str) -> None:
        """Keep a picture of the whole page, for whoever looks at the run."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        size = self.page.viewport_size
        assert size is not None
        # Playwright's own `full_page` passes through other sizes, in which the console folds up its navigation.
        height: int = self.page.evaluate("document.documentElement.scrollHeight")
        self.page.set_viewport_size({"width": size["width"], "height": height})
        self.page.screenshot(path=SCREENSHOTS / f"{name}.png")
        self.page.set_viewport_size(size)

    def axe_violations(self) -> list[str]:
        """Let axe look at the page; give what is wrong, with where."""
        self.page.evaluate(_AXE.read_text(encoding="utf-8"))
        found: list[str] = self.page.evaluate(_VIOLATIONS)
        return found

    @staticmethod
    def has_axe() -> bool:
        """Tell whether axe is installed beside the console's sources."""
        return _AXE.exists()


def sandbox_flags() -> list[str]:
    """Chromium's sandbox does not work for root, as CI runs."""
    return ["--no-sandbox"] if os.geteuid() == 0 else []
