"""Who is measured, each started as its own documentation says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

MOTO: Final = "moto[server]==5.2.5"
MINISTACK: Final = "ministack==1.5.33"


class DidNotRun(Exception):
    """A part of the bench could not be run; the message says why."""


@dataclass(frozen=True, slots=True)
class Contestant:
    """A server to measure; `{port}` in a word of its command or environment becomes the port that it gets."""

    name: str
    command: tuple[str, ...]
    environment: dict[str, str] = field(default_factory=dict)

    def command_at(self, port: int) -> list[str]:
        """Give the command that serves at a port."""
        return [word.format(port=port) for word in self.command]

    def environment_at(self, port: int, home: Path) -> dict[str, str]:
        """Give the environment: this one's without what would steer a server or its Python, and a home of its own."""
        steering = ("AWS_", "KEYWRIGHT_", "PYTHON")
        kept = {name: value for name, value in os.environ.items() if not name.startswith(steering)}
        return kept | {"HOME": str(home)} | {name: value.format(port=port) for name, value in self.environment.items()}


def keywright(data: Path) -> tuple[Contestant, dict[str, str]]:
    """
    Make an account in a new store; give the server on that store, and the account with its key.

    Raises: DidNotRun.
    """
    command = str(Path(sys.executable).with_name("keywright"))
    made = _run([command, "init", "--data", str(data), "--json"])
    serve = (command, "serve", "--data", str(data), "--port", "{port}", "--log-format", "json")
    account: dict[str, str] = json.loads(made)
    return Contestant("Keywright", serve), account


def bare(answer_file: Path) -> Contestant:
    """Give the server of one fixed answer."""
    app = Path(__file__).with_name("bare_app.py")
    return Contestant("bare uvicorn", (sys.executable, str(app), "{port}", str(answer_file)))


def moto(folder: Path) -> Contestant:
    """
    Install moto where it is not yet.

    Raises: DidNotRun.
    """
    _install(folder, MOTO)
    return Contestant("moto_server", (str(folder / "bin" / "moto_server"), "-H", "127.0.0.1", "-p", "{port}"))


def ministack(folder: Path) -> Contestant:
    """
    Install MiniStack where it is not yet.

    Raises: DidNotRun.
    """
    _install(folder, MINISTACK)
    return Contestant("ministack", (str(folder / "bin" / "ministack"),), {"GATEWAY_PORT": "{port}"})


def _install(folder: Path, requirement: str) -> None:
    mark = folder / ".installed"
    if mark.exists() and mark.read_text() == requirement:
        return
    print(f"installing {requirement} in {folder}, which takes up to a minute ...", flush=True)
    _run([sys.executable, "-m", "venv", "--clear", str(folder)])
    _run([str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", requirement])
    mark.write_text(requirement)


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        why = done.stderr.strip().splitlines() or ["no word of why"]
        raise DidNotRun(f"{Path(command[0]).name} {' '.join(command[1:4])} ... ended with {done.returncode}: {why[-1]}")
    return done.stdout
