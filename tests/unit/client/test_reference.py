"""docs/cli.md, and what every subcommand has in common."""

from __future__ import annotations

import importlib.metadata
import json
import re
import subprocess
import sys
from typing import Any

import pytest

from keywright.client.cli.flags.subcommand import Subcommand
from keywright.client.cli.reference import cli_page
from keywright.client.cli.subcommands import SUBCOMMANDS
from keywright.client.lint_rules import RULES
from tests.unit.client.conftest import Home, Run

KEY = f"aws_access_key_id = AKIA{'Q' * 16}\naws_secret_access_key = {'s' * 40}\n"
HEAVY = ("botocore", "boto3", "rich", "keyring", "cryptography", "pyrage", "shtab", "sqlalchemy", "orjson")


def section(one: Subcommand) -> str:
    """Give a subcommand's part of the page."""
    return cli_page().partition(f"## {' '.join(one.words)}\n")[2].partition("\n## ")[0]


@pytest.mark.parametrize("one", SUBCOMMANDS, ids=lambda one: "-".join(one.words))
def test_every_flag_is_on_the_page(one: Subcommand, run: Run) -> None:
    """What a command's own help lists, the page lists."""
    text = run(*one.words, "--help").out
    flags = set(re.findall(r"--[a-z-]+", text)) - {"--help"}
    assert flags <= set(re.findall(r"--[a-z-]+", section(one)))


def test_every_rule_is_on_the_page() -> None:
    """Each rule of lint has its row, with its meaning."""
    for name, rule in RULES.items():
        assert f"| `{name}` | {rule.weight} | {rule.meaning} |" in cli_page()


def paths(value: Any, prefix: str = "") -> set[str]:
    """Give the path of each member of a JSON value."""
    found: set[str] = set()
    for name, inner in value.items():
        found.add(prefix + name)
        for one in inner if isinstance(inner, list) else []:
            if isinstance(one, dict):
                found |= paths(one, f"{prefix}{name}[].")
    return found


def documented(*words: str) -> set[str]:
    """Give the path of each member that the page lists of a subcommand's JSON."""
    (one,) = (one for one in SUBCOMMANDS if one.words == words)
    members = section(one).partition("| member |")[2]
    return set(re.findall(r"^\| `([A-Z]\w*(?:\[\]\.\w+)*)` \|", members, re.MULTILINE))


@pytest.mark.parametrize(
    "arguments",
    [
        ("profiles", "list"),
        ("profiles", "show", "a"),
        ("profiles", "set", "a", "output=json"),
        ("profiles", "rename", "a", "b"),
        ("profiles", "delete", "a", "--yes"),
        ("profiles", "lint"),
        ("profiles", "fix"),
    ],
)
def test_json_is_as_documented(home: Home, run: Run, arguments: tuple[str, ...]) -> None:
    """What --json prints has the members that the page lists, no more and no fewer."""
    home.place(config="[profile a]\nREGION = x\n", credentials=f"[a]\n{KEY}")
    printed = paths(json.loads(run(*arguments, "--json").out))
    assert printed == documented(*arguments[:2])


def run_alone(flag: str) -> str:
    """Run `keywright FLAG` in a process that must end well and import nothing heavy; give what it prints."""
    program = (
        "import sys\nfrom keywright.commands.main import main\n"
        f"try:\n    main([{flag!r}])\nexcept SystemExit as end:\n    code = end.code\n"
        f"print(code, [name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr == "0 []\n"
    return done.stdout


def test_help_loads_nothing_heavy() -> None:
    """`keywright --help` imports neither an SDK nor a database: it answers at once."""
    printed = run_alone("--help")
    assert all(one.words[0] in printed for one in SUBCOMMANDS)


def test_the_version() -> None:
    """`keywright --version` prints the installed package's version, as fast as --help."""
    assert run_alone("--version") == f"keywright {importlib.metadata.version('keywright')}\n"


def test_the_client_knows_no_server() -> None:
    """The client's modules import nothing of the server's; the policy engine, which is pure, is both's."""
    program = (
        "import importlib, pkgutil, sys, keywright.client as client\n"
        "for one in pkgutil.walk_packages(client.__path__, 'keywright.client.'):\n"
        "    importlib.import_module(one.name)\n"
        "print(sorted({name.split('.')[1] for name in sys.modules if name.startswith('keywright.')}))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "['aws', 'client', 'policy']\n"
