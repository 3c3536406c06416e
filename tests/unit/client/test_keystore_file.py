"""The sealed file: what it hides, who may open it, and what becomes of it when things go wrong."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keywright.aws.secret import Secret
from keywright.client.errors import KeystoreError
from keywright.client.keystore import Locked, StoredKey, kernel_keyring, open_store
from keywright.client.keystore.file_store import FileStore
from keywright.client.keystore.passphrase import ask_nobody
from keywright.client.keystore.sealed_file import SealedFile
from keywright.client.keystore.sealing import Derivation
from keywright.client.keystore.unlocked import slot

ID, SECRET, TOKEN = "AKIAXYAFLIG2DFBKVWHJ", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzKEYY", "FwoGZXIvYXdzEJr"
KEY = StoredKey(ID, Secret(SECRET))
PASSPHRASE = "correct horse battery"

WRITER = """
import os, sys
from keywright.aws.secret import Secret
from keywright.client.keystore import StoredKey, open_store
store = open_store(os.environ, sys.argv[3])
for number in range(int(sys.argv[2])):
    store.put(f"{sys.argv[1]}-{number}", StoredKey(f"AKIA{number:016}", Secret("s" * 40)))
"""

Environment = dict[str, str]
pytestmark = pytest.mark.usefixtures("cheap")


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[Environment]:
    """Have a store whose passphrase is in a file, and a session."""
    (tmp_path / "passphrase").write_text(PASSPHRASE + "\n")
    (tmp_path / "session").mkdir(mode=0o700)
    environment = {
        "XDG_DATA_HOME": str(tmp_path / "data"),
        "XDG_RUNTIME_DIR": str(tmp_path / "session"),
        "KEYWRIGHT_STORE_PASSPHRASE_FILE": str(tmp_path / "passphrase"),
    }
    yield environment
    # No test leaves a key with the kernel, nor an agent.
    with contextlib.suppress(KeystoreError):
        FileStore(environment, ask_nobody).lock()


@pytest.fixture
def agents_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Be where the kernel's keyring is forbidden, as in most containers."""
    monkeypatch.setattr(kernel_keyring, "_syscall", lambda: None)


@pytest.fixture(params=["kernel keyring", "agent"])
def keeper(request: pytest.FixtureRequest) -> str:
    """Have each of what keeps a store unlocked."""
    name: str = request.param
    if name == "agent":
        request.getfixturevalue("agents_only")
        return name
    try:
        kernel_keyring.keep("test", b"test", 5)
    except kernel_keyring.NoKernelKeyring as error:
        pytest.skip(f"there is no kernel keyring here: {error}")
    return name


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Count the passphrases that are hashed."""
    calls: list[int] = []
    derive = Derivation.key

    def counted(self: Derivation, passphrase: Secret) -> bytes:
        calls.append(1)
        return derive(self, passphrase)

    monkeypatch.setattr(Derivation, "key", counted)
    return calls


def without_passphrase(environment: Environment) -> Environment:
    """Be in the same session, where no file has the passphrase."""
    return {name: value for name, value in environment.items() if name != "KEYWRIGHT_STORE_PASSPHRASE_FILE"}


def locked(environment: Environment) -> FileStore:
    """Have the store without anybody to ask."""
    return FileStore(without_passphrase(environment), ask_nobody)


def opened(environment: Environment) -> FileStore:
    """Have the store with its passphrase."""
    return FileStore(environment, ask_nobody)


def answering(*answers: str) -> Callable[[str], Secret | None]:
    """Be somebody who types these, one after another, and then has gone."""
    left = list(answers)
    return lambda _question: Secret(left.pop(0)) if left else None


def test_what_is_put_comes_back(environment: Environment) -> None:
    """A key with a token and one without come back whole, from another process's store too."""
    temporary = StoredKey("ASIA" + "Q" * 16, Secret(SECRET), Secret(TOKEN))
    store = opened(environment)
    store.put("a", KEY)
    store.put("b", temporary)
    for one in (store, opened(environment)):
        first, second = one.get("a"), one.get("b")
        assert first is not None
        assert second is not None
        assert first.is_same(KEY)
        assert second.is_same(temporary)
        assert one.get("c") is None
    assert KEY.is_same(temporary) is False


def test_secrets_are_sealed_and_the_file_is_ones_own(environment: Environment) -> None:
    """Nothing secret can be read in the file; names and ids can; nobody else may open it."""
    store = opened(environment)
    store.put("a", StoredKey(ID, Secret(SECRET), Secret(TOKEN)))
    content = store.path.read_text()
    assert SECRET not in content
    assert TOKEN not in content
    assert PASSPHRASE not in content
    assert (stat.S_IMODE(store.path.stat().st_mode), stat.S_IMODE(store.path.parent.stat().st_mode)) == (0o600, 0o700)
    assert (locked(environment).profiles(), locked(environment).key_id("a")) == (("a",), ID)


