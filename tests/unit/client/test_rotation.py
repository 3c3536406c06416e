"""The parts of a rotation that need no server: its waits, its seals, its journal, its descriptions, its refusals."""

from __future__ import annotations

import os
import stat
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from keywright.aws.secret import Secret
from keywright.client.description import DescriptionError
from keywright.client.durations import DurationError, read_duration, write_duration
from keywright.client.identity import Caller, LastUse, Unknown, moment_of
from keywright.client.issuing import ExistingKey
from keywright.client.places.key_pair import KeyPair
from keywright.client.places.machine import Machine
from keywright.client.rotation.descriptions import carried_over
from keywright.client.rotation.errors import RotationError
from keywright.client.rotation.keys import lost_key
from keywright.client.rotation.plans import Planner, Wishes
from keywright.client.rotation.record import Records, Rotation, Step
from keywright.client.rotation.removable import removable
from keywright.client.rotation.seals import open_with, seal_with
from keywright.client.rotation.signer import Signer
from keywright.client.rotation.unused import pause_until_unused
from keywright.client.rotation.work import Work, both_pairs, take
from tests.unit.client.conftest import Home

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
OLD = KeyPair("AKIAQYLPMN5HEXAMPLE1", Secret("abc/def+ghi/jkl+mno/pqr+stu/vwx+yz0/1234"))
NEW = KeyPair("AKIAQYLPMN5HEXAMPLE2", Secret("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"))


def rotation_of(home: Home, **members: Any) -> Rotation:
    """Give a rotation."""
    values: dict[str, Any] = {
        "step": Step.STORING,
        "started_at": NOW,
        "user_name": "alice",
        "account_id": "123456789012",
        "old_access_key_id": OLD.access_key_id,
        "profile": None,
        "region": None,
        "endpoint_url": None,
        "mfa_serial": None,
        "config_file": str(home.config),
        "credentials_file": str(home.credentials),
        "also": ("/a", "/b"),
        "places": ("/a:1",),
        "keys_before": (OLD.access_key_id,),
        "new_description": None,
        "deactivate_after_seconds": 3600,
        "delete_after_seconds": 0,
        "new_access_key_id": NEW.access_key_id,
    }
    return Rotation(**(values | members))


@pytest.mark.parametrize(
    ("text", "seconds", "shown"),
    [("0", 0, "0s"), ("90d", 7776000, "90d"), ("1h", 3600, "1h"), ("90m", 5400, "1h 30m"), ("45s", 45, "45s")],
)
def test_durations(text: str, seconds: int, shown: str) -> None:
    """Lengths of time are read and written as people write them."""
    duration = read_duration(text, "--wait")
    assert duration == timedelta(seconds=seconds)
    assert write_duration(duration) == shown


@pytest.mark.parametrize("text", ["", "5", "-1h", "1w", "h", "1.5h", "999999d"])
def test_wrong_durations(text: str) -> None:
    """What is no length of time is refused with the flag's name."""
    with pytest.raises(DurationError, match="--wait"):
        read_duration(text, "--wait")


@pytest.mark.parametrize(
    ("old", "expires", "new"),
    [
        (None, None, None),
        (None, "30d", "created=2026-11-24 / expires=2026-12-24"),
        ("my laptop", None, "my laptop"),
        ("my laptop", "30d", "my laptop / created=2026-11-24 / expires=2026-12-24"),
        ("owner=ada", None, "owner=ada / created=2026-11-24"),
        (
            "owner=ada / created=2026-08-01 / expires=2026-10-30",
            None,
            "owner=ada / created=2026-11-24 / expires=2027-02-22",
        ),
        ("a laptop / expires=2026-10-30", None, "a laptop / created=2026-11-24 / expires=2027-02-22"),
        ("owner=ada / expires=soon", None, "owner=ada / created=2026-11-24"),
    ],
)
def test_descriptions(old: str | None, expires: str | None, new: str | None) -> None:
    """A description is carried over with new dates: as many days as before, or as asked for."""
    assert carried_over(old, date(2026, 8, 1), NOW.date(), expires) == new


def test_a_wrong_expiry() -> None:
    """A day that is over is no expiry."""
    with pytest.raises(DescriptionError):
        carried_over(None, NOW.date(), NOW.date(), "2026-01-01")


