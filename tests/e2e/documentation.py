"""
The pages of the documentation as a reader follows them: one terminal, every command in its order, an empty home.

A block of commands is a fenced block marked `console`:

- a line that begins with `$ ` is typed, and so are the `> ` lines below it, which continue it;
- a line `PROMPT: ANSWER` below it answers a question that the command asks, in one word;
- any other line is output: a sample, which is not compared;
- a command is expected to succeed, unless its comment names another exit code (`# … exit 1`), or what it fails with,
  which is then on the screen (`# fails: AccessDenied`);
- a command that serves is left running, and the reader goes on in another terminal;
- `<!-- not run: REASON -->` above a block leaves it out.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple, Self

import pexpect

from tests.e2e.aws_cli import AWS

ROOT: Final = Path(__file__).parents[2]
_FENCE: Final = re.compile(r"^```(\w*)$")
_NOT_RUN: Final = re.compile(r"^<!-- not run: (\S.*) -->$")
_ANSWERED: Final = re.compile(r"^(\S.*[:\]?]) (\S+)$")
_EXIT: Final = re.compile(r"#.*\bexit (\d+)")
_FAILS: Final = re.compile(r"#.*\bfails: (\w+)")
_SERVES: Final = re.compile(r"^keywright serve\b")
_PROMPT: Final = re.compile(r"«(\d+)»")
_SECONDS: Final = 120


class Command(NamedTuple):
    """A command of a page, the line it is on, and the answers to its questions."""

    line: int
    text: str
    answers: tuple[tuple[str, str], ...]

    def ends_as_written(self, code: int, screen: str) -> bool:
        """Return whether the command ended as the page says."""
        if fails := _FAILS.search(self.text):
            return code != 0 and fails[1] in screen
        found = _EXIT.search(self.text)
        return code == (int(found[1]) if found else 0)

    @property
    def serves(self) -> bool:
        """Return whether it runs until it is stopped."""
        return _SERVES.match(self.text) is not None


class Block(NamedTuple):
    """A fenced block: its language, its lines, and why it is not run, if it is not."""

    line: int
    language: str
    lines: tuple[str, ...]
    not_run: str | None

    def commands(self) -> Iterator[Command]:
        """Read the commands with their answers."""
        text, at = "", 0
        answers: list[tuple[str, str]] = []
        for number, line in enumerate(self.lines, self.line + 1):
            if line.startswith("$ "):
                if text:
                    yield Command(at, text, tuple(answers))
                text, answers, at = line[2:], [], number
            elif line.startswith("> ") and text:
                text += "\n" + line[2:]
            elif answered := _ANSWERED.match(line):
                answers.append((answered[1], answered[2]))
        if text:
            yield Command(at, text, tuple(answers))


def blocks_of(page: Path) -> list[Block]:
    """Read the fenced blocks of a page."""
    found: list[Block] = []
    language, begins = "", 0
    inside: list[str] | None = None
    marker: str | None = None
    for number, line in enumerate(page.read_text().splitlines(), 1):
        fence = _FENCE.match(line)
        if inside is None and fence:
            language, inside, begins = fence[1], [], number
        elif inside is not None and line == "```":
            found.append(Block(begins, language, tuple(inside), marker))
            inside, marker = None, None
        elif inside is not None:
            inside.append(line)
        elif not_run := _NOT_RUN.match(line):
            marker = not_run[1]
        elif line.strip():
            marker = None
    return found


class Terminal:
    """Terminals of one reader: they share a home; the commands on PATH are those of this checkout."""

    def __init__(self, home: Path, port: int, **variables: str) -> None:
        home.mkdir(parents=True, exist_ok=True)
        self._home: Final = home
        self._port: Final = port
        self._environment: Final = _environment(home, port) | variables
        self._shell: Final = self._open()
        self._serving: list[pexpect.spawn[str]] = []
        self.screen = ""

    def run(self, command: Command) -> int:
        """Type a command, answer its questions, and return its exit code."""
        text = command.text.replace(":4580", f":{self._port}")
        if command.serves:
            self._serve(text)
            return 0
        self._shell.sendline(text)
        screen = ""
        for question, answer in command.answers:
            self._shell.expect_exact(question.replace("/home/you", str(self._home)), timeout=_SECONDS)
            screen += str(self._shell.before) + question
            self._shell.sendline(answer)
        # Each line of a command that goes on over several lines has a prompt of its own.
        for _ in range(text.count("\n") + 1):
            self._shell.expect(_PROMPT, timeout=_SECONDS)
            screen += str(self._shell.before)
        self.screen = screen
        match = self._shell.match
        assert isinstance(match, re.Match)
        return int(match[1])

    def _serve(self, text: str) -> None:
        shell = self._open()
        self._serving.append(shell)
        shell.sendline(text)
        shell.expect(r"Keywright serves at \S+", timeout=_SECONDS)

    def _open(self) -> pexpect.spawn[str]:
        shell: pexpect.spawn[str] = pexpect.spawn(
            "/bin/bash",
            ["--norc", "--noprofile"],
            env=self._environment,
            cwd=str(self._home),
            encoding="utf-8",
            echo=False,
            dimensions=(50, 200),
        )
        shell.expect(_PROMPT, timeout=_SECONDS)
        return shell

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        for shell in self._serving:
            shell.sendintr()
            shell.expect(_PROMPT, timeout=_SECONDS)
        for shell in (*self._serving, self._shell):
            shell.close(force=True)


def _environment(home: Path, port: int) -> dict[str, str]:
    commands = home.parent / f"{home.name}-bin"
    commands.mkdir(exist_ok=True)
    (commands / "keywright").symlink_to(Path(sys.executable).with_name("keywright"))
    (commands / "aws").symlink_to(AWS)
    return {
        "HOME": str(home),
        "PATH": f"{commands}:{os.environ['PATH']}",
        "LANG": "C.UTF-8",
        "TERM": "dumb",
        "PS1": "«$?»",
        "PS2": "«0»",
        "AWS_EC2_METADATA_DISABLED": "true",
        # The page's port may be taken on this machine.
        "KEYWRIGHT_PORT": str(port),
    }
