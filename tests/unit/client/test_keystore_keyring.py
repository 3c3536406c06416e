"""The system's keyring: what is put there, which one is taken, and what is said when it refuses."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Callable
from pathlib import Path

import keyring
import keyring.core
import pytest

from keywright.aws.secret import Secret
from keywright.client.cli import credential_process
from keywright.client.errors import KeystoreError
from keywright.client.keystore import StoredKey, holding, open_store
from keywright.client.keystore.os_keyring import KeyringStore
from tests.unit.client.conftest import Home, Run
from tests.unit.client.fake_keyring import LOCKED_NAME, NAME, PLAIN_NAME, SILENT_NAME, entries
from tests.unit.client.test_keystore_file import start_writer

ID, SECRET = "AKIAXYAFLIG2DFBKVWHJ", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzKEYY"
KEY = StoredKey(ID, Secret(SECRET))

UseKeyring = Callable[[str], None]


@pytest.fixture
def use(home: Home, monkeypatch: pytest.MonkeyPatch) -> UseKeyring:
    """Log in to a session with another keyring."""

    def use_keyring(name: str) -> None:
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", name)
        monkeypatch.setattr(keyring.core, "_keyring_backend", None)

    return use_keyring


@pytest.fixture
def store(use: UseKeyring) -> KeyringStore:
    """Have a keyring that works."""
    use(NAME)
    return KeyringStore(os.environ)


def test_one_entry_for_each_profile(home: Home, store: KeyringStore) -> None:
    """A key is one entry of the service `keywright`, named by its profile; it comes back, and goes."""
    store.put("a", KEY)
    store.put("b", StoredKey("ASIA" + "Q" * 16, Secret(SECRET), Secret("token")))
    assert set(entries(home.folder)) == {"keywright/a", "keywright/b"}
    found = store.get("a")
    assert found is not None
    assert found.is_same(KEY)
    assert (store.profiles(), store.key_id("b"), store.get("c")) == (("a", "b"), "ASIA" + "Q" * 16, None)
    assert (store.delete("a"), store.delete("a")) == (True, False)
    assert (store.profiles(), set(entries(home.folder))) == (("b",), {"keywright/b"})


def test_the_list_beside_holds_no_secret(home: Home, store: KeyringStore) -> None:
    """The names of the profiles lie in a file of one's own, without any secret."""
    store.put("a", KEY)
    (path,) = (home.folder / ".local/share/keywright").iterdir()
    assert json.loads(path.read_text()) == {"a": NAME}
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_another_session_finds_the_keyring(store: KeyringStore, use: UseKeyring) -> None:
    """Where another keyring is this session's, a key still comes from the one that has it."""
    store.put("a", KEY)
    use("keyring.backends.fail.Keyring")
    assert KeyringStore(os.environ).key_id("a") == ID
    with pytest.raises(KeystoreError, match="KEYWRIGHT_STORE=file"):
        KeyringStore(os.environ).put("b", KEY)


def test_a_keyring_that_has_gone(home: Home, store: KeyringStore) -> None:
    """A key whose keyring this session has not is said to be there, not to be missing."""
    store.put("a", KEY)
    (path,) = (home.folder / ".local/share/keywright").iterdir()
    path.write_text('{"a": "gone.away.Keyring"}')
    with pytest.raises(KeystoreError, match=r"in a keyring that this session has not \(gone.away.Keyring\)"):
        KeyringStore(os.environ).get("a")


def test_a_list_that_is_damaged(home: Home, store: KeyringStore) -> None:
    """A damaged list is named, and nothing is written over it."""
    store.put("a", KEY)
    (path,) = (home.folder / ".local/share/keywright").iterdir()
    path.write_text("[")
    with pytest.raises(KeystoreError, match="is damaged: remove it"):
        KeyringStore(os.environ).put("b", KEY)
    path.unlink()
    assert KeyringStore(os.environ).key_id("a") == ID


@pytest.mark.parametrize(
    ("backend", "chosen"),
    [
        (NAME, "keyring"),
        (PLAIN_NAME, "file"),
        ("keyring.backends.fail.Keyring", "file"),
        ("keyring.backends.null.Keyring", "file"),
    ],
)
def test_where_new_keys_go(use: UseKeyring, backend: str, chosen: str) -> None:
    """A keyring that works is taken; one that keeps nothing, or keeps it in plain text, is not."""
    use(backend)
    assert open_store(os.environ).name == chosen


