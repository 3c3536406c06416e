"""Checks of users' keys."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from keywright.client.audit.facts import AuditedKey, AuditedUser, Facts
from keywright.client.audit.findings import Finding, Thresholds
from keywright.client.description import orphans

_AT_ONCE: Final = timedelta(minutes=1)
FIX: Final = "keywright audit --fix"


def age(facts: Facts, thresholds: Thresholds) -> Iterator[Finding]:
    """Find active keys older than the limit, the oldest first."""
    for user, key in sorted(_active(facts), key=lambda one: one[1].created_at or facts.audited_at):
        if key.created_at and facts.audited_at - key.created_at > thresholds.max_age:
            what = f"{_days(facts, key)} old, made {key.created_at:%Y-%m-%d}"
            yield _of_key("key-age", user, key, what, _rotate(facts, user, key))


def unused(facts: Facts, thresholds: Thresholds) -> Iterator[Finding]:
    """Find active keys whose last use is long ago, the longest first."""
    for user, key in sorted(_active(facts), key=lambda one: one[1].last_used_at or facts.audited_at):
        if key.last_used_at and facts.audited_at - key.last_used_at >= thresholds.unused:
            idle = (facts.audited_at - key.last_used_at).days
            what = f"last used {idle} days ago, {key.last_used_at:%Y-%m-%d}, for {key.last_used_service or 'nothing'}"
            yield _of_key("key-unused", user, key, what, f"{FIX} --only key-unused")


def never_used(facts: Facts, thresholds: Thresholds) -> Iterator[Finding]:
    """Find active keys that were never used, once they had time to be."""
    for user, key in _active(facts):
        is_unused = key.use_is_known and key.last_used_at is None
        if is_unused and key.created_at and facts.audited_at - key.created_at >= thresholds.never_used:
            what = f"never used in {_days(facts, key)}, made {key.created_at:%Y-%m-%d}"
            yield _of_key("key-never-used", user, key, what, f"{FIX} --only key-never-used")


def two_active(facts: Facts, _thresholds: Thresholds) -> Iterator[Finding]:
    """Find users with two active keys."""
    for user in facts.users:
        active = [key for key in user.keys or () if key.is_active]
        if len(active) > 1:
            names = " and ".join(f"{key.name} ({_last_use(facts, key)})" for key in active)
            next_step = "finish the rotation, or deactivate the one that nobody uses"
            yield Finding("two-active-keys", user.name, None, names, next_step)


def at_set_up(facts: Facts, _thresholds: Thresholds) -> Iterator[Finding]:
    """Find active keys that were made in the same minute as their user, where there is a password too."""
    for user, key in _active(facts):
        if user.has_password and user.created_at and key.created_at and key.created_at - user.created_at < _AT_ONCE:
            what = f"made within a minute of the user, {key.created_at:%Y-%m-%d}"
            yield _of_key("key-at-set-up", user, key, what, "ask whether the user needs a key: most do not")


def no_owner(facts: Facts, _thresholds: Thresholds) -> Iterator[Finding]:
    """Find active keys whose owner is written nowhere."""
    for user, key in _described(facts):
        if user.fact(key.access_key_id, "owner") is None:
            what = "its description names no owner" if user.description(key.access_key_id) else "it has no description"
            yield _of_key("no-owner", user, key, what, _tag(user, key, "owner=NAME"))


def no_expiry(facts: Facts, _thresholds: Thresholds) -> Iterator[Finding]:
    """Find active keys whose expiry is not written, or cannot be read."""
    for user, key in _described(facts):
        text = user.fact(key.access_key_id, "expires")
        if expiry_of(user, key) is None:
            what = "no day is written on which it expires" if text is None else f"its expiry is no day: {text!r}"
            yield _of_key("no-expiry", user, key, what, _tag(user, key, "expires=YYYY-MM-DD"))


def expired(facts: Facts, _thresholds: Thresholds) -> Iterator[Finding]:
    """Find active keys whose written day has come."""
    today = facts.audited_at.date()
    for user, key in _described(facts):
        day = expiry_of(user, key)
        if day is not None and day <= today:
            since = f"expired {(today - day).days} days ago, {day}" if day < today else f"expires today, {day}"
            yield _of_key("key-expired", user, key, since, _rotate(facts, user, key))


def orphan_tag(facts: Facts, _thresholds: Thresholds) -> Iterator[Finding]:
    """Find tags that describe keys which are no more."""
    for user in facts.users:
        ids = [key.access_key_id for key in user.keys or () if key.access_key_id]
        if user.tags is None or user.keys is None or len(ids) < len(user.keys):
            continue
        for name in orphans(user.tags, ids):
            what = f"describes a key that is no more: {user.tags[name]!r}"
            yield Finding("orphan-tag", user.name, name, what, f"{FIX} --only orphan-tag")


def expiry_of(user: AuditedUser, key: AuditedKey) -> date | None:
    """Read the day on which a key expires; None: none is written, or none that can be read."""
    try:
        return date.fromisoformat(user.fact(key.access_key_id, "expires") or "")
    except ValueError:
        return None


def _active(facts: Facts) -> Iterator[tuple[AuditedUser, AuditedKey]]:
    return ((user, key) for user, key in facts.each_key() if key.is_active)


def _described(facts: Facts) -> Iterator[tuple[AuditedUser, AuditedKey]]:
    """Give the active keys whose description can be found: their ids, and their users' tags, are known."""
    return ((user, key) for user, key in _active(facts) if user.tags is not None and key.access_key_id)


def _of_key(check: str, user: AuditedUser, key: AuditedKey, what: str, next_step: str) -> Finding:
    known = what if key.access_key_id else f"{key.name}: {what}"
    return Finding(check, user.name, key.access_key_id, known, next_step)


def _days(facts: Facts, key: AuditedKey) -> str:
    assert key.created_at is not None
    days = (facts.audited_at - key.created_at).days
    return "1 day" if days == 1 else f"{days} days"


def _last_use(facts: Facts, key: AuditedKey) -> str:
    if not key.use_is_known:
        return "last use unknown"
    if key.last_used_at is None:
        return "never used"
    days = (facts.audited_at - key.last_used_at).days
    return f"used {days} days ago" if days > 1 else "used today" if days == 0 else "used yesterday"


def _rotate(facts: Facts, user: AuditedUser, key: AuditedKey) -> str:
    """Say who can rotate a key: only where it lies can the new one be put in its place."""
    if any(one.access_key_id == key.access_key_id for one in facts.plain_text):
        return f"keywright rotate --user {shlex.quote(user.name)}"
    return "where the key is in use: keywright rotate"


def _tag(user: AuditedUser, key: AuditedKey, fact: str) -> str:
    """Give the command that adds a fact to a key's description, and keeps the rest of it."""
    old = user.description(key.access_key_id)
    value = f"{old} / {fact}" if old else fact
    tag = shlex.quote(f"Key={key.access_key_id},Value={value}")
    return f"aws iam tag-user --user-name {shlex.quote(user.name)} --tags {tag}"
