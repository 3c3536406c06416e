"""`keywright completion`: each shell is asked what it would offer."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from keywright.client.cli.subcommands import SUBCOMMANDS
from tests.e2e.client.conftest import Person
from tests.e2e.live_server import bare_environment

FILES = {
    "config": '[default]\n[profile work]\n[profile "a b"]\n[sso-session s]\n[services x]\n',
    "credentials": "# [no]\n[work]\n[play]\n",
}
ASK = {
    "bash": """
        source ./script
        COMP_WORDS=($1 "$2"); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); COMP_LINE="$1 $2"; COMP_POINT=${#COMP_LINE}
        $(complete -p keywright | sed -E 's/.*-F ([^ ]+).*/\\1/') keywright "$2" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\\n' "${COMPREPLY[@]}"
    """,
    "fish": 'source ./script; complete -C "$argv[1] $argv[2]" | cut -f 1',
}


def offered(person: Person, shell: str, line: str, word: str = "") -> list[str]:
    """Give what a shell offers for a word after a line."""
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not there: apt-get install {shell}")
    script = person.keywright("completion", shell)
    assert (script.returncode, script.stderr) == (0, "")
    (person.home / "script").write_text(script.stdout)
    name = ["ask"] if shell == "bash" else []
    done = subprocess.run(
        [shell, "-c", ASK[shell], *name, line, word],
        env=bare_environment(person.home),
        cwd=person.home,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return sorted(done.stdout.split("\n"))[1:] if done.stdout.endswith("\n") else sorted(done.stdout.split("\n"))


@pytest.fixture
def at_home(person: Person) -> Person:
    """Have somebody with profiles."""
    person.credentials.parent.mkdir(mode=0o700)
    for name, text in FILES.items():
        (person.home / ".aws" / name).write_text(text)
    return person


@pytest.mark.parametrize("shell", sorted(ASK))
def test_subcommands_flags_and_choices(at_home: Person, shell: str) -> None:
    """A shell offers the subcommands, their actions, their flags, and what a flag may be."""
    first = {one.words[0] for one in SUBCOMMANDS} | {"serve", "init", "backup", "restore", "check", "recover", "move"}
    assert first <= set(offered(at_home, shell, "keywright"))
    assert {"--help", "--version"} <= set(offered(at_home, shell, "keywright", "--"))
    assert {"list", "lint", "fix"} <= set(offered(at_home, shell, "keywright profiles"))
    assert {"--for", "--store", "--csv"} <= set(offered(at_home, shell, "keywright issue", "--"))
    assert offered(at_home, shell, "keywright issue --store") == ["file", "keyring", "plain"]


@pytest.mark.parametrize("shell", sorted(ASK))
def test_profiles(at_home: Person, shell: str) -> None:
    """A shell offers the names of the profiles of both AWS files, also those that a variable names."""
    names = ["a b", "default", "play", "work"]
    assert offered(at_home, shell, "keywright profiles show") == names
    assert offered(at_home, shell, "keywright verify --profile") == names
    assert offered(at_home, shell, "keywright verify --profile", "w") == ["work"]


@pytest.mark.parametrize("shell", sorted(ASK))
def test_files(at_home: Person, shell: str) -> None:
    """A shell offers files where a file is taken."""
    (at_home.home / "bob_accessKeys.csv").touch()
    assert "bob_accessKeys.csv" in offered(at_home, shell, "keywright import", "bob")


def test_zsh_reads_it(at_home: Person) -> None:
    """Zsh takes the script without a word, and its part that finds the profiles finds them."""
    if shutil.which("zsh") is None:
        pytest.skip("zsh is not there: apt-get install zsh")
    (at_home.home / "script").write_text(at_home.keywright("completion", "zsh").stdout)
    program = 'autoload -Uz compinit && compinit -u && eval "$(<script)" && _keywright_profile_names'
    done = subprocess.run(
        ["zsh", "-f", "-c", program],
        env=bare_environment(at_home.home),
        cwd=at_home.home,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout.splitlines(), done.stderr) == (["a b", "default", "play", "work"], "")
