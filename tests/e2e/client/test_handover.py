"""`keywright issue --for` and `receive`: from one desk to another, with stock tools between."""

from __future__ import annotations

import json
import re
import shutil
import signal
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.aws_cli import AwsCli
from tests.e2e.client.conftest import DEBIAN_AWS, NewPerson, Person
from tests.e2e.client.killing import killed_at_a_file
from tests.e2e.client.test_terminal import at_terminal
from tests.e2e.live_server import Account, LiveServer
from tests.unit.client.test_reference import documented, paths

PASSPHRASE = "tell it by telephone"


@pytest.fixture
def bob(new_person: NewPerson) -> Person:
    """Have a recipient."""
    return new_person()


def ssh_key(person: Person, kind: str = "ed25519", passphrase: str = "") -> Path:
    """Make an SSH key where people have theirs; gives its public half."""
    if shutil.which("ssh-keygen") is None:
        pytest.skip("ssh-keygen is not there: apt-get install openssh-client")
    folder = person.home / ".ssh"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"id_{kind}"
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", passphrase, "-f", str(path)], check=True)
    return path.with_suffix(".pub")


def hand_over(person: Person, user: str, to: str, variables: dict[str, str], typed: str = "") -> Path:
    """Issue a key for somebody else; see that nothing of it stays."""
    done = person.keywright(
        "issue", user, "--yes", "--for", to, "--owner", user, "--json", variables=variables, typed=typed
    )
    assert (done.returncode, done.stderr) == (0, "")
    issued = json.loads(done.stdout)
    file = person.home / f"{user}_accessKeys.csv.age"
    assert (issued["Profile"], issued["Store"], issued["HandoverFile"]) == (None, None, str(file))
    assert issued["Notes"] == []
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    files = [path for path in person.home.rglob("*") if path.is_file() and ".ssh" not in path.parts]
    assert files == [file], "no profile, no journal, no backup"
    return file


def sent(file: Path, to: Person) -> str:
    """Send a file."""
    shutil.copy(file, to.home)
    return file.name


def opened_by_age(file: Path, *arguments: str) -> str:
    """Decrypt a file with the stock tool."""
    age = shutil.which("age")
    if age is None:
        pytest.skip("age is not there: apt-get install age")
    done = subprocess.run([age, "--decrypt", *arguments, str(file)], capture_output=True, text=True, check=True)
    return done.stdout


@pytest.mark.parametrize("kind", ["ed25519", "rsa"])
@pytest.mark.parametrize("given", ["file", "text"])
def test_to_an_ssh_key(
    person: Person, bob: Person, user: str, account: Account, variables: dict[str, str], kind: str, given: str
) -> None:
    """Encrypted to a public SSH key, only its owner opens it: with `receive`, which finds the key, and with `age`."""
    public = ssh_key(bob, kind)
    file = hand_over(person, user, str(public) if given == "file" else public.read_text().strip(), variables)
    text = opened_by_age(file, "-i", str(public.with_suffix("")))
    assert text.startswith("User name,Access key ID,Secret access key,Region,Endpoint URL\n")
    received = bob.json("receive", sent(file, bob), "--shred")
    (key,) = received["Keys"]
    assert (key["Profile"], key["Arn"]) == (user, f"arn:aws:iam::{account.account_id}:user/{user}")
    assert received["Shredded"]
    assert bob.aws.json("--profile", user, "sts", "get-caller-identity")["Arn"] == key["Arn"]


def test_to_a_locked_ssh_key(person: Person, bob: Person, user: str, variables: dict[str, str]) -> None:
    """A private key with a passphrase of its own is asked for it, and a wrong one is said to be wrong."""
    public = ssh_key(bob, passphrase=PASSPHRASE)
    name = sent(hand_over(person, user, str(public), variables), bob)
    done = bob.keywright("receive", name, typed="wrong\n")
    assert (done.returncode, done.stdout) == (1, "")
    assert "its passphrase is another" in done.stderr
    assert bob.keywright("receive", name).returncode == 2, "nobody to ask"
    assert bob.keywright("receive", name, typed=f"{PASSPHRASE}\n").returncode == 0
    code, screen = at_terminal(bob, "receive", name, "--keep", answers=[("Passphrase of", PASSPHRASE)])
    assert code == 0, screen
    assert PASSPHRASE not in screen


