"""The places on this machine that hold a key: found where they are, and changed there and nowhere else."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from keywright.aws.secret import Secret
from keywright.client.errors import AwsFileError
from keywright.client.keystore import open_store
from keywright.client.keystore.stored_key import StoredKey
from keywright.client.places.aws_profiles import AwsProfiles
from keywright.client.places.key_files import KeyFiles
from keywright.client.places.key_pair import KeyPair
from keywright.client.places.machine import Machine
from keywright.client.places.overlooked import overlooked
from keywright.client.places.place import PlaceError
from tests.unit.client.conftest import Home
from tests.unit.client.odd_files import odd_texts

OLD = KeyPair("AKIAQYLPMN5HEXAMPLE1", Secret("abc/def+ghi/jkl+mno/pqr+stu/vwx+yz0/1234"))
NEW = KeyPair("AKIAQYLPMN5HEXAMPLE2", Secret("ZYX+wvu/TSR+qpo/NML+kji/HGF+edc/BA9+8765"))
PLAIN = KeyPair("AKIAQYLPMN5HEXAMPLE3", Secret("abcdefghijklmnopqrstuvwxyz01234567890123"))
PAIRS = st.sampled_from([OLD, NEW, PLAIN])


def text_of(path: Path, pair: KeyPair, form: str = "{id}\n{secret}\n") -> None:
    """Write a file with a key."""
    path.write_text(form.replace("{id}", pair.access_key_id).replace("{secret}", pair.secret.reveal()))


FORMS = {
    "dotenv": "AWS_ACCESS_KEY_ID={id}\r\nAWS_SECRET_ACCESS_KEY={secret}\r\n",
    "shell": "export AWS_ACCESS_KEY_ID='{id}' AWS_SECRET_ACCESS_KEY=\"{secret}\" # mine",
    "yaml": "aws:\n  - key: {id}\n    secret: {secret}\n",
    "passwd": "{id}:{secret}",
    "twice": "{id} {secret}\n{id} {secret}\n",
}


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_the_key_alone_is_replaced(tmp_path: Path, form: str) -> None:
    """In a file of any form the id and the secret are replaced where they stand, and nothing else."""
    path = tmp_path / "file"
    text_of(path, OLD, form)
    KeyFiles([path]).replace(OLD, NEW)
    expected = form.replace("{id}", NEW.access_key_id).replace("{secret}", NEW.secret.reveal())
    assert path.read_bytes().decode() == expected


def test_escaped_secrets(tmp_path: Path) -> None:
    """A secret that JSON or a URL has escaped is found, and the new one is escaped in the same way."""
    path = tmp_path / "file"
    for old, new in ((OLD, NEW), (PLAIN, NEW), (NEW, PLAIN)):
        escaped = json.dumps({"id": old.access_key_id, "s": old.secret.reveal()}).replace("/", "\\/")
        path.write_text(f"{escaped}\ns3://{old.access_key_id}:{quote(old.secret.reveal(), safe='')}@bucket/a")
        KeyFiles([path]).replace(old, new)
        first, second = path.read_text().splitlines()
        assert json.loads(first) == {"id": new.access_key_id, "s": new.secret.reveal()}
        assert second == f"s3://{new.access_key_id}:{quote(new.secret.reveal(), safe='')}@bucket/a"


@given(before=st.binary(max_size=40), after=st.binary(max_size=40), first=PAIRS, second=PAIRS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_there_and_back(tmp_path: Path, before: bytes, after: bytes, first: KeyPair, second: KeyPair) -> None:
    """Whatever bytes stand around a key, replaced and replaced back the file is as it was."""
    if first is second:
        return
    path = tmp_path / "file"
    middle = f" {first.access_key_id}\n {first.secret.reveal()} ".encode()
    content = (b"-" + before + middle + after).replace(b"\0", b"0")
    path.write_bytes(content)
    KeyFiles([path]).replace(first, second)
    assert first.access_key_id.encode() not in path.read_bytes()
    assert second.secret.reveal().encode() in path.read_bytes()
    KeyFiles([path]).replace(second, first)
    assert path.read_bytes() == content


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_files_of_windows(tmp_path: Path, encoding: str) -> None:
    """A file in UTF-16 stays one."""
    path = tmp_path / "file"
    form = "\ufeffé {}\r\n{}"
    path.write_bytes(form.format(OLD.access_key_id, OLD.secret.reveal()).encode(encoding))
    KeyFiles([path]).replace(OLD, NEW)
    assert path.read_bytes().decode(encoding) == form.format(NEW.access_key_id, NEW.secret.reveal())


@pytest.mark.parametrize(("mode", "then"), [(0o600, 0o600), (0o640, 0o640), (0o664, 0o660), (0o400, 0o400)])
def test_modes_and_links(tmp_path: Path, mode: int, then: int) -> None:
    """A group that may read a file stays, others are shut out, and a link stays a link."""
    target, link = tmp_path / "target", tmp_path / "link"
    text_of(target, OLD)
    target.chmod(mode)
    link.symlink_to(target)
    KeyFiles([link]).replace(OLD, NEW)
    assert link.is_symlink()
    assert NEW.access_key_id in target.read_text()
    assert stat.S_IMODE(target.stat().st_mode) == then


def test_what_cannot_be_replaced_is_said_before(tmp_path: Path) -> None:
    """A binary file, one with another name, an id whose secret is nowhere: each is refused, without a secret."""
    text_of(tmp_path / "linked", OLD)
    os.link(tmp_path / "linked", tmp_path / "name")
    text_of(tmp_path / "half", OLD, "{id}\n")
    (tmp_path / "binary").write_bytes(b"\0\1")
    for name, words in (("linked", "hard link"), ("half", "without its secret"), ("binary", "no text file")):
        with pytest.raises(PlaceError, match=words) as caught:
            KeyFiles([tmp_path / name]).refuse_unwritable(OLD)
        assert OLD.secret.reveal() not in str(caught.value)


def test_a_secret_in_a_file_of_its_own(tmp_path: Path) -> None:
    """An id and its secret may stand in two files; killed between the two, the rest is done again."""
    text_of(tmp_path / "id", OLD, "{id}\n")
    text_of(tmp_path / "secret", OLD, "{secret}")
    paths = [tmp_path / "id", tmp_path / "secret"]
    KeyFiles(paths).refuse_unwritable(OLD)
    KeyFiles(paths[:1]).replace(OLD, NEW)
    Machine({"AWS_CONFIG_FILE": "/none/a", "AWS_SHARED_CREDENTIALS_FILE": "/none/b"}, paths).replace(OLD, NEW)
    assert (tmp_path / "secret").read_text() == NEW.secret.reveal()
    assert Path(tmp_path / "id").read_text() == NEW.access_key_id + "\n"


def test_the_nearest_secret_comes_first(tmp_path: Path) -> None:
    """Of several texts that look like a secret, the one nearest to the id is the likeliest."""
    path = tmp_path / "file"
    path.write_text(f"{NEW.secret.reveal()}\n\nkey: {OLD.access_key_id}\nsecret: {OLD.secret.reveal()}\n{'a' * 40}\n")
    (place,) = KeyFiles([path]).find(OLD.access_key_id)
    assert place.where == f"{path}:3"
    assert [secret.reveal() for secret in place.secrets()] == [
        OLD.secret.reveal(),
        "a" * 40,
        NEW.secret.reveal(),
    ]
    assert OLD.secret.reveal() not in repr(place)


def test_profiles_of_both_files(home: Home) -> None:
    """Every profile that has the key gets the other, in both files; others, and every other byte, stay."""
    section = f"aws_access_key_id={OLD.access_key_id}\r\naws_secret_access_key = {OLD.secret.reveal()}\r\n"
    config = f"[profile a]\r\n; {OLD.access_key_id}\r\nregion = x\r\n{section}[sso-session a]\r\nx = y\r\n"
    credentials = (
        f"# mine\r\n[a]\r\n{section}\r\n[b]\r\n{section.upper().replace(OLD.secret.reveal().upper(), 'wrong')}"
    )
    home.place(config=config, credentials=credentials)
    kind = AwsProfiles(os.environ)
    assert [place.where for place in kind.find(OLD.access_key_id)] == [
        f"{home.credentials}:3 (profile a)",
        f"{home.config}:4 (profile a)",
        f"{home.credentials}:7 (profile b)",
    ]
    kind.refuse_unwritable(OLD)
    kind.replace(OLD, NEW)
    new = section.replace(OLD.access_key_id, NEW.access_key_id).replace(OLD.secret.reveal(), NEW.secret.reveal())
    assert home.config.read_bytes().decode() == config.replace(section, new)
    text = home.credentials.read_bytes().decode()
    assert text.startswith(f"# mine\r\n[a]\r\n{new}\r\n[b]\r\n")
    assert text.count(NEW.secret.reveal()) == 2
    assert OLD.access_key_id not in text


@given(file=odd_texts())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_odd_aws_files(home: Home, file: str) -> None:
    """In whatever AWS file there is a key, another takes its place and goes again, and the file is as it was."""
    key = f"\n[rotated]\naws_access_key_id = {OLD.access_key_id}\naws_secret_access_key = {OLD.secret.reveal()}\n"
    home.place(credentials=(file + key).encode())
    kind = AwsProfiles(os.environ)
    before = home.credentials.read_bytes()
    try:
        kind.refuse_unwritable(OLD)
        kind.replace(OLD, NEW)
    except AwsFileError:
        assert home.credentials.read_bytes() == before
        return
    kind.replace(NEW, OLD)
    assert home.credentials.read_bytes() == before


def test_keys_of_a_store(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A profile's key in the sealed file is found without its passphrase, and replaced with it."""
    passphrase = tmp_path / "passphrase"
    passphrase.write_text("correct horse battery")
    environment = {**os.environ, "KEYWRIGHT_STORE_PASSPHRASE_FILE": str(passphrase), "XDG_RUNTIME_DIR": str(tmp_path)}
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    store = open_store(environment, "file")
    store.put("kw", StoredKey(OLD.access_key_id, OLD.secret))
    machine = Machine(environment)
    (place,) = machine.find(OLD.access_key_id)
    assert place.where.endswith("keys (profile kw)")
    machine.refuse_unwritable(OLD)
    machine.replace(OLD, NEW)
    assert machine.find(OLD.access_key_id) == []
    stored = open_store(environment, "file").get("kw")
    assert stored is not None
    assert (stored.access_key_id, stored.secret.reveal()) == (NEW.access_key_id, NEW.secret.reveal())


def test_what_is_overlooked_is_named(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable, a comment, and files of other tools that hold the key are named, with what to do."""
    monkeypatch.chdir(home.folder)
    home.place(credentials=f"# old: {OLD.access_key_id}\n[a]\nx = y\n")
    text_of(home.folder / ".bashrc", OLD, "\nexport AWS_ACCESS_KEY_ID={id}\n")
    text_of(home.folder / ".env", OLD)
    environment = {**os.environ, "AWS_ACCESS_KEY_ID": OLD.access_key_id}
    variable, comment, shell = overlooked(OLD.access_key_id, environment, [home.folder / ".env"])
    assert "AWS_ACCESS_KEY_ID" in variable
    assert "unset" in variable
    assert comment.startswith(f"{home.credentials}:1 ")
    assert shell.startswith(f"{home.folder}/.bashrc:2 ")
    assert f"--also {home.folder}/.bashrc" in shell
