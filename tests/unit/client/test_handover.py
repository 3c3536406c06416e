"""Hand-overs: who can open one, with which key file, and what is said where nobody can."""

from __future__ import annotations

import functools
from pathlib import Path

import pyrage  # type: ignore[import-untyped]
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PublicFormat,
)
from cryptography.hazmat.primitives.serialization import PrivateFormat as Form

from keywright.aws.secret import Secret
from keywright.client.csv_keys import CsvKey, parse_csv
from keywright.client.handover import new_passphrase, seal
from keywright.client.handover_opening import (
    OpeningError,
    open_with_identities,
    open_with_passphrase,
    read_sealed,
    wants_passphrase,
)
from keywright.client.recipients import BY_PASSPHRASE, RecipientError, read_recipients
from tests.unit.client.age_files import sealed_by_passphrase

pytestmark = pytest.mark.long

ID, SECRET = "AKIAXYAFLIG2DFBKVWHJ", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzKEYY"
KEY = CsvKey("bob, jr", ID, Secret(SECRET), 0, "eu-west-1", "http://127.0.0.1:1")
WORDS = "tell it by telephone"


def asked(_what: str) -> Secret:
    """Answer with the passphrase."""
    return Secret(WORDS)


def not_asked(what: str) -> Secret:
    """Be asked nothing."""
    raise AssertionError(what)


@functools.cache
def rsa_key() -> rsa.RSAPrivateKey:
    """Make an RSA key; one will do."""
    return rsa.generate_private_key(65537, 2048)


def ssh_key(folder: Path, kind: str, form: Form = Form.OpenSSH, passphrase: str = "") -> tuple[Path, str]:
    """Make an SSH key; gives its file and its public line."""
    key = rsa_key() if kind == "rsa" else Ed25519PrivateKey.generate()
    locked = BestAvailableEncryption(passphrase.encode()) if passphrase else NoEncryption()
    path = folder / f"{kind}-{bool(passphrase)}"
    path.write_bytes(key.private_bytes(Encoding.PEM, form, locked))
    return path, key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


def is_key(content: bytes) -> bool:
    """Tell whether a hand-over's content is the key, with all that belongs to it."""
    (key,) = parse_csv(content)
    return key._replace(secret=KEY.secret, line=0) == KEY and key.secret.reveal() == SECRET


def test_every_recipient_of_a_file_opens_it(tmp_path: Path) -> None:
    """Encrypted for a file of recipients, each of them alone opens it; comments and blank lines are passed over."""
    identity = pyrage.x25519.Identity.generate()
    ssh, line = ssh_key(tmp_path, "ed25519")
    (tmp_path / "age.txt").write_text(str(identity))
    (tmp_path / "team").write_text(f"# the team\n\n{identity.to_public()}\n{line}")
    content = seal(KEY, read_recipients(str(tmp_path / "team")), None)
    for path in (tmp_path / "age.txt", ssh):
        assert is_key(open_with_identities(content, [path], not_asked))
    assert SECRET.encode() not in content


@pytest.mark.parametrize("form", [Form.OpenSSH, Form.TraditionalOpenSSL, Form.PKCS8], ids=["openssh", "pkcs1", "pkcs8"])
@pytest.mark.parametrize("passphrase", ["", WORDS], ids=["open", "locked"])
def test_rsa_keys_in_every_format(tmp_path: Path, form: Form, passphrase: str) -> None:
    """An RSA key opens it in OpenSSH's format and in the older ones, with a passphrase of its own and without."""
    path, line = ssh_key(tmp_path, "rsa", form, passphrase)
    content = seal(KEY, (line,), None)
    assert is_key(open_with_identities(content, [path], asked if passphrase else not_asked))


def test_an_age_identity_that_is_locked(tmp_path: Path) -> None:
    """An identity file that is itself encrypted is opened by its passphrase."""
    identity = pyrage.x25519.Identity.generate()
    locked = tmp_path / "key.age"
    locked.write_bytes(sealed_by_passphrase(f"# mine\n{identity}\n".encode(), WORDS))
    content = seal(KEY, (str(identity.to_public()),), None)
    assert is_key(open_with_identities(content, [locked], asked))


def test_keys_that_need_no_passphrase_come_first(tmp_path: Path) -> None:
    """Nobody is asked for the passphrase of a key that is not needed."""
    locked, _ = ssh_key(tmp_path, "ed25519", passphrase=WORDS)
    plain, line = ssh_key(tmp_path, "rsa")
    assert is_key(open_with_identities(seal(KEY, (line,), None), [locked, plain], not_asked))


def test_passphrases() -> None:
    """A passphrase that is made opens what it sealed; none is made twice."""
    made = new_passphrase()
    content = seal(KEY, (BY_PASSPHRASE,), made)
    assert wants_passphrase(content)
    assert is_key(open_with_passphrase(content, made))
    assert made.reveal() != new_passphrase().reveal()


def test_another_passphrase() -> None:
    """Another passphrase than the file's is said to be wrong, or the file changed."""
    content = sealed_by_passphrase(b"a key", WORDS)
    assert wants_passphrase(content)
    assert open_with_passphrase(content, Secret(WORDS)) == b"a key"
    for one, passphrase in ((content, new_passphrase()), (content[:-1], Secret(WORDS))):
        with pytest.raises(OpeningError, match="passphrase is wrong, or the file was changed"):
            open_with_passphrase(one, passphrase)


def opened(content: bytes, path: Path) -> bytes:
    """Open a file as `receive` does."""
    return b"" if wants_passphrase(content) else open_with_identities(content, [path], not_asked)


def test_what_was_changed_on_its_way(tmp_path: Path) -> None:
    """A file that lost its end, or a letter, is said to be damaged, whatever it was sealed with."""
    path, line = ssh_key(tmp_path, "ed25519")
    sealed = seal(KEY, (line,), None)
    for content in (sealed[:-120], sealed.replace(b"A", b"B"), sealed[:60]):
        with pytest.raises(OpeningError, match="changed on its way"):
            opened(content, path)


@pytest.mark.parametrize("content", [b"", b"nothing\n", b"\xff\xfe", b"-----BEGIN RSA PRIVATE KEY-----\nAAAA\n"])
def test_what_is_no_key_file(tmp_path: Path, content: bytes) -> None:
    """A file that holds no private key is named, with what was expected."""
    path = tmp_path / "file"
    path.write_bytes(content)
    sealed = seal(KEY, (str(pyrage.x25519.Identity.generate().to_public()),), None)
    with pytest.raises(OpeningError, match=str(path)):
        open_with_identities(sealed, [path], not_asked)


def test_a_file_far_too_large(tmp_path: Path) -> None:
    """A file that cannot be a key is not read whole."""
    (tmp_path / "large").write_bytes(b"a" * 2_000_000)
    with pytest.raises(OpeningError, match="far larger"):
        read_sealed(tmp_path / "large")


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"# nobody\n\n", "names nobody"), (b"\xff\xfe\x00", "no text"), (b"ssh-rsa AAAA bob\n", "cut off")],
)
def test_files_that_name_nobody(tmp_path: Path, content: bytes, words: str) -> None:
    """A file of recipients that has none, or one that is spoilt, is refused."""
    path = tmp_path / "team"
    path.write_bytes(content)
    with pytest.raises(RecipientError, match=words):
        read_recipients(str(path))