def test_the_wrong_passphrase_changes_nothing(environment: Environment) -> None:
    """A wrong passphrase says that it is, for reading and writing, and the file stays as it is."""
    opened(environment).put("a", KEY)
    store = opened(environment)
    before = store.path.read_bytes()
    Path(environment["KEYWRIGHT_STORE_PASSPHRASE_FILE"]).write_text("wrong, quite wrong")
    for attempt in (lambda: store.get("a"), lambda: store.put("b", KEY), lambda: opened(environment).put("a", KEY)):
        with pytest.raises(KeystoreError, match="the passphrase is not that of"):
            attempt()
    assert store.path.read_bytes() == before


def test_a_person_has_three_tries(environment: Environment) -> None:
    """At a terminal the third passphrase may be right; a fourth is not asked for."""
    opened(environment).put("a", KEY)
    alone = without_passphrase(environment)
    assert FileStore(alone, answering("wrong", "wrong too", PASSPHRASE)).get("a") is not None
    with pytest.raises(KeystoreError, match="nothing was changed"):
        FileStore(alone, answering("wrong", "wrong", "wrong", PASSPHRASE)).get("a")


def test_a_new_passphrase_is_typed_twice(environment: Environment) -> None:
    """A new file's passphrase must be the same twice, and not a short one; until then there is no file."""
    alone = without_passphrase(environment)
    for answers, words in (
        (("one thing", "another"), "not the same"),
        (("short", "short"), "at least 8 characters"),
        ((), "no terminal"),
    ):
        store = FileStore(alone, answering(*answers))
        with pytest.raises(KeystoreError, match=words):
            store.put("a", KEY)
        assert not store.path.exists()
    FileStore(alone, answering(PASSPHRASE, PASSPHRASE)).put("a", KEY)
    assert opened(environment).get("a") is not None


def test_locked_says_what_to_run(environment: Environment) -> None:
    """Where nobody can be asked, reading and writing say how the store is unlocked; deleting needs no passphrase."""
    opened(environment).put("a", KEY)
    for attempt in (lambda: locked(environment).get("a"), lambda: locked(environment).put("b", KEY)):
        with pytest.raises(Locked, match=r"keywright store unlock`.*KEYWRIGHT_STORE_PASSPHRASE_FILE"):
            attempt()
    assert locked(environment).get("nobody") is None
    assert (locked(environment).delete("a"), locked(environment).delete("a")) == (True, False)


