"""A migration that is killed at each of its writes: tools have the key at every moment, and a second run ends it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from botocore.session import Session

from keywright.aws.secret import Secret
from keywright.client.backups import backup_folder
from keywright.client.keystore import StoredKey, open_store
from tests.unit.client.conftest import Home, Run

pytestmark = pytest.mark.long

ID, SECRET = "AKIAXYAFLIG2DFBKVWHJ", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzKEYY"
DIE_AT_WRITE = """
import os, signal, sys
from keywright.commands.main import main
left, fsync = int(sys.argv[1]), os.fsync
def count(descriptor):
    global left
    left -= 1
    if not left:
        os.kill(os.getpid(), signal.SIGKILL)
    fsync(descriptor)
os.fsync = count
sys.exit(main(sys.argv[2:]))
"""


@pytest.mark.parametrize("target", ["file", "plain"])
def test_killed_at_each_write(home: Home, run: Run, cheap: None, monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    """Whatever was written last, the profile gives the key; a second run leaves it where it goes, and nowhere else."""
    passphrase = home.folder / "passphrase"
    passphrase.write_text("correct horse")
    monkeypatch.setenv("KEYWRIGHT_STORE_PASSPHRASE_FILE", str(passphrase))
    monkeypatch.setenv("KEYWRIGHT_STORE", "file")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    open_store(os.environ).put("another", StoredKey(ID, Secret("s" * 40)))
    plain = f"[kw]\naws_access_key_id = {ID}\naws_secret_access_key = {SECRET}\n"
    home.place(config="[profile kw]\nregion = us-east-1\n", credentials=plain)
    if target == "plain":
        assert run("migrate", "--profile", "kw", "--no-verify").code == 0
    before = home.config.read_bytes(), home.credentials.read_bytes(), Path(open_store(os.environ).place).read_bytes()
    arguments = ("migrate", "--profile", "kw", "--to", target, "--no-verify")
    for write in range(1, 100):
        home.config.write_bytes(before[0])
        home.credentials.write_bytes(before[1])
        Path(open_store(os.environ).place).write_bytes(before[2])
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                DIE_AT_WRITE,
                str(write),
                "migrate",
                "--profile",
                "kw",
                "--to",
                target,
                "--no-verify",
            ],
            check=False,
            capture_output=True,
        )
        found = Session(profile="kw").get_credentials().get_frozen_credentials()
        assert (found.access_key, found.secret_key) == (ID, SECRET)
        if done.returncode != -signal.SIGKILL:
            break
        run(*arguments)
        copies = [] if target == "plain" else list(backup_folder(os.environ).glob("*"))
        holders = [path for path in (home.credentials, home.config, *copies) if SECRET.encode() in path.read_bytes()]
        assert holders == ([home.credentials] if target == "plain" else [])
        assert all(path.read_bytes().startswith(b"[") for path in copies)
    assert done.returncode == 0, done
    assert write > 5
