"""`keywright import`: the profile's name, what is refused, and what becomes of the file."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from botocore.session import Session

from keywright.client.cli import import_csv
from keywright.client.shred import shred
from tests.unit.client.conftest import Home, Run

ID, OTHER, SECRET = "AKIAXYAFLIG2DFBKVWHJ", "AKIA" + "Q" * 16, "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzKEYY"
TODAY = f"\ufeffAccess key ID,Secret access key\r\n{ID},{SECRET}"
TWO = f"User name,Access key ID,Secret access key\nann,{ID},{SECRET}\nbob,{OTHER},{SECRET}\n"
ARN = "arn:aws:iam::532587168180:user/alice"


@pytest.fixture
def file(home: Home) -> Path:
    """Have a file as the console gives it."""
    path = home.folder / "alice_accessKeys.csv"
    path.write_text(TODAY)
    return path


class Answers:
    """An STS that gives these answers, one after another."""

    def __init__(self, *answers: Exception | str) -> None:
        self.left = list(answers)

    def client(self, service: str) -> Any:
        """Be the client too."""
        assert service == "sts"
        return self

    def get_caller_identity(self) -> dict[str, str]:
        """Give the next answer."""
        answer = self.left.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return {"Arn": answer}


def refusal(code: str) -> ClientError:
    """Make an error that STS answers."""
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "GetCallerIdentity")


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Have an STS to script; nobody waits."""
    waits: list[float] = []
    monkeypatch.setattr("time.sleep", waits.append)

    def script(*answers: Exception | str) -> list[float]:
        monkeypatch.setattr(import_csv, "sign_in_with", lambda *_: Answers(*answers))
        return waits

    return script


def test_import_makes_a_profile_that_works(home: Home, run: Run, file: Path, answers: Any) -> None:
    """The profile is named by the file's user and read by botocore; the secret is not printed, the file stays."""
    answers(ARN)
    done = run("import", str(file), "--region", "eu-west-1", "--endpoint-url", "http://127.0.0.1:1", "--json")
    assert done.code == 0
    document = json.loads(done.out)
    assert document["Keys"] == [
        {
            "Profile": "alice",
            "UserName": "alice",
            "AccessKeyId": ID,
            "AccountId": "532587168180",
            "Arn": ARN,
            "Store": "plain",
        }
    ]
    assert (document["Shredded"], document["Changed"]) == (False, [str(home.config), str(home.credentials)])
    assert SECRET not in done.out + done.err
    assert "--shred" in done.err
    session = Session(profile="alice")
    credentials = session.get_credentials()
    assert (credentials.access_key, credentials.secret_key) == (ID, SECRET)
    assert session.get_scoped_config()["endpoint_url"] == "http://127.0.0.1:1"
    assert session.get_config_variable("region") == "eu-west-1"