def test_seals(home: Home) -> None:
    """Each secret opens what is sealed of the other, and no other secret does; nor does it pass for another key's."""
    sealed = seal_with(OLD.secret, NEW)
    assert NEW.secret.reveal() not in sealed
    opened = open_with([Secret("wrong"), OLD.secret], sealed, NEW.access_key_id)
    assert opened is not None
    assert [one.reveal() for one in opened] == [OLD.secret.reveal(), NEW.secret.reveal()]
    assert open_with([NEW.secret], sealed, NEW.access_key_id) is None
    assert open_with([OLD.secret], sealed, OLD.access_key_id) is None


@pytest.mark.parametrize("held", [OLD, NEW])
def test_either_key_in_a_place_gives_both(home: Home, held: KeyPair) -> None:
    """Whichever of the two a place holds, both are there; where neither is, that is said."""
    sealed = {"new_sealed": seal_with(OLD.secret, NEW), "old_sealed": seal_with(NEW.secret, OLD)}
    rotation = rotation_of(home, **sealed)
    work = Work(cast("Signer", None), Machine(os.environ), Records(home.folder))
    with pytest.raises(RotationError, match="cannot be read from the places"):
        both_pairs(work, rotation)
    home.place(
        credentials=f"[a]\naws_access_key_id = {held.access_key_id}\naws_secret_access_key = {held.secret.reveal()}\n"
    )
    old, new = both_pairs(work, rotation)
    assert (old.access_key_id, old.secret.reveal()) == (OLD.access_key_id, OLD.secret.reveal())
    assert (new.access_key_id, new.secret.reveal()) == (NEW.access_key_id, NEW.secret.reveal())


def test_the_journal(home: Home, tmp_path: Path) -> None:
    """What is written down is read again as it was, mode 0600; forgotten, it is gone."""
    records = Records(tmp_path)
    first = records.write(rotation_of(home, stored_at=NOW, old_sealed="x"))
    records.write(rotation_of(home, old_access_key_id="AKIAOTHER", started_at=NOW - timedelta(days=1)))
    assert records.read()[1] == first
    assert records.find(OLD.access_key_id) == first
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.glob("*.json")} == {0o600}
    records.forget(first)
    assert records.find(OLD.access_key_id) is None
    assert [one.old_access_key_id for one in records.read()] == ["AKIAOTHER"]


class Iam:
    """Answers when a key was last used."""

    def __init__(self, last: datetime | None, now: datetime = NOW, code: str = "") -> None:
        self._last, self._now, self._code = last, now, code

    def get_access_key_last_used(self, **_key: str) -> dict[str, Any]:
        """Answer as IAM does."""
        if self._code:
            raise ClientError({"Error": {"Code": self._code, "Message": "no"}}, "GetAccessKeyLastUsed")
        used: dict[str, Any] = {"ServiceName": "s3", "Region": "eu-west-1"}
        if self._last is not None:
            used["LastUsedDate"] = self._last
        date_header = self._now.strftime("%a, %d %b %Y %H:%M:%S GMT")
        return {"AccessKeyLastUsed": used, "ResponseMetadata": {"HTTPHeaders": {"date": date_header}}}


@pytest.mark.parametrize(
    ("last_minutes_ago", "since_minutes_ago", "left_minutes", "words"),
    [
        (None, 70, None, ""),
        (100, 70, None, ""),
        (None, 20, 40, "until it has been unused for 1h"),
        (100, 20, 40, "until it has been unused for 1h"),
        (10, 70, 50, "somebody still uses AKIA: s3 in eu-west-1 at 2026-11-24 11:50"),
        (65, 70, None, ""),
    ],
)
def test_unused(last_minutes_ago: int | None, since_minutes_ago: int, left_minutes: int | None, words: str) -> None:
    """A key is unused when neither its places had it nor IAM knows of a use of it for long enough."""
    last = None if last_minutes_ago is None else NOW - timedelta(minutes=last_minutes_ago)
    pause = pause_until_unused(Iam(last), "AKIA", NOW - timedelta(minutes=since_minutes_ago), 3600)
    if left_minutes is None:
        assert pause is None
    else:
        assert pause is not None
        assert pause.left == timedelta(minutes=left_minutes)
        assert pause.ready_at == NOW + timedelta(minutes=left_minutes)
        assert words in pause.why


