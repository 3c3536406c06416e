"""What the store's commands print with --json, and what they say to a person."""

from __future__ import annotations

import json
from pathlib import Path

import keyring.core
import pytest

from tests.unit.client.conftest import Home, Run
from tests.unit.client.fake_keyring import NAME
from tests.unit.client.test_reference import documented, paths

ID, SECRET = "AKIAXYAFLIG2DFBKVWHJ", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzKEYY"


@pytest.fixture
def kept(home: Home, run: Run, cheap: None, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Have a key in the keyring, one in the file, and one in plain text."""
    passphrase = home.folder / "passphrase"
    passphrase.write_text("correct horse")
    session = home.folder / "session"
    session.mkdir(mode=0o700)
    monkeypatch.setenv("KEYWRIGHT_STORE_PASSPHRASE_FILE", str(passphrase))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(session))
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", NAME)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[3]))
    monkeypatch.setattr(keyring.core, "_keyring_backend", None)
    for name, store in (("a", "keyring"), ("b", "file")):
        assert run("store", "put", name, "--to", store, stdin=f"{ID}\n{SECRET}\n").code == 0
    home.credentials.write_text(f"[c]\naws_access_key_id = {ID}\naws_secret_access_key = {SECRET}\n")
    return run


@pytest.mark.parametrize(
    "arguments",
    [
        ("store", "list"),
        ("store", "show", "a"),
        ("store", "delete", "a", "--yes"),
        ("store", "status"),
        ("store", "unlock"),
        ("store", "lock"),
        ("migrate", "--profile", "c", "--no-verify"),
    ],
)
def test_json_is_as_documented(kept: Run, arguments: tuple[str, ...]) -> None:
    """What --json prints has the members that the page lists, no more and no fewer, and no secret."""
    done = kept(*arguments, "--json")
    assert done.code == 0, done
    assert SECRET not in done.out + done.err
    words = arguments[: 2 if arguments[0] == "store" else 1]
    unseen = {"Failed[].Profile", "Failed[].Why"}
    assert paths(json.loads(done.out)) == documented(*words) - unseen


@pytest.mark.parametrize("profile", ["a", "b"])
def test_show(kept: Run, profile: str) -> None:
    """A key is shown without its secret, with it on --show-secret only."""
    assert SECRET not in kept("store", "show", profile).out
    assert SECRET in kept("store", "show", profile, "--show-secret").out


def test_status_and_locks(kept: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A person reads where keys go, whether the file is locked, and until when it is not."""
    assert "1 key, unlocked by the passphrase in /" in kept("store", "status").out
    with monkeypatch.context() as without:
        without.delenv("KEYWRIGHT_STORE_PASSPHRASE_FILE")
        assert "1 key, locked" in kept("store", "status").out
    assert "Unlocked" in kept("store", "unlock", "--for", "30m").out
    assert "unlocked until" in kept("store", "status").out
    assert kept("store", "lock").out == "Locked\n"
    assert kept("store", "lock").out == "It was locked already\n"


@pytest.mark.parametrize(
    ("arguments", "stdin", "words"),
    [
        (("migrate",), "", "one of the arguments --profile --all is required"),
        (("migrate", "--all", "--to", "vault"), "", "invalid choice: 'vault'"),
        (("store", "put", "x"), f"{SECRET}\n{ID}\n", "access key id first"),
        (("store", "put", "x"), f"{ID}\n", "a line each on standard input"),
        (("store", "unlock", "--for", "8d"), "", "for 7 days at most, not '8d'"),
        (("store", "unlock", "--for", "0"), "", "a span of time looks like 12h"),
        (("export", "a", "--format", "toml"), "", "invalid choice: 'toml'"),
    ],
)
def test_wrong_usage(kept: Run, arguments: tuple[str, ...], stdin: str, words: str) -> None:
    """Wrong usage is exit code 2, says what would be right, and repeats no secret."""
    done = kept(*arguments, stdin=stdin)
    assert (done.code, done.out) == (2, "")
    assert words in done.err
    assert SECRET not in done.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("store", "show", "nobody"), "`keywright store list`"),
        (("store", "delete", "nobody", "--yes"), "`keywright store list`"),
        (("store", "passphrase"), "no terminal"),
        (("migrate", "--profile", "nobody"), "there is no such profile"),
        (("migrate", "--profile", "a", "--to", "keyring"), "it is in the keyring already"),
    ],
)
def test_refusals(kept: Run, arguments: tuple[str, ...], words: str) -> None:
    """What cannot be done is exit code 1, with the reason."""
    done = kept(*arguments)
    assert done.code == 1
    assert words in done.err
