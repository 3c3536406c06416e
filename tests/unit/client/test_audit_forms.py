"""The forms of an audit: a page that is safe to open, rows that are safe to open, a table that says it all."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from keywright.client.audit.breadth import Breadth, Grant
from keywright.client.audit.charts import age_bars, scatter, use_bars
from keywright.client.audit.checks import CHECKS
from keywright.client.audit.facts import AuditedRoot, Gap, KeyInPlainText
from keywright.client.audit.findings import Audit, Check, Thresholds
from keywright.client.audit.page import write_page
from keywright.client.cli.audit_rows import write_csv
from keywright.client.cli.audit_sarif import write_sarif
from keywright.client.cli.audit_table import write_table
from tests.unit.client.audited_accounts import NOW, ONE, TWO, audit_of, inactive, key, user

BROAD = Grant("AdministratorAccess", is_inline=False, breadth=Breadth.ADMINISTRATOR, group=None, has_condition=False)
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
    one = user("ada", key(None, created_at=None, use_is_known=False), key(None, days=100), tags=None, has_mfa=None)
    gap = Gap("iam:ListAccessKeys", "AccessDenied", 1, made_up_for=False)
    text = Page(write_page(audit_of(one, user("bob"), report_made_at=None, gaps=(gap,)))).text
    assert "1 finding, not all seen" in text
    assert "partly checked" in text
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


def test_limits_are_where_the_bars_change() -> None:
    """The page tells the limits that were asked for."""
    limits = Thresholds(timedelta(days=33), timedelta(days=12))
    text = write_page(audit_of(user("ada", key(days=40)), thresholds=limits))
    assert "the limit is 33" in text
    assert "the limit is 12" in text
    assert "30–33" in text


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


def test_sarif() -> None:
    """Each check is a rule, each finding a result of the same fingerprint tomorrow, at a file or at an ARN."""
    here = KeyInPlainText(ONE, "123456789012", Path("/home/a b/.aws/credentials"), 2, "default")
    grants = (BROAD, replace(BROAD, policy="another"))
    runs = []
    for later in (timedelta(0), timedelta(days=1)):
        ada = user("ada", key(days=91), grants=grants)
        stream = io.StringIO()
        write_sarif(
            audit_of(ada, root=AuditedRoot(True, True, True), plain_text=(here,), audited_at=NOW + later), stream
        )
        (run,) = json.loads(stream.getvalue())["runs"]
        runs.append(run)
    first, second = runs
    assert [rule["id"] for rule in first["tool"]["driver"]["rules"]] == [check.name for check in by_severity(CHECKS)]
    at = {one["ruleId"]: one["locations"][0] for one in first["results"]}
    assert at["key-age"] == {"logicalLocations": [{"fullyQualifiedName": "arn:aws:iam::123456789012:user/ada"}]}
    assert at["root-key"] == {"logicalLocations": [{"fullyQualifiedName": "arn:aws:iam::123456789012:root"}]}
    place = at["plain-text"]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "file:///home/a%20b/.aws/credentials"
    assert place["region"] == {"startLine": 2}
    levels = {one["ruleId"]: one["level"] for one in first["results"]}
    assert levels == {"root-key": "error", "administrator": "error", "plain-text": "error", "key-age": "warning"}
    prints = [[one["partialFingerprints"]["keywright/v1"] for one in run["results"]] for run in (first, second)]
    assert prints[0] == prints[1]
    assert len(set(prints[0])) == len(first["results"]) == 5


def by_severity(checks: tuple[Check, ...]) -> list[Check]:
    """Give checks the worst first."""
    return sorted(checks, key=lambda check: check.severity.rank)


def test_the_table() -> None:
    """It names checks, users, keys, what to do, and what could not be seen; nothing steers a terminal."""
    gap = Gap("iam:ListMFADevices", "AccessDenied: \x1b[2J", 1, made_up_for=False)
    stream = io.StringIO()
    write_table(audit_of(user("ada", key(days=91)), replace(user("bob"), has_password=True), gaps=(gap,)), stream)
    text = stream.getvalue()
    assert "Account 123456789012: 2 users, 1 key, 1 of them active" in text
    assert f"  ada  {ONE}  91 days old, made 2026-08-25" in text
    assert "[key-age, CIS 7.0: 2.12]" in text
    assert "next: where the key is in use: keywright rotate" in text
    assert "iam:ListMFADevices for 1 user: AccessDenied" in text
    assert "2 findings: 1 high, 1 medium" in text
    assert "\x1b" not in text
