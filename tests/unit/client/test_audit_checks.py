"""What each check finds, and what it lets pass."""

from __future__ import annotations

import shlex
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from keywright.client.audit.breadth import Breadth, Grant
from keywright.client.audit.checks import CHECKS, NAMES, choose
from keywright.client.audit.controls import BENCHMARKS
from keywright.client.audit.facts import AuditedKey, AuditedRoot, AuditedUser, Gap, KeyInPlainText
from keywright.client.audit.findings import Outcome, Severity, Thresholds
from keywright.client.cli.reference import cli_page
from keywright.commands.main import parse
from tests.unit.client.audited_accounts import (
    DAY,
    GOOD_ROOT,
    NOW,
    ONE,
    TWO,
    audit_of,
    facts,
    found,
    inactive,
    key,
    user,
)

BROAD = Grant("AdministratorAccess", is_inline=False, breadth=Breadth.ADMINISTRATOR, group=None, has_condition=False)


def test_nothing_is_wrong() -> None:
    """A user with one young, used, described key is no finding, and each check says that it is clear."""
    audit = audit_of(user("ada", key()))
    assert found(audit) == {}
    assert {result.outcome for result in audit.results} == {Outcome.CLEAR}
    assert {result.check.name for result in audit.results} == set(NAMES)


@pytest.mark.parametrize(
    ("one", "checks"),
    [
        (key(days=90), set()),
        (key(days=91), {"key-age"}),
        (key(days=80, used=44), set()),
        (key(days=80, used=45), {"key-unused"}),
        (key(days=0.5, used=None), set()),
        (key(days=1, used=None), {"key-never-used"}),
        (key(days=400, used=None), {"key-never-used", "key-age"}),
        (key(days=80, used=None, use_is_known=False), set()),
        (inactive(key(days=400, used=None)), set()),
        (key(None, days=400, used=None), {"key-never-used", "key-age"}),
    ],
)
def test_age_and_use(one: AuditedKey, checks: set[str]) -> None:
    """Active keys are judged at the limit; a key that was never used does not pass, one of unknown use does."""
    assert set(found(audit_of(user("ada", one)))) == checks


def test_keys_are_named_by_id() -> None:
    """A finding names the key by its id, with its user; one whose id nobody may see by the day of its making."""
    (finding,) = found(audit_of(user("ada", key(days=91))))["key-age"]
    assert (finding.user_name, finding.access_key_id) == ("ada", ONE)
    assert finding.what == "91 days old, made 2026-08-25"
    (finding,) = found(audit_of(user("ada", key(None, days=91))))["key-age"]
    assert finding.access_key_id is None
    assert finding.what == "the key made 2026-08-25: 91 days old, made 2026-08-25"


def test_thresholds() -> None:
    """The limits can be moved."""
    wide = Thresholds(timedelta(days=500), timedelta(days=500), timedelta(days=500))
    assert found(audit_of(user("ada", key(days=400, used=None)), thresholds=wide)) == {}


def test_two_active_keys() -> None:
    """Two active keys are one finding that names both, with their last use; an inactive one does not count."""
    (finding,) = found(audit_of(user("ada", key(), key(TWO, used=None, days=0.5))))["two-active-keys"]
    assert finding.what == f"{ONE} (used yesterday) and {TWO} (never used)"
    assert found(audit_of(user("ada", key(), inactive(key(TWO))))) == {}


def test_key_at_set_up() -> None:
    """A key made with a console user is a finding; without a password, or later, it is none."""
    together = user(
        "ada", key(days=10), created_at=NOW - 10 * DAY - timedelta(seconds=30), has_password=True, has_mfa=True
    )
    assert set(found(audit_of(together))) == {"key-at-set-up"}
    assert found(audit_of(replace(together, has_password=False))) == {}
    assert found(audit_of(replace(together, created_at=NOW - 11 * DAY))) == {}


