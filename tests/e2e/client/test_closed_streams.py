"""Output that nobody reads, that is closed, or that cannot be written: no traceback, whatever the command."""

from __future__ import annotations

import shlex
import subprocess
from pathlib import Path

import pytest

from keywright.client.cli.subcommands import SUBCOMMANDS
from tests.e2e.live_server import KEYWRIGHT, bare_environment

LINES = ["--help", "--version", "serve --help", "profiles list --json", "nonsense", "credential-process nowhere"]
CLOSINGS = [
    *("| head -c 1", "| true", "2>&1 | true"),
    *(">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"),
    *("> /dev/full", "2> /dev/full"),
]


def run(home: Path, line: str) -> subprocess.CompletedProcess[str]:
    """Run a line of a shell; what each process says ends in a file that is read."""
    return subprocess.run(
        ["/bin/bash", "-c", line],
        env=bare_environment(home),
        cwd=home,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize("closing", CLOSINGS)
def test_no_traceback(tmp_path: Path, closing: str) -> None:
    """However a shell closes the streams, nothing but the command's own words is printed, and no code is Python's."""
    for line in LINES:
        done = run(tmp_path, f"{shlex.quote(str(KEYWRIGHT))} {line} {closing}; echo ended ${{PIPESTATUS[0]}} >> codes")
        said = done.stdout + done.stderr
        assert "Traceback" not in said, (line, said)
        assert "Exception ignored" not in said, (line, said)
        assert "lost sys.std" not in said, (line, said)
    codes = {int(code.split()[1]) for code in (tmp_path / "codes").read_text().splitlines()}
    assert codes <= {0, 1, 2}


def test_a_closed_stream_is_no_file(tmp_path: Path) -> None:
    """With standard output closed, what a command writes into its files does not go there by mistake."""
    keywright = shlex.quote(str(KEYWRIGHT))
    done = run(tmp_path, f"{keywright} profiles set a region=eu-west-1 >&- && {keywright} profiles list")
    assert (done.returncode, done.stderr) == (0, "")
    assert "eu-west-1" in done.stdout
    assert (tmp_path / ".aws" / "config").read_text() == "[profile a]\nregion = eu-west-1\n"


def test_every_subcommand(tmp_path: Path) -> None:
    """Each subcommand's help can be cut short."""
    keywright = shlex.quote(str(KEYWRIGHT))
    names = [" ".join(one.words) for one in SUBCOMMANDS][::6]
    done = run(tmp_path, "; ".join(f"{keywright} {name} --help | head -c 1 > /dev/null" for name in names))
    assert done.stderr == ""
