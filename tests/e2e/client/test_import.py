"""`keywright import` against a server: from the console's file to the `aws` command."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.e2e.client.conftest import Person
from tests.e2e.live_server import Account, LiveServer
from tests.e2e.signing import Key


@pytest.fixture(scope="module")
def alice(new_key: Callable[[str], Key]) -> Key:
    """Have a user with a key."""
    return new_key("alice")


def console_file(person: Person, key: Key, name: str = "alice_accessKeys.csv") -> str:
    """Save the console's file, as it is today: a byte order mark, CRLF, no final line end."""
    path = person.home / name
    text = f"\ufeffAccess key ID,Secret access key\r\n{key.access_key_id},{key.secret_access_key}"
    path.write_bytes(text.encode())
    return str(path)


def test_import(person: Person, server: LiveServer, alice: Key, account: Account) -> None:
    """One command makes a profile that the `aws` command signs with, and removes the file."""
    file = console_file(person, alice)
    where = ("--region", "us-east-1", "--endpoint-url", server.url)
    document = person.json("import", file, *where, "--shred")
    (key,) = document["Keys"]
    arn = f"arn:aws:iam::{account.account_id}:user/alice"
    assert key == {
        "Profile": "alice",
        "UserName": "alice",
        "AccessKeyId": alice.access_key_id,
        "AccountId": account.account_id,
        "Arn": arn,
        "Store": "plain",
    }
    assert document["Shredded"]
    assert sorted(path.name for path in person.home.iterdir()) == [".aws"]
    assert person.aws.json("--profile", "alice", "sts", "get-caller-identity")["Arn"] == arn


def test_the_profiles_own_endpoint_is_asked(person: Person, server: LiveServer, alice: Key) -> None:
    """A key for a profile that leads somewhere already is verified there, not at AWS."""
    person.config.parent.mkdir()
    person.config.write_text(f"[profile kw]\nendpoint_url = {server.url}\nregion = us-east-1\n")
    assert person.keywright("import", console_file(person, alice), "--profile", "kw").returncode == 0
    assert person.aws.json("--profile", "kw", "sts", "get-caller-identity")


def test_a_wrong_secret_is_not_written(person: Person, server: LiveServer, alice: Key) -> None:
    """A key whose secret is wrong is exit code 3, named, and leaves no profile; neither its file goes."""
    wrong = Key(alice.access_key_id, alice.secret_access_key[::-1])
    file = console_file(person, wrong)
    done = person.keywright("import", file, "--endpoint-url", server.url, "--shred")
    assert (done.returncode, done.stdout) == (3, "")
    assert "SignatureDoesNotMatch" in done.stderr
    assert not person.credentials.exists()
    assert (person.home / "alice_accessKeys.csv").exists()


def test_nobody_there(person: Person, alice: Key) -> None:
    """Where no server answers it is exit code 3, and says so."""
    done = person.keywright("import", console_file(person, alice), "--endpoint-url", "http://127.0.0.1:9")
    assert done.returncode == 3
    assert "http://127.0.0.1:9" in done.stderr


def test_other_profiles_and_variables_do_not_meddle(
    person: Person, server: LiveServer, alice: Key, account: Account
) -> None:
    """The key is asked about by itself, whatever credentials and profiles are set."""
    document = person.json(
        *("import", console_file(person, alice), "--region", "us-east-1", "--endpoint-url", server.url),
        variables={
            "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
            "AWS_SECRET_ACCESS_KEY": "wrong",
            "AWS_PROFILE": "nope",
        },
    )
    assert document["Keys"][0]["Arn"] == f"arn:aws:iam::{account.account_id}:user/alice"
