"""What is proved before a key is created: that its places can be written."""

from __future__ import annotations

import resource
from pathlib import Path

import pytest

from keywright.client.errors import LocalFileError
from keywright.client.writable import prove_writable


def test_what_can_be_written(tmp_path: Path) -> None:
    """A file, a new file, and one whose folders are made later; nothing is left of the proof."""
    (tmp_path / "there").write_text("x")
    for path in ("there", "new", "a/b/new"):
        prove_writable(tmp_path / path)
    assert [path.name for path in tmp_path.iterdir()] == ["there"]


def test_what_cannot_be_written(tmp_path: Path) -> None:
    """A folder in a file's place, a file in a folder's, a read-only file, and a folder that nobody can write to."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("x")
    (tmp_path / "read-only").write_text("x")
    (tmp_path / "read-only").chmod(0o400)
    for path in (tmp_path / "folder", tmp_path / "file" / "x", tmp_path / "read-only", Path("/proc/self/x")):
        with pytest.raises(LocalFileError):
            prove_writable(path)


def test_no_room(tmp_path: Path) -> None:
    """Where there is no room for the file it is told: here by the limit of the process."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(LocalFileError, match="cannot be written"):
            prove_writable(tmp_path / "x")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
