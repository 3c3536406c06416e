"""The forms of an audit: a page that is safe to open, rows that are safe to open, a table that says it all."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from keywright.client.audit.charts import age_bars, scatter, use_bars
from keywright.client.audit.facts import Gap
from keywright.client.audit.findings import Audit, Thresholds
from keywright.client.audit.page import write_page
from keywright.client.cli.audit_rows import write_csv
from keywright.client.cli.audit_table import write_table
from tests.unit.client.audited_accounts import NOW, ONE, TWO, audit_of, inactive, key, user

NASTY = "<script>alert(1)</script>\"'&"


class Page(HTMLParser):
    """What stands in a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note the tag."""
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        """Note the text."""
        self.text += data


@pytest.fixture
def nasty() -> Audit:
    """Have an account whose every text is an attack."""
    tags = {ONE: f"purpose={NASTY} / expires={NASTY}", "AKIAQ" + "D" * 15: NASTY}
    one = user(
        NASTY,
        key(days=400, last_used_service=NASTY),
        tags=tags,
        policies=frozenset({"AWSCompromisedKeyQuarantine" + NASTY}),
    )
    gap = Gap("iam:GetUser", NASTY, 1, made_up_for=False)
    return audit_of(one, alias=NASTY, gaps=(gap,))


def test_the_page_escapes_everything(nasty: Audit) -> None:
    """Names, tags, policies and errors are text on the page, whatever they hold."""
    page = Page(write_page(nasty))
    assert "script" not in page.tags
    assert page.text.count(NASTY) >= 7
    assert not [name for name, _ in page.attributes if name.startswith("on")]


def test_the_page_loads_nothing(nasty: Audit) -> None:
    """It has no link out of itself, and tells the browser to refuse any."""
    text = write_page(nasty)
    page = Page(text)
    assert not {"link", "img", "iframe", "object", "embed", "base", "form"} & set(page.tags)
    targets = {value for name, value in page.attributes if name in {"href", "src", "xlink:href", "data", "action"}}
    assert all(target is not None and target.startswith("#") for target in targets)
    assert not re.search(r"url\(|@import", text)
    policies = [value for name, value in page.attributes if name == "content" and value and "default-src" in value]
    assert policies == ["default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"]


def test_the_page_of_an_empty_account() -> None:
    """An account without users or keys has a page that says so, without charts."""
    page = Page(write_page(audit_of()))
    assert "No findings" in page.text
    assert "The users that were looked at have none." in page.text
    assert "svg" not in page.tags


def test_the_page_of_what_could_not_be_seen() -> None:
    """Unknown values are unknown on the page, and keys without an id are in the list of keys."""
    one = user("ada", key(None, created_at=None, use_is_known=False), tags=None, has_mfa=None)
    text = Page(write_page(audit_of(one, report_made_at=None))).text
    assert "id unknown" in text
    assert "none could be read" in text


def test_bars_count_each_active_key_once() -> None:
    """Each active key is in one bar of each chart, and bars are late from the limit on, wherever that is."""
    limits = Thresholds(timedelta(days=100), timedelta(days=50))
    audit = audit_of(
        user("ada", key(days=99, used=0.1), key(TWO, days=101, used=None)),
        user("bob", key(days=5000, used=4000), inactive(key(TWO, days=1))),
        thresholds=limits,
    )
    assert sum(bar.count for bar in age_bars(audit)) == sum(bar.count for bar in use_bars(audit)) == 3
    assert [bar.label for bar in age_bars(audit)] == [
        *("0–30", "30–60", "60–90", "90–100", "100–180", "180–365", "1–2 yr", "over 2 yr"),
    ]
    assert {bar.label: bar.count for bar in age_bars(audit) if bar.is_late} == {
        "100–180": 1,
        "180–365": 0,
        "1–2 yr": 0,
        "over 2 yr": 1,
    }
    assert {bar.label for bar in use_bars(audit) if bar.is_late} == {"50–90", "90–365", "over 1 yr", "never"}
    kinds = sorted(dot.kind for dot in scatter(audit).dots)
    assert kinds == ["fine", "never", "unused"]
    assert all(0 <= dot.x <= 1 and 0 <= dot.y <= 1 for dot in scatter(audit).dots)


def test_a_key_from_the_future() -> None:
    """A clock that is behind the service's is no reason to fail."""
    ahead = key(created_at=NOW + timedelta(minutes=5), last_used_at=NOW + timedelta(minutes=6))
    assert scatter(audit_of(user("ada", ahead))).dots[0].x == 0
    assert "ada" in write_page(audit_of(user("ada", ahead)))


def test_rows() -> None:
    """Each finding is a row with the benchmarks' numbers; a spreadsheet takes none of it for a formula."""
    audit = audit_of(user("=cmd()", key(days=91)), user("@x", key(TWO, used=None)))
    stream = io.StringIO(newline="")
    write_csv(audit, stream)
    first, second = csv.DictReader(io.StringIO(stream.getvalue(), newline=""))
    assert (first["check"], first["user"], first["access_key_id"]) == ("key-never-used", "'@x", TWO)
    assert (second["check"], second["user"], second["cis_v7.0"]) == ("key-age", "'=cmd()", "2.12")


def test_the_table() -> None:
    """It names checks, users, keys, what to do, and what could not be seen; nothing steers a terminal."""
    gap = Gap("iam:ListMFADevices", "AccessDenied: \x1b[2J", 1, made_up_for=False)
    stream = io.StringIO()
    write_table(audit_of(user("ada", key(days=91)), replace(user("bob"), has_password=True), gaps=(gap,)), stream)
    text = stream.getvalue()
    assert "Account 123456789012: 2 users, 1 key, 1 of them active" in text
    assert f"  ada  {ONE}  91 days old, made 2026-08-25" in text
    assert "[key-age, CIS 7.0: 2.12]" in text
    assert "next: keywright rotate --user ada" in text
    assert "iam:ListMFADevices for 1 user: AccessDenied" in text
    assert "2 findings: 1 high, 1 medium" in text
    assert "\x1b" not in text
