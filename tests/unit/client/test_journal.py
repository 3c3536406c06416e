"""The journal of `keywright issue`."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from keywright.aws.secret import Secret
from keywright.client.audit.repair_journal import last_repair, to_undo, write_repair
from keywright.client.journal import Entry, name_entry, read_entries, remove_entry, write_entry
from keywright.client.journal_form import JournalError
from keywright.client.rotation.record import Records, Step
from keywright.client.rotation.seals import open_with
from tests.unit.client.conftest import Home, Run

AT = datetime(2026, 11, 24, 8, 11, 11, tzinfo=UTC)


def begin(folder: Path, user_name: str, at: datetime = AT) -> Path:
    """Write an entry."""
    entry = Entry(at, user_name, None, False, "", None, None, None, None, ())
    path = name_entry(folder, at)
    write_entry(path, entry)
    return path


def test_the_oldest_comes_first(tmp_path: Path) -> None:
    """Keys whose issue began in one second are read in their order, whichever of them is done meanwhile."""
    begin(tmp_path, "later", AT.replace(second=12))
    done = begin(tmp_path, "a0")
    for number in range(1, 12):
        begin(tmp_path, f"a{number}")
    remove_entry(done)
    begin(tmp_path, "a12")
    begin(tmp_path, "earlier", AT.replace(second=10))
    read = [entry.user_name for _, entry in read_entries(tmp_path)]
    assert read == ["earlier", *(f"a{number}" for number in range(1, 13)), "later"]


def test_an_entry_of_before_is_read(tmp_path: Path) -> None:
    """An entry whose name ends in eight random digits, as those of 0.1 did, is in nobody's way."""
    path = begin(tmp_path, "old")
    path.rename(tmp_path / "20261124T081111-0a1b2c3d.json")
    begin(tmp_path, "new")
    assert {entry.user_name for _, entry in read_entries(tmp_path)} == {"old", "new"}


# ---- versions ----

FROZEN = Path(__file__).parents[2] / "data" / "journals"
"""A file of each kind as version 0 wrote it: never to be made anew."""
ID, NEW = "AKIAXYAFLIG2DFBKVWHJ", "AKIAXYAFLIG2NEWKEYAA"


def frozen(kind: str, folder: Path) -> Path:
    """Put a frozen file where its command looks."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{ID}.json"
    path.write_bytes((FROZEN / f"{kind}-version-0.json").read_bytes())
    return path


def test_an_issue_of_version_0_is_carried_over(tmp_path: Path) -> None:
    """What an older version was issuing is read with all it has, and has the new form once it is written again."""
    path = frozen("issuing", tmp_path)
    ((_, entry),) = read_entries(tmp_path)
    assert (entry.started_at, entry.user_name, entry.profile, entry.access_key_id) == (AT, "bob", "bob", ID)
    assert (entry.key.secret.reveal()[:4], entry.key.endpoint_url) == ("wJal", "http://127.0.0.1:4580")
    assert entry.keys_before == ("AKIAOLDERKEYOFBOBAAA",)
    write_entry(path, entry)
    written = json.loads(path.read_bytes())
    assert (written["version"], written["kind"], written["connection"]["region"]) == (1, "issue", "us-east-1")
    assert [one for _, one in read_entries(tmp_path)] == [entry]


def test_a_rotation_of_version_0_is_carried_over(tmp_path: Path) -> None:
    """What an older version was rotating goes on at its step, with both keys sealed as they were."""
    frozen("rotating", tmp_path)
    records = Records(tmp_path)
    rotation = records.find(ID)
    assert rotation is not None
    assert (rotation.step, rotation.new_access_key_id, rotation.account_id) == (Step.STORING, NEW, "532587168180")
    opened = open_with([Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzKEYY")], rotation.new_sealed or "", NEW)
    assert opened is not None
    records.write(rotation)
    written = json.loads((tmp_path / f"{ID}.json").read_bytes())
    assert (written["version"], written["kind"], written["step"]) == (1, "rotation", "storing")
    assert records.read() == [rotation]


def test_a_fix_of_version_0_is_carried_over(tmp_path: Path) -> None:
    """What an older version's `audit --fix` did can be taken back."""
    frozen("audit", tmp_path)
    where = "532587168180", "http://127.0.0.1:4580"
    repair = last_repair(tmp_path, *where)
    assert repair is not None
    assert [(step.user_name, to_undo(step)) for step in repair.steps] == [("bob", True), ("bob", True)]
    write_repair(repair)
    written = json.loads(repair.path.read_bytes())
    assert (written["version"], written["kind"], written["account_id"]) == (1, "audit-fix", where[0])
    assert last_repair(tmp_path, *where) == repair


@pytest.mark.parametrize("text", ['{"version": 2, "kind": "issue", "more": []}', '{"version": 1}', "{}", "[]", "{", ""])
def test_what_cannot_be_read_is_left_untouched(text: str, home: Home, run: Run) -> None:
    """A newer version's file, or a damaged one, is told in a sentence, is in nothing else's way, and stays as it is."""
    state = home.folder / ".local" / "state" / "keywright"
    paths = []
    for folder in ("issuing", "rotating"):
        path = state / folder / "entry.json"
        path.parent.mkdir(mode=0o700, parents=True)
        path.write_text(text)
        paths.append(path)
    for line in (["resume", "--json"], ["resume", "--undo", "--json"], ["rotate", "--resume", "--json"]):
        done = run(*line)
        assert (done.code, done.err.count("\n")) == (1, 1), done
        assert "is left as it is" in done.err
        assert ("newer Keywright" in done.err) is ('"version": 2' in text)
        assert "error" in json.loads(done.out)
    with pytest.raises(JournalError):
        last_repair(state / "issuing", "532587168180", "http://127.0.0.1:4580")
    assert [path.read_text() for path in paths] == [text, text]
