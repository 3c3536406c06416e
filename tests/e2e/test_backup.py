"""`keywright backup` and `restore`, beside a server that is written to all the while."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pyrage  # type: ignore[import-untyped]
import pytest

from tests.e2e.live_server import KEYWRIGHT, LiveServer, bare_environment, run_keywright
from tests.e2e.signing import Key, query
from tests.e2e.writers import Acknowledged, Client, all_pages, load, texts


class Taken(NamedTuple):
    """A backup of the module's server, taken under load."""

    file: Path
    identity: Path
    recipient: str
    before: Acknowledged
    """What had been acknowledged when it began."""


@pytest.fixture(scope="module")
def taken(server: LiveServer, admin: Key, folder: Path) -> Taken:
    """Back the server up, encrypted and with its master key, while it is written to."""
    secret = pyrage.x25519.Identity.generate()
    identity = folder / "identity.txt"
    identity.write_text(f"{secret}\n")
    recipient = str(secret.to_public())
    file = folder / "store.backup"
    with load(server.port, admin, "backup") as so_far:
        before = so_far()
        flags = ("--for", recipient, "--with-master-key", "--json")
        done = run_keywright("backup", str(file), *flags, "--data", str(server.data), home=folder)
        checked = run_keywright("check", "--data", str(server.data), home=folder)
    assert (done.returncode, done.stderr) == (0, "")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    said = json.loads(done.stdout)
    assert said["File"] == str(file)
    assert (said["Encrypted"], said["WithMasterKey"]) == (True, True)
    return Taken(file, identity, recipient, before)


@pytest.fixture(scope="module")
def plain(server: LiveServer, folder: Path, taken: Taken) -> Path:
    """Back the same server up without encryption: the master key is not in it."""
    file = folder / "plain.backup"
    done = run_keywright("backup", str(file), "--data", str(server.data), home=folder)
    assert done.returncode == 0, done.stderr
    assert "is not in it" in done.stdout
    return file


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """Have a home, in which a restore that was declined leaves nothing."""
    yield tmp_path
    assert not list(tmp_path.rglob(".restoring-*"))


def test_a_backup_under_load_has_all_that_was_acknowledged_before_it(taken: Taken, admin: Key, home: Path) -> None:
    """A restored backup serves every user and key that was acknowledged before it began, and check finds it whole."""
    data = home / "restored"
    done = run_keywright("restore", str(taken.file), "--identity", str(taken.identity), "--data", str(data), home=home)
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(path.name for path in data.iterdir()) == ["keywright.db", "master.key"]
    assert {path.stat().st_mode & 0o777 for path in data.iterdir()} == {0o600}
    assert run_keywright("check", "--data", str(data), home=home).returncode == 0
    with LiveServer(home, data=data) as server, Client(server.port) as client:
        found = all_pages(
            client, admin, lambda **marker: query("iam", "ListUsers", MaxItems="1000", **marker), "UserId"
        )
        assert set(taken.before.users.values()) <= found
        for name, key in list(taken.before.keys.values())[:20]:
            (arn,) = texts(client.ask_for(key, query("sts", "GetCallerIdentity")), "Arn")
            assert arn.endswith(f"user/{name}")


def test_a_backup_is_for_its_owner_and_its_recipient_alone(taken: Taken, plain: Path, server: LiveServer) -> None:
    """The files have mode 0600, an encrypted one shows nothing, a plain one has no master key; no copy is left."""
    assert taken.file.stat().st_mode & 0o777 == plain.stat().st_mode & 0o777 == 0o600
    assert b"SQLite" not in taken.file.read_bytes()
    master_key = (server.data / "master.key").read_bytes().strip()
    assert b"SQLite" in (content := plain.read_bytes())
    assert master_key not in content
    assert not list(server.data.glob(".backup-*"))


def test_a_plain_backup_asks_for_its_master_key(plain: Path, server: LiveServer, home: Path) -> None:
    """Without the master key, or with another, restore says which it needs; given it in the folder, it restores."""
    data = home / "data"
    key_id = json.loads(run_keywright("check", "--json", "--data", str(server.data), home=home).stdout)["SealedValues"]
    (needed,) = key_id
    declined = run_keywright("restore", str(plain), "--data", str(data), home=home)
    assert declined.returncode == 1
    assert needed in declined.stderr
    assert not list(data.iterdir())
    (data / "master.key").write_text("A" * 43 + "=\n")
    (data / "master.key").chmod(0o600)
    other = run_keywright("restore", str(plain), "--data", str(data), home=home)
    assert other.returncode == 1
    assert f"sealed with the master key {needed}; given are" in other.stderr
    shutil.copy2(server.data / "master.key", data)
    assert run_keywright("restore", str(plain), "--data", str(data), home=home).returncode == 0
    again = run_keywright("restore", str(plain), "--data", str(data), home=home)
    assert again.returncode == 1
    assert "is not empty (keywright.db)" in again.stderr


