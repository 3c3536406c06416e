"""`keywright serve`: how it starts, how it says why it does not, and how it stops."""

from __future__ import annotations

import os
import re
import signal
import socket
import sqlite3
import subprocess
import threading
import time
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.e2e.aws_cli import AwsCli
from tests.e2e.conftest import CopyStore, MakeClient
from tests.e2e.live_server import ENDED_BY_SIGTERM, KEYWRIGHT, Account, LiveServer, bare_environment, run_keywright
from tests.e2e.signing import Key, query, send

ROOT = Path(__file__).parents[2]
SECRET = re.compile(r"Secret key +(\S{40})$", re.MULTILINE)
KEY_ID = re.compile(r"Access key ID +(AKIA[A-Z2-7]{16})$", re.MULTILINE)


def _get(url: str) -> tuple[int, str]:
    with urllib.request.urlopen(url, timeout=10) as response:
        return response.status, response.read().decode()


def _refusal(*flags: str, home: Path, variables: dict[str, str] | None = None) -> str:
    """Run `serve` that cannot start; give the one line that says why."""
    done = run_keywright("serve", *flags, home=home, variables=variables)
    assert (done.returncode, done.stdout) == (2, ""), done
    assert done.stderr.startswith("keywright: ")
    assert done.stderr.count("\n") == 1, done.stderr
    return done.stderr


def test_first_start_shows_the_secrets_once(tmp_path: Path) -> None:
    """On an empty store `serve` makes an account and shows it; the next start shows the address alone."""
    with LiveServer(tmp_path, name="first") as first:
        output = first.output
        key = Key(KEY_ID.findall(output)[0], SECRET.findall(output)[0])
        assert output.count(key.secret_access_key) == 1
        assert output.count("Password ") == 2
        assert send(first, query("sts", "GetCallerIdentity").signed(first, key)).status == 200
        assert key.secret_access_key not in first.log
    with LiveServer(tmp_path, name="second") as second:
        assert not SECRET.search(second.output)
        assert "Password" not in second.output
        assert send(second, query("sts", "GetCallerIdentity").signed(second, key)).status == 200


def test_announcement_is_what_to_paste(server: LiveServer) -> None:
    """The announcement names the console, and the lines to paste for the `aws` command."""
    assert f"console: {server.url}/" in server.output
    for line in (f"export AWS_ENDPOINT_URL={server.url}", "export AWS_DEFAULT_REGION=us-east-1", "aws configure"):
        assert f"\n  {line}" in server.output
    assert "from 1.29.0 and 2.13.0 on" in server.output
    assert f"\n  alias aws='aws --endpoint-url {server.url}'" in server.output
    assert "AWS_CA_BUNDLE" not in server.output
    (command,) = re.findall(r"^  (\S+) verify ", server.output, re.MULTILINE)
    assert Path(command).samefile(KEYWRIGHT), "the one that serves, and it is not on the PATH"


