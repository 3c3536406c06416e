"""
A key's life as a person sees it on a terminal, recorded for docs/terminal-session.md.

`python -m tests.e2e.client.terminal_session` records it anew, against a server of its own. What differs from run to run
(ids, dates, the port, the home) is given the names that AWS's documentation gives such things.
"""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import sys
import tempfile
import termios
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

import boto3

from tests.e2e.live_server import Account, LiveServer, bare_environment, make_account

PAGE: Final = Path(__file__).parents[3] / "docs" / "terminal-session.md"
_COLUMNS: Final = 100
_KEYWRIGHT: Final = str(Path(sys.executable).with_name("keywright"))
_SEQUENCE: Final = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_SELF_SERVICE: Final = {
    "Effect": "Allow",
    "Action": [
        "iam:*AccessKey*",
        "iam:ListMFADevices",
        "iam:GetUser",
        "iam:TagUser",
        "iam:UntagUser",
        "iam:SimulatePrincipalPolicy",
    ],
    "Resource": "arn:aws:iam::*:user/${aws:username}",
}
"""What the guide's users may do: look after their own keys (facts §2)."""


class Part(NamedTuple):
    """A heading, what it is about, and the commands under it, each with the answers to its questions."""

    heading: str
    text: str
    commands: Sequence[tuple[str, Sequence[tuple[str, str]]]]


PARTS: Final = (
    Part(
        "Issue",
        "An administrator makes a key for Alice. What would serve better is said first; the secret is never shown.",
        [
            (
                'keywright issue alice --profile admin --purpose "CLI access" --owner alice --expires 90d',
                [("[y/N]", "y")],
            )
        ],
    ),
    Part(
        "Import",
        "Bob has the file that the console gave him. It goes into a profile, is tried out, and is shredded.",
        [("keywright import bob_accessKeys.csv --endpoint-url SERVER --region us-east-1", [("[y/N]", "y")])],
    ),
    Part(
        "Verify",
        "Whose key is it, from where, how old, and what may it do?",
        [("keywright verify --profile bob --can iam:CreateUser", [])],
    ),
    Part(
        "Why",
        "A denial is explained: what the tool printed is piped in.",
        [("aws iam create-user --user-name eve --profile bob 2>&1 | keywright why --profile admin", [])],
    ),
    Part(
        "Rotate",
        "The new key is made, put in place and tried out; the old one is ended once nothing uses it. On another day "
        "the same command goes on.",
        [("keywright rotate --profile bob", []), ("keywright rotate --dry-run --resume", [])],
    ),
    Part(
        "Watch", "What was done with Bob's keys, and with which tools?", [("keywright watch bob --profile admin", [])]
    ),
    Part("Audit", "What is left to mend in the account?", [("keywright audit --profile admin", [])]),
)


def record(folder: Path, server: LiveServer, account: Account) -> str:
    """Run all of it, and write the page; AWS's command is the one of the tests."""
    home = folder / "home"
    home.mkdir()
    secrets = _prepare(home, server, account)
    screens = [
        (command, _at_terminal(home, server, command, answers)) for part in PARTS for command, answers in part.commands
    ]
    normalise = _normaliser(home, server, account)
    page = normalise("\n".join(_page(dict(screens))))
    assert not [one for one in secrets if one in page]
    return page


def _prepare(home: Path, server: LiveServer, account: Account) -> list[str]:
    """Have an administrator's profile, two users, and the console's file for one of them; give the secrets."""
    iam = boto3.client(
        "iam",
        endpoint_url=server.url,
        region_name="us-east-1",
        aws_access_key_id=account.access_key_id,
        aws_secret_access_key=account.secret_access_key,
    )
    document = json.dumps({"Version": "2012-10-17", "Statement": [_SELF_SERVICE]}, indent=2)
    for name in ("alice", "bob"):
        iam.create_user(UserName=name)
        iam.put_user_policy(UserName=name, PolicyName="own-keys", PolicyDocument=document)
    key = iam.create_access_key(UserName="bob")["AccessKey"]
    text = f"\ufeffAccess key ID,Secret access key\r\n{key['AccessKeyId']},{key['SecretAccessKey']}\r\n"
    (home / "bob_accessKeys.csv").write_text(text)
    typed = f"{account.access_key_id}\n{account.secret_access_key}\n"
    subprocess.run(
        [_KEYWRIGHT, "profiles", "set", "admin", "region=us-east-1", f"endpoint_url={server.url}", "--key"],
        env=_environment(home),
        input=typed,
        text=True,
        check=True,
        capture_output=True,
    )
    return [*account.secrets, key["SecretAccessKey"]]