@pytest.mark.usefixtures("keeper")
def test_unlocked_for_a_while(environment: Environment, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Once unlocked, other processes of the user read and write until its time is up; no file has the store's key."""
    store = opened(environment)
    store.put("a", KEY)
    until = store.keep_unlocked(3600)
    unlocked = locked(environment).unlocked()
    assert unlocked is not None
    assert unlocked.until == until
    assert locked(environment).get("a") is not None
    locked(environment).put("b", KEY)
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert unlocked.key not in written
    assert unlocked.key.hex().encode() not in written
    later = time.time() + 3601
    monkeypatch.setattr("time.time", lambda: later)
    with pytest.raises(Locked):
        locked(environment).get("a")


def test_its_time_is_up(environment: Environment, keeper: str) -> None:
    """What holds the key drops it by itself: the kernel expires it, an agent ends, and its socket is gone."""
    store = opened(environment)
    store.put("a", KEY)
    store.keep_unlocked(1)
    unlocked = locked(environment).unlocked()
    assert unlocked is not None
    assert (unlocked.keeper, unlocked.process is not None) == (keeper, keeper == "agent")
    name = slot(json.loads(store.path.read_text())["argon2id"]["salt"])
    deadline = time.monotonic() + 10
    while kernel_keyring.read(name) is not None or (unlocked.process is not None and is_running(unlocked.process)):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert [path for path in Path(environment["XDG_RUNTIME_DIR"]).rglob("*") if path.is_socket()] == []


def is_running(process: int) -> bool:
    """Tell whether a process runs; one that has ended may wait for its parent."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.usefixtures("keeper")
def test_lock(environment: Environment) -> None:
    """`lock` ends it at once, and so does a later unlocking replace it."""
    store = opened(environment)
    store.put("a", KEY)
    store.keep_unlocked(3600)
    assert store.keep_unlocked(60) < datetime.now(UTC) + timedelta(seconds=61)
    unlocked = locked(environment).unlocked()
    assert unlocked is not None
    assert unlocked.until < datetime.now(UTC) + timedelta(seconds=61)
    assert (store.lock(), store.lock()) == (True, False)
    with pytest.raises(Locked):
        locked(environment).get("a")


def test_the_agents_socket_is_for_nobody_else(environment: Environment, agents_only: None) -> None:
    """The socket is 0600 in a folder 0700; a folder that others can look into is refused; no memory is dumped."""
    store = opened(environment)
    store.put("a", KEY)
    folder = Path(environment["XDG_RUNTIME_DIR"]) / "keywright"
    folder.mkdir(mode=0o755)
    with pytest.raises(KeystoreError, match="others can read it"):
        store.keep_unlocked(3600)
    folder.chmod(0o700)
    store.keep_unlocked(3600)
    (socket,) = folder.iterdir()
    assert stat.S_IMODE(socket.stat().st_mode) == 0o600
    unlocked = store.unlocked()
    assert unlocked is not None
    limits = Path(f"/proc/{unlocked.process}/limits").read_text()
    assert re.search(r"Max core file size +0 +0 ", limits)
    assert "VmLck:\t       0 kB" not in Path(f"/proc/{unlocked.process}/status").read_text()
    store.lock()


def test_a_killed_agent(environment: Environment, agents_only: None, tmp_path: Path) -> None:
    """An agent that was killed leaves the store locked; the next takes its socket's place, however long its path."""
    session = tmp_path / ("s" * 120)
    session.mkdir(mode=0o700)
    environment["XDG_RUNTIME_DIR"] = str(session)
    store = opened(environment)
    store.put("a", KEY)
    store.keep_unlocked(3600)
    first = store.unlocked()
    assert first is not None
    assert first.process is not None
    os.kill(first.process, signal.SIGKILL)
    assert locked(environment).unlocked() is None
    store.keep_unlocked(3600)
    second = store.unlocked()
    assert second is not None
    assert second.process != first.process
    store.lock()


@pytest.mark.usefixtures("keeper")
def test_a_passphrase_file_is_hashed_once(environment: Environment, hashed: list[int]) -> None:
    """A tool's second call hashes no passphrase; one that names no passphrase file, or a changed one, gains nothing."""
    opened(environment).put("a", KEY)

    def tool(variables: Environment) -> StoredKey | None:
        return FileStore(variables, ask_nobody, for_tools=True).get("a")

    hashed.clear()
    for _ in range(3):
        assert tool(environment) is not None
    assert len(hashed) == 1
    with pytest.raises(Locked):
        tool(without_passphrase(environment))
    Path(environment["KEYWRIGHT_STORE_PASSPHRASE_FILE"]).write_text("another than it was")
    with pytest.raises(KeystoreError, match="the passphrase is not that of"):
        tool(environment)
    Path(environment["KEYWRIGHT_STORE_PASSPHRASE_FILE"]).write_text(PASSPHRASE)
    assert tool(environment) is not None
    assert (opened(environment).lock(), len(hashed)) == (True, 3)
    assert tool(environment) is not None
    assert len(hashed) == 4


def test_a_command_that_no_tool_runs_keeps_nothing(environment: Environment) -> None:
    """Only `credential-process` keeps what a passphrase file opens: other commands are not run again and again."""
    opened(environment).put("a", KEY)
    assert opened(environment).get("a") is not None
    assert opened(environment).unlocked() is None


def test_another_passphrase(environment: Environment) -> None:
    """A new passphrase seals every key anew; the old one, and what was kept unlocked by it, open nothing more."""
    opened(environment).put("a", KEY)
    opened(environment).put("b", KEY)
    opened(environment).keep_unlocked(3600)
    before = opened(environment).path.read_text()
    store = FileStore(without_passphrase(environment), answering("another passphrase", "another passphrase"))
    assert store.change_passphrase() == 2
    old = {one["sealed"] for one in json.loads(before)["keys"].values()}
    assert old.isdisjoint(one["sealed"] for one in json.loads(store.path.read_text())["keys"].values())
    with pytest.raises(KeystoreError, match="the passphrase is not that of"):
        opened(environment).get("a")
    with pytest.raises(Locked):
        locked(environment).get("a")
    assert FileStore(without_passphrase(environment), answering("another passphrase")).get("b") is not None


def test_entries_cannot_be_swapped(environment: Environment) -> None:
    """A sealed key opens under its own profile and id only."""
    store = opened(environment)
    store.put("a", KEY)
    store.put("b", StoredKey("AKIA" + "Q" * 16, Secret("t" * 40)))
    values = json.loads(store.path.read_text())
    for change in ({"a": values["keys"]["b"]}, {"a": values["keys"]["a"] | {"access_key_id": "AKIA" + "Z" * 16}}):
        store.path.write_text(json.dumps(values | {"keys": values["keys"] | change}))
        with pytest.raises(KeystoreError, match="has been changed"):
            opened(environment).get("a")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "damaged"),
        ("[]", "damaged"),
        ('{"version": 1}', "damaged"),
        ('{"version": 2}', "does not know"),
        ('{"version": 1, "argon2id": {"salt": "00", "passes": 3, "memory_kib": 99999999, "lanes": 4}}', "damaged"),
    ],
)
def test_a_file_that_is_none(environment: Environment, content: str, words: str) -> None:
    """What cannot be read is said to be so, and is never written over."""
    store = opened(environment)
    store.path.parent.mkdir(parents=True)
    store.path.write_text(content)
    for attempt in (lambda: store.get("a"), lambda: store.put("a", KEY), lambda: store.delete("a"), store.profiles):
        with pytest.raises(KeystoreError, match=words):
            attempt()
    assert store.path.read_text() == content