@pytest.mark.parametrize(
    ("tags", "checks"),
    [
        ({}, {"no-owner", "no-expiry"}),
        ({ONE: "my laptop"}, {"no-owner", "no-expiry"}),
        ({ONE: "owner=ada"}, {"no-expiry"}),
        ({ONE.lower(): "Owner=ada / Expires=2027-01-01"}, set()),
        ({ONE: "expires=2027-01-01", "Owner": "platform"}, set()),
        ({ONE: "owner= / expires=soon"}, {"no-owner", "no-expiry"}),
        ({ONE: "owner=ada / expires=2026-11-24"}, {"key-expired"}),
        ({ONE: "owner=ada / expires=2026-11-25"}, set()),
        ({ONE: "owner=ada / expires=2020-01-01"}, {"key-expired"}),
        ({ONE: "owner=ada / expires=2027-01-01", TWO: "the old one"}, {"orphan-tag"}),
        (None, set()),
    ],
)
def test_descriptions(tags: dict[str, str] | None, checks: set[str]) -> None:
    """The tag named by the key says who owns it and when it ends; a tag of the user's may say who owns it."""
    assert set(found(audit_of(user("ada", key(), tags=tags)))) == checks


def test_the_command_to_tag_keeps_the_description() -> None:
    """What is to be typed next adds to the description, and is quoted for the shell."""
    (finding,) = found(audit_of(user("o=neil", key(), tags={ONE: "purpose=it's mine / owner=a"})))["no-expiry"]
    assert finding.next.startswith("aws iam tag-user --user-name o=neil --tags 'Key=")
    assert "purpose=it'\"'\"'s mine / owner=a / expires=YYYY-MM-DD'" in finding.next


@pytest.mark.parametrize(
    ("one", "checks"),
    [
        (user(has_password=True, has_mfa=False, password_last_used_at=NOW), {"no-mfa"}),
        (user(has_password=True, has_mfa=None, password_last_used_at=NOW), set()),
        (user(has_password=True, has_mfa=True, password_last_used_at=NOW - 45 * DAY), {"password-unused"}),
        (user(has_password=True, has_mfa=True, password_made_at=NOW - 45 * DAY), {"password-unused"}),
        (user(has_password=True, has_mfa=True, password_made_at=NOW - 44 * DAY), set()),
        (user(password_last_used_at=NOW - 45 * DAY), set()),
        (user(grants=(BROAD,)), {"administrator"}),
        (user(grants=(replace(BROAD, breadth=Breadth.IAM),)), {"iam-full-access"}),
        (user(policies=frozenset({"AWSCompromisedKeyQuarantineV3"})), {"quarantined"}),
        (user(policies=frozenset({"AWSCompromisedKeyQuarantineV9"})), {"quarantined"}),
        (user(policies=frozenset({"Quarantine"})), set()),
        (user(keys=None, tags=None, policies=None, grants=None, has_password=None, has_mfa=None), set()),
    ],
)
def test_users(one: AuditedUser, checks: set[str]) -> None:
    """Passwords, devices and policies are judged by what is known."""
    assert set(found(audit_of(one))) == checks


@pytest.mark.parametrize(
    ("root", "checks"),
    [
        (replace(GOOD_ROOT, has_keys=True), {"root-key"}),
        (replace(GOOD_ROOT, has_keys=True, keys=(inactive(key()), key(TWO))), {"root-key"}),
        (replace(GOOD_ROOT, has_mfa=False), {"root-no-mfa"}),
        (replace(GOOD_ROOT, has_mfa=False, has_password=False), set()),
        (AuditedRoot(None, None, None), set()),
    ],
)
def test_root(root: AuditedRoot, checks: set[str]) -> None:
    """Any root key is one too many; a root user without a password needs no device."""
    audit = audit_of(root=root)
    assert set(found(audit)) == checks
    if len(root.keys) == 2:
        assert [one.access_key_id for one in found(audit)["root-key"]] == [ONE, TWO]


def test_plain_text() -> None:
    """A key on this machine is named with its place, and its user where it is this account's."""
    here = KeyInPlainText(ONE, "123456789012", Path("/home/ada/.aws/credentials"), 2, "default")
    other = KeyInPlainText("AKIAXYAFLIG2DFBKVWHJ", "532587168180", Path("/d/x_accessKeys.csv"), 2, None)
    audit = audit_of(user("ada", key()), plain_text=(here, other))
    own, foreign = found(audit)["plain-text"]
    assert (own.user_name, own.access_key_id, own.path, own.line) == ("ada", ONE, here.path, 2)
    assert foreign.user_name is None
    assert "account 532587168180" in foreign.what
    # Of a few users only their own keys are told.
    (only,) = found(audit_of(user("ada", key()), plain_text=(here, other), root=None))["plain-text"]
    assert only.access_key_id == ONE


