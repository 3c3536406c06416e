"""
`keywright rotate`, killed at every step and then resumed or rolled back, while another process signs: the test_rotate_…
files that use it. They are three, so that they can run beside each other.

The steps are counted by a run that nobody kills: each call, each file that is put in place of another, each file that
is removed. Then there is a run for each of them, which is killed once it is taken; just before the next one, the server
and the disk are as they are then.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.e2e.client.conftest import Person
from tests.e2e.live_server import LiveServer, bare_environment
from tests.e2e.signing import Key

DIES: Final = """
import os, pathlib, signal, sys
from botocore.httpsession import URLLib3Session
from keywright.commands.main import main

steps, last = 0, int(sys.argv[1])

def step():
    global steps
    steps += 1
    if steps == last:
        os.kill(os.getpid(), signal.SIGKILL)

def counted(of, name):
    real = getattr(of, name)
    def call(*arguments, **keywords):
        answer = real(*arguments, **keywords)
        step()
        return answer
    setattr(of, name, call)

for of, name in ((URLLib3Session, "send"), (pathlib.Path, "replace"), (pathlib.Path, "unlink")):
    counted(of, name)
code = main(sys.argv[2:])
print(steps, file=sys.stderr)
sys.exit(code)
"""
SIGNS: Final = """
import http.client, pathlib, sys, time
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.session import Session

root, port = pathlib.Path(sys.argv[1]), int(sys.argv[2])
BODY = b"Action=GetCallerIdentity&Version=2011-06-15"

def held(home):
    session = Session(profile="work")
    for name in ("config", "credentials"):
        session.set_config_variable(name + "_file", str(home / ".aws" / name))
    yield session.get_credentials().get_frozen_credentials()
    lines = dict(line.split("=", 1) for line in (home / ".env").read_text().splitlines())
    yield Credentials(lines["KEY"], lines["SECRET"]).get_frozen_credentials()

def answer(credentials):
    request = AWSRequest("POST", f"http://127.0.0.1:{port}/", data=BODY,
                         headers={"Content-Type": "application/x-www-form-urlencoded"})
    SigV4Auth(credentials, "sts", "us-east-1").add_auth(request)
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST", "/", BODY, dict(request.headers.items()))
    response = connection.getresponse()
    response.read()
    connection.close()
    return response.status

signed = failed = 0
while not (root / "stop").exists():
    begun = time.monotonic()
    for mark in root.glob("*/watched"):
        for credentials in held(mark.parent):
            status = answer(credentials)
            signed += 1
            if status != 200:
                failed += 1
                print(f"{mark.parent.name}: {status} for {credentials.access_key}", file=sys.stderr, flush=True)
    time.sleep(max(0.0, 0.05 - (time.monotonic() - begun)))
