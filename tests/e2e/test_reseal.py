"""`keywright reseal`: a new master key while the server is written to; the old one can then go."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from pathlib import Path

from tests.e2e.live_server import KEYWRIGHT, LiveServer, bare_environment, make_account, run_keywright
from tests.e2e.signing import Key, query
from tests.e2e.writers import Client, load, texts


def test_a_new_master_key_while_serving_fails_no_call(tmp_path: Path) -> None:
    """Under load, killed once and run again, every secret is sealed anew; without the old key all of them open."""
    data = tmp_path / "data"
    account = make_account(data, home=tmp_path)
    admin = Key(account.access_key_id, account.secret_access_key)
    old = (data / "master.key").read_text().split()
    flags = ("--data", str(data), "--json")
    with LiveServer(tmp_path) as server:
        with load(server.port, admin, "reseal") as so_far:
            while len(so_far().users) < 60:
                time.sleep(0.05)
            command = [str(KEYWRIGHT), "reseal", *flags]
            process = subprocess.Popen(command, env=bare_environment(tmp_path), stdout=subprocess.DEVNULL)
            while (data / "master.key").read_text().split() == old:
                assert process.poll() is None
                time.sleep(0.001)
            process.send_signal(signal.SIGKILL)
            assert process.wait() == -signal.SIGKILL
            done = run_keywright("reseal", *flags, home=tmp_path)
            assert done.returncode == 0, done.stderr
        said = json.loads(done.stdout)
        keys = (data / "master.key").read_text().split()
        assert keys[1:] == old
        assert (data / "master.key").stat().st_mode & 0o777 == 0o600
        early = run_keywright("reseal", "--drop-old", *flags, home=tmp_path)
        assert early.returncode == 1
        assert "36 hours" in early.stderr
        checked = json.loads(run_keywright("check", *flags, home=tmp_path).stdout)
        assert (list(checked["SealedValues"]), checked["Problems"]) == ([said["MasterKey"]], [])
        before = time.time() - 37 * 3600
        os.utime(data / "master.key", (before, before))
        dropped = run_keywright("reseal", "--drop-old", *flags, home=tmp_path)
        assert dropped.returncode == 0, dropped.stderr
        assert (data / "master.key").read_text().split() == keys[:1]
        _assert_keys_work(server, so_far().keys)
    with LiveServer(tmp_path, name="again") as server:
        _assert_keys_work(server, so_far().keys)


def _assert_keys_work(server: LiveServer, keys: dict[str, tuple[str, Key]]) -> None:
    with Client(server.port) as client:
        for name, key in keys.values():
            (arn,) = texts(client.ask_for(key, query("sts", "GetCallerIdentity")), "Arn")
            assert arn.endswith(f"user/{name}")