def test_a_missing_permission() -> None:
    """A check that could not see all says so, and what it lacked; one that lost nothing is clear."""
    gap = Gap("iam:ListMFADevices", "AccessDenied", 1, made_up_for=False)
    several = user("ada", key()), user("bob")
    of_one = {result.check.name: result for result in audit_of(*several, gaps=(gap,)).results}
    assert of_one["no-mfa"].outcome is Outcome.PARTLY
    assert of_one["no-mfa"].gaps == (gap,)
    assert of_one["key-age"].outcome is Outcome.CLEAR
    of_all = {r.check.name: r for r in audit_of(*several, gaps=(replace(gap, users=2),)).results}
    assert of_all["no-mfa"].outcome is Outcome.NOT_CHECKED
    made_up = {r.check.name: r for r in audit_of(*several, gaps=(replace(gap, made_up_for=True),)).results}
    assert made_up["no-mfa"].outcome is Outcome.CLEAR
    root = {r.check.name: r for r in audit_of(gaps=(Gap("iam:GetAccountSummary", "no", 0, False),)).results}
    assert root["root-key"].outcome is Outcome.NOT_CHECKED


def test_a_few_users() -> None:
    """Where only some users are looked at, nothing is said of the root user."""
    names = {result.check.name for result in audit_of(user(), root=None).results}
    assert set(NAMES) - names == {"root-key", "root-no-mfa"}


def test_the_worst_first() -> None:
    """Results come the worst first."""
    ranks = [result.check.severity.rank for result in audit_of().results]
    assert ranks == sorted(ranks)
    assert Severity.CRITICAL.rank < Severity.LOW.rank


@pytest.mark.parametrize(
    ("check", "numbers"),
    [
        ("root-key", "1.4 1.4 1.3 2.3 2.4"),
        ("key-unused", "1.12 1.12 1.11 2.11 2.11"),
        ("key-never-used", "1.12 1.12 1.11 2.11 2.11"),
        ("key-age", "1.14 1.14 1.13 2.13 2.12"),
        ("two-active-keys", "1.13 1.13 1.12 2.12 -"),
        ("key-at-set-up", "1.11 1.11 1.10 2.10 -"),
        ("orphan-tag", "- - - - -"),
    ],
)
def test_controls(check: str, numbers: str) -> None:
    """Each check has the benchmarks' numbers of it (facts §13)."""
    (one,) = (one for one in CHECKS if one.name == check)
    assert " ".join(one.controls.get(benchmark, "-") for benchmark in BENCHMARKS) == numbers


def test_choosing() -> None:
    """--only and --skip choose; a name that is no check's is refused with those that are."""
    assert [one.name for one in choose(["key-age", "no-mfa"], ["no-mfa"])] == ["key-age"]
    assert len(choose([], ["key-age"])) == len(CHECKS) - 1
    with pytest.raises(ValueError, match="no check 'key-ages'; there are root-key, "):
        choose(["key-ages"], [])


def test_facts_need_no_lists() -> None:
    """An account without users is audited as any."""
    assert list(facts().each_key()) == []
    assert found(audit_of()) == {}


def test_what_to_type_next_can_be_typed() -> None:
    """Each command that a finding names is one that there is, with flags that it takes."""
    here = KeyInPlainText(ONE, None, Path("/home/ada/.aws/credentials"), 2, "my profile")
    downloaded = KeyInPlainText(TWO, None, Path("/home/ada/Downloads/a b.csv"), 2, None)
    users = (
        user("it's ada", key(days=400, used=300), tags={ONE: "expires=2026-01-01", TWO: "gone"}),
        user("bob", key(TWO, days=3, used=None), policies=frozenset({"AWSCompromisedKeyQuarantineV3"})),
    )
    audit = audit_of(*users, plain_text=(here, downloaded))
    typed = {finding.next for _, finding in audit.findings() if finding.next.startswith("keywright ")}
    assert {shlex.split(one)[1] for one in typed} == {"audit", "import", "migrate", "quarantine", "rotate"}
    assert "keywright rotate --user 'it'\"'\"'s ada'" in typed
    for one in typed:
        parse(shlex.split(one)[1:])


def test_every_check_is_on_the_page() -> None:
    """docs/cli.md lists each check with its severity, its meaning and its controls."""
    for check in CHECKS:
        assert f"| `{check.name}` | {check.severity} | {check.title}. {check.why} |" in cli_page()
    assert "| 1.14 | 1.14 | 1.13 | 2.13 | 2.12 |" in cli_page()
