"""The audit's page in a browser: it asks for nothing, runs nothing, and is readable in each of its forms."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("playwright", reason="playwright is not installed: pip install playwright")

from playwright.sync_api import Browser, Page

from keywright.client.audit.facts import Gap
from keywright.client.audit.page import write_page
from tests.unit.client.audited_accounts import audit_of, inactive, key, user


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Have a page of an account with forty users, whose names and tags are long, or attacks."""
    users = [
        user(
            "<img src=x onerror=document.title='run'>" if number == 7 else f"{'long-' * (number % 9)}name-{number}",
            key(f"AKIAQ{number:015d}", days=number * 19, used=None if number % 7 == 0 else number * 3 % 200),
            inactive(key(f"AKIAR{number:015d}", days=number)),
            has_password=number % 2 == 0,
            tags={f"AKIAQ{number:015d}": "purpose=" + "a very long purpose " * (number % 5)},
        )
        for number in range(40)
    ]
    gap = Gap("iam:GetLoginProfile", "AccessDenied: User: arn:aws:iam::123456789012:user/x is not authorized", 3, True)
    path = tmp_path_factory.mktemp("page") / "audit.html"
    path.write_text(write_page(audit_of(*users, gaps=(gap,))))
    return path


def opened(browser: Browser, report: Path, *, width: int, scheme: str) -> tuple[Page, list[str]]:
    """Open the page; gives it, and all that the browser asked for or complained of."""
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page, noted = context.new_page(), []
    page.on("request", lambda request: noted.append(request.url))
    page.on("console", lambda message: noted.append(message.text))
    page.on("pageerror", lambda error: noted.append(str(error)))
    page.goto(report.as_uri())
    page.wait_for_load_state("networkidle")
    return page, noted


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 420])
def test_it_stands_alone(browser: Browser, report: Path, width: int, scheme: str) -> None:
    """Nothing but the file is asked for, no name on it runs, nothing is cut off at the side."""
    page, noted = opened(browser, report, width=width, scheme=scheme)
    assert noted == [report.as_uri()]
    assert page.title().startswith("Access key audit of account 123456789012")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.locator("figure svg").count() == 3
    assert page.locator("figure.wide circle").count() == 40
    assert page.get_by_text("<img src=x onerror").count() >= 1
    page.context.close()


def test_it_is_dark_in_the_dark(browser: Browser, report: Path) -> None:
    """Background and text change places with the reader's colour scheme."""
    colours = []
    for scheme in ("light", "dark"):
        page, _ = opened(browser, report, width=1280, scheme=scheme)
        script = "(name) => getComputedStyle(document.body)[name].match(/\\d+/g).slice(0, 3).map(Number)"
        colours.append([sum(page.evaluate(script, name)) for name in ("backgroundColor", "color")])
        page.context.close()
    (paper, ink), (dark_paper, dark_ink) = colours
    assert min(paper, dark_ink) > 600
    assert max(ink, dark_paper) < 150


def test_links_lead_to_the_findings(browser: Browser, report: Path) -> None:
    """Each check with findings leads to them."""
    page, _ = opened(browser, report, width=1280, scheme="light")
    links = page.locator(".matrix a")
    assert links.count() >= 4
    for target in links.evaluate_all("all => all.map(one => one.getAttribute('href'))"):
        assert page.locator(target).count() == 1
    page.context.close()