@pytest.mark.parametrize(
    ("variables", "flags", "written"),
    [
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:2"}, [], "http://127.0.0.1:2"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:2"}, ["--endpoint-url", "http://127.0.0.1:3"], "http://127.0.0.1:3"),
        ({"AWS_ENDPOINT_URL": "http://127.0.0.1:2", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true"}, [], None),
        ({}, [], None),
    ],
)
def test_the_endpoint_of_the_environment(
    home: Home,
    run: Run,
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    variables: dict[str, str],
    flags: list[str],
    written: str | None,
) -> None:
    """The key is verified where AWS_ENDPOINT_URL says, and the profile leads there when the variable is gone."""
    asked: list[str | None] = []

    def sign_in(_key: str, _secret: object, _region: object, endpoint_url: str | None) -> Answers:
        asked.append(endpoint_url)
        return Answers(ARN)

    monkeypatch.setattr(import_csv, "sign_in_with", sign_in)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert run("import", str(file), *flags).code == 0
    assert asked == [written]
    assert Session(profile="alice").get_scoped_config().get("endpoint_url") == written


def test_a_key_that_does_not_work_is_not_written(home: Home, run: Run, file: Path, answers: Any) -> None:
    """A key that the service refuses, or that cannot be asked about, is exit code 3, and nothing is written."""
    for error in (refusal("SignatureDoesNotMatch"), EndpointConnectionError(endpoint_url="http://x")):
        answers(error)
        done = run("import", str(file), "--shred")
        assert (done.code, done.out) == (3, "")
        assert ID in done.err
        assert not home.credentials.exists()
        assert file.read_bytes() == TODAY.encode()


def test_a_key_of_a_moment_ago_is_waited_for(home: Home, run: Run, file: Path, answers: Any) -> None:
    """AWS knows a new key some seconds after it gave it: `InvalidClientTokenId` is asked again, not for ever."""
    unknown = refusal("InvalidClientTokenId")
    assert len(answers(unknown, unknown, ARN)) == 0
    assert run("import", str(file)).code == 0
    waits = answers(*[unknown] * 4)
    assert len(waits) == 2
    assert run("import", str(file), "--profile", "x").code == 3
    assert len(waits) == 5


def test_a_root_key_is_warned_of(home: Home, run: Run, file: Path, answers: Any) -> None:
    """A root user's key is imported with a warning."""
    answers("arn:aws:iam::532587168180:root")
    assert "root key" in run("import", str(file)).out


def test_no_verify(home: Home, run: Run, file: Path) -> None:
    """--no-verify asks nobody; the account is read off the id."""
    (key,) = json.loads(run("import", str(file), "--no-verify", "--json").out)["Keys"]
    assert (key["Arn"], key["AccountId"]) == (None, "532587168180")


def test_another_key_is_kept(home: Home, run: Run, file: Path) -> None:
    """A profile with another key is refused before anything is asked or written; --replace-key overwrites it."""
    before = f"[alice]\naws_access_key_id = {OTHER}\naws_secret_access_key = precious\naws_session_token = t\n"
    home.place(credentials=before)
    done = run("import", str(file))
    assert (done.code, home.credentials.read_text()) == (1, before)
    assert OTHER in done.err
    assert run("import", str(file), "--no-verify", "--replace-key").code == 0
    assert home.credentials.read_text() == f"[alice]\naws_access_key_id = {ID}\naws_secret_access_key = {SECRET}\n"


def test_several_keys(home: Home, run: Run, file: Path) -> None:
    """Of several keys one is chosen by its user, or all are taken under their users' names."""
    file.write_text(TWO)
    assert run("import", str(file), "--no-verify").code == 2
    assert run("import", str(file), "--no-verify", "--all", "--profile", "x").code == 2
    assert run("import", str(file), "--no-verify", "--user", "eve").code == 1
    assert not home.credentials.exists()
    done = run("import", str(file), "--no-verify", "--user", "bob", "--profile", "x", "--shred")
    assert done.code == 0
    assert Session(profile="x").get_credentials().access_key == OTHER
    assert file.read_text() == TWO, "the other key's secret is nowhere else"
    assert run("import", str(file), "--no-verify", "--all", "--shred").code == 0
    assert Session(profile="ann").get_credentials().access_key == ID
    assert not file.exists()


def test_a_file_without_a_name_needs_a_profile(home: Home, run: Run, file: Path) -> None:
    """Where neither the file nor its name tells the user, --profile is asked for."""
    unnamed = file.rename(home.folder / "rootkey.csv")
    done = run("import", str(unnamed), "--no-verify")
    assert (done.code, home.credentials.exists()) == (2, False)
    assert "--profile" in done.err
    assert run("import", str(unnamed), "--no-verify", "--profile", "mine").code == 0


def test_shred(home: Home, run: Run, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """--shred overwrites the file before it removes it, and says what that cannot do."""
    held = file.open("rb")
    done = run("import", str(file), "--no-verify", "--shred", "--json")
    assert json.loads(done.out)["Shredded"] is True
    assert not file.exists()
    assert "SSD" in done.err
    content = held.read()
    held.close()
    assert len(content) == len(TODAY.encode())
    assert not re.search(rb"AKIA|Access key", content)


def test_shred_leaves_links(tmp_path: Path) -> None:
    """A link, and a file with a second name, are left as they are."""
    real = tmp_path / "real"
    real.write_text("x")
    link = tmp_path / "link"
    link.symlink_to(real)
    assert shred(link) is not None
    os.link(real, tmp_path / "second")
    assert shred(real) is not None
    assert real.read_text() == "x"


@pytest.mark.parametrize("content", ["", "a,b\n", f"Access key ID,Secret access key\n{ID},short\n"])
def test_a_file_that_is_none(home: Home, run: Run, file: Path, content: str) -> None:
    """What is not the console's file is exit code 1, with its name and the reason."""
    file.write_text(content)
    done = run("import", str(file))
    assert (done.code, done.out) == (1, "")
    assert str(file) in done.err


def test_a_file_that_is_not_there(home: Home, run: Run) -> None:
    """A file that cannot be read is exit code 1."""
    assert run("import", str(home.folder / "nope.csv")).code == 1
