"""How far a recovery is: what counts as exposed, and which step waits for which."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from keywright.client.quarantine import Facts, KeyState, key_states, quarantined
from keywright.client.quarantine_made import Activity, Made
from keywright.client.quarantine_steps import NotYetError, delete, detach, revoke_sessions

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
OLD, NEW = "AKIAOLDOLDOLDOLDOLD2", "AKIANEWNEWNEWNEWNEW2"
QUIET = Activity(0, 0, (), (), (), ())
V3 = "arn:aws:iam::aws:policy/AWSCompromisedKeyQuarantineV3"


def key(
    access_key_id: str, *, exposed: bool, status: str = "Active", hours: int = 0, used: int | None = None
) -> KeyState:
    """Give a key, made and used so many hours after noon."""
    used_at = None if used is None else NOON + timedelta(hours=used)
    return KeyState(access_key_id, status, NOON + timedelta(hours=hours), used_at, exposed)


FACTS = Facts("alice", (V3,), NOON, (key(OLD, exposed=True),), QUIET, sessions_revoked=False, looked=False)
BOB = Made("user", "bob", NOON, "iam:CreateUser", "us-east-1", "192.0.2.9", "e1", exists=True)


def statuses(facts: Facts) -> str:
    """Give the first letter of each step's status, in order."""
    return "".join(step.status[0] for step in quarantined(facts).steps)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (FACTS, "lldd" + "bb"),
        (replace(FACTS, keys=(key(OLD, exposed=True), key(NEW, exposed=False))), "dldd" + "bb"),
        (replace(FACTS, keys=(key(OLD, exposed=True, status="Inactive"),)), "dddd" + "lb"),
        (replace(FACTS, keys=()), "dddd" + "dl"),
        (replace(FACTS, keys=(), policies=()), "dddd" + "dd"),
        (replace(FACTS, keys=(), activity=replace(QUIET, made=(BOB,))), "dddl" + "db"),
        (replace(FACTS, keys=(), activity=replace(QUIET, made=(replace(BOB, exists=None),))), "dddl" + "db"),
        (replace(FACTS, keys=(), activity=replace(QUIET, made=(replace(BOB, exists=False),))), "dddd" + "dl"),
        (replace(FACTS, keys=(), activity=replace(QUIET, made=(BOB,)), looked=True), "dddd" + "dl"),
        (replace(FACTS, keys=(), activity="AccessDenied"), "ddlb" + "db"),
        (replace(FACTS, keys=(), activity="AccessDenied", looked=True, sessions_revoked=True), "dddd" + "dl"),
        (
            replace(FACTS, keys=(), activity=replace(QUIET, sessions=("GetSessionToken gave credentials",))),
            "ddld" + "dl",
        ),
    ],
)
def test_steps(facts: Facts, expected: str) -> None:
    """Each step is done, left or blocked by what is the case, not by what was typed."""
    assert statuses(facts) == expected


def test_a_key_that_is_still_used() -> None:
    """That the exposed key was used after the new one was made is said."""
    facts = replace(FACTS, keys=(key(OLD, exposed=True, used=3), key(NEW, exposed=False, hours=2)))
    assert f"{OLD} was used after that" in quarantined(facts).steps[0].detail
    facts = replace(FACTS, keys=(key(OLD, exposed=True, used=1), key(NEW, exposed=False, hours=2)))
    assert "used after" not in quarantined(facts).steps[0].detail


class Iam:
    """An IAM that has two keys, and takes no change."""

    def get_paginator(self, _name: str) -> Any:
        """List two keys, the newer first."""

        class Pages:
            def paginate(self, **_asked: str) -> Any:
                made = [(NEW, NOON + timedelta(hours=1)), (OLD, NOON - timedelta(hours=1))]
                keys = [{"AccessKeyId": one, "Status": "Active", "CreateDate": at} for one, at in made]
                return [{"AccessKeyMetadata": keys}]

        return Pages()

    def get_access_key_last_used(self, **_asked: str) -> Any:
        """Know of no use."""
        return {"AccessKeyLastUsed": {"ServiceName": "N/A", "Region": "N/A"}}


@pytest.mark.parametrize(
    ("at", "named", "exposed"),
    [
        (NOON, (), {OLD}),
        (NOON + timedelta(hours=2), (), {OLD, NEW}),
        (None, (), {OLD}),
        (NOON, (NEW,), {NEW}),
        (NOON - timedelta(days=1), (), set()),
    ],
)
def test_which_key_is_exposed(at: datetime | None, named: tuple[str, ...], exposed: set[str]) -> None:
    """It is the one that is named; else what was made before the quarantine; else the oldest."""
    states = key_states(Iam(), "alice", at, named)
    assert {one.access_key_id for one in states if one.exposed} == exposed


def test_nothing_before_its_time() -> None:
    """No key is deleted while it is active, nothing detached while a key, or what it made, is there."""
    inactive = replace(FACTS, keys=(key(OLD, exposed=True, status="Inactive"),))
    for attempted in (
        lambda: delete(Iam(), FACTS),
        lambda: revoke_sessions(Iam(), FACTS, NOON),
        lambda: detach(Iam(), inactive),
        lambda: detach(Iam(), replace(FACTS, keys=(), activity=replace(QUIET, made=(BOB,)))),
        lambda: detach(Iam(), replace(FACTS, keys=(), activity="AccessDenied")),
    ):
        with pytest.raises(NotYetError):
            attempted()
