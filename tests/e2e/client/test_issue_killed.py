"""`keywright issue` killed by SIGKILL at every call of the service and every change of a file, then resumed."""

from __future__ import annotations

import signal
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.client.conftest import NewPerson, Person
from tests.e2e.client.killing import Proxy, killed_at_a_file, killing_proxy
from tests.e2e.live_server import Account, LiveServer
from tests.e2e.signing import Key

KILLED = -signal.SIGKILL
MOST_STEPS = 60
"""More than any way of issuing has."""
Kill = Callable[[Person, tuple[str, ...], int], tuple[int, str]]
PASSPHRASE = "correct horse battery"


@pytest.fixture(scope="module")
def proxy(server: LiveServer) -> Iterator[Proxy]:
    """Have a proxy that kills."""
    with killing_proxy(server.url) as proxy:
        yield proxy


@pytest.fixture(scope="module")
def variables(proxy: Proxy, admin: Key, folder: Path) -> dict[str, str]:
    """Be the administrator, by the environment; the sealed file's passphrase lies in a file."""
    passphrase = folder / "passphrase"
    passphrase.write_text(PASSPHRASE)
    return {
        "AWS_ENDPOINT_URL": proxy.url,
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": admin.access_key_id,
        "AWS_SECRET_ACCESS_KEY": admin.secret_access_key,
        "KEYWRIGHT_STORE_PASSPHRASE_FILE": str(passphrase),
    }


@pytest.fixture
def kill(at: str, proxy: Proxy, variables: dict[str, str]) -> Kill:
    """Kill at a call, or at the change of a file."""
    killed = proxy.killed_at_a_call if at == "call" else killed_at_a_file
    return lambda person, arguments, step: killed(person.home, arguments, variables, step)


def unfinished(person: Person) -> list[Path]:
    """Give the entries of the journal, half ones too."""
    return sorted((person.home / ".local" / "state" / "keywright" / "issuing").glob("*"))


WAYS = [
    # where the key goes; at what it is killed: the calls are the same wherever it goes
    ("plain", (), "call"),
    ("plain", (), "file"),
    ("file", ("--store", "file"), "file"),
    ("handed-over", ("--for", "recipient.pub"), "file"),
]


@pytest.mark.parametrize(("place", "flags", "at"), WAYS, ids=[f"{place}-{at}" for place, _, at in WAYS])
@pytest.mark.parametrize("take_back", [False, True], ids=["resume", "undo"])
def test_killed_anywhere(
    new_person: NewPerson,
    iam: Any,
    account: Account,
    variables: dict[str, str],
    kill: Kill,
    recipient: str,
    place: str,
    flags: tuple[str, ...],
    at: str,
    take_back: bool,
) -> None:
    """At whatever step it is killed: afterwards there is a key that works, or none; none is forgotten."""
    outcomes: set[int] = set()
    for step in range(1, MOST_STEPS):
        person = new_person()
        (person.home / "recipient.pub").write_text(recipient)
        user = f"{place}-{at}-{'undo' if take_back else 'resume'}-{step}"
        iam.create_user(UserName=user)
        code, errors = kill(person, ("issue", user, "--yes", "--purpose", "test", *flags), step)
        if code == 0:
            break
        assert code == KILLED, errors
        assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in unfinished(person))
        known = any(not path.name.startswith(".") for path in unfinished(person))
        done = person.keywright("resume", *(["--undo"] if take_back else []), "--json", variables=variables)
        assert done.returncode == 0, (step, done)
        assert unfinished(person) == []
        keys = [key["AccessKeyId"] for key in iam.list_access_keys(UserName=user)["AccessKeyMetadata"]]
        outcomes.add(len(keys))
        assert not (keys and take_back and known), step
        check(person, iam, account, user, keys, place, variables)
    else:
        pytest.fail("it was never left alone")
    assert outcomes >= ({0} if take_back else {0, 1})


def check(
    person: Person,
    iam: Any,
    account: Account,
    user: str,
    keys: list[str],
    place: str,
    variables: dict[str, str],
) -> None:
    """See that the key is where it belongs, and nothing elsewhere."""
    assert len(keys) <= 1
    tags = {tag["Key"]: tag["Value"] for tag in iam.list_user_tags(UserName=user)["Tags"]}
    assert list(tags) == keys
    handed_over = person.home / f"{user}_accessKeys.csv.age"
    if place == "handed-over":
        assert handed_over.exists() == bool(keys)
        assert not person.credentials.exists()
    elif keys:
        passphrase = {"KEYWRIGHT_STORE_PASSPHRASE_FILE": variables["KEYWRIGHT_STORE_PASSPHRASE_FILE"]}
        found = person.json("verify", "--profile", user, variables=passphrase)
        assert (found["AccessKeyId"], found["Arn"]) == (keys[0], f"arn:aws:iam::{account.account_id}:user/{user}")
    else:
        assert person.keywright("profiles", "show", user).returncode in {0, 1}
        texts = [path.read_text() for path in (person.config, person.credentials) if path.exists()]
        assert not any("aws_access_key_id" in text or "credential_process" in text for text in texts)
    halves = [path.name for path in person.home.rglob(".*.keywright-*")]
    # Half of a sealed file tells nothing, and goes when the store is written again.
    assert [name for name in halves if not name.startswith(".keys.")] == []


@pytest.fixture(scope="module")
def recipient(folder: Path) -> str:
    """Have somebody's public SSH key."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    return Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