def test_a_backup_that_is_cut_off_altered_or_for_another_restores_nothing(
    taken: Taken, plain: Path, server: LiveServer, home: Path
) -> None:
    """Restore verifies the whole backup before a store is there."""
    stranger = home / "stranger.txt"
    stranger.write_text(f"{pyrage.x25519.Identity.generate()}\n")
    sealed, content = taken.file.read_bytes(), plain.read_bytes()
    altered = bytearray(content)
    altered[len(altered) // 2] ^= 1
    cases = {
        "for another key": (sealed, stranger),
        "cut off or was changed": (sealed[:-100], taken.identity),
        "cut off": (content[: len(content) // 2], None),
        "not what its manifest says": (bytes(altered), None),
        "no backup of Keywright's": (b"PK" + bytes(10_000), None),
    }
    data = home / "data"
    data.mkdir(mode=0o700)
    for number, (said, (backup, identity)) in enumerate(cases.items()):
        file = home / f"{number}.backup"
        file.write_bytes(backup)
        shutil.copy2(server.data / "master.key", data)
        flags = ("--identity", str(identity)) if identity else ()
        done = run_keywright("restore", str(file), *flags, "--data", str(data), home=home)
        assert (done.returncode, done.stdout) == (1, ""), said
        assert said in done.stderr
        assert [path.name for path in data.iterdir()] == ["master.key"]


def test_what_a_backup_declines(server: LiveServer, taken: Taken, home: Path) -> None:
    """It replaces no file, puts the master key into none that is not encrypted, and wants a store that is there."""
    data = ("--data", str(server.data))
    before = taken.file.read_bytes()
    exists = run_keywright("backup", str(taken.file), *data, home=home)
    assert (exists.returncode, taken.file.read_bytes()) == (1, before)
    bare = run_keywright("backup", "new.backup", "--with-master-key", *data, home=home)
    assert bare.returncode == 2
    assert "--with-master-key requires --for" in bare.stderr
    nowhere = run_keywright("backup", "new.backup", "--data", str(home / "none"), home=home)
    assert nowhere.returncode == 2
    elsewhere = run_keywright("backup", "none/new.backup", *data, home=home)
    assert elsewhere.returncode == 1
    assert list(home.iterdir()) == []


def test_a_killed_backup_leaves_no_half(server: LiveServer, admin: Key, home: Path) -> None:
    """Killed (SIGKILL) at any moment, a backup has left either nothing under its name, or all."""
    for number, seconds in enumerate((0.2, 0.5, 0.8, 1.1, 1.4)):
        file = home / f"{number}.backup"
        command = [str(KEYWRIGHT), "backup", str(file), "--data", str(server.data)]
        process = subprocess.Popen(command, env=bare_environment(home), stdout=subprocess.DEVNULL)
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
        process.wait()
        if file.exists():
            data = home / f"{number}.data"
            data.mkdir(mode=0o700)
            shutil.copy2(server.data / "master.key", data)
            assert run_keywright("restore", str(file), "--data", str(data), home=home).returncode == 0
    left = server.data / ".backup-killed"
    left.mkdir(mode=0o700)
    (left / "copy.db").write_bytes(b"half")
    whole = run_keywright("backup", str(home / "last.backup"), "--data", str(server.data), home=home)
    assert whole.returncode == 0
    assert not list(server.data.glob(".backup-*"))


def test_a_damaged_database_is_not_backed_up(server: LiveServer, plain: Path, home: Path) -> None:
    """A backup of damaged pages would be found out when it is needed: it is refused when it is made."""
    data = home / "data"
    data.mkdir(mode=0o700)
    shutil.copy2(server.data / "master.key", data)
    assert run_keywright("restore", str(plain), "--data", str(data), home=home).returncode == 0
    with closing(sqlite3.connect(data / "keywright.db")) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'ix_events_lookup'").fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    with (data / "keywright.db").open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(os.urandom(1000))
    declined = run_keywright("backup", "new.backup", "--data", str(data), home=home)
    assert declined.returncode == 1
    assert "is damaged" in declined.stderr
    assert not (home / "new.backup").exists()
    checked = run_keywright("check", "--data", str(data), home=home)
    assert checked.returncode == 1
    assert "file: " in checked.stdout
