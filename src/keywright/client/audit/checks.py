"""The checks, by name: what each is about, how bad it is, and what it must be able to see."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from keywright.client.audit import account_checks, key_checks
from keywright.client.audit.findings import Check, Find, Severity

_USERS: Final = frozenset({"iam:ListUsers", "iam:GetUser"})
_KEYS: Final = _USERS | {"iam:ListAccessKeys"}
_USE: Final = _KEYS | {"iam:GetAccessKeyLastUsed"}
_TAGS: Final = _KEYS | {"iam:ListUserTags"}
_PASSWORD: Final = _USERS | {"iam:GetLoginProfile"}
_ROOT: Final = frozenset({"iam:GetAccountSummary"})
_OWN_POLICIES: Final = _USERS | {"iam:ListAttachedUserPolicies"}
_POLICIES: Final = _OWN_POLICIES | {
    f"iam:{action}"
    for action in (
        "ListUserPolicies",
        "GetUserPolicy",
        "ListGroupsForUser",
        "ListAttachedGroupPolicies",
        "ListGroupPolicies",
        "GetGroupPolicy",
        "GetPolicy",
        "GetPolicyVersion",
    )
}


def _check(
    name: str, severity: Severity, title: str, why: str, needs: frozenset[str], find: Find, *, account: bool = False
) -> Check:
    return Check(name, severity, title, why, needs, account, find)


CHECKS: Final = (
    _check(
        "root-key",
        Severity.CRITICAL,
        "The root user has an access key",
        "Nothing can limit a root key: whoever has it has the account.",
        _ROOT,
        account_checks.root_key,
        account=True,
    ),
    _check(
        "quarantined",
        Severity.CRITICAL,
        "AWS has quarantined a user",
        "AWS found the user's key in public, and attached a policy that denies what thieves do first.",
        _OWN_POLICIES,
        account_checks.quarantined,
    ),
    _check(
        "root-no-mfa",
        Severity.CRITICAL,
        "The root user has no MFA device",
        "A password alone guards the account.",
        _ROOT,
        account_checks.root_no_mfa,
        account=True,
    ),
    _check(
        "administrator",
        Severity.HIGH,
        "A user may do everything",
        "Whoever gets one of the user's credentials has the account.",
        _POLICIES,
        account_checks.administrator,
    ),
    _check(
        "iam-full-access",
        Severity.HIGH,
        "A user may do all in IAM",
        "Who may change permissions may give themselves any.",
        _POLICIES,
        account_checks.iam_full_access,
    ),
    _check(
        "no-mfa",
        Severity.HIGH,
        "A console password without MFA",
        "Whoever learns the password can sign in, and make keys.",
        _PASSWORD | {"iam:ListMFADevices"},
        account_checks.no_mfa,
    ),
    _check(
        "key-expired",
        Severity.HIGH,
        "A key is past the expiry in its tag",
        "Its owner meant it to end: it works on, and nobody waits for it.",
        _TAGS,
        key_checks.expired,
    ),
    _check(
        "plain-text",
        Severity.HIGH,
        "A key lies in plain text on this machine",
        "Each program that runs as you can read it, and so can each backup.",
        frozenset(),
        account_checks.plain_text,
    ),
    _check(
        "key-unused",
        Severity.MEDIUM,
        "An active key that is no longer used",
        "Nobody would miss it, nor notice its theft.",
        _USE,
        key_checks.unused,
    ),
    _check(
        "key-never-used",
        Severity.MEDIUM,
        "An active key that was never used",
        "Nobody needs it, and somebody may have lost it.",
        _USE,
        key_checks.never_used,
    ),
    _check(
        "key-age",
        Severity.MEDIUM,
        "A key is too old",
        "The longer a key lives, the more places have a copy of it.",
        _KEYS,
        key_checks.age,
    ),
    _check(
        "password-unused",
        Severity.MEDIUM,
        "A console password that is no longer used",
        "Nobody would miss it, nor notice its theft.",
        _PASSWORD,
        account_checks.password_unused,
    ),
    _check(
        "two-active-keys",
        Severity.LOW,
        "A user has two active keys",
        "The second is for the days of a rotation: left active, it is one more to lose.",
        _KEYS,
        key_checks.two_active,
    ),
    _check(
        "key-at-set-up",
        Severity.LOW,
        "A key was made together with a console user",
        "It was made because the form offered it: most such keys are never needed.",
        _KEYS | _PASSWORD,
        key_checks.at_set_up,
    ),
    _check(
        "no-owner",
        Severity.LOW,
        "Nobody answers for a key",
        "When it leaks, there is nobody to ask what stops without it.",
        _TAGS,
        key_checks.no_owner,
    ),
    _check(
        "no-expiry",
        Severity.LOW,
        "A key has no expiry in its tag",
        "A key without an end is rotated when somebody thinks of it.",
        _TAGS,
        key_checks.no_expiry,
    ),
    _check(
        "orphan-tag",
        Severity.LOW,
        "A tag describes a key that is no more",
        "Each takes one of the user's 50 tags, and misleads who looks for the key.",
        _TAGS,
        key_checks.orphan_tag,
    ),
)

NAMES: Final = tuple(check.name for check in CHECKS)


def choose(only: Iterable[str], skip: Iterable[str]) -> tuple[Check, ...]:
    """
    Give the checks that are asked for.

    Raises: ValueError.
    """
    only, skip = frozenset(only), frozenset(skip)
    unknown = sorted((only | skip) - set(NAMES))
    if unknown:
        raise ValueError(f"there is no check {unknown[0]!r}; there are {', '.join(NAMES)}")
    return tuple(check for check in CHECKS if (not only or check.name in only) and check.name not in skip)