def test_unseen_is_not_unused() -> None:
    """Where the last use cannot be seen no time makes it unused; 0 goes on without looking."""
    blind = Iam(None, code="AccessDenied")
    pause = pause_until_unused(blind, "AKIA", NOW - timedelta(days=9), 3600)
    assert pause is not None
    assert (pause.ready_at, pause.left) == (None, None)
    assert "--deactivate-after 0" in pause.why
    assert pause_until_unused(blind, "AKIA", NOW, 0) is None


def test_the_time_of_an_answer() -> None:
    """The service's clock counts, not this machine's, which may be wrong by minutes."""
    assert moment_of(Iam(None).get_access_key_last_used()) == NOW
    assert abs(moment_of({}) - datetime.now(UTC)) < timedelta(minutes=1)


def key_of(access_key_id: str, **members: Any) -> ExistingKey:
    """Give a key that was never used."""
    used = members.pop("used", LastUse(None, "N/A", "N/A"))
    return ExistingKey(access_key_id, members.pop("status", "Active"), members.pop("created_at", NOW), used)


def test_a_lost_key() -> None:
    """The key of a lost answer is new, of that minute, and never used; any other is somebody's."""
    lost, used = key_of("B"), key_of("C", used=LastUse(NOW, "sts", "x"))
    assert lost_key({"A": key_of("A"), "B": lost}, ("A",), NOW) is lost
    assert lost_key({"A": key_of("A"), "C": used}, ("A",), NOW) is None
    assert lost_key({"B": lost}, ("A",), NOW + timedelta(hours=1)) is None


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (key_of("B", created_at=datetime.now(UTC)), "within the last day"),
        (key_of("B", used=LastUse(datetime.now(UTC) - timedelta(days=89), "s3", "x")), "is not unused: s3"),
        (key_of("B", used=Unknown("AccessDenied")), "cannot be seen"),
    ],
)
def test_a_key_in_use_is_not_removed(home: Home, key: ExistingKey, words: str) -> None:
    """Only what is unused for all that can be seen is removed, and only what was named."""
    keys = {"A": key_of("A"), "B": key}
    for stays, removed, why in (("A", "B", words), ("A", "A", "is the key"), ("A", "X", "not among")):
        with pytest.raises(RotationError, match=why):
            removable(keys, stays, removed, Machine(os.environ))


def test_an_unused_key_is_removed_unless_a_place_holds_it(home: Home) -> None:
    """An old key that was never used, or is inactive, may go; not one that a profile holds."""
    for key in (key_of("B", created_at=datetime.now(UTC) - timedelta(days=9)), key_of("B", status="Inactive")):
        assert removable({"A": key_of("A"), "B": key}, "A", "B", Machine(os.environ)) is key
        home.place(config="[profile x]\naws_access_key_id = B\n")
        with pytest.raises(RotationError, match=r"profile x"):
            removable({"A": key_of("A"), "B": key}, "A", "B", Machine(os.environ))
        home.place()


@pytest.mark.parametrize(
    ("arn", "access_key_id", "words"),
    [
        ("arn:aws:iam::123456789012:root", "AKIAROOT", "root key"),
        ("arn:aws:sts::123456789012:assumed-role/r/s", "ASIAROLE", "source_profile"),
        ("arn:aws:iam::123456789012:user/u", "ASIASESSION", "temporary credentials"),
    ],
)
def test_what_is_never_rotated(home: Home, arn: str, access_key_id: str, words: str) -> None:
    """A root key and temporary credentials are refused before anything is asked."""
    wishes = Wishes(None, None, None, None, (), timedelta(), timedelta(), None)
    signer = cast("Signer", SimpleNamespace(access_key_id=access_key_id))
    caller = Caller(arn, "123456789012", "X")
    planner = Planner(signer, caller, Machine(os.environ), Records(home.folder), os.environ, wishes)
    with pytest.raises(RotationError, match=words):
        planner.own(None)


def test_steps_come_to_an_end(home: Home) -> None:
    """Steps that lead to each other for ever are an error, not an endless loop."""
    rotation = rotation_of(home)
    work = Work(cast("Signer", None), Machine(os.environ), Records(home.folder))
    with pytest.raises(RotationError, match="round in circles"):
        take({Step.STORING: lambda _work, one: one}, work, rotation)
