"""People who keep their keys in a store: in a keyring, or in a sealed file."""

from __future__ import annotations

from pathlib import Path

from tests.e2e.aws_cli import AWS, AwsCli
from tests.e2e.client.conftest import DEBIAN_AWS, Person
from tests.e2e.live_server import LiveServer
from tests.e2e.signing import Key
from tests.unit.client.fake_keyring import NAME

ROOT = Path(__file__).parents[3]
PASSPHRASE = "correct horse battery"
WHO = ("--profile", "kw", "sts", "get-caller-identity")


def in_keyring() -> dict[str, str]:
    """Give the variables of a session with a keyring."""
    return {"PYTHON_KEYRING_BACKEND": NAME, "PYTHONPATH": str(ROOT)}


def in_file(person: Person) -> dict[str, str]:
    """Give the variables of a session without a keyring, whose passphrase is in a file."""
    session = person.home / "session"
    session.mkdir(mode=0o700, exist_ok=True)
    passphrase = person.home / "passphrase"
    passphrase.write_text(PASSPHRASE)
    return {
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
        "XDG_RUNTIME_DIR": str(session),
        "KEYWRIGHT_STORE_PASSPHRASE_FILE": str(passphrase),
    }


def locked(variables: dict[str, str]) -> dict[str, str]:
    """Give the variables without the passphrase's file."""
    return {name: value for name, value in variables.items() if name != "KEYWRIGHT_STORE_PASSPHRASE_FILE"}


def commands(person: Person, variables: dict[str, str], server: LiveServer) -> list[AwsCli]:
    """Give the `aws` commands that there are: PyPI's, and Debian's, which is told the endpoint each time."""
    found = [AwsCli(person.home, variables, AWS)]
    if DEBIAN_AWS.exists():
        found.append(AwsCli(person.home, variables, DEBIAN_AWS, "--endpoint-url", server.url))
    return found


def plain_profile(person: Person, server: LiveServer, key: Key, name: str = "kw") -> None:
    """Write a profile with its key in plain text, as `aws configure` does."""
    person.config.parent.mkdir(exist_ok=True)
    with person.config.open("a") as config, person.credentials.open("a") as credentials:
        config.write(f"[profile {name}]\nregion = us-east-1\nendpoint_url = {server.url}\n")
        credentials.write(f"[{name}]\naws_access_key_id = {key.access_key_id}\n")
        credentials.write(f"aws_secret_access_key = {key.secret_access_key}\n")


def holders(folder: Path, secret: str) -> list[str]:
    """Name the files of a folder that hold a secret in plain text."""
    return sorted(
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and secret.encode() in path.read_bytes()
    )