def test_asked_for_a_plain_one_counts(use: UseKeyring, home: Home) -> None:
    """KEYWRIGHT_STORE=keyring takes what the person has chosen for `keyring`, recommended or not."""
    use(PLAIN_NAME)
    open_store(os.environ, "keyring").put("a", KEY)
    assert "keywright/a" in entries(home.folder)


@pytest.mark.parametrize("backend", ["keyring.backends.fail.Keyring", "keyring.backends.null.Keyring"])
def test_no_keyring_is_said(use: UseKeyring, backend: str) -> None:
    """A key is not handed to a keyring that would lose it."""
    use(backend)
    with pytest.raises(KeystoreError, match="this session has no keyring"):
        KeyringStore(os.environ).put("a", KEY)


def test_a_locked_keyring_is_said(store: KeyringStore, home: Home, use: UseKeyring, run: Run) -> None:
    """A keyring that stays locked ends a command with its reason, and the list says so of each key."""
    store.put("a", KEY)
    (path,) = (home.folder / ".local/share/keywright").iterdir()
    path.write_text(json.dumps({"a": LOCKED_NAME}))
    done = run("credential-process", "a")
    assert (done.code, done.out) == (1, "")
    assert "the keyring is locked" in done.err
    done = run("store", "list")
    assert done.code == 1
    assert "unknown: the keyring is locked" in done.out


def test_a_keyring_that_does_not_answer(
    store: KeyringStore, home: Home, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A tool that waits for a keyring which nobody unlocks is not left to wait for ever."""
    store.put("a", KEY)
    (path,) = (home.folder / ".local/share/keywright").iterdir()
    path.write_text(json.dumps({"a": SILENT_NAME}))
    monkeypatch.setattr(credential_process, "_PATIENCE_SECONDS", 1)
    done = run("credential-process", "a")
    assert (done.code, done.out) == (1, "")
    assert "has not answered" in done.err


def test_an_entry_of_somebody_elses(store: KeyringStore, home: Home) -> None:
    """An entry that is none of ours is named, and not shown."""
    store.put("a", KEY)
    (home.folder / "keyring.json").write_text(json.dumps({"keywright/a": "precious"}))
    with pytest.raises(KeystoreError, match="keywright/a is no key that Keywright wrote") as raised:
        store.get("a")
    assert "precious" not in str(raised.value)


def test_killed_between_name_and_key(store: KeyringStore, home: Home, run: Run) -> None:
    """A name whose key never came is listed as what it is, and can be deleted."""
    store.put("a", KEY)
    (home.folder / "keyring.json").write_text("{}")
    done = run("store", "list", "--json")
    assert done.code == 1
    assert json.loads(done.out)["Keys"] == [
        {"Profile": "a", "AccessKeyId": None, "Store": "keyring", "Why": "the keyring has it no more"}
    ]
    assert run("store", "delete", "a", "--yes").code == 0
    assert KeyringStore(os.environ).profiles() == ()


def test_which_store_has_it(store: KeyringStore, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A profile's key comes from the store that has it; where both have one, from the one named, or the file."""
    passphrase = home.folder / "passphrase"
    passphrase.write_text("correct horse")
    monkeypatch.setenv("KEYWRIGHT_STORE_PASSPHRASE_FILE", str(passphrase))
    for profile, name in (("a", "keyring"), ("b", "file"), ("c", "keyring"), ("c", "file")):
        open_store(os.environ, name).put(profile, KEY)

    def found(profile: str) -> str | None:
        one = holding(profile, os.environ)
        return None if one is None else one.name

    assert [found(profile) for profile in "abcd"] == ["keyring", "file", "file", None]
    monkeypatch.setenv("KEYWRIGHT_STORE", "keyring")
    assert [found(profile) for profile in "abc"] == ["keyring", "file", "keyring"]


def test_processes_lose_nothing(home: Home) -> None:
    """Two processes that put keys into the same keyring at once: every name is listed, every key there."""
    root = str(Path(__file__).parents[3])
    environment = {"PYTHON_KEYRING_BACKEND": NAME, "PYTHONPATH": root, "HOME": str(home.folder)}
    writers = [start_writer(environment, name, 8, "keyring") for name in "ab"]
    assert [writer.wait(60) for writer in writers] == [0, 0]
    names = {f"{name}-{number}" for name in "ab" for number in range(8)}
    assert set(KeyringStore(os.environ).profiles()) == names
    assert set(entries(home.folder)) == {f"keywright/{name}" for name in names}
