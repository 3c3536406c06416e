"""Accounts as an audit sees them, made by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from keywright.client.audit.checks import CHECKS
from keywright.client.audit.facts import AuditedKey, AuditedRoot, AuditedUser, Facts
from keywright.client.audit.findings import Audit, Finding, Thresholds, judge
from keywright.client.identity import Caller

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)
ONE, TWO, SIGNING = "AKIAQ" + "A" * 15, "AKIAQ" + "B" * 15, "AKIAQ" + "S" * 15


def key(access_key_id: str | None = ONE, *, days: float = 10, used: float | None = 1, **other: Any) -> AuditedKey:
    """Make a key: its age and its last use in days; `used` None is never."""
    last_used_at = None if used is None else NOW - used * DAY
    known: dict[str, Any] = {
        "is_active": True,
        "created_at": NOW - days * DAY,
        "use_is_known": True,
        "last_used_at": last_used_at,
        "last_used_service": None if used is None else "s3",
        "last_used_region": None if used is None else "us-east-1",
    }
    return AuditedKey(access_key_id, **(known | other))


def user(name: str = "ada", *keys: AuditedKey, **other: Any) -> AuditedUser:
    """Make a user with whom nothing is wrong."""
    known: dict[str, Any] = {
        "arn": f"arn:aws:iam::123456789012:user/{name}",
        "created_at": NOW - 500 * DAY,
        "has_password": False,
        "password_last_used_at": None,
        "password_made_at": None,
        "has_mfa": False,
        "keys": keys,
        "tags": {one.access_key_id: "owner=ada / expires=2027-01-01" for one in keys if one.access_key_id},
        "policies": frozenset(),
        "grants": (),
    }
    return AuditedUser(name, **(known | other))


GOOD_ROOT = AuditedRoot(has_keys=False, has_password=True, has_mfa=True)


def facts(*users: AuditedUser, **other: Any) -> Facts:
    """Make an account's facts."""
    known: dict[str, Any] = {
        "caller": Caller("arn:aws:iam::123456789012:user/auditor", "123456789012", "AIDAQ"),
        "signing_key_id": SIGNING,
        "alias": None,
        "audited_at": NOW,
        "report_made_at": NOW,
        "root": GOOD_ROOT,
        "users": users,
        "plain_text": (),
        "gaps": (),
    }
    return Facts(**(known | other))


def audit_of(*users: AuditedUser, thresholds: Thresholds | None = None, **other: Any) -> Audit:
    """Audit an account."""
    return judge(facts(*users, **other), thresholds or Thresholds(), CHECKS)


def found(audit: Audit) -> dict[str, list[Finding]]:
    """Give the findings by check."""
    return {result.check.name: list(result.findings) for result in audit.results if result.findings}


def inactive(one: AuditedKey) -> AuditedKey:
    """Make a key inactive."""
    return replace(one, is_active=False)
