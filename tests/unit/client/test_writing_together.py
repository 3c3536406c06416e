"""Writers of the AWS files that run at once, are killed, or meet one that takes no lock."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from botocore.configloader import raw_config_parse

from keywright.client.aws_files import set_profile
from keywright.client.backups import KEPT, backup_folder
from keywright.client.errors import AwsFileError
from keywright.client.file_names import Kind, files

WRITER = """
import os, sys
from keywright.client.aws_files import set_profile
from keywright.client.file_names import Kind
for number in range(int(sys.argv[2])):
    name = f"{sys.argv[1]}-{number}"
    set_profile(name, {Kind.CREDENTIALS: {"x": name}, Kind.CONFIG: {"region": name}}, os.environ)
"""


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """An environment whose AWS files are the test's own."""
    return {
        "AWS_CONFIG_FILE": str(tmp_path / "aws" / "config"),
        "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "aws" / "credentials"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }


def start_writer(environment: dict[str, str], name: str, profiles: int) -> subprocess.Popen[bytes]:
    """Start a process that writes profiles."""
    return subprocess.Popen([sys.executable, "-c", WRITER, name, str(profiles)], env=os.environ | environment)


def test_processes_lose_nothing(environment: dict[str, str]) -> None:
    """Four processes that add profiles to the same files at once: every profile is in both."""
    writers = [start_writer(environment, name, 8) for name in "abcd"]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0, 0]
    names = {f"{name}-{number}" for name in "abcd" for number in range(8)}
    assert {name: {"x": name} for name in names} == raw_config_parse(str(files(environment).credentials))
    assert {f"profile {name}" for name in names} == set(raw_config_parse(str(files(environment).config)))


def test_threads_lose_nothing(environment: dict[str, str]) -> None:
    """The lock holds between threads of one process too."""
    threads = [
        threading.Thread(target=set_profile, args=(f"t{number}", {Kind.CREDENTIALS: {"x": "1"}}, environment))
        for number in range(16)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(raw_config_parse(str(files(environment).credentials))) == 16


def test_a_killed_writer_leaves_whole_files(environment: dict[str, str]) -> None:
    """Killed at whatever moment, the files are whole and the next writer tidies up what was left."""
    folder = files(environment).config.parent
    for milliseconds in (0, 5, 12, 25, 40):
        writer = start_writer(environment, f"k{milliseconds}", 1000)
        deadline = time.monotonic() + 20
        while f"k{milliseconds}-0]" not in _text(files(environment).credentials):
            assert time.monotonic() < deadline
            time.sleep(0.002)
        time.sleep(milliseconds / 1000)
        writer.send_signal(signal.SIGKILL)
        assert writer.wait(20) == -signal.SIGKILL
        credentials = raw_config_parse(str(files(environment).credentials))
        config = raw_config_parse(str(files(environment).config))
        # The config file goes first: never a key without what belongs to it.
        assert {f"profile {name}" for name in credentials} <= set(config)
    set_profile("after", {kind: {"x": "1"} for kind in Kind}, environment)
    assert {path.name for path in folder.iterdir()} == {"config", "credentials"}


def _text(path: Path) -> str:
    return path.read_text() if path.exists() else ""


def test_a_write_by_another_program_is_not_undone(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """What a program without our lock writes between our reading and our writing stays, and we say so."""
    set_profile("kw", {Kind.CREDENTIALS: {"x": "1"}}, environment)
    path = files(environment).credentials
    fsync = os.fsync

    def meddle(descriptor: int) -> None:
        fsync(descriptor)
        if stat.S_ISREG(os.fstat(descriptor).st_mode):
            path.write_text("[theirs]\ny = 2\n")

    monkeypatch.setattr("os.fsync", meddle)
    with pytest.raises(AwsFileError, match="another program has just changed"):
        set_profile("kw", {Kind.CREDENTIALS: {"x": "3"}}, environment)
    assert path.read_text() == "[theirs]\ny = 2\n"


def test_the_old_file_is_kept(environment: dict[str, str]) -> None:
    """Each edit keeps the file as it was, for its owner alone, and no more than the last five of each."""
    path = files(environment).credentials
    texts = []
    for number in range(KEPT + 3):
        written = set_profile("kw", {Kind.CREDENTIALS: {"x": str(number)}}, environment)
        texts.append(path.read_text())
    copies = sorted(backup_folder(environment).iterdir())
    assert [copy.read_text() for copy in copies] == texts[-1 - KEPT : -1]
    assert written.backups == (copies[-1],)
    assert {stat.S_IMODE(copy.stat().st_mode) for copy in copies} == {0o600}
    assert stat.S_IMODE(backup_folder(environment).stat().st_mode) == 0o700


def test_no_copy_no_edit(environment: dict[str, str], tmp_path: Path) -> None:
    """Where the copy cannot be kept the file is not changed."""
    set_profile("kw", {Kind.CREDENTIALS: {"x": "1"}}, environment)
    before = files(environment).credentials.read_bytes()
    (tmp_path / "state").write_text("in the way")
    with pytest.raises(AwsFileError):
        set_profile("kw", {Kind.CREDENTIALS: {"x": "2"}}, environment)
    assert files(environment).credentials.read_bytes() == before


def test_a_file_of_somebody_else_stays_theirs(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Under sudo the new file is given to the old one's owner."""
    set_profile("kw", {Kind.CREDENTIALS: {"x": "1"}}, environment)
    given: list[Any] = []
    owner = (os.geteuid(), files(environment).credentials.stat().st_gid)
    monkeypatch.setattr("os.geteuid", lambda: owner[0] + 1)
    monkeypatch.setattr("os.fchown", lambda _descriptor, *to: given.append(to))
    set_profile("kw", {Kind.CREDENTIALS: {"x": "2"}}, environment)
    assert given == [owner]
