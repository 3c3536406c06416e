"""A person's home, with the `keywright` and the `aws` command in it."""

from __future__ import annotations

import itertools
import json
import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from tests.e2e.aws_cli import AWS, AwsCli
from tests.e2e.client.denials import Ask, Denied, NewUser, numbers, of_key
from tests.e2e.client.elsewhere import moto_command, running_moto
from tests.e2e.conftest import MakeCli
from tests.e2e.live_server import KEYWRIGHT, LiveServer, bare_environment
from tests.e2e.signing import Key

DEBIAN_AWS = Path("/usr/bin/aws")
NEW_AWS = {"PATH": f"{AWS.parent}:{KEYWRIGHT.parent}:/usr/bin:/bin"}
"""Variables with which `aws` is PyPI's, which the doctor has nothing against, and `keywright` ours."""


class Person:
    """Somebody with AWS files of their own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.aws = AwsCli(home, {})
        self.config = home / ".aws" / "config"
        self.credentials = home / ".aws" / "credentials"

    def keywright(
        self, *arguments: str, typed: str = "", variables: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run our command; `typed` stands on its standard input."""
        done = subprocess.run(
            [str(KEYWRIGHT), *arguments],
            env=bare_environment(self.home, **(variables or {})),
            cwd=self.home,
            input=typed,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def json(self, *arguments: str, code: int = 0, variables: Mapping[str, str] | None = None) -> Any:
        """Run our command with --json; give what it printed."""
        done = self.keywright(*arguments, "--json", variables=variables)
        assert done.returncode == code, done
        return json.loads(done.stdout)


NewPerson = Callable[[], Person]


@pytest.fixture(scope="module")
def new_person(tmp_path_factory: pytest.TempPathFactory, aws_command: None) -> NewPerson:
    """Give people with empty homes."""
    numbers = itertools.count()
    return lambda: Person(tmp_path_factory.mktemp(f"person-{next(numbers)}"))


@pytest.fixture
def person(new_person: NewPerson) -> Person:
    """Have one person with an empty home."""
    return new_person()


@pytest.fixture(scope="module")
def alice(new_key: Callable[[str], Key]) -> Key:
    """Have a user with a key."""
    return new_key("alice")


@pytest.fixture
def keeper(person: Person, server: LiveServer, alice: Key) -> Person:
    """Have a person whose profile `kw` leads to the keyring."""
    from tests.e2e.client.keeping import in_keyring, plain_profile

    plain_profile(person, server, alice)
    assert person.keywright("migrate", "--profile", "kw", variables=in_keyring()).returncode == 0
    return person


@pytest.fixture(scope="module")
def variables(server: LiveServer, admin: Key) -> dict[str, str]:
    """Be the administrator, by the environment."""
    return {
        "AWS_ENDPOINT_URL": server.url,
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": admin.access_key_id,
        "AWS_SECRET_ACCESS_KEY": admin.secret_access_key,
    }


@pytest.fixture
def user(iam: Any, request: pytest.FixtureRequest) -> str:
    """Have a user without keys."""
    name = "u" + str(abs(hash(request.node.nodeid)))[:12]
    iam.create_user(UserName=name)
    return name


ReadBy = Callable[[Person], AwsCli]


@pytest.fixture(params=[AWS, DEBIAN_AWS], ids=["pypi", "debian"])
def read_by(request: pytest.FixtureRequest, server: LiveServer) -> ReadBy:
    """
    Give a person's `aws` command, once PyPI's (version 1), once Debian's (2.9.19).

    AWS: `endpoint_url` in a profile is read from 1.29 and 2.13 on, so Debian's is told the endpoint each time.
    """
    command: Path = request.param
    if command == AWS:
        return lambda person: person.aws
    if not command.exists():
        pytest.skip("Debian's aws CLI is not there: apt-get install awscli")
    return lambda person: AwsCli(person.home, {}, command, "--endpoint-url", server.url)


@pytest.fixture(scope="module")
def moto_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run a moto_server of the module's own."""
    command = moto_command()
    if command is None:
        pytest.skip("moto_server is not there: make build/moto/.installed")
    with running_moto(command, tmp_path_factory.mktemp("moto")) as url:
        yield url


@pytest.fixture(scope="module")
def moto_client(moto_url: str) -> Callable[[str], Any]:
    """Give boto3 clients of the moto_server, which lets anybody do anything."""
    once = Config(retries={"total_max_attempts": 1})
    where = {"endpoint_url": moto_url, "region_name": "us-east-1", "config": once}
    return lambda service: boto3.client(service, aws_access_key_id="x", aws_secret_access_key="y", **where)


@pytest.fixture(scope="module")
def moto_iam(moto_client: Callable[[str], Any]) -> Any:
    """Give an IAM client of the moto_server."""
    return moto_client("iam")


@pytest.fixture(scope="module")
def moto_variables(moto_url: str) -> dict[str, str]:
    """Be somebody who may do anything on the moto_server, by the environment."""
    return {
        "AWS_ENDPOINT_URL": moto_url,
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "AKIAIOSFODNN7EXAMPLE",
        "AWS_SECRET_ACCESS_KEY": "any",
    }


@pytest.fixture
def street(tmp_path: Path, server: LiveServer, iam: Any) -> Iterator[Any]:
    """Have homes, and a process that signs in each of them every 50 ms; it never fails."""
    from tests.e2e.client.street import inhabited

    with inhabited(tmp_path, server, iam) as street:
        yield street


@pytest.fixture
def new_user(iam: Any, new_key: Callable[[str], Key], make_cli: MakeCli) -> NewUser:
    """Make users, with the policy that is given or with none."""

    def make(text: str | None = None) -> Denied:
        name = f"asker-{next(numbers)}"
        key = new_key(name)
        if text is not None:
            iam.put_user_policy(UserName=name, PolicyName="own", PolicyDocument=text)
        return Denied(name, key, make_cli(key))

    return make


@pytest.fixture
def ask(person: Person, variables: Mapping[str, str], admin: Key) -> Ask:
    """Run `why --json` as the administrator, or with another key; `typed` is piped into it."""

    def run(*words: str, typed: str = "", code: int = 1, key: Key = admin) -> Any:
        done = person.keywright("why", *words, "--json", typed=typed, variables=of_key(variables, key))
        assert done.returncode == code, done
        return json.loads(done.stdout)

    return run