def test_the_passphrases_file(environment: Environment, tmp_path: Path) -> None:
    """Its last line end does not count; a file that is missing, empty or no text is named."""
    opened(environment).put("a", KEY)
    file = Path(environment["KEYWRIGHT_STORE_PASSPHRASE_FILE"])
    for text in (PASSPHRASE, PASSPHRASE + "\r\n"):
        file.write_bytes(text.encode())
        assert opened(environment).get("a") is not None
    for content in (b"", b"\n", b"\xff\xfe"):
        file.write_bytes(content)
        with pytest.raises(KeystoreError, match="KEYWRIGHT_STORE_PASSPHRASE_FILE names"):
            opened(environment).get("a")
    file.unlink()
    with pytest.raises(KeystoreError, match="cannot be read"):
        opened(environment).get("a")


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.text(), st.tuples(st.text(), st.text(), st.none() | st.text()), max_size=4))
def test_whatever_is_stored_comes_back(keys: dict[str, tuple[str, str, str | None]]) -> None:
    """Any names, ids, secrets and tokens survive the file."""
    derivation = Derivation.new()
    opener = derivation.key(Secret("x"))
    sealed = SealedFile.new(derivation, opener)
    for profile, (key_id, secret, token) in keys.items():
        sealed.put(profile, StoredKey(key_id, Secret(secret), None if token is None else Secret(token)), opener)
    again = SealedFile.read(sealed.as_bytes(), Path("keys"))
    assert again.is_opened_by(opener)
    assert not again.is_opened_by(derivation.key(Secret("y")))
    for profile, (key_id, secret, token) in keys.items():
        found = again.get(profile, opener)
        assert found is not None
        token_found = None if found.session_token is None else found.session_token.reveal()
        assert (found.access_key_id, found.secret.reveal(), token_found) == (key_id, secret, token)


def start_writer(environment: Environment, name: str, keys: int, store: str = "file") -> subprocess.Popen[bytes]:
    """Start a process that stores keys."""
    return subprocess.Popen([sys.executable, "-c", WRITER, name, str(keys), store], env=os.environ | environment)


def test_processes_lose_nothing(environment: Environment) -> None:
    """Three processes that begin the same store and fill it at once: every key is in it."""
    writers = [start_writer(environment, name, 6) for name in "abc"]
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    store = opened(environment)
    assert set(store.profiles()) == {f"{name}-{number}" for name in "abc" for number in range(6)}
    assert all(store.get(profile) is not None for profile in store.profiles())


def test_a_killed_writer_leaves_a_whole_file(environment: Environment) -> None:
    """Killed at whatever moment, what was there before is there, and the next writer tidies up what was left."""
    opened(environment).put("before", KEY)
    path = opened(environment).path
    for milliseconds in (0, 3, 8, 15):
        writer = start_writer(environment, f"k{milliseconds}", 1000)
        deadline = time.monotonic() + 20
        while f"k{milliseconds}-0" not in path.read_text():
            assert time.monotonic() < deadline
            time.sleep(0.002)
        time.sleep(milliseconds / 1000)
        writer.send_signal(signal.SIGKILL)
        assert writer.wait(20) == -signal.SIGKILL
        store = opened(environment)
        assert all(store.get(profile) is not None for profile in ("before", f"k{milliseconds}-0"))
    opened(environment).put("after", KEY)
    assert [one.name for one in path.parent.iterdir()] == ["keys"]


def test_a_key_does_not_show_its_secret() -> None:
    """A stored key printed by accident shows its id only."""
    assert SECRET not in repr(StoredKey(ID, Secret(SECRET), Secret(TOKEN)))
    assert TOKEN not in repr(StoredKey(ID, Secret(SECRET), Secret(TOKEN)))


def test_the_variable_chooses(environment: Environment) -> None:
    """KEYWRIGHT_STORE=file takes the file even where there is a keyring; another word is refused."""
    assert open_store(environment | {"KEYWRIGHT_STORE": "file"}).name == "file"
    with pytest.raises(KeystoreError, match="KEYWRIGHT_STORE takes keyring or file, not 'vault'"):
        open_store(environment | {"KEYWRIGHT_STORE": "vault"})
