"""Where the console's links lead."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.e2e.console.browser import Person
from tests.e2e.console.test_accessibility import PAGES, inhabited, settle

__all__ = ["inhabited"]
LINKS = """() => [...document.querySelectorAll("a[href]")].map((link) => link.getAttribute("href"))"""
ELSEWHERE = ("https://docs.aws.amazon.com/", "#")
MANAGED = "/console/iam/policies/arn%3Aaws%3Aiam%3A%3Aaws"


def test_no_link_is_dead(person: Person, inhabited: None) -> None:
    """Each link on each page leads to a page of the console, or to AWS's documentation."""
    found: dict[str, str] = {}
    for path, heading in PAGES.items():
        person.go(path)
        person.see_heading(heading)
        settle(person.page)
        found |= {href: path for href in person.page.evaluate(LINKS) if not href.startswith(MANAGED)}
    inner = {href: path for href, path in found.items() if not href.startswith(ELSEWHERE)}
    assert [href for href in inner if not href.startswith("/console")] == []
    for href in sorted(set(inner) - set(PAGES)):
        person.go(href)
        expect(person.page.get_by_role("heading", level=1).first).to_be_visible()
        expect(person.page.get_by_role("heading", name="Page not found"), inner[href]).to_have_count(0)
