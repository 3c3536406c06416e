"""`keywright check` finds what is wrong with a store, and nothing where nothing is; it reads beside a server."""

from __future__ import annotations

import json
import shutil
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.live_server import LiveServer, run_keywright
from tests.e2e.signing import Key
from tests.e2e.writers import load

BROKEN = {
    "a lost parent": ("DELETE FROM login_profiles; DELETE FROM users WHERE user_name <> 'admin'", "reference", "users"),
    "a policy that does not exist": (
        "UPDATE user_policy_attachments SET policy_arn = 'arn:aws:iam::aws:policy/None'",
        "reference",
        "does not exist",
    ),
    "another account's user": (
        """INSERT INTO accounts SELECT '999999999999', canonical_id, 'x@y', root_password_hash, NULL, 1, created_at
        FROM accounts; UPDATE access_keys SET account_id = '999999999999'""",
        "reference",
        "another account",
    ),
    "a secret in another's row": (
        "UPDATE access_keys SET sealed_secret = (SELECT min(sealed_secret) FROM access_keys)",
        "seal",
        "it does not open",
    ),
    "a secret under another key": (
        "UPDATE access_keys SET sealed_secret = CAST(x'01aabbccdd' || substr(sealed_secret, 6) AS BLOB)",
        "seal",
        "the master key aabbccdd, which is not here",
    ),
    "no generation": ("DELETE FROM identity_generation", "counter", "it has 0 rows"),
    "a third key": (
        """INSERT INTO access_keys SELECT access_key_id || n, account_id, user_id, sealed_secret, status, created_at,
        NULL, NULL, NULL FROM access_keys, (SELECT 'A' AS n UNION SELECT 'B')""",
        "counter",
        "access keys, and the quota is 2",
    ),
    "an event that is no JSON": ("UPDATE events SET record = x'7b'", "event", "cannot be parsed"),
    "an event under another's id": (
        "UPDATE events SET record = (SELECT min(record) FROM events)",
        "event",
        "another event's",
    ),
    "an event at another time": (
        """UPDATE events
        SET record = CAST(replace(CAST(record AS TEXT), '"eventTime":"20', '"eventTime":"19') AS BLOB)""",
        "event",
        "out of order",
    ),
    "a resource without its event": (
        "DELETE FROM events WHERE event_id IN (SELECT event_id FROM event_resources)",
        "reference",
        "its event does not exist",
    ),
}


def check(data: Path, home: Path) -> tuple[int, dict[str, Any]]:
    """Check a store; return the exit code and what --json prints."""
    done = run_keywright("check", "--json", "--data", str(data), home=home)
    return done.returncode, json.loads(done.stdout)


@pytest.fixture(scope="module")
def used(server: LiveServer, admin: Key, folder: Path) -> Path:
    """Have a store that was written to, and is not served any more."""
    with load(server.port, admin, "check") as so_far:
        code, found = check(server.data, folder)
        assert (code, found["Problems"]) == (0, [])
        assert found["Events"] > 0
        while len(so_far().users) < 10:
            time.sleep(0.05)
    assert server.stop() == 0 or server.process.returncode < 0
    return server.data


@pytest.mark.parametrize("name", BROKEN)
def test_check_finds(name: str, used: Path, tmp_path: Path) -> None:
    """Whatever is broken by hand is found, named, and comes with what to do; the store is left as it was."""
    statements, kind, said = BROKEN[name]
    data = tmp_path / "data"
    shutil.copytree(used, data)
    assert check(data, tmp_path)[1]["Problems"] == []
    with closing(sqlite3.connect(data / "keywright.db")) as connection:
        connection.executescript(statements)
        connection.commit()
        before = list(connection.iterdump())
    code, found = check(data, tmp_path)
    assert code == 1
    problems = [one for one in found["Problems"] if one["Check"] == kind and said in one["Where"] + one["What"]]
    assert problems, found["Problems"][:5]
    assert all(one["Fix"] for one in problems)
    with closing(sqlite3.connect(data / "keywright.db")) as connection:
        assert list(connection.iterdump()) == before
    shown = run_keywright("check", "--data", str(data), home=tmp_path)
    assert shown.returncode == 1
    assert problems[0]["What"] in shown.stdout or len(found["Problems"]) > 100


def test_check_wants_a_store(tmp_path: Path) -> None:
    """Where there is none it says so, and makes none."""
    done = run_keywright("check", "--data", str(tmp_path / "none"), home=tmp_path)
    assert done.returncode == 2
    assert "does not exist" in done.stderr
    assert not (tmp_path / "none").exists()
