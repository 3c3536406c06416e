"""`keywright export PROFILE`: what a shell, and a CI service, does with what it prints."""

from __future__ import annotations

import json
import subprocess

from tests.e2e.aws_cli import AWS
from tests.e2e.client.conftest import Person
from tests.e2e.client.keeping import in_keyring
from tests.e2e.client.test_terminal import at_terminal
from tests.e2e.live_server import KEYWRIGHT, Account, LiveServer, bare_environment
from tests.e2e.signing import Key


def exported(person: Person, form: str, **variables: str) -> str:
    """Export in a form."""
    done = person.keywright("export", "kw", "--format", form, variables=in_keyring() | variables)
    assert (done.returncode, done.stderr) == (0, ""), done
    return done.stdout


def test_evaluated_by_a_shell(keeper: Person, account: Account) -> None:
    """A shell that evaluates the export signs as the profile, whatever was set before."""
    done = subprocess.run(
        ["sh", "-c", f'eval "$({KEYWRIGHT} export kw)" && {AWS} sts get-caller-identity --output json'],
        env=bare_environment(keeper.home, **in_keyring(), AWS_PROFILE="nope", AWS_SESSION_TOKEN="stale"),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert json.loads(done.stdout)["Arn"] == f"arn:aws:iam::{account.account_id}:user/alice"


def test_forms(keeper: Person, server: LiveServer, alice: Key) -> None:
    """Dotenv and JSON have all of it; GitHub's secrets leave out what should stay readable in a log."""
    credentials = {
        "AWS_ACCESS_KEY_ID": alice.access_key_id,
        "AWS_SECRET_ACCESS_KEY": alice.secret_access_key,
    }
    settings = {"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1", "AWS_ENDPOINT_URL": server.url}
    assert json.loads(exported(keeper, "json")) == credentials | settings
    assert dict(line.split("=", 1) for line in exported(keeper, "dotenv").splitlines()) == credentials | settings
    assert dict(line.split("=", 1) for line in exported(keeper, "github").splitlines()) == credentials
    masked = {one["key"]: one["masked"] for one in json.loads(exported(keeper, "gitlab"))}
    assert masked == dict.fromkeys(credentials | settings, False) | {"AWS_SECRET_ACCESS_KEY": True}
    assert f"set -gx AWS_ACCESS_KEY_ID '{alice.access_key_id}'" in exported(keeper, "fish")
    assert f"$Env:AWS_ACCESS_KEY_ID = '{alice.access_key_id}'" in exported(keeper, "powershell")


def test_a_step_of_github_actions(keeper: Person, alice: Key) -> None:
    """The secret is masked in the log before the next steps get it by the file; what was in the file stays."""
    file = keeper.home / "github_env"
    file.write_text("EARLIER=1\n")
    assert exported(keeper, "github-env", GITHUB_ENV=str(file)) == f"::add-mask::{alice.secret_access_key}\n"
    found = dict(line.split("=", 1) for line in file.read_text().splitlines())
    assert (found["EARLIER"], found["AWS_SECRET_ACCESS_KEY"]) == ("1", alice.secret_access_key)
    done = keeper.keywright("export", "kw", "--format", "github-env", variables=in_keyring())
    assert (done.returncode, done.stdout, "GITHUB_ENV is not set" in done.stderr) == (2, "", True)


def test_a_terminal_shows_no_secret(keeper: Person, alice: Key) -> None:
    """On a terminal the secret is masked, unless --show-secret."""
    code, screen = at_terminal(keeper, "export", "kw", answers=[], variables=in_keyring())
    assert (code, alice.access_key_id in screen, alice.secret_access_key in screen) == (0, True, False)
    assert "--show-secret" in screen
    code, screen = at_terminal(keeper, "export", "kw", "--show-secret", answers=[], variables=in_keyring())
    assert (code, alice.secret_access_key in screen) == (0, True)


def test_nothing_to_export(person: Person) -> None:
    """A profile that is nowhere, or has no credentials, is exit code 3, and says what to run."""
    done = person.keywright("export", "nobody")
    assert (done.returncode, done.stdout) == (3, "")
    assert "`keywright store list`" in done.stderr
    assert person.keywright("profiles", "set", "empty", "region=us-east-1").returncode == 0
    done = person.keywright("export", "empty")
    assert (done.returncode, done.stdout) == (3, "")
    assert "`keywright import` takes a CSV file" in done.stderr


def test_a_value_that_would_be_a_line_of_its_own(keeper: Person) -> None:
    """A region with a line end in it is refused: it could bring in a variable of its own."""
    done = keeper.keywright("export", "kw", "--region", "x\nLD_PRELOAD=/evil", variables=in_keyring())
    assert (done.returncode, done.stdout) == (1, "")
    assert "AWS_REGION" in done.stderr
