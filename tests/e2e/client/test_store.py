"""Keys in a store, read from there by the `aws` commands and boto3; moved there from plain text, verified, and back."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable

import pytest

from tests.e2e.aws_cli import AWS, AwsCli
from tests.e2e.client.conftest import DEBIAN_AWS, Person
from tests.e2e.client.keeping import PASSPHRASE, WHO, commands, holders, in_file, in_keyring, locked, plain_profile
from tests.e2e.client.test_terminal import at_terminal
from tests.e2e.live_server import Account, LiveServer, bare_environment
from tests.e2e.signing import Key
from tests.unit.client.fake_keyring import entries


@pytest.fixture(scope="module")
def alice(new_key: Callable[[str], Key]) -> Key:
    """Have a user with a key."""
    return new_key("alice")


@pytest.fixture
def arn(account: Account) -> str:
    """Name her."""
    return f"arn:aws:iam::{account.account_id}:user/alice"


@pytest.fixture(params=["keyring", "file"])
def store(request: pytest.FixtureRequest, person: Person) -> tuple[str, dict[str, str]]:
    """Have each store, and the variables of its session."""
    name: str = request.param
    return name, in_keyring() if name == "keyring" else in_file(person)


@pytest.fixture(params=[AWS, DEBIAN_AWS], ids=["pypi", "debian"])
def aws_of(request: pytest.FixtureRequest, server: LiveServer) -> Callable[[Person, dict[str, str]], AwsCli]:
    """Give a person's `aws` command, in a session with variables; Debian's is told the endpoint each time."""
    if not request.param.exists():
        pytest.skip("Debian's aws CLI is not there: apt-get install awscli")
    always = () if request.param == AWS else ("--endpoint-url", server.url)
    return lambda person, variables: AwsCli(person.home, variables, request.param, *always)


def test_migrate(
    person: Person,
    server: LiveServer,
    alice: Key,
    arn: str,
    store: tuple[str, dict[str, str]],
    aws_of: Callable[[Person, dict[str, str]], AwsCli],
) -> None:
    """A key that has moved is in no file in plain text, and both `aws` commands and boto3 still sign with it."""
    name, variables = store
    plain_profile(person, server, alice)
    assert person.keywright("profiles", "set", "kw", "output=json").returncode == 0
    assert person.keywright("profiles", "set", "kw", "output=text").returncode == 0
    document = person.json("migrate", "--profile", "kw", variables=variables)
    (moved,) = document["Keys"]
    assert (moved["Profile"], moved["Source"], moved["Target"], moved["Arn"]) == ("kw", "plain", name, arn)
    assert moved["AccessKeyId"] == alice.access_key_id
    expected = ["keyring.json"] if name == "keyring" else []
    assert holders(person.home, alice.secret_access_key) == expected
    assert document["Failed"] == []
    assert aws_of(person, variables).json(*WHO)["Arn"] == arn
    program = "import boto3\nprint(boto3.Session(profile_name='kw').client('sts').get_caller_identity()['Arn'])"
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=bare_environment(person.home, **variables),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == f"{arn}\n"
    assert person.json("verify", "--profile", "kw", variables=variables)["Source"] == "custom-process"


def test_our_copies_lose_the_secret_and_nothing_else(
    person: Person, server: LiveServer, alice: Key, new_key: Callable[[str], Key]
) -> None:
    """The copies of the AWS files keep other profiles' keys; an editor's copy is pointed out."""
    bob = new_key("bob")
    plain_profile(person, server, alice)
    plain_profile(person, server, bob, "other")
    (person.home / ".aws" / "credentials~").write_text(person.credentials.read_text())
    (moved,) = person.json("migrate", "--profile", "kw", variables=in_keyring())["Keys"]
    (copy,) = moved["Cleaned"]
    assert holders(person.home, bob.secret_access_key) == sorted(
        [".aws/credentials", ".aws/credentials~", str(copy).removeprefix(f"{person.home}/")]
    )
    assert moved["Left"] == [f"{person.home}/.aws/credentials~"]


def test_a_key_that_does_not_work_stays(person: Person, server: LiveServer, alice: Key) -> None:
    """A key that the service refuses is not moved: the files and the store are as they were, exit code 3."""
    plain_profile(person, server, Key(alice.access_key_id, alice.secret_access_key[::-1]))
    before = person.credentials.read_bytes(), person.config.read_bytes()
    done = person.keywright("migrate", "--profile", "kw", variables=in_keyring())
    assert (done.returncode, done.stdout) == (3, "")
    assert "SignatureDoesNotMatch" in done.stderr
    assert (person.credentials.read_bytes(), person.config.read_bytes()) == before
    assert entries(person.home) == {}
    assert person.json("store", "list", variables=in_keyring()) == {"Keys": []}


def test_all_move_but_those_that_cannot(
    person: Person, server: LiveServer, alice: Key, new_key: Callable[[str], Key]
) -> None:
    """--all moves every key that works, names those that stay, and a second time finds nothing to do."""
    plain_profile(person, server, alice)
    plain_profile(person, server, new_key("bob"), "other")
    plain_profile(person, server, Key(alice.access_key_id, "x" * 40), "wrong")
    document = person.json("migrate", "--all", variables=in_keyring(), code=3)
    assert [one["Profile"] for one in document["Keys"]] == ["kw", "other"]
    assert [one["Profile"] for one in document["Failed"]] == ["wrong"]
    assert set(entries(person.home)) == {"keywright/kw", "keywright/other"}
    assert person.keywright("profiles", "delete", "wrong", "--yes").returncode == 0
    assert person.keywright("migrate", "--all", variables=in_keyring()).stdout == "There is no key to move\n"


def test_what_would_not_count_goes_back(
    person: Person, server: LiveServer, alice: Key, arn: str, new_key: Callable[[str], Key]
) -> None:
    """Where tools would take an older key of another store, the moved one is in plain text again, and works."""
    variables = in_file(person) | in_keyring() | {"KEYWRIGHT_STORE": "keyring"}
    older = new_key("dora")
    typed = f"{older.access_key_id}\n{older.secret_access_key}\n"
    assert person.keywright("store", "put", "kw", typed=typed, variables=variables).returncode == 0
    person.config.unlink()
    plain_profile(person, server, alice)
    document = person.json("migrate", "--profile", "kw", "--to", "file", variables=variables, code=1)
    assert "`keywright doctor`" in document["Failed"][0]["Why"]
    assert person.json("store", "list", variables=variables)["Keys"] == [
        {"Profile": "kw", "AccessKeyId": older.access_key_id, "Store": "keyring", "Why": None}
    ]
    assert AwsCli(person.home, variables, AWS).json(*WHO)["Arn"] == arn


def test_between_stores_and_back(person: Person, server: LiveServer, alice: Key, arn: str) -> None:
    """A key goes from the keyring to the sealed file, from there back to plain text, and works at each place."""
    variables = in_file(person) | in_keyring()
    plain_profile(person, server, alice)
    before = person.config.read_text(), person.credentials.read_text()
    for target, left in (("keyring", ["keyring.json"]), ("file", []), ("plain", [".aws/credentials"])):
        (moved,) = person.json("migrate", "--profile", "kw", "--to", target, variables=variables)["Keys"]
        assert (moved["Target"], moved["Arn"]) == (target, arn)
        assert holders(person.home, alice.secret_access_key) == left
        for aws in commands(person, variables, server):
            assert aws.json(*WHO)["Arn"] == arn
        again = person.keywright("migrate", "--profile", "kw", "--to", target, variables=variables)
        assert (again.returncode, "already" in again.stderr) == (1, True)
    assert (person.config.read_text(), person.credentials.read_text()) == before
    assert person.json("store", "list", variables=variables) == {"Keys": []}


def test_locked_is_said_by_the_tool(
    person: Person,
    server: LiveServer,
    alice: Key,
    arn: str,
    aws_of: Callable[[Person, dict[str, str]], AwsCli],
) -> None:
    """A tool that meets a locked store repeats what to run; once unlocked, it works; locked again, it does not."""
    variables = in_file(person)
    plain_profile(person, server, alice)
    assert person.keywright("migrate", "--profile", "kw", variables=variables).returncode == 0
    aws = aws_of(person, locked(variables))
    done = aws.run(*WHO)
    assert done.returncode != 0
    assert "keywright store unlock`" in done.stderr
    code, screen = at_terminal(
        person, "store", "unlock", answers=[("Passphrase of", PASSPHRASE)], variables=locked(variables)
    )
    assert code == 0, screen
    assert PASSPHRASE not in screen
    assert aws.json(*WHO)["Arn"] == arn
    assert person.keywright("store", "lock", variables=variables).returncode == 0
    assert "keywright store unlock`" in aws.run(*WHO).stderr


def test_put_at_a_terminal(person: Person, server: LiveServer, alice: Key, arn: str) -> None:
    """Without a keyring a person chooses a passphrase for the file, and needs it to read; no secret shows."""
    variables = locked(in_file(person))
    code, screen = at_terminal(
        person,
        *("store", "put", "kw", "--region", "us-east-1", "--endpoint-url", server.url),
        answers=[
            ("Key ID: ", alice.access_key_id),
            ("Secret Access Key: ", alice.secret_access_key),
            ("New passphrase: ", PASSPHRASE),
            ("again: ", PASSPHRASE),
        ],
        variables=variables,
    )
    assert code == 0, screen
    assert alice.secret_access_key not in screen
    assert "keywright store unlock" in screen
    assert not person.credentials.exists()
    code, screen = at_terminal(
        person,
        *("store", "show", "kw"),
        answers=[("Passphrase of", "wrong"), ("Passphrase of", PASSPHRASE)],
        variables=variables,
    )
    assert code == 0, screen
    assert alice.secret_access_key not in screen
    code, screen = at_terminal(
        person,
        *("exec", "kw", "--", str(AWS), "sts", "get-caller-identity"),
        answers=[("Passphrase of", PASSPHRASE)],
        variables=variables,
    )
    assert code == 0, screen
    assert arn in screen


def test_put_and_delete(
    person: Person, server: LiveServer, alice: Key, arn: str, new_key: Callable[[str], Key]
) -> None:
    """A key that is put in works at once; another is refused unless asked for; deleted, the profile leads nowhere."""
    variables = in_keyring()
    where = ("--region", "us-east-1", "--endpoint-url", server.url)
    typed = f"{alice.access_key_id}\n{alice.secret_access_key}\n"
    assert person.keywright("store", "put", "kw", *where, typed=typed, variables=variables).returncode == 0
    assert AwsCli(person.home, variables, AWS).json(*WHO)["Arn"] == arn
    other = new_key("carol")
    second = f"{other.access_key_id}\n{other.secret_access_key}\n"
    done = person.keywright("store", "put", "kw", typed=second, variables=variables)
    assert (done.returncode, alice.access_key_id in done.stderr) == (1, True)
    done = person.keywright("store", "put", "kw", "--replace-key", typed=second, variables=variables)
    assert done.returncode == 0, done
    assert person.json("store", "show", "kw", variables=variables)["AccessKeyId"] == other.access_key_id
    assert person.keywright("store", "delete", "kw", variables=variables).returncode == 2
    assert person.json("store", "delete", "kw", "--yes", variables=variables)["Stores"] == ["keyring"]
    assert person.config.read_text() == f"[profile kw]\nregion = us-east-1\nendpoint_url = {server.url}\n"
    assert entries(person.home) == {}


def test_the_processs_own_words(person: Person, server: LiveServer, alice: Key) -> None:
    """The process prints what the protocol has and no more; for a profile without a key it says what to run."""
    variables = in_keyring()
    plain_profile(person, server, alice)
    assert person.keywright("migrate", "--profile", "kw", variables=variables).returncode == 0
    done = person.keywright("credential-process", "kw", variables=variables)
    assert json.loads(done.stdout) == {
        "Version": 1,
        "AccessKeyId": alice.access_key_id,
        "SecretAccessKey": alice.secret_access_key,
        "AccountId": person.json("verify", "--profile", "kw", variables=variables)["AccountId"],
    }
    done = person.keywright("credential-process", "nobody", variables=variables)
    assert (done.returncode, done.stdout) == (1, "")
    assert "keywright store put nobody`" in done.stderr
    code, screen = at_terminal(person, "credential-process", "kw", answers=[], variables=variables)
    assert code == 0
    assert alice.secret_access_key not in screen
    code, screen = at_terminal(person, "credential-process", "kw", "--show-secret", answers=[], variables=variables)
    assert alice.secret_access_key in screen


def test_the_process_loads_no_sdk(person: Person, server: LiveServer, alice: Key) -> None:
    """A tool waits for the process each time: it loads neither an SDK nor what only a terminal needs."""
    variables = in_keyring()
    plain_profile(person, server, alice)
    assert person.keywright("migrate", "--profile", "kw", variables=variables).returncode == 0
    program = (
        "import sys\nfrom keywright.commands.main import main\n"
        "code = main(['credential-process', 'kw'])\n"
        "heavy = [name for name in ('botocore', 'boto3', 'rich', 'argon2', 'sqlalchemy') if name in sys.modules]\n"
        "print(code, heavy, file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=bare_environment(person.home, **variables),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == "0 []\n"


def test_serve_takes_no_offence(person: Person) -> None:
    """The variables of the command line's store do not stop the server's commands."""
    done = person.keywright("init", "--json", variables={**in_file(person), "KEYWRIGHT_STORE": "file"})
    assert done.returncode == 0, done
    misspelt = person.keywright("init", variables={"KEYWRIGHT_STOR": "file"})
    assert misspelt.returncode == 2
    assert "KEYWRIGHT_STORE" in misspelt.stderr