def test_the_command_that_the_path_leads_to_is_named_alone(tmp_path: Path) -> None:
    """Where `keywright` is found by the PATH, the announcement names it without a folder."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "keywright").symlink_to(KEYWRIGHT)
    path = f"{tmp_path / 'bin'}:{os.environ['PATH']}"
    variables = {"PATH": path, "KEYWRIGHT_DATA": str(tmp_path / "data"), "KEYWRIGHT_PORT": "0"}
    with LiveServer(tmp_path, variables=variables) as server:
        assert "\n  keywright verify " in server.output


def test_profile_of_the_first_start(tmp_path: Path, aws_command: None) -> None:
    """`serve --profile` on an empty store prints no secret that the profile has, and writes the port that it took."""
    with LiveServer(tmp_path, "--profile", "kw", "--tls", "auto") as server:
        assert not SECRET.search(server.output)
        assert "Secret key     in the profile kw\n" in server.output
        identity = AwsCli(tmp_path, {}).json("--profile", "kw", "sts", "get-caller-identity")
    assert identity["Arn"].endswith(":user/admin")


def test_require_account(tmp_path: Path, copy_store: CopyStore) -> None:
    """With --require-account an empty store is refused and no secret printed; one with its account is served."""
    data = tmp_path / "data"
    said = _refusal("--require-account", "--data", str(data), "--port", "0", home=tmp_path)
    assert f"keywright init --data {data}" in said
    copy_store(tmp_path / "other")
    variables = {"KEYWRIGHT_DATA": str(tmp_path / "other"), "KEYWRIGHT_PORT": "0", "KEYWRIGHT_REQUIRE_ACCOUNT": "1"}
    with LiveServer(tmp_path, variables=variables) as server:
        assert _get(server.url + "/health")[0] == 200


def test_health(server: LiveServer) -> None:
    """`GET /health` answers 200 to anybody when it can serve."""
    assert _get(server.url + "/health") == (200, "ok\n")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.invalid"])
def test_beyond_loopback_needs_tls(tmp_path: Path, host: str) -> None:
    """Without TLS `serve` does not listen beyond this machine, says what to add, and has made nothing yet."""
    said = _refusal("--data", str(tmp_path / "data"), "--port", "0", "--host", host, home=tmp_path)
    assert host in said
    assert "--tls auto" in said
    assert "--insecure" in said
    assert not (tmp_path / "data").exists()


def test_insecure(tmp_path: Path) -> None:
    """`--insecure` listens beyond loopback all the same."""
    with LiveServer(tmp_path, "--host", "0.0.0.0", "--insecure") as server:
        assert server.url.startswith("http://localhost:")
        assert _get(f"http://127.0.0.1:{server.port}/health")[0] == 200


def test_port_in_use(tmp_path: Path, server: LiveServer) -> None:
    """A port in use is one line that names it, before any account is made."""
    data = tmp_path / "data"
    said = _refusal("--data", str(data), "--port", str(server.port), home=tmp_path)
    assert f"port {server.port} on 127.0.0.1 is already in use" in said
    assert "--port or KEYWRIGHT_PORT" in said
    assert not data.exists()


def test_make_run_on_a_port_in_use(tmp_path: Path, server: LiveServer) -> None:
    """`make run` says the same, and fails."""
    done = subprocess.run(
        ["make", "--silent", "--old-file=.venv/bin/.installed", f"DATA={tmp_path / 'data'}", "run"],
        cwd=ROOT,
        env=bare_environment(tmp_path, KEYWRIGHT_PORT=str(server.port)),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert f"port {server.port} on 127.0.0.1 is already in use" in done.stderr
    assert "KEYWRIGHT_PORT" in done.stderr
    assert "Traceback" not in done.stderr


def test_unknown_address(tmp_path: Path) -> None:
    """An address that is not this machine's is one line."""
    said = _refusal("--data", str(tmp_path / "data"), "--port", "0", "--host", "192.0.2.1", "--insecure", home=tmp_path)
    assert "192.0.2.1" in said


def test_folder_that_cannot_be_made(tmp_path: Path) -> None:
    """A folder below a file, or one that is a file, is one line that names it."""
    (tmp_path / "file").write_text("")
    for data in (tmp_path / "file", tmp_path / "file" / "below"):
        assert str(data) in _refusal("--data", str(data), "--port", "0", home=tmp_path)


def test_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """A folder on a read-only file system is one line that names it."""
    assert "/proc/keywright" in _refusal("--data", "/proc/keywright", "--port", "0", home=tmp_path)


