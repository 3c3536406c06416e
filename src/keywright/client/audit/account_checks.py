"""Checks of the root user, of users' passwords and policies, and of this machine."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from keywright.client.audit.breadth import Breadth
from keywright.client.audit.facts import QUARANTINE, AuditedUser, Facts, KeyInPlainText
from keywright.client.audit.findings import Finding, Thresholds

_BY_ROOT = "sign in as the root user: Security credentials"


def root_key(facts: Facts, _thresholds: Thresholds) -> Iterator[Finding]:
    """Find keys of the root user, inactive ones too: they can be activated again."""
    root = facts.root
    if root is None or not root.has_keys:
        return
    for key in root.keys:
        state = "active" if key.is_active else "inactive"
        made = f", made {key.created_at:%Y-%m-%d}" if key.created_at else ""
        yield Finding("root-key", None, key.access_key_id, f"the root user has a key: {state}{made}", _BY_ROOT)
    if not root.keys:
        yield Finding("root-key", None, None, "the root user has a key; its report row says no more", _BY_ROOT)


def root_no_mfa(facts: Facts, _thresholds: Thresholds) -> Iterator[Finding]:
    """Find a root user without MFA; where it has no password (central root access), it needs none."""
    root = facts.root
    if root is not None and root.has_mfa is False and root.has_password is not False:
        yield Finding("root-no-mfa", None, None, "the root user has no MFA device", _BY_ROOT)


def quarantined(facts: Facts, _thresholds: Thresholds) -> Iterator[Finding]:
    """Find users whom AWS has quarantined."""
    for user in facts.users:
        for policy in sorted(one for one in user.policies or () if one.startswith(QUARANTINE)):
            what = f"{policy} is attached: a key of this user was found in public ({_key_names(user)})"
            yield Finding("quarantined", user.name, None, what, f"keywright quarantine --user {shlex.quote(user.name)}")


def administrator(facts: Facts, _thresholds: Thresholds) -> Iterator[Finding]:
    """Find users who may do everything."""
    return _broad(facts, "administrator", Breadth.ADMINISTRATOR)


def iam_full_access(facts: Facts, _thresholds: Thresholds) -> Iterator[Finding]:
    """Find users who may do all in IAM."""
    return _broad(facts, "iam-full-access", Breadth.IAM)


def _broad(facts: Facts, check: str, breadth: Breadth) -> Iterator[Finding]:
    for user in facts.users:
        for grant in user.grants or ():
            if grant.breadth is breadth:
                what = f"{grant}; credentials: {_credentials(user)}"
                yield Finding(check, user.name, None, what, "grant what is used, or a role that asks for MFA")


def no_mfa(facts: Facts, _thresholds: Thresholds) -> Iterator[Finding]:
    """Find users with a password and no device."""
    for user in facts.users:
        if user.has_password and user.has_mfa is False:
            used_at = user.password_last_used_at
            when = f"last used {used_at:%Y-%m-%d}" if used_at else "which was never used"
            what = f"has a console password, {when}, and no MFA device"
            yield Finding("no-mfa", user.name, None, what, "enable a device, or delete the password")


def password_unused(facts: Facts, thresholds: Thresholds) -> Iterator[Finding]:
    """Find passwords that were not used for long, or never since they were made."""
    for user in facts.users:
        used_at = user.password_last_used_at
        since = used_at or user.password_made_at
        if user.has_password and since and facts.audited_at - since >= thresholds.unused:
            days = (facts.audited_at - since).days
            what = f"last signed in {days} days ago" if used_at else f"never signed in, password {days} days old"
            next_step = f"aws iam delete-login-profile --user-name {shlex.quote(user.name)}"
            yield Finding("password-unused", user.name, None, f"{what}, {since:%Y-%m-%d}", next_step)


def plain_text(facts: Facts, _thresholds: Thresholds) -> Iterator[Finding]:
    """Find keys in plain text on this machine, of this account or another."""
    owners = {key.access_key_id: user.name for user, key in facts.each_key()}
    for one in facts.plain_text:
        user = owners.get(one.access_key_id)
        if user is None and facts.root is None:
            # Only some users were asked for: this is nobody of them.
            continue
        where = "downloaded file" if one.profile is None else f"profile {one.profile}"
        what = f"{where}, {one.path}:{one.line}, {_whose(facts, one, user)}"
        yield Finding("plain-text", user, one.access_key_id, what, _hide(one), one.path, one.line)


def _whose(facts: Facts, one: KeyInPlainText, user: str | None) -> str:
    if user is not None:
        return f"user {user} of this account"
    if one.account_id is None:
        return "an id that does not say its account"
    return f"account {one.account_id}" + (
        ", not among its users' keys" if one.account_id == facts.caller.account_id else ""
    )


def _hide(one: KeyInPlainText) -> str:
    if one.profile is None:
        return f"keywright import {shlex.quote(str(one.path))} --shred"
    return f"keywright migrate --profile {shlex.quote(one.profile)}"


def _key_names(user: AuditedUser) -> str:
    return ", ".join(key.name for key in user.keys or ()) or "it has no keys now"


def _credentials(user: AuditedUser) -> str:
    active = [key.name for key in user.keys or () if key.is_active]
    return ", ".join([*active, *(["console password"] if user.has_password else [])]) or "none at present"
