"""`keywright login-session PROFILE`: what `aws login` has left, for tools that do not know it."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.e2e.aws_cli import AWS, AwsCli
from tests.e2e.client.conftest import DEBIAN_AWS, Person
from tests.e2e.client.sign_in_service import SignIn, serving
from tests.e2e.client.test_terminal import at_terminal
from tests.e2e.live_server import KEYWRIGHT, LiveServer, bare_environment
from tests.e2e.signing import Key

SESSION = "arn:aws:sts::123456789012:assumed-role/x/y"
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def private_key() -> ec.EllipticCurvePrivateKey:
    """Have a login's key."""
    return ec.generate_private_key(ec.SECP256R1())


@pytest.fixture
def service(private_key: ec.EllipticCurvePrivateKey) -> Iterator[SignIn]:
    """Have a service that renews the login."""
    with serving(private_key.public_key(), "refresh-0") as service:
        yield service


def logged_in(
    person: Person,
    private_key: ec.EllipticCurvePrivateKey,
    key: Key,
    ends_in: timedelta,
    endpoint_url: str = "http://127.0.0.1:9",
) -> Path:
    """Leave what `aws login` leaves; give the token's file."""
    person.config.parent.mkdir(exist_ok=True)
    person.config.write_text(
        f"[profile signed]\nregion = us-east-1\nlogin_session = {SESSION}\nendpoint_url = {endpoint_url}\n"
    )
    pem = private_key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    token = {
        "accessToken": {
            "accessKeyId": key.access_key_id,
            "secretAccessKey": key.secret_access_key,
            "sessionToken": key.session_token,
            "accountId": "123456789012",
            "expiresAt": (datetime.now(UTC) + ends_in).strftime("%Y-%m-%dT%H:%M:%SZ"),
        },
        "tokenType": "aws_sigv4",
        "clientId": "arn:aws:signin:::devtools/same-device",
        "refreshToken": "refresh-0",
        "idToken": "x",
        "dpopKey": pem.decode(),
    }
    folder = person.home / ".aws" / "login" / "cache"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{hashlib.sha256(SESSION.encode()).hexdigest()}.json"
    path.write_text(json.dumps(token))
    return path


ANY = Key("ASIA" + "Q" * 16, "s" * 40, "session")


@pytest.mark.parametrize("command", [AWS, DEBIAN_AWS], ids=["pypi", "debian"])
def test_a_tool_that_knows_no_login(
    person: Person, server: LiveServer, private_key: ec.EllipticCurvePrivateKey, admin: Key, iam: object, command: Path
) -> None:
    """An `aws` command without `aws login` signs with the login's credentials by a credential_process."""
    if not command.exists():
        pytest.skip("Debian's aws CLI is not there: apt-get install awscli")
    variables = {
        "AWS_ACCESS_KEY_ID": admin.access_key_id,
        "AWS_SECRET_ACCESS_KEY": admin.secret_access_key,
        "AWS_ENDPOINT_URL": server.url,
        "AWS_DEFAULT_REGION": "us-east-1",
    }
    made = AwsCli(person.home, variables, AWS).json("sts", "get-session-token")["Credentials"]
    session = Key(made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])
    logged_in(person, private_key, session, 14 * MINUTE)
    with person.config.open("a") as config:
        config.write(f"[profile old]\nregion = us-east-1\ncredential_process = {KEYWRIGHT} login-session signed\n")
    aws = AwsCli(person.home, {}, command, "--endpoint-url", server.url)
    assert aws.json("--profile", "old", "sts", "get-caller-identity")["Arn"].endswith(":user/admin")


def test_what_is_printed(person: Person, private_key: ec.EllipticCurvePrivateKey) -> None:
    """The protocol's JSON, with the end and the account; a terminal sees no secret."""
    logged_in(person, private_key, ANY, 14 * MINUTE)
    done = person.keywright("login-session", "signed")
    assert done.returncode == 0, done
    printed = json.loads(done.stdout)
    ends_at = datetime.fromisoformat(printed.pop("Expiration"))
    assert datetime.now(UTC) < ends_at < datetime.now(UTC) + 15 * MINUTE
    assert printed == {
        "Version": 1,
        "AccessKeyId": ANY.access_key_id,
        "SecretAccessKey": ANY.secret_access_key,
        "SessionToken": ANY.session_token,
        "AccountId": "123456789012",
    }
    code, screen = at_terminal(person, "login-session", "signed", answers=[])
    assert (code, ANY.access_key_id in screen, ANY.secret_access_key in screen) == (0, True, False)


def test_it_is_renewed(person: Person, private_key: ec.EllipticCurvePrivateKey, service: SignIn) -> None:
    """What ends soon is renewed, with proof of the login's key, and left for the next process, for oneself alone."""
    path = logged_in(person, private_key, ANY, MINUTE, service.url)
    for _ in range(2):
        printed = json.loads(person.keywright("login-session", "signed").stdout)
        assert (printed["AccessKeyId"], printed["SessionToken"]) == (f"ASIA{1:016}", "session-1")
    assert service.renewed == 1
    assert json.loads(path.read_text())["refreshToken"] == "refresh-1"
    assert path.stat().st_mode & 0o077 == 0


def test_processes_renew_once(person: Person, private_key: ec.EllipticCurvePrivateKey, service: SignIn) -> None:
    """Several processes at once renew once: a refresh token is good for one use."""
    logged_in(person, private_key, ANY, -MINUTE, service.url)
    environment = bare_environment(person.home)
    processes = [
        subprocess.Popen([str(KEYWRIGHT), "login-session", "signed"], env=environment, stdout=subprocess.PIPE)
        for _ in range(4)
    ]
    printed = [json.loads(process.communicate(timeout=60)[0]) for process in processes]
    assert {one["AccessKeyId"] for one in printed} == {f"ASIA{1:016}"}
    assert service.renewed == 1


@pytest.mark.parametrize("refusal", ["TOKEN_EXPIRED", "USER_CREDENTIALS_CHANGED", "INSUFFICIENT_PERMISSIONS", "OTHER"])
def test_a_login_that_has_ended(
    person: Person, private_key: ec.EllipticCurvePrivateKey, service: SignIn, refusal: str
) -> None:
    """A login that cannot be renewed is exit code 3, and says what to run, or what permission is missing."""
    logged_in(person, private_key, ANY, -MINUTE, service.url)
    service.refusal = refusal
    done = person.keywright("login-session", "signed")
    assert (done.returncode, done.stdout) == (3, "")
    wanted = "SignInLocalDevelopmentAccess" if refusal == "INSUFFICIENT_PERMISSIONS" else "aws login --profile signed"
    assert wanted in done.stderr


def test_no_login(person: Person, private_key: ec.EllipticCurvePrivateKey) -> None:
    """A profile that was never signed in, or whose token has gone or is damaged, says what to run."""
    path = logged_in(person, private_key, ANY, 14 * MINUTE)
    for content in ('{"accessToken": {}}', "{", None):
        if content is None:
            path.unlink()
        else:
            path.write_text(content)
        done = person.keywright("login-session", "signed")
        assert (done.returncode, done.stdout, "aws login --profile signed" in done.stderr) == (3, "", True), done
    assert person.keywright("profiles", "set", "plain", "region=us-east-1").returncode == 0
    for name in ("plain", "nobody"):
        done = person.keywright("login-session", name)
        assert (done.returncode, done.stdout, f"aws login --profile {name}" in done.stderr) == (3, "", True)
