"""The journal of `keywright issue`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from keywright.client.journal import Entry, name_entry, read_entries, remove_entry, write_entry

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
