"""`keywright exec PROFILE -- CMD`: the command has the credentials, and nobody else sees them."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import signal
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.aws_cli import AWS
from tests.e2e.client.conftest import Person
from tests.e2e.client.keeping import in_keyring, plain_profile
from tests.e2e.live_server import KEYWRIGHT, Account, LiveServer, bare_environment
from tests.e2e.signing import Key

WHO = (str(AWS), "sts", "get-caller-identity", "--output", "json")
SHOW = (sys.executable, "-c", "import json, os\nprint(json.dumps(dict(os.environ)))")


def run_exec(person: Person, *arguments: str, variables: dict[str, str] | None = None) -> Any:
    """Run a command with the profile's credentials; it prints JSON."""
    done = person.keywright("exec", *arguments, variables=in_keyring() | (variables or {}))
    assert done.returncode == 0, done
    return json.loads(done.stdout)


def test_a_stored_key(keeper: Person, account: Account) -> None:
    """The `aws` command signs with the stored key, at the profile's endpoint, with nothing else configured for it."""
    assert run_exec(keeper, "kw", "--", *WHO)["Arn"] == f"arn:aws:iam::{account.account_id}:user/alice"


def test_any_other_profile(person: Person, server: LiveServer, alice: Key, account: Account, iam: Any) -> None:
    """A plain key, and a role that is assumed with it, serve as well; a role's session is a session already."""
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": f"{account.account_id}"}}
    role = iam.create_role(
        RoleName="for-alice", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    )["Role"]["Arn"]
    policy = {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": "*"}
    iam.put_user_policy(
        UserName="alice",
        PolicyName="assume",
        PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [policy]}),
    )
    plain_profile(person, server, alice)
    with person.config.open("a") as config:
        config.write(f"[profile role]\nrole_arn = {role}\nsource_profile = kw\n")
        config.write(f"region = us-east-1\nendpoint_url = {server.url}\n")
    assert run_exec(person, "kw", *WHO)["Arn"].endswith(":user/alice")
    assert ":assumed-role/for-alice/" in run_exec(person, "role", "--", *WHO)["Arn"]
    shown = run_exec(person, "role", "--", *SHOW)
    assert shown["AWS_SESSION_TOKEN"]
    assert shown["AWS_CREDENTIAL_EXPIRATION"]
    done = person.keywright("exec", "role", "--session", "--", "true")
    assert (done.returncode, "temporary already" in done.stderr) == (2, True)


def test_what_would_conflict_is_gone(keeper: Person, server: LiveServer, alice: Key) -> None:
    """The environment has the profile's credentials and settings, and no variable that would overrule them."""
    before = {
        "AWS_PROFILE": "nope",
        "AWS_DEFAULT_PROFILE": "nope",
        "AWS_SESSION_TOKEN": "stale",
        "AWS_SECURITY_TOKEN": "stale",
        "AWS_ROLE_ARN": "arn:aws:iam::1:role/x",
        "AWS_WEB_IDENTITY_TOKEN_FILE": "/x",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://127.0.0.1:9",
        "MINE": "stays",
    }
    shown = run_exec(keeper, "kw", "--", *SHOW, variables=before)
    assert {name: value for name, value in shown.items() if name.startswith("AWS_") or name == "MINE"} == {
        "AWS_ACCESS_KEY_ID": alice.access_key_id,
        "AWS_SECRET_ACCESS_KEY": alice.secret_access_key,
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": server.url,
        "AWS_EC2_METADATA_DISABLED": "true",
        "MINE": "stays",
    }


def test_the_command_is_the_process(keeper: Person) -> None:
    """The command's arguments, exit code and standard streams are its own, `--` and flags included."""
    program = "import sys\nprint(sys.argv[1:], sys.stdin.read())\nsys.exit(42)"
    done = keeper.keywright(
        *("exec", "kw", "--", sys.executable, "-c", program, "--json", "--", "-x"),
        typed="typed",
        variables=in_keyring(),
    )
    assert (done.returncode, done.stdout, done.stderr) == (42, "['--json', '--', '-x'] typed\n", "")
    for between in ((), ("--no-session",), ("--no-session", "--")):
        assert run_exec(keeper, "kw", *between, *SHOW, "--", "--json")["AWS_REGION"] == "us-east-1"


