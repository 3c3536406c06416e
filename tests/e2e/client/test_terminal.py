"""A person at a terminal: questions, prompts that do not echo, colour; and a pipe, which has none of them."""

from __future__ import annotations

import fcntl
import os
import pty
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence

from tests.e2e.client.conftest import Person
from tests.e2e.live_server import KEYWRIGHT, LiveServer, bare_environment
from tests.e2e.signing import Key


def at_terminal(
    person: Person,
    *arguments: str,
    answers: Sequence[tuple[str, str]],
    variables: Mapping[str, str] | None = None,
) -> tuple[int, str]:
    """Run our command on a terminal, typing each answer when its prompt is there; give exit code and screen."""
    master, slave = pty.openpty()
    environment = bare_environment(person.home, TERM="xterm", **(variables or {}))
    process = subprocess.Popen(
        [str(KEYWRIGHT), *arguments],
        env=environment,
        cwd=person.home,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(slave, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - there is one thread
    )
    os.close(slave)
    screen, seen, left = "", 0, list(answers)
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            screen += os.read(master, 65536).decode()
        except OSError:
            break
        if left and left[0][0] in screen[seen:]:
            seen = len(screen)
            os.write(master, f"{left.pop(0)[1]}\n".encode())
    os.close(master)
    assert not left, screen
    return process.wait(10), screen


def test_key_prompts(person: Person, admin: Key) -> None:
    """`profiles set --key` asks as `aws configure` does, and the secret does not show."""
    code, screen = at_terminal(
        person,
        *("profiles", "set", "kw", "region=us-east-1", "--key"),
        answers=[("Key ID: ", admin.access_key_id), ("Secret Access Key: ", admin.secret_access_key)],
    )
    assert code == 0, screen
    assert admin.access_key_id in screen
    assert admin.secret_access_key not in screen
    assert admin.secret_access_key in person.credentials.read_text()


def test_import_offers_to_shred(person: Person, server: LiveServer, admin: Key) -> None:
    """After an import the file is shredded on a yes; the terminal has colour."""
    file = person.home / "admin_accessKeys.csv"
    file.write_text(f"Access key ID,Secret access key\r\n{admin.access_key_id},{admin.secret_access_key}\r\n")
    arguments = ("import", str(file), "--endpoint-url", server.url, "--region", "us-east-1")
    code, screen = at_terminal(person, *arguments, answers=[("Shred it", "n")])
    assert code == 0, screen
    assert file.exists()
    assert "\x1b[32mImported" in screen
    code, screen = at_terminal(person, *arguments, answers=[("Shred it", "y")])
    assert code == 0, screen
    assert not file.exists()
    assert admin.secret_access_key not in screen


def test_delete_asks(person: Person) -> None:
    """A profile is deleted on a yes only."""
    assert person.keywright("profiles", "set", "kw", "region=us-east-1").returncode == 0
    assert at_terminal(person, "profiles", "delete", "kw", answers=[("[y/N]", "")])[0] == 1
    assert "[profile kw]" in person.config.read_text()
    assert at_terminal(person, "profiles", "delete", "kw", answers=[("[y/N]", "yes")])[0] == 0
    assert person.config.read_text() == ""


def test_a_reader_that_leaves(person: Person) -> None:
    """A pipe whose reader has gone is no traceback."""
    for number in range(3):
        assert person.keywright("profiles", "set", f"p{number}", "region=us-east-1").returncode == 0
    done = subprocess.run(
        f"{KEYWRIGHT} profiles list | true",
        shell=True,
        env=bare_environment(person.home),
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


def test_a_bad_endpoint_is_no_traceback(person: Person, admin: Key) -> None:
    """An endpoint that is no URL is exit code 3 and one line."""
    typed = f"{admin.access_key_id}\n{admin.secret_access_key}\n"
    assert person.keywright("profiles", "set", "default", "--key", typed=typed).returncode == 0
    for command in ("verify", "doctor"):
        assert person.keywright(command, "--endpoint-url", "nonsense").returncode == 3
    file = person.home / "x_accessKeys.csv"
    file.write_text(f"Access key ID,Secret access key\r\n{admin.access_key_id},{admin.secret_access_key}\r\n")
    assert person.keywright("import", str(file), "--endpoint-url", "nonsense").returncode == 3
