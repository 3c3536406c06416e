"""README and docs/: every block of commands, run as it is written."""

from __future__ import annotations

import re
import shutil
import socket
from pathlib import Path
from typing import Final

import pytest

from tests.bench import access_control
from tests.bench.contestants import Contestant
from tests.e2e.documentation import ROOT, Block, Terminal, blocks_of

_PAGES: Final = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
_NAMES: Final = [str(page.relative_to(ROOT)) for page in _PAGES]
_SHOWN: Final = re.compile(r"^(?:    )+(?:\$ )?(?:keywright|aws|make|pip|pipx|uv|docker|systemctl) ", re.MULTILINE)
_SYNOPSES: Final = {"docs/cli.md"}
"""Pages whose indented lines say how a command is written, with its arguments' names: no commands to run."""
_OPTIONAL: Final = frozenset({"git", "ssh-keygen", "age", "openssl"})


def _run_blocks(page: Path) -> list[Block]:
    return [block for block in blocks_of(page) if block.language == "console" and block.not_run is None]


def _pages_with_commands() -> list[Path]:
    return [page for page in _PAGES if _run_blocks(page)]


@pytest.fixture
def port() -> int:
    """Return a free port."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return int(listening.getsockname()[1])


def test_readme_opens_with_run_and_test() -> None:
    """The first block of the README sets up and starts, and sets up and tests; CI runs both."""
    first = blocks_of(ROOT / "README.md")[0]
    assert [command.text.split("#")[0].split() for command in first.commands()] == [["make", "run"], ["make", "test"]]


@pytest.mark.parametrize("name", _NAMES)
def test_commands_are_in_blocks_that_are_run(name: str) -> None:
    """A page shows commands in `console` blocks only: what is not run says why, in the page's source."""
    page = ROOT / name
    assert not [block.line for block in blocks_of(page) if block.language in {"", "sh", "bash", "shell", "text"}]
    if name not in _SYNOPSES:
        assert not _SHOWN.findall(page.read_text())


@pytest.mark.usefixtures("aws_command")
@pytest.mark.parametrize("page", _pages_with_commands(), ids=lambda page: str(page.relative_to(ROOT)))
def test_the_page_can_be_followed(page: Path, tmp_path: Path, port: int) -> None:
    """Who follows the page from an empty home sees every command end as the page says."""
    commands = [command for block in _run_blocks(page) for command in block.commands()]
    missing = sorted({word for one in commands for word in one.text.split()} & _OPTIONAL - _found())
    if missing:
        pytest.skip(f"not on this machine: {', '.join(missing)}")
    with Terminal(tmp_path / "home", port) as terminal:
        for command in commands:
            code = terminal.run(command)
            seen = f"{page.name}:{command.line}: {command.text}\nexit {code}: {terminal.screen}"
            assert command.ends_as_written(code, terminal.screen), seen


@pytest.mark.usefixtures("aws_command")
def test_the_comparison_is_true_of_moto(tmp_path: Path) -> None:
    """README and docs/comparison.md have one table, and its column of moto is what moto answers."""
    table = access_control.table_of(access_control.PAGE)
    assert table == access_control.table_of(ROOT / "README.md")
    moto = ROOT / "build" / "moto" / "bin" / "moto_server"
    if not moto.exists():
        pytest.skip("moto_server is not there: make build/moto/.installed")
    peer = access_control.Peer("moto", Contestant("moto", (str(moto), "-H", "127.0.0.1", "-p", "{port}")))
    answers = ["yes" if answer else "**no**" for answer in access_control.ask(peer, tmp_path / "moto")]
    assert [row.split(" | ")[2] for row in table.splitlines()[2:]] == answers


def _found() -> frozenset[str]:
    return frozenset(word for word in _OPTIONAL if shutil.which(word))
