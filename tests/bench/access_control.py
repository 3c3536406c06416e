"""
Who asks who is calling: docs/comparison.md's commands, run against the peers; prints the page's table.

Run: python -m tests.bench.access_control [--write]. With --write the table goes into README.md and docs/comparison.md.
"""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from tests.e2e.aws_cli import AWS

from . import contestants
from .contestants import MINISTACK, MOTO, Contestant

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = ROOT / "docs" / "comparison.md"
_README: Final = ROOT / "README.md"
_START_SECONDS: Final = 60
_SECONDS: Final = 120
_TABLE: Final = re.compile(r"^\| \| Keywright \|.*\n(?:\|.*\n)+", re.MULTILINE)
_ADMINISTRATOR: Final = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
"""What the emulators' own documentation tells people to set."""


class Question(NamedTuple):
    """A heading of the page, a statement, and the commands that end with exit code 0 or 254 where it is true."""

    statement: str
    commands: str


class Peer(NamedTuple):
    """A server to ask, and what its column says of it."""

    title: str
    contestant: Contestant


def questions() -> tuple[str, list[Question]]:
    """Read the page: what comes first, and the questions."""
    page = PAGE.read_text().partition("## The commands")[2]
    first, *sections = page.split("\n### ")
    # The page's first block starts Keywright; a peer runs already.
    setting_up = _commands(first.partition("instead. Then:")[2])
    return setting_up, [Question(one.partition("\n")[0], _commands(one)) for one in sections]


def table(columns: Mapping[str, Sequence[bool]]) -> str:
    """Write the table of the answers, one column a server."""
    statements = [question.statement for question in questions()[1]]
    rows = [["", *columns], ["---"] * (len(columns) + 1)]
    for number, statement in enumerate(statements):
        rows.append([statement, *("yes" if answers[number] else "**no**" for answers in columns.values())])
    return "".join(f"| {' | '.join(row)} |\n".replace("|  |", "| |") for row in rows)


def table_of(page: Path) -> str:
    """
    Return the table that a page has.

    Raises: AssertionError where it has none.
    """
    found = _TABLE.search(page.read_text())
    assert found, f"{page.name} has no table"
    return found[0]


def ask(peer: Peer, folder: Path) -> list[bool]:
    """Start a peer, run the page's commands against it, and return for each statement whether it is true."""
    setting_up, asked = questions()
    folder.mkdir(parents=True)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
    environment = {
        "HOME": str(folder),
        "PATH": f"{AWS.parent}:{os.environ['PATH']}",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_MAX_ATTEMPTS": "1",
        **_ADMINISTRATOR,
    }
    start = _starter(peer.contestant, port, folder)
    process = start()
    try:
        answers: list[bool] = []
        for question in asked:
            commands = question.commands
            if "kill -9" in commands:
                process.kill()
                process.wait()
                process = start()
                commands = "\n".join(line for line in commands.splitlines() if line.startswith("aws "))
            # Each is asked in the same shell's state: the key's id and its secret.
            first = setting_up if not answers else "read -r ID SECRET < alice.key"
            answers.append(_as_written(f"set -e\n{first}", commands, environment, folder))
        return answers
    finally:
        process.kill()
        process.wait()


def _starter(contestant: Contestant, port: int, folder: Path) -> Callable[[], subprocess.Popen[bytes]]:
    def start() -> subprocess.Popen[bytes]:
        with (folder / "server.log").open("ab") as log:
            process = subprocess.Popen(
                contestant.command_at(port),
                env=contestant.environment_at(port, folder),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            with closing(socket.socket()) as connecting:
                if connecting.connect_ex(("127.0.0.1", port)) == 0:
                    return process
            time.sleep(0.1)
        process.kill()
        raise TimeoutError(f"{contestant.name} does not listen after {_START_SECONDS} s")

    return start


def _commands(text: str) -> str:
    typed = re.findall(r"^(?:\$|>) (.*)$", text, re.MULTILINE)
    return "\n".join(typed)


def _as_written(first: str, commands: str, environment: Mapping[str, str], folder: Path) -> bool:
    """Run commands in one shell; return whether all succeed, and the last fails as the page says, if it says so."""
    done = subprocess.run(
        ["bash", "-c", f"{first}\n{commands}"],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    with (folder / "answers.log").open("a") as log:
        log.write(f"{commands}\n{done.stdout}{done.stderr}")
    fails = re.search(r"# fails: (\w+)$", commands)
    if fails is None:
        return done.returncode == 0
    # The last command failed, not one before it: what it failed with is on the screen.
    return done.returncode != 0 and fails[1] in done.stderr


def peers(folder: Path) -> list[Peer]:
    """
    Install the peers where they are not yet.

    Raises: DidNotRun.
    """
    ministack = contestants.ministack(folder / "ministack")
    strict = Contestant("ministack", ministack.command, {**ministack.environment, "AUTH": "true", "PERSIST_STATE": "1"})
    moto, _, moto_version = MOTO.rpartition("==")
    return [
        Peer(f"{moto.partition('[')[0]} {moto_version}", contestants.moto(folder / "moto")),
        Peer(f"MiniStack {MINISTACK.rpartition('==')[2]}", ministack),
        Peer("MiniStack, `AUTH=true`", strict),
    ]


def main() -> int:
    """Ask everybody and print the table."""
    columns: dict[str, Sequence[bool]] = {"Keywright": [True] * len(questions()[1])}
    with TemporaryDirectory() as name:
        for number, peer in enumerate(peers(ROOT / "build" / "bench")):
            columns[peer.title] = ask(peer, Path(name) / str(number))
            print((Path(name) / str(number) / "answers.log").read_text(), file=sys.stderr)
    written = table(columns)
    print(written)
    if "--write" in sys.argv[1:]:
        for page in (_README, PAGE):
            page.write_text(_TABLE.sub(lambda _: written, page.read_text()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
