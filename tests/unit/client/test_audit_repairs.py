"""What --fix plans, how it is written down before it is done, and how it is taken back."""

from __future__ import annotations

import json
import stat
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from keywright.client.audit.facts import KeyInPlainText
from keywright.client.audit.findings import Audit
from keywright.client.audit.repair_journal import Repair, last_repair, new_repair
from keywright.client.audit.repairing import carry_out, take_back
from keywright.client.audit.repairs import Kind, State, mended, plan
from keywright.client.identity import Caller
from tests.unit.client.audited_accounts import DAY, NOW, ONE, SIGNING, TWO, audit_of, facts, found, key, user

GONE = "AKIAQ" + "C" * 15
ACCOUNT, URL = "123456789012", "https://iam.amazonaws.com"


class Iam:
    """An IAM that remembers what it was told, and what the journal said meanwhile."""

    def __init__(self, folder: Path, *, used: Any = None, error: Exception | None = None) -> None:
        self.folder, self.used, self.error = folder, used, error
        self.calls: list[tuple[str, str]] = []
        self.journalled: list[str] = []

    def _told(self, what: str, whose: str) -> None:
        (path,) = self.folder.glob("*.json")
        self.journalled.append(",".join(step["state"] for step in json.loads(path.read_bytes())["data"]["steps"]))
        if self.error is not None:
            raise self.error
        self.calls.append((what, whose))

    def get_access_key_last_used(self, **_asked: str) -> Any:
        """Say when it was last used."""
        use = {"ServiceName": "s3", "Region": "us-east-1"}
        return {"AccessKeyLastUsed": use | ({} if self.used is None else {"LastUsedDate": self.used})}

    def update_access_key(self, **asked: str) -> None:
        """Be told a key's status."""
        self._told(asked["Status"], asked["AccessKeyId"])

    def untag_user(self, **asked: Any) -> None:
        """Be told which tag goes."""
        self._told("untag", asked["TagKeys"][0])

    def tag_user(self, **asked: Any) -> None:
        """Be told which tag comes."""
        self._told(asked["Tags"][0]["Value"], asked["Tags"][0]["Key"])


@pytest.fixture
def audit() -> Audit:
    """Have a key never used, one unused, and a tag of one that is no more."""
    tags = dict.fromkeys((ONE, TWO), "owner=ada / expires=2027-01-01") | {GONE.lower(): "the old one"}
    return audit_of(user("ada", key(used=None), key(TWO, days=80, used=50), tags=tags))


def repair(folder: Path, audit: Audit) -> Repair:
    return new_repair(folder, ACCOUNT, URL, plan(audit, {}))


def test_the_plan(audit: Audit) -> None:
    """Keys that nobody uses become inactive, tags of keys that are gone go; nothing is deleted."""
    steps = [(step.kind, step.access_key_id) for step in plan(audit, {})]
    assert steps == [(Kind.DEACTIVATE, TWO), (Kind.DEACTIVATE, ONE), (Kind.UNTAG, GONE.lower())]


def test_old_keys_in_use_are_left() -> None:
    """A key that is only old is in use: it is to be rotated, not cut off."""
    assert plan(audit_of(user("ada", key(days=400))), {}) == ()


def test_several_reasons() -> None:
    """A key with several findings is one step, with each reason."""
    (step,) = plan(audit_of(user("ada", key(days=80, used=50), tags={ONE: "owner=a / expires=2026-01-01"})), {})
    assert "expired" in step.why
    assert "last used" in step.why


def test_the_signing_key_is_spared() -> None:
    """The key that signs stays active, whatever is wrong with it."""
    (step,) = plan(audit_of(user("ada", key(used=None)), signing_key_id=ONE), {})
    assert (step.state, step.note) == (State.LEFT, "it signs this very call")


@pytest.mark.parametrize(
    ("caller", "here", "environment", "spared"),
    [
        ("arn:aws:iam::123456789012:user/ada", (), {}, True),
        ("arn:aws:sts::123456789012:assumed-role/audit/me", (), {}, False),
        ("arn:aws:sts::123456789012:assumed-role/audit/me", (ONE,), {}, True),
        ("arn:aws:sts::123456789012:assumed-role/audit/me", (), {"AWS_ACCESS_KEY_ID": ONE}, True),
    ],
)
def test_what_is_behind_temporary_credentials_is_spared(
    caller: str, here: tuple[str, ...], environment: dict[str, str], spared: bool
) -> None:
    """A key that may have got the temporary credentials stays active: the user's own, and those of this machine."""
    lying = tuple(KeyInPlainText(one, ACCOUNT, Path("/c"), 1, "default") for one in here)
    audit = audit_of(
        user("ada", key(used=None)),
        signing_key_id="ASIA" + "Q" * 16,
        caller=Caller(caller, ACCOUNT, "X"),
        plain_text=lying,
    )
    (step,) = plan(audit, environment)
    assert (step.state is State.LEFT) is spared