print(signed, failed)
"""
WAITS: Final = ("--deactivate-after", "2s", "--delete-after", "0", "--wait", "1m")
AT_A_TIME: Final = 4


class Home(NamedTuple):
    """Somebody whose key is being rotated, with what the files held before."""

    person: Person
    user: str
    key: Key
    before: tuple[str, ...]

    @property
    def files(self) -> tuple[Path, ...]:
        """Name the files that hold the key."""
        return self.person.credentials, self.person.home / ".env"

    def texts(self) -> tuple[str, ...]:
        """Read them."""
        return tuple(path.read_text() for path in self.files)


class Street:
    """Many such homes, and one process that signs in all of them."""

    def __init__(self, root: Path, server: LiveServer, iam: Any) -> None:
        self.root = root
        self._server = server
        self._iam = iam

    def move_in(self, name: str) -> Home:
        """Make a user with a key, a description and a home, and have it watched."""
        self._iam.create_user(UserName=name, Tags=[{"Key": "team", "Value": "blue"}])
        may = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
        self._iam.put_user_policy(UserName=name, PolicyName="all", PolicyDocument=json.dumps(may))
        made = self._iam.create_access_key(UserName=name)["AccessKey"]
        key = Key(made["AccessKeyId"], made["SecretAccessKey"])
        self._iam.tag_user(UserName=name, Tags=[{"Key": key.access_key_id, "Value": "purpose=test"}])
        folder = self.root / name
        (folder / ".aws").mkdir(parents=True, mode=0o700)
        person = Person(folder)
        person.credentials.write_text(
            f"[work]\naws_access_key_id = {key.access_key_id}\naws_secret_access_key = {key.secret_access_key}\n"
        )
        person.config.write_text(f"[profile work]\nregion = us-east-1\nendpoint_url = {self._server.url}\n")
        (folder / ".env").write_text(f"KEY={key.access_key_id}\nSECRET={key.secret_access_key}\n")
        for path in (person.credentials, person.config, folder / ".env"):
            path.chmod(0o600)
        home = Home(person, name, key, ())
        (folder / "watched").touch()
        return home._replace(before=home.texts())

    def move_out(self, home: Home) -> None:
        """Watch it no more."""
        (home.person.home / "watched").unlink()

    def run(self, home: Home, *arguments: str, die_at: int = 0) -> subprocess.CompletedProcess[str]:
        """Run our command, to be killed at a step; 0: never."""
        return subprocess.run(
            [sys.executable, "-c", DIES, str(die_at), *arguments],
            env=bare_environment(home.person.home),
            cwd=home.person.home,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def begin(self, home: Home, *waits: str, die_at: int = 0) -> subprocess.CompletedProcess[str]:
        """Begin a rotation."""
        return self.run(home, "rotate", "--profile", "work", "--also", ".env", *(waits or WAITS), die_at=die_at)

    def keys(self, home: Home) -> dict[str, str]:
        """Give the user's keys with their states."""
        return {
            key["AccessKeyId"]: key["Status"]
            for key in self._iam.list_access_keys(UserName=home.user)["AccessKeyMetadata"]
        }

    def tags(self, home: Home) -> dict[str, str]:
        """Give the user's tags."""
        return {tag["Key"]: tag["Value"] for tag in self._iam.list_user_tags(UserName=home.user)["Tags"]}

    def assert_clean(self, home: Home) -> str:
        """See that there is one key, which all places hold, one description, and nothing left; gives the key."""
        ((key, status),) = self.keys(home).items()
        assert status == "Active"
        assert set(self.tags(home)) == {"team", key}
        for text, before in zip(home.texts(), home.before, strict=True):
            assert key in text
            if key == home.key.access_key_id:
                assert text == before
            else:
                assert home.key.access_key_id not in text
                assert home.key.secret_access_key not in text
        state = home.person.home / ".local" / "state" / "keywright"
        # Half a backup of the old file is removed with the next backup.
        assert {path.parent.name for path in state.rglob("*") if path.is_file()} <= {"aws-files"}
        assert list(home.person.home.glob(".*.keywright-*")) == []
        assert list(home.person.credentials.parent.glob(".*.keywright-*")) == []
        return key


@contextmanager
def inhabited(folder: Path, server: LiveServer, iam: Any) -> Iterator[Street]:
    """Have homes, and a process that signs in each of them every 50 ms; it never fails."""
    root = folder / "street"
    root.mkdir()
    with subprocess.Popen(
        [sys.executable, "-c", SIGNS, str(root), str(server.port)],
        env=bare_environment(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as signer:
        yield Street(root, server, iam)
        (root / "stop").touch()
        out, err = signer.communicate(timeout=60)
    signed, failed = map(int, out.split())
    assert (failed, err) == (0, "")
    assert signed > 0


def steps_of(done: subprocess.CompletedProcess[str]) -> int:
    """Give how many steps a run took that nobody killed."""
    assert done.returncode == 0, done
    return int(done.stderr.split()[-1])


def die(done: subprocess.CompletedProcess[str], step: int) -> None:
    """See that a run was killed at a step; else that it came to its end before: it looked less often whether it may."""
    assert done.returncode == -signal.SIGKILL or steps_of(done) < step, done