def test_no_secret_in_any_command_line(keeper: Person, alice: Key) -> None:
    """While the command runs, it is our very process, and no process has the secret in its command line."""
    program = "import os, sys\nprint(os.getpid(), flush=True)\nsys.stdin.read()"
    process = subprocess.Popen(
        [str(KEYWRIGHT), "exec", "kw", "--", sys.executable, "-c", program],
        env=bare_environment(keeper.home, **in_keyring()),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert int(process.stdout.readline()) == process.pid
    lines = b"".join(_command_line(path) for path in Path("/proc").glob("[0-9]*/cmdline"))
    assert program.encode() in lines
    assert alice.secret_access_key.encode() not in lines
    assert alice.secret_access_key.encode() in Path(f"/proc/{process.pid}/environ").read_bytes()
    process.communicate("", timeout=20)
    assert process.returncode == 0


def _command_line(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_reach_the_command(keeper: Person, number: signal.Signals) -> None:
    """A signal to our process is one to the command, which ends by it."""
    process = subprocess.Popen(
        [str(KEYWRIGHT), "exec", "kw", "--", "sh", "-c", "echo ready; exec sleep 60"],
        env=bare_environment(keeper.home, **in_keyring()),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.send_signal(number)
    assert process.wait(20) == -number
    process.stdout.close()


def test_a_pipe_that_closes_ends_the_command(keeper: Person) -> None:
    """The command meets a closed pipe as it would without us, not as Python does, which ignores the signal."""
    done = subprocess.run(
        f"{KEYWRIGHT} exec kw -- sh -c 'yes; echo $? >&2' | head -n 1",
        shell=True,
        env=bare_environment(keeper.home, **in_keyring()),
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.stderr.strip() == str(128 + signal.SIGPIPE)


def test_commands_that_cannot_be_run(keeper: Person) -> None:
    """A command that is not there is exit code 127, one that is no program 126, as in a shell."""
    done = keeper.keywright("exec", "kw", "--", "no-such-command", variables=in_keyring())
    assert (done.returncode, done.stderr) == (127, "keywright: there is no command no-such-command\n")
    done = keeper.keywright("exec", "kw", "--", str(keeper.home), variables=in_keyring())
    assert (done.returncode, "cannot be run" in done.stderr) == (126, True)


def test_wrong_usage(keeper: Person) -> None:
    """No profile of that name, no command, spans that no session has: each is said, with nothing run."""
    for arguments, code, words in (
        (("nobody", "--", "true"), 3, "`keywright profiles list`"),
        (("kw",), 2, "CMD"),
        (("kw", "--duration", "5m", "--", "true"), 2, "15m to 36h"),
        (("kw", "--duration", "soon", "--", "true"), 2, "12h, 30m or 900"),
        (("kw", "--no-session", "--duration", "1h", "--", "true"), 2, "--no-session"),
    ):
        done = keeper.keywright("exec", *arguments, variables=in_keyring())
        assert (done.returncode, done.stdout) == (code, ""), done
        assert words in done.stderr


def test_a_session(keeper: Person, account: Account) -> None:
    """--session gives credentials that end instead of the key, for as long as was asked."""
    shown = run_exec(keeper, "kw", "--session", "--duration", "15m", "--", *SHOW)
    assert shown["AWS_ACCESS_KEY_ID"].startswith("ASIA")
    ends_at = time.strptime(shown["AWS_CREDENTIAL_EXPIRATION"][:19], "%Y-%m-%dT%H:%M:%S")
    assert ends_at < time.gmtime(time.time() + 1000)
    assert run_exec(keeper, "kw", "--session", "--", *WHO)["Arn"].endswith(":user/alice")


def totp(seed: str, at: float) -> str:
    """Compute the code that an MFA device shows (RFC 6238)."""
    digest = hmac.digest(base64.b32decode(seed), struct.pack(">Q", int(at) // 30), hashlib.sha1)
    number = struct.unpack(">I", digest[digest[-1] & 15 :][:4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06}"


def test_a_session_with_mfa(person: Person, server: LiveServer, iam: Any, new_key: Callable[[str], Key]) -> None:
    """A profile with an mfa_serial gets a session with MFA, its code from a file; the key itself on --no-session."""
    key = new_key("mallory")
    device = iam.create_virtual_mfa_device(VirtualMFADeviceName="mallory")["VirtualMFADevice"]
    seed, now = device["Base32StringSeed"].decode(), time.time()
    iam.enable_mfa_device(
        UserName="mallory",
        SerialNumber=device["SerialNumber"],
        AuthenticationCode1=totp(seed, now - 30),
        AuthenticationCode2=totp(seed, now),
    )
    plain_profile(person, server, key)
    assert person.keywright("profiles", "set", "kw", f"mfa_serial={device['SerialNumber']}").returncode == 0
    code = person.home / "code"
    code.write_text(totp(seed, time.time() + 30) + "\n")
    shown = run_exec(person, "kw", "--mfa-code-file", str(code), "--", *SHOW)
    assert shown["AWS_ACCESS_KEY_ID"].startswith("ASIA")
    code.write_text("000000")
    done = person.keywright("exec", "kw", "--mfa-code-file", str(code), "--", *SHOW)
    assert (done.returncode, done.stdout) == (3, "")
    assert "AccessDenied" in done.stderr
    done = person.keywright("exec", "kw", "--", *SHOW)
    assert (done.returncode, "--mfa-code-file" in done.stderr) == (2, True)
    assert run_exec(person, "kw", "--no-session", "--", *SHOW)["AWS_ACCESS_KEY_ID"] == key.access_key_id


def test_a_session_of_another_service(person: Person, moto_url: str, moto_client: Callable[[str], Any]) -> None:
    """On moto_server too: a key moves into the store, verified, and its session signs; no API is ours alone."""
    iam = moto_client("iam")
    iam.create_user(UserName="ann")
    made = iam.create_access_key(UserName="ann")["AccessKey"]
    person.config.parent.mkdir()
    person.config.write_text(f"[profile kw]\nregion = us-east-1\nendpoint_url = {moto_url}\n")
    person.credentials.write_text(
        f"[kw]\naws_access_key_id = {made['AccessKeyId']}\naws_secret_access_key = {made['SecretAccessKey']}\n"
    )
    (moved,) = person.json("migrate", "--profile", "kw", variables=in_keyring())["Keys"]
    assert moved["Arn"].endswith(":user/ann")
    shown = run_exec(person, "kw", "--session", "--", *SHOW)
    assert shown["AWS_SESSION_TOKEN"]
    assert shown["AWS_ENDPOINT_URL"] == moto_url
