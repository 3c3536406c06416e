"""docs/man/keywright.1: every subcommand and flag is in it, and the man programs read it without a word."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from keywright.client.cli.arguments import usage_of
from keywright.client.cli.manual import manual_page
from keywright.client.cli.subcommands import SUBCOMMANDS

READERS = {
    "man": ("man", "--warnings", "-l"),
    "mandoc": ("mandoc", "-T", "lint", "-W", "style"),
    "groff": ("groff", "-ww", "-man", "-Tutf8", "-K", "utf8", "-z"),
}


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the page."""
    path = tmp_path_factory.mktemp("man") / "keywright.1"
    path.write_text(manual_page())
    return path


@pytest.mark.parametrize("reader", sorted(READERS))
def test_man_programs_read_it(page: Path, reader: str) -> None:
    """Neither man nor mandoc nor groff has anything to say against the page."""
    if shutil.which(READERS[reader][0]) is None:
        pytest.skip(f"{reader} is not there")
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(page.parent)}
    done = subprocess.run([*READERS[reader], str(page)], env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert reader == "man" or done.stdout == ""


def test_everything_is_in_it() -> None:
    """Each subcommand has its part, with each of its flags; the flags of all stand before them."""
    text = re.sub(r"\\f[BR]|\\&", "", manual_page()).replace("\\-", "-").replace("\\(aq", "'")
    assert {".B -h, --help", ".B --version"} <= set(text.partition(".SH COMMANDS")[0].splitlines())
    for one in SUBCOMMANDS:
        part = text.partition(f".SS {' '.join(one.words)}\n")[2].partition("\n.SS")[0]
        assert part, one.words
        for argument in usage_of(one).arguments:
            assert f".B {', '.join(argument.flags)} {argument.value}".replace("  ", " ").strip() in part
