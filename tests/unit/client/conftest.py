"""What the client's tests share: AWS files of their own, and the command run in this process."""

from __future__ import annotations

import io
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from keywright.client.keystore.sealing import Derivation
from keywright.commands.main import main


class Done(NamedTuple):
    """What a command gave."""

    code: int
    out: str
    err: str


class Home:
    """A home folder with AWS files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.aws = folder / ".aws"
        self.aws.mkdir(mode=0o700)
        self.config = self.aws / "config"
        self.credentials = self.aws / "credentials"

    def place(self, *, config: str | bytes = "", credentials: str | bytes = "") -> None:
        """Put texts into the files."""
        for path, text in ((self.config, config), (self.credentials, credentials)):
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
            path.chmod(0o600)


Run = Callable[..., Done]


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """Be somebody with nothing configured."""
    for name in [name for name in os.environ if name.startswith(("KEYWRIGHT_", "AWS_", "XDG_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return Home(tmp_path)


@pytest.fixture
def run(home: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command; `stdin` is what it reads."""

    def run_command(*arguments: str, stdin: str = "") -> Done:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        try:
            code = main(arguments)
        except SystemExit as error:
            code = int(error.code or 0)
        printed = capsys.readouterr()
        return Done(code, printed.out, printed.err)

    return run_command


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the passphrases of new stores cost little to try."""
    monkeypatch.setattr(Derivation, "new", lambda: Derivation(secrets.token_hex(16), passes=1, memory_kib=64, lanes=1))