@pytest.mark.parametrize("command", [("serve", "--port", "0"), ("init",)])
def test_folder_open_to_others(tmp_path: Path, command: tuple[str, ...]) -> None:
    """A folder that others may enter is refused, with the command that closes it; nothing is put there."""
    data = tmp_path / "data"
    data.mkdir()
    data.chmod(0o755)
    done = run_keywright(*command, "--data", str(data), home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert f"chmod 700 {data}" in done.stderr
    assert list(data.iterdir()) == []


@pytest.mark.parametrize("command", [("serve", "--port", "0"), ("init",)])
def test_store_of_a_newer_version(tmp_path: Path, command: tuple[str, ...], copy_store: CopyStore) -> None:
    """A store that a newer Keywright wrote is refused in one line, and left as it is."""
    data = tmp_path / "data"
    copy_store(data)
    with sqlite3.connect(data / "keywright.db") as database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    done = run_keywright(*command, "--data", str(data), home=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "newer Keywright" in done.stderr
    assert "9999" in done.stderr
    with sqlite3.connect(data / "keywright.db") as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]
    database.close()


def test_store_that_is_none(tmp_path: Path) -> None:
    """A file that is no database is one line."""
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    (data / "keywright.db").write_bytes(b"no database at all\n" * 400)
    assert "keywright.db" in _refusal("--data", str(data), "--port", "0", home=tmp_path)


def test_store_without_its_master_key(tmp_path: Path, copy_store: CopyStore) -> None:
    """A store whose master key is missing, damaged or another's does not start, and no new key is made for it."""
    data = tmp_path / "data"
    copy_store(data)
    key_file = data / "master.key"
    key = key_file.read_text()
    key_file.unlink()
    assert "master.key" in _refusal("--data", str(data), "--port", "0", home=tmp_path)
    assert not key_file.exists()
    key_file.write_text("not a key\n")
    key_file.chmod(0o600)
    said = _refusal("--data", str(data), "--port", "0", home=tmp_path)
    assert "not a key" not in said
    key_file.write_text(key)
    with LiveServer(tmp_path, data=data) as server:
        assert _get(server.url + "/health")[0] == 200


def test_master_key_that_others_can_read(tmp_path: Path, copy_store: CopyStore) -> None:
    """A master key that others may read is refused, with the command that closes it."""
    data = tmp_path / "data"
    copy_store(data)
    (data / "master.key").chmod(0o644)
    said = _refusal("--data", str(data), "--port", "0", home=tmp_path)
    assert f"chmod 600 {data / 'master.key'}" in said


def test_bad_database_url(tmp_path: Path) -> None:
    """A database URL that is none is one line, in which a password is masked."""
    for url in ("nonsense", "mysql://root:hunter2hunter2@localhost/x", "sqlite://", "postgresql://"):
        said = _refusal("--database", url, "--data", str(tmp_path / "data"), "--port", "0", home=tmp_path)
        assert "hunter2hunter2" not in said


def test_unreachable_database(tmp_path: Path) -> None:
    """A PostgreSQL server that is not there is one line, in which its password is masked."""
    url = "postgresql://keywright:hunter2hunter2@127.0.0.1:1/keywright"
    said = _refusal("--database", url, "--data", str(tmp_path / "data"), "--port", "0", home=tmp_path)
    assert "hunter2hunter2" not in said


def test_sigterm_answers_what_is_under_way(tmp_path: Path, copy_store: CopyStore) -> None:
    """A request whose body is still arriving at SIGTERM gets its answer; then the server ends."""
    account = copy_store(tmp_path / "data")
    server = LiveServer(tmp_path)
    signed = query("iam", "CreateUser", UserName="last-minute").signed(
        server, Key(account.access_key_id, account.secret_access_key)
    )
    head = "".join(f"{name}: {value}\r\n" for name, value in signed.headers.items())
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(f"POST / HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n{head}\r\n".encode())
        connection.sendall(signed.body[:10])
        time.sleep(0.3)
        server.begin_stop()
        time.sleep(0.5)
        assert server.process.poll() is None
        connection.sendall(signed.body[10:])
        answer = b""
        while part := connection.recv(65536):
            answer += part
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert b"<UserName>last-minute</UserName>" in answer
    assert server.stop() in ENDED_BY_SIGTERM
    with LiveServer(tmp_path, name="again") as again:
        asked = query("iam", "GetUser", UserName="last-minute")
        assert send(again, asked.signed(again, Key(account.access_key_id, account.secret_access_key))).status == 200


def test_sigterm_among_writers(tmp_path: Path, copy_store: CopyStore) -> None:
    """Stopped in the midst of concurrent writers, it keeps exactly what it acknowledged."""
    account = copy_store(tmp_path / "data")
    key = Key(account.access_key_id, account.secret_access_key)
    server = LiveServer(tmp_path)
    acknowledged: list[str] = []
    strange: list[object] = []

    def write(worker: int) -> None:
        for number in range(10_000):
            name = f"writer-{worker}-{number}"
            try:
                answer = send(server, query("iam", "CreateUser", UserName=name).signed(server, key))
            except OSError:
                return
            if answer.status != 200:
                strange.append(answer)
                return
            acknowledged.append(name)

    writers = [threading.Thread(target=write, args=(worker,)) for worker in range(4)]
    for writer in writers:
        writer.start()
    time.sleep(1)
    server.begin_stop()
    for writer in writers:
        writer.join(30)
    assert server.stop() in ENDED_BY_SIGTERM
    assert strange == []
    assert len(acknowledged) > 20
    with sqlite3.connect(tmp_path / "data" / "keywright.db") as database:
        kept = {name for (name,) in database.execute("SELECT user_name FROM users")}
    database.close()
    assert kept == {"admin", *acknowledged}


def test_log_lines(server: LiveServer, account: Account, admin: Key, make_client: MakeClient) -> None:
    """A request is one JSON line: request id, principal, action, status, milliseconds, and no parameter."""
    client = make_client("iam", admin)
    made = client.create_user(UserName="log-user")
    line = server.line_of(made["ResponseMetadata"]["RequestId"])
    assert (line["principal"], line["action"], line["status"], line["error"]) == (
        f"arn:aws:iam::{account.account_id}:user/admin",
        "iam:CreateUser",
        200,
        None,
    )
    assert set(line) == {"time", "request_id", "principal", "action", "status", "error", "milliseconds", "source"}
    assert 0 < line["milliseconds"] < 10_000
    assert line["source"] == "127.0.0.1"
    assert "log-user" not in str(line)
    with pytest.raises(ClientError) as refused:
        client.get_user(UserName="nobody")
    response: Any = refused.value.response
    line = server.line_of(response["ResponseMetadata"]["RequestId"])
    assert (line["action"], line["status"], line["error"]) == ("iam:GetUser", 404, "NoSuchEntity")
    times = [line["time"] for line in server.log_lines()]
    assert times == sorted(times)


def test_console_log(tmp_path: Path, copy_store: CopyStore) -> None:
    """`--log-format console` writes one line a request for people."""
    account = copy_store(tmp_path / "data")
    with LiveServer(tmp_path, "--log-format", "console") as server:
        key = Key(account.access_key_id, account.secret_access_key)
        answer = send(server, query("sts", "GetCallerIdentity").signed(server, key))
        lines = server.wait_for_log(answer.request_id).splitlines()
    assert len(lines) == 1
    assert "sts:GetCallerIdentity" in lines[0]
    assert f"arn:aws:iam::{account.account_id}:user/admin" in lines[0]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_stop_is_quiet_and_prompt(tmp_path: Path, how: signal.Signals) -> None:
    """Stopped by a service manager or by Ctrl-C it ends at once and without a traceback, whoever keeps connections."""
    server = LiveServer(tmp_path)
    idle = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    halted = socket.create_connection(("127.0.0.1", server.port), timeout=10)
    with idle, halted:
        idle.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        assert idle.recv(65536).startswith(b"HTTP/1.1 200 ")
        halted.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\nX-Slow: ")
        begun = time.monotonic()
        server.process.send_signal(how)
        assert server.process.wait(20) in {0, -how, 128 + how}
        assert time.monotonic() - begun < 5
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", server.port), timeout=5)
    assert "Traceback" not in server.log
