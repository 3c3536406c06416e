"""Secrets at rest: what opens, what does not, and where the master key comes from."""

from __future__ import annotations

import base64
import stat
from pathlib import Path
from threading import Barrier, Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keywright.store.sealing import MasterKeyError, Sealer, UnsealError, sealer_from_file, sealer_from_text

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
ROW = "access_keys/AKIAQQQQQQQQQQQQQQQQ"


def encoded(*keys: bytes) -> str:
    """Write master keys as the file and the variable have them."""
    return "\n".join(base64.b64encode(key).decode() for key in keys)


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=200), st.text(max_size=50))
def test_what_is_sealed_opens(plaintext: bytes, row: str) -> None:
    """Under its key and for its row a secret comes back as it was."""
    sealer = Sealer([OLD])
    assert sealer.unseal(sealer.seal(plaintext, row), row) == plaintext


def test_sealing_twice_gives_different_bytes() -> None:
    """Each sealing has a nonce of its own: equal secrets do not look equal."""
    sealer = Sealer([OLD])
    sealed = {sealer.seal(b"same", ROW) for _ in range(100)}
    assert len(sealed) == 100
    assert all(b"same" not in one for one in sealed)


def test_a_secret_opens_in_its_own_row_alone() -> None:
    """A sealed value that is copied into another row does not open."""
    sealer = Sealer([OLD])
    sealed = sealer.seal(b"secret", ROW)
    for row in ("access_keys/AKIAQQQQQQQQQQQQQQQR", "mfa_devices/AKIAQQQQQQQQQQQQQQQQ", "", ROW + " "):
        with pytest.raises(UnsealError):
            sealer.unseal(sealed, row)


def test_a_secret_needs_its_key() -> None:
    """Under another master key nothing opens, and the message holds no secret."""
    sealed = Sealer([OLD]).seal(b"secret", ROW)
    with pytest.raises(UnsealError) as caught:
        Sealer([NEW]).unseal(sealed, ROW)
    assert str(caught.value) == f"{ROW} was sealed under a master key that is not here"


def test_altered_bytes_do_not_open() -> None:
    """A change of any one bit, and any shortening, is noticed."""
    sealer = Sealer([OLD])
    sealed = sealer.seal(b"secret", ROW)
    for position in range(len(sealed)):
        altered = bytearray(sealed)
        altered[position] ^= 1 << position % 8
        with pytest.raises(UnsealError):
            sealer.unseal(bytes(altered), ROW)
    for length in range(len(sealed)):
        with pytest.raises((UnsealError, ValueError)):
            sealer.unseal(sealed[:length], ROW)


def test_a_truncated_value_is_an_unseal_error() -> None:
    """However short what is left of a value is, it is refused as one that does not open."""
    sealer = Sealer([OLD])
    sealed = sealer.seal(b"secret", ROW)
    for length in (0, 1, 5, 6, 12, 17, 18, len(sealed) - 1):
        with pytest.raises(UnsealError):
            sealer.unseal(sealed[:length], ROW)


def test_keys_are_rotated_by_putting_a_new_one_first() -> None:
    """The first key seals, every key opens; without the old one what it sealed does not."""
    before = Sealer([OLD]).seal(b"old", ROW)
    rotated = sealer_from_text(encoded(NEW, OLD))
    after = rotated.seal(b"new", ROW)
    assert (rotated.unseal(before, ROW), rotated.unseal(after, ROW)) == (b"old", b"new")
    only_new = Sealer([NEW])
    assert only_new.unseal(after, ROW) == b"new"
    with pytest.raises(UnsealError):
        only_new.unseal(before, ROW)
    with pytest.raises(UnsealError):
        Sealer([OLD]).unseal(after, ROW)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "not base64!",
        encoded(b"short"),
        encoded(OLD)[:-5],
        encoded(OLD, b"x" * 31),
        "é" * 44,
        encoded(OLD + OLD),
    ],
)
def test_a_master_key_that_is_none_is_refused(text: str) -> None:
    """A variable that does not hold 32-byte keys in base64 is refused by name, without its value."""
    with pytest.raises(MasterKeyError) as caught:
        sealer_from_text(text)
    assert str(caught.value).startswith("KEYWRIGHT_MASTER_KEY ")
    assert not text.strip() or text.strip() not in str(caught.value)


def test_a_new_key_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    """A file that is made holds one new key, mode 0600, and nothing else is left in the folder."""
    file = tmp_path / "master.key"
    sealed = sealer_from_file(file, create=True).seal(b"secret", ROW)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert len(base64.b64decode(file.read_bytes())) == 32
    assert list(tmp_path.iterdir()) == [file]
    assert sealer_from_file(file, create=True).unseal(sealed, ROW) == b"secret"
    assert sealer_from_file(file, create=False).unseal(sealed, ROW) == b"secret"


def test_a_missing_key_file_is_never_replaced(tmp_path: Path) -> None:
    """Where a store is there and its key is not, the message says what that means."""
    file = tmp_path / "master.key"
    with pytest.raises(MasterKeyError) as caught:
        sealer_from_file(file, create=False)
    assert str(file) in str(caught.value)
    assert "backup" in str(caught.value)
    assert not file.exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_file_that_others_read_is_refused(tmp_path: Path, mode: int) -> None:
    """A key that others can read is no secret: the message says how to mend it."""
    file = tmp_path / "master.key"
    sealer_from_file(file, create=True)
    file.chmod(mode)
    with pytest.raises(MasterKeyError) as caught:
        sealer_from_file(file, create=True)
    assert f"chmod 600 {file}" in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"junk"])
def test_a_broken_key_file_is_refused(tmp_path: Path, content: bytes) -> None:
    """A file without keys is refused by name, and left as it is."""
    file = tmp_path / "master.key"
    file.write_bytes(content)
    file.chmod(0o600)
    with pytest.raises(MasterKeyError) as caught:
        sealer_from_file(file, create=True)
    assert str(file) in str(caught.value)
    assert file.read_bytes() == content


def test_processes_that_make_a_key_at_once_agree(tmp_path: Path) -> None:
    """Of many that find no file, one makes it, and all use that key."""
    file, count = tmp_path / "master.key", 8
    barrier, sealed = Barrier(count), []

    def make() -> None:
        barrier.wait()
        sealed.append(sealer_from_file(file, create=True).seal(b"secret", ROW))

    threads = [Thread(target=make) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    reader = sealer_from_file(file, create=False)
    assert [reader.unseal(one, ROW) for one in sealed] == [b"secret"] * count
    assert list(tmp_path.iterdir()) == [file]