def _environment(home: Path) -> dict[str, str]:
    commands = Path(__file__).parents[3] / "build" / "awscli" / "bin"
    path = f"{Path(_KEYWRIGHT).parent}:{commands}:{os.environ['PATH']}"
    return bare_environment(home, TERM="xterm") | {"PATH": path}


def _at_terminal(home: Path, server: LiveServer, command: str, answers: Sequence[tuple[str, str]]) -> str:
    """Run a command line on a terminal, answering its questions; give what the screen shows."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 40, _COLUMNS, 0, 0))
    process = subprocess.Popen(
        ["/bin/sh", "-c", command.replace("SERVER", server.url)],
        env=_environment(home),
        cwd=home,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    )
    os.close(slave)
    # A guard against waiting for ever: the end of the process ends the reading.
    guard = threading.Timer(120, process.kill)
    guard.start()
    screen, seen, left = b"", 0, list(answers)
    try:
        while True:
            try:
                screen += os.read(master, 65536)
            except OSError:
                break
            if left and left[0][0].encode() in screen[seen:]:
                seen = len(screen)
                os.write(master, f"{left.pop(0)[1]}\n".encode())
    finally:
        guard.cancel()
        os.close(master)
    process.wait(30)
    text = screen.decode()
    assert not left, text
    assert "Traceback" not in text, text
    return _shown(text)


def _shown(text: str) -> str:
    """Give what is left on the screen: no colour, no bars of progress."""
    lines = _SEQUENCE.sub("", text).replace("\r\n", "\n").split("\n")
    shown = [line.rpartition("\r")[2].rstrip() for line in lines]
    return "\n".join(line for line in shown if "━" not in line).strip("\n")


def _page(screens: Mapping[str, str]) -> Iterator[str]:
    yield "# A key's life, on a terminal"
    yield ""
    yield "Recorded from the real commands against a real server by `python -m tests.e2e.client.terminal_session`;"
    yield "a test runs it again. On AWS it looks the same, except for `--endpoint-url`. Ids, dates and addresses are"
    yield "samples."
    for part in PARTS:
        yield from (
            "",
            f"## {part.heading}",
            "",
            part.text,
            "",
            "<!-- not run: recorded; its own test -->",
            "```console",
        )
        for command, _ in part.commands:
            yield f"$ {command.replace('SERVER', 'http://127.0.0.1:4567')}"
            yield screens[command]
        yield "```"
    yield ""


def _normaliser(home: Path, server: LiveServer, account: Account) -> Callable[[str], str]:
    """Put the documentation's names in place of what differs from run to run."""
    keys: dict[str, str] = {}

    def key(found: re.Match[str]) -> str:
        return keys.setdefault(found[0], f"{found[0][:4]}IOSFODNN{'789ABCDEFGH'[len(keys)]}EXAMPLE")

    patterns: list[tuple[str, Any]] = [
        (re.escape(str(home)), "/home/you"),
        (re.escape(server.url), "http://127.0.0.1:4567"),
        (account.account_id, "123456789012"),
        (r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b", key),
        (r"\b(AIDA|AROA)[A-Z2-7]{17}\b", r"\1CKCEVSXXEXAMPLE"),
        (r"\b[0-9a-z]{25}\b", "0a1b2c3d4e5f6g7h8i9j0k1l2"),
        (r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b", "11111111-2222-3333-4444-555555555555"),
        (r"expires=20[2-9]\d-\d\d-\d\d\b", "expires=2027-02-22"),
        (r"\b20[2-9]\d-\d\d-\d\d([ T])\d\d:\d\d", r"2026-11-24\g<1>08:11"),
        (r"\b20[2-9]\d-\d\d-\d\d\b(?<!2027-02-22)", "2026-11-24"),
        (r"-[0-9a-f]{8}-20\d{6}T\d{6}\.\d+Z", "-0a1b2c3d-20261124T081111.123456789Z"),
        (r"[ \t]+$", ""),
    ]

    def normalise(text: str) -> str:
        for pattern, replacement in patterns:
            text = re.sub(pattern, replacement, text, flags=re.MULTILINE)
        return text

    return normalise


def main() -> None:
    """Record the page anew."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        account = make_account(folder / "data", home=folder)
        with LiveServer(folder) as server:
            PAGE.write_text(record(folder, server, account))


if __name__ == "__main__":
    main()
