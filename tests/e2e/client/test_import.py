"""`keywright import` against a server: from the console's file to the `aws` command."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.e2e.aws_cli import AWS, AwsCli
from tests.e2e.client.conftest import DEBIAN_AWS, Person, ReadBy
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


def test_import(person: Person, server: LiveServer, alice: Key, account: Account, read_by: ReadBy) -> None:
    """One command makes a profile that both `aws` commands sign with, and removes the file."""
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
    assert read_by(person).json("--profile", "alice", "sts", "get-caller-identity")["Arn"] == arn


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


def test_import_into_a_store(person: Person, server: LiveServer, alice: Key, account: Account) -> None:
    """With --store the key goes into a key store, both `aws` commands ask it, and no file has it in plain text."""
    (person.home / "passphrase").write_text("a sealed file's own")
    store = {"KEYWRIGHT_STORE_PASSPHRASE_FILE": str(person.home / "passphrase")}
    where = ("--region", "us-east-1", "--endpoint-url", server.url)
    document = person.json("import", console_file(person, alice), *where, "--store", "file", "--shred", variables=store)
    assert document["Keys"][0]["Store"] == "file"
    for command, more in ((AWS, ()), (DEBIAN_AWS, ("--endpoint-url", server.url))):
        if command.exists():
            aws = AwsCli(person.home, store, command, *more)
            arn = aws.json("--profile", "alice", "sts", "get-caller-identity")["Arn"]
            assert arn == f"arn:aws:iam::{account.account_id}:user/alice"
    texts = [path.read_bytes() for path in person.home.rglob("*") if path.is_file()]
    assert not any(alice.secret_access_key.encode() in text for text in texts)
    again = person.keywright("import", console_file(person, alice), *where, "--store", "file", variables=store)
    assert again.returncode == 0


def test_a_store_that_has_another_key(
    person: Person, server: LiveServer, alice: Key, new_key: Callable[[str], Key]
) -> None:
    """A key that a store has for the profile is kept, unless it is to be replaced; then none of it is left."""
    (person.home / "passphrase").write_text("a sealed file's own")
    store = {"KEYWRIGHT_STORE_PASSPHRASE_FILE": str(person.home / "passphrase")}
    where = ("--profile", "kw", "--region", "us-east-1", "--endpoint-url", server.url)
    other = new_key("carol")
    file = console_file(person, other, "carol_accessKeys.csv")
    assert person.keywright("import", file, *where, "--store", "file", variables=store).returncode == 0
    file = console_file(person, alice)
    for arguments in ((), ("--store", "file")):
        done = person.keywright("import", file, *where, *arguments, variables=store)
        assert done.returncode == 1
        assert f"has another key, {other.access_key_id}" in done.stderr
    assert person.keywright("import", file, *where, "--replace-key", variables=store).returncode == 0
    assert person.json("store", "list", variables=store)["Keys"] == []
    assert person.aws.json("--profile", "kw", "sts", "get-caller-identity")["Arn"].endswith(":user/alice")


def test_a_store_that_cannot_be_opened(person: Person, server: LiveServer, alice: Key) -> None:
    """Where the store has no passphrase and nobody is there to ask, nothing is written, and it is said what to do."""
    where = ("--region", "us-east-1", "--endpoint-url", server.url)
    done = person.keywright("import", console_file(person, alice), *where, "--store", "file", "--shred")
    assert (done.returncode, done.stdout) == (1, "")
    assert "KEYWRIGHT_STORE_PASSPHRASE_FILE" in done.stderr
    assert not person.config.exists()
    assert (person.home / "alice_accessKeys.csv").exists()


def test_the_guides_step_with_debians_aws(person: Person, server: LiveServer, alice: Key) -> None:
    """The AWS CLI v2 wants a user's name that the console's file has not; with the console's line it imports it."""
    if not DEBIAN_AWS.exists():
        pytest.skip("Debian's aws CLI is not there: apt-get install awscli")
    debian = AwsCli(person.home, {}, DEBIAN_AWS, "--endpoint-url", server.url, "--region", "us-east-1")
    file = console_file(person, alice)
    done = debian.run("configure", "import", "--csv", f"file://{file}")
    assert done.returncode != 0
    assert 'Expected header "User Name" not found' in done.stderr
    # As the console's tab `aws configure import` has it, once its sed has run.
    named = f"User Name,Access key ID,Secret access key\nalice,{alice.access_key_id},{alice.secret_access_key}"
    assert debian.text("configure", "import", "--csv", named)
    assert debian.json("--profile", "alice", "sts", "get-caller-identity")["Arn"].endswith(":user/alice")