def test_to_an_age_recipient(person: Person, bob: Person, user: str, variables: dict[str, str]) -> None:
    """Encrypted to an age recipient, an identity file opens it, and no other does."""
    from pyrage import x25519  # type: ignore[import-untyped]

    identity = x25519.Identity.generate()
    (bob.home / "key.txt").write_text(f"# created by a test\n{identity}\n")
    (bob.home / "other.txt").write_text(f"{x25519.Identity.generate()}\n")
    name = sent(hand_over(person, user, str(identity.to_public()), variables), bob)
    done = bob.keywright("receive", name, "--identity", "other.txt")
    assert done.returncode == 1
    assert "it is for another key than other.txt" in done.stderr
    assert "--identity" in bob.keywright("receive", name).stderr
    assert bob.keywright("receive", name, "--identity", "other.txt", "--identity", "key.txt").returncode == 0


def test_to_a_passphrase(person: Person, bob: Person, user: str, variables: dict[str, str]) -> None:
    """Encrypted with a passphrase, whoever knows it opens it; a wrong one, and a changed file, are said to be so."""
    file = hand_over(person, user, "passphrase", variables, typed=f"{PASSPHRASE}\n")
    name = sent(file, bob)
    done = bob.keywright("receive", name, typed="wrong\n")
    assert (done.returncode, done.stdout) == (1, "")
    assert "the passphrase is wrong" in done.stderr
    damaged = bob.home / "damaged.age"
    damaged.write_text(file.read_text()[:-60])
    assert bob.keywright("receive", "damaged.age", typed=f"{PASSPHRASE}\n").returncode == 1
    assert not bob.credentials.exists()
    assert bob.keywright("receive", name, "--profile", "work", typed=f"{PASSPHRASE}\n").returncode == 0
    assert bob.aws.json("--profile", "work", "sts", "get-caller-identity")["Arn"].endswith(f":user/{user}")


def test_a_passphrase_is_made(person: Person, bob: Person, user: str, variables: dict[str, str]) -> None:
    """Where none is typed, one is made and shown once; what is typed must be typed twice, and is not shown."""
    arguments = ("issue", user, "--yes", "--for", "passphrase")
    asked = [("one is made", PASSPHRASE), ("The same again", "something else")]
    code, screen = at_terminal(person, *arguments, answers=asked, variables=variables)
    assert (code, PASSPHRASE in screen) == (2, False)
    code, screen = at_terminal(person, *arguments, answers=[("one is made", "")], variables=variables)
    assert code == 0, screen
    (made,) = re.findall(r"shown this once: ([a-z2-9]{4}(?:-[a-z2-9]{4}){5})\r", screen)
    name = sent(person.home / f"{user}_accessKeys.csv.age", bob)
    assert bob.keywright("receive", name, typed=f"{made}\n").returncode == 0


def test_into_a_store(person: Person, bob: Person, user: str, variables: dict[str, str]) -> None:
    """A hand-over goes into a key store too, and is in no file in plain text."""
    name = sent(hand_over(person, user, str(ssh_key(bob)), variables), bob)
    (bob.home / "store-passphrase").write_text(PASSPHRASE)
    store = {"KEYWRIGHT_STORE_PASSPHRASE_FILE": str(bob.home / "store-passphrase")}
    received = bob.json("receive", name, "--store", "file", "--shred", variables=store)
    assert received["Keys"][0]["Store"] == "file"
    assert bob.json("verify", "--profile", user, variables=store)["Arn"].endswith(f":user/{user}")
    assert not bob.credentials.exists()


