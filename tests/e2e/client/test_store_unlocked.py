"""An unlocked sealed file: who may read it without its passphrase, where, for how long, and what that costs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.e2e.aws_cli import AWS
from tests.e2e.client import no_keyring
from tests.e2e.client.conftest import Person
from tests.e2e.client.keeping import WHO, in_file, locked, plain_profile
from tests.e2e.live_server import KEYWRIGHT, Account, LiveServer, bare_environment
from tests.e2e.signing import Key

FORBIDDEN = (sys.executable, no_keyring.__file__)
RunIt = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(params=["kernel keyring", "agent"])
def keeper(request: pytest.FixtureRequest) -> str:
    """Have each of what keeps a store unlocked."""
    name: str = request.param
    return name


@pytest.fixture
def run(keeper: str) -> RunIt:
    """Run a command; for the agent's sake, where the kernel's keyring is forbidden."""
    before = FORBIDDEN if keeper == "agent" else ()

    def run(*command: str | Path, variables: dict[str, str], seconds: float = 60) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*before, *map(str, command)],
            env=variables,
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    return run


@contextmanager
def stored(person: Person, server: LiveServer, key: Key, run: RunIt) -> Iterator[dict[str, str]]:
    """Have a person whose key is in the sealed file, locked; give the variables that have its passphrase."""
    variables = bare_environment(person.home, **in_file(person))
    plain_profile(person, server, key)
    done = run(KEYWRIGHT, "migrate", "--profile", "kw", variables=variables)
    assert done.returncode == 0, done
    run(KEYWRIGHT, "store", "lock", variables=variables)
    try:
        yield variables
    finally:
        run(KEYWRIGHT, "store", "lock", variables=variables)


def test_a_cron_job_reads_what_was_unlocked(
    person: Person, server: LiveServer, alice: Key, account: Account, keeper: str, run: RunIt
) -> None:
    """With HOME alone, in another folder, `aws` signs once the store is unlocked; locked, it says what to run."""
    with stored(person, server, alice, run) as variables:
        bare = {"HOME": str(person.home)}
        if keeper == "agent":
            # As pam_systemd gives it to a cron job; else the agent's socket would have to be in /run/user.
            bare["XDG_RUNTIME_DIR"] = variables["XDG_RUNTIME_DIR"]
        done = run(AWS, *WHO, variables=bare)
        assert done.returncode != 0
        assert f"`{KEYWRIGHT} store unlock`" in done.stderr, "an absolute path, since PATH does not find it"
        done = run(KEYWRIGHT, "store", "unlock", "--for", "30m", variables=variables)
        if keeper == "kernel keyring" and "agent" in done.stdout:
            pytest.skip("there is no kernel keyring here")
        assert done.returncode == 0, done
        assert keeper in done.stdout
        done = run(AWS, *WHO, variables=bare)
        assert done.returncode == 0, done
        assert json.loads(done.stdout)["Arn"] == f"arn:aws:iam::{account.account_id}:user/alice"
        status = json.loads(run(KEYWRIGHT, "store", "status", "--json", variables=locked(variables)).stdout)
        assert (status["UnlockedBy"], status["AgentProcess"] is not None) == (keeper, keeper == "agent")
        assert keeper in run(KEYWRIGHT, "store", "status", variables=locked(variables)).stdout
        assert run(KEYWRIGHT, "store", "lock", variables=locked(variables)).stdout == "Locked\n"
        assert run(AWS, *WHO, variables=bare).returncode != 0


@pytest.mark.usefixtures("true_starts")
def test_a_passphrase_file_is_hashed_by_the_first_call_only(
    person: Person, server: LiveServer, alice: Key, run: RunIt, keeper: str
) -> None:
    """A container's tool pays for the passphrase once: the second call does not even load what hashes it."""
    with stored(person, server, alice, run) as variables:
        program = (
            "import sys\nfrom keywright.commands.main import main\n"
            "main(['credential-process', 'kw'])\nprint('argon2' in sys.modules, file=sys.stderr)"
        )
        for hashes in ("True", "False", "False"):
            done = run(sys.executable, "-c", program, variables=variables, seconds=20)
            assert json.loads(done.stdout)["AccessKeyId"] == alice.access_key_id
            assert done.stderr == f"{hashes}\n"
        status = json.loads(run(KEYWRIGHT, "store", "status", "--json", variables=variables).stdout)
        assert status["PassphraseFile"] == variables["KEYWRIGHT_STORE_PASSPHRASE_FILE"]
        done = run(KEYWRIGHT, "credential-process", "kw", variables=locked(variables))
        assert (done.returncode, done.stdout) == (1, ""), "who does not name the passphrase file gains nothing"
        assert "store unlock`" in done.stderr


def test_it_is_bounded(person: Person, server: LiveServer, alice: Key, run: RunIt) -> None:
    """Nobody unlocks a store for longer than a week."""
    with stored(person, server, alice, run) as variables:
        done = run(KEYWRIGHT, "store", "unlock", "--for", "8d", variables=variables)
        assert (done.returncode, "7 days at most" in done.stderr) == (2, True)