def test_done_and_undone(tmp_path: Path, audit: Audit) -> None:
    """Each step stands in the journal as begun before it is taken; the last is taken back first."""
    iam = Iam(tmp_path, used=NOW - 50 * DAY)
    begun = repair(tmp_path, audit)
    # The never used key has been used since: it is left.
    assert [step.state for step in carry_out(iam, begun)] == [State.DONE, State.LEFT, State.DONE]
    assert iam.calls == [("Inactive", TWO), ("untag", GONE.lower())]
    assert iam.journalled == ["begun,planned,planned", "done,left,begun"]
    assert stat.S_IMODE(begun.path.stat().st_mode) == 0o600
    last = last_repair(tmp_path, ACCOUNT, URL)
    assert last is not None
    iam.calls.clear()
    assert [step.state for step in take_back(iam, last)] == [State.UNDONE, State.UNDONE]
    assert iam.calls == [("the old one", GONE.lower()), ("Active", TWO)]
    assert last_repair(tmp_path, ACCOUNT, URL) is None


def test_killed_in_the_middle(tmp_path: Path, audit: Audit) -> None:
    """A step that was begun and never ended is taken back too; those that were not begun are not."""
    iam = Iam(tmp_path, error=EndpointConnectionError(endpoint_url=URL))
    with pytest.raises(EndpointConnectionError):
        list(carry_out(iam, repair(tmp_path, audit)))
    last = last_repair(tmp_path, ACCOUNT, URL)
    assert last is not None
    iam.error = None
    assert [step.access_key_id for step in take_back(iam, last)] == [TWO]
    assert iam.calls == [("Active", TWO)]


def test_a_refused_step(tmp_path: Path, audit: Audit) -> None:
    """A step that is refused has failed, with the reason, and the others go on."""
    denied = ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "UpdateAccessKey")
    states = [(step.state, step.note) for step in carry_out(Iam(tmp_path, error=denied), repair(tmp_path, audit))]
    assert states == [(State.FAILED, "AccessDenied: no")] * 3
    assert last_repair(tmp_path, ACCOUNT, URL) is None


def test_an_undo_that_is_refused(tmp_path: Path, audit: Audit) -> None:
    """What could not be taken back for want of a permission still can be; what is gone cannot."""
    iam = Iam(tmp_path, used=NOW - 50 * DAY)
    list(carry_out(iam, repair(tmp_path, audit)))
    for code, state, left in (("AccessDenied", State.FAILED, True), ("NoSuchEntity", State.LEFT, False)):
        iam.error = ClientError({"Error": {"Code": code, "Message": "no"}}, "UpdateAccessKey")
        last = last_repair(tmp_path, ACCOUNT, URL)
        assert last is not None
        assert [step.state for step in take_back(iam, last)] == [state, state]
        assert (last_repair(tmp_path, ACCOUNT, URL) is not None) is left


def test_another_account(tmp_path: Path, audit: Audit) -> None:
    """A fix of another account, or of one elsewhere, is not taken back."""
    list(carry_out(Iam(tmp_path), repair(tmp_path, audit)))
    assert last_repair(tmp_path, "210987654321", URL) is None
    assert last_repair(tmp_path, ACCOUNT, "http://localhost:4580") is None
    assert last_repair(tmp_path, ACCOUNT, URL) is not None


def test_mended(audit: Audit) -> None:
    """What is left to find after the steps is what an audit would then find."""
    after = mended(audit.facts, plan(audit, {}))
    assert [one.is_active for _, one in after.each_key()] == [False, False]
    left = found(audit_of(*after.users))
    assert left == {}
    assert mended(facts(user("bob", keys=None, tags=None)), ()) == facts(user("bob", keys=None, tags=None))


def test_the_signer_of_the_tests_is_no_key_of_theirs() -> None:
    """The plans above are made by somebody else's key."""
    assert SIGNING not in {ONE, TWO, GONE}