def test_stock_tools_alone(
    person: Person, bob: Person, user: str, variables: dict[str, str], server: LiveServer
) -> None:
    """A recipient without Keywright needs `age` and the AWS CLI v2 only: `aws configure import` takes the CSV."""
    if not DEBIAN_AWS.exists():
        pytest.skip("Debian's aws CLI is not there: apt-get install awscli")
    public = ssh_key(bob)
    file = hand_over(person, user, str(public), variables)
    (bob.home / "key.csv").write_text(opened_by_age(file, "-i", str(public.with_suffix(""))))
    # AWS: 2.9.19 imports neither the region nor the endpoint, and knows no `endpoint_url` in a profile.
    debian = AwsCli(bob.home, {}, DEBIAN_AWS, "--endpoint-url", server.url, "--region", "us-east-1")
    assert "Successfully imported 1 profile" in debian.text("configure", "import", "--csv", "file://key.csv")
    assert debian.json("--profile", user, "sts", "get-caller-identity")["Arn"].endswith(f":user/{user}")


def test_refused_before_there_is_a_key(
    person: Person, bob: Person, user: str, iam: Any, variables: dict[str, str]
) -> None:
    """Whom nothing can be encrypted for is said before a key is made; a private key is not repeated."""
    private = ssh_key(bob).with_suffix("")
    ecdsa = ssh_key(bob, "ecdsa").read_text()
    identity = "AGE-SECRET-KEY-1" + "Q" * 58
    (person.home / "mine.age").write_text("mine")
    for arguments, code, words in (
        (("--for", str(private)), 2, "stays with its owner"),
        (("--for", identity), 2, "stays with its owner"),
        (("--for", ecdsa), 2, "cannot be encrypted to"),
        (("--for", "age1misspelt"), 2, "misspelt"),
        (("--for", "bob@example.com"), 2, "is no file, and no recipient"),
        (("--for", "passphrase"), 2, "from standard input"),
        (("--for", "passphrase", "--as", "x"), 2, "leave out --as"),
        (("--for", "passphrase", "--store", "file"), 2, "leave out --store"),
        (("--out", "x"), 2, "--for"),
        (("--for", str(private) + ".pub", "--out", "mine.age"), 1, "is there already"),
        (("--for", str(private) + ".pub", "--out", "no/where"), 1, "no folder"),
    ):
        done = person.keywright("issue", user, "--yes", *arguments, variables=variables)
        assert (done.returncode, done.stdout) == (code, ""), arguments
        assert words in done.stderr
        assert identity not in done.stderr
    assert iam.list_access_keys(UserName=user)["AccessKeyMetadata"] == []
    assert [path.name for path in person.home.iterdir() if path.is_file()] == ["mine.age"]


def test_what_is_no_handover(bob: Person) -> None:
    """The console's file, an empty file and no file are each said to be no hand-over."""
    (bob.home / "plain.csv").write_text("Access key ID,Secret access key\n")
    (bob.home / "empty").touch()
    for name in ("plain.csv", "empty", "missing"):
        done = bob.keywright("receive", name)
        assert (done.returncode, done.stdout) == (1, ""), name
        assert name in done.stderr
    assert "keywright import" in bob.keywright("receive", "plain.csv").stderr


def test_json_is_as_documented(person: Person, bob: Person, user: str, variables: dict[str, str]) -> None:
    """What issue, resume, receive and import print as JSON has the members that docs/cli.md lists."""
    name = f"{user}_accessKeys.csv.age"
    typed = f"{PASSPHRASE}\n"
    issued = person.keywright("issue", user, "--yes", "--for", "passphrase", "--json", typed=typed, variables=variables)
    assert paths(json.loads(issued.stdout)) == documented("issue")
    received = bob.keywright("receive", sent(person.home / name, bob), "--json", typed=typed)
    assert paths(json.loads(received.stdout)) == documented("receive") == documented("import")
    assert killed_at_a_file(person.home, ("issue", user, "--yes"), variables, 2)[0] == -signal.SIGKILL
    assert paths(person.json("resume", variables=variables)) == documented("resume")
