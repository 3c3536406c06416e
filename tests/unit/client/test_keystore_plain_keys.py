"""What is left of a key in plain text, once it has gone from the AWS files."""

from __future__ import annotations

import os

import pytest

from keywright.aws.secret import Secret
from keywright.client.backups import backup_folder
from keywright.client.errors import AwsFileError
from keywright.client.keystore import StoredKey
from keywright.client.keystore.plain_keys import clean_backups, elsewhere, overwriting, plain_key
from keywright.client.profiles import Profile, read_profiles
from keywright.client.replacing import read_original, replace_file
from tests.unit.client.conftest import Home

ID, SECRET = "AKIAXYAFLIG2DFBKVWHJ", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzKEYY"
TOKEN = "FwoGZXIvYXdzEJr//////////wEaDKSMFk"


def profile(home: Home, text: str) -> Profile:
    """Have a profile of the credentials file."""
    home.place(credentials=text)
    (found,) = read_profiles(os.environ)[0]
    return found


def test_our_copies(home: Home) -> None:
    """Secret and token are taken out where they are a value; every other byte of the copy stays."""
    folder = backup_folder(os.environ)
    folder.mkdir(parents=True)
    copy, other = folder / "credentials-1", folder / "credentials-2"
    copy.write_bytes(
        f"[a]\r\naws_secret_access_key={SECRET} \r\n# {SECRET}x\naws_session_token = {TOKEN}\n[b]\nx = 1\n".encode()
    )
    other.write_bytes(b"[b]\nx = 1\n")
    assert clean_backups(os.environ, StoredKey(ID, Secret(SECRET), Secret(TOKEN))) == [copy]
    assert (
        copy.read_bytes()
        == (
            f"[a]\r\naws_secret_access_key=moved-to-the-key-store \r\n# {SECRET}x\n"
            "aws_session_token = moved-to-the-key-store\n[b]\nx = 1\n"
        ).encode()
    )
    assert copy.stat().st_mode & 0o077 == 0


def test_a_secret_that_is_a_word(home: Home) -> None:
    """A secret such as `test` is taken out as a value, and not looked for in words and names."""
    folder = backup_folder(os.environ)
    folder.mkdir(parents=True)
    copy = folder / "credentials-1"
    copy.write_text("# a test\n[test]\naws_access_key_id = tested\naws_secret_access_key = test\n")
    (home.aws / "notes").write_text("test")
    key = StoredKey("test", Secret("test"))
    assert clean_backups(os.environ, key) == [copy]
    assert copy.read_text() == (
        "# a test\n[test]\naws_access_key_id = tested\naws_secret_access_key = moved-to-the-key-store\n"
    )
    assert elsewhere(os.environ, key) == []


def test_other_files(home: Home) -> None:
    """Files beside the AWS files that hold the secret are named, the two themselves are not."""
    home.place(credentials=f"[a]\naws_secret_access_key = {SECRET}\n")
    for name in (".credentials.swp", "credentials~", "unrelated"):
        (home.aws / name).write_text("x" if name == "unrelated" else f"…{SECRET}…")
    (home.aws / "credentials.link").symlink_to(home.credentials)
    found = elsewhere(os.environ, StoredKey(ID, Secret(SECRET)))
    assert [path.name for path in found] == [".credentials.swp", "credentials~"]


def test_the_old_file_is_overwritten(home: Home) -> None:
    """What the file was, once it has been replaced, is overwritten on the disk; one that is still there is not."""
    home.place(config="[profile a]\n", credentials=f"[a]\naws_secret_access_key = {SECRET}\n")
    before = home.config.read_bytes()
    with home.credentials.open("rb") as held:
        with overwriting(os.environ, StoredKey(ID, Secret(SECRET))):
            replace_file(home.credentials, read_original(home.credentials), b"[a]\n")
        assert SECRET.encode() not in held.read()
    assert (home.config.read_bytes(), home.credentials.read_bytes()) == (before, b"[a]\n")
    home.place(credentials=f"[a]\naws_secret_access_key = {SECRET}\n")
    with overwriting(os.environ, StoredKey(ID, Secret(SECRET))):
        pass
    assert SECRET in home.credentials.read_text()


def test_half_a_key(home: Home) -> None:
    """Half a key is no key to be moved; an empty token is none."""
    for text in (f"[a]\naws_access_key_id = {ID}\n", f"[a]\naws_secret_access_key = {SECRET}\n"):
        with pytest.raises(AwsFileError, match="half a key"):
            plain_key(profile(home, text))
    found = plain_key(profile(home, f"[a]\naws_access_key_id = {ID}\naws_secret_access_key = x\naws_session_token =\n"))
    assert found is not None
    assert found.session_token is None
    assert plain_key(profile(home, "[a]\nregion = x\n")) is None
