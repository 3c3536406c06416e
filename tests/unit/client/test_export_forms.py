"""The forms of `export`, read by the very shells that they are for, where those are there."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keywright.client.export_forms import FORMS, add_mask, dotenv, env, fish, github_env, gitlab, powershell

AWKWARD = {
    "A": "plain/+=",
    "B": 'it\'s "quoted" $HOME `id` \\ \\n',
    "C": " # no comment ",
    "D": "ünïcödé ‘typographic’",
    "E": "%PATH% !x {y} ~ * ? \\'",
    "F": "",
}
SHELLS = ("sh", "dash", "bash", "zsh")


def shell(name: str) -> str:
    """Find a shell, or skip."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not there")
    return path


def evaluated(command: list[str], script: Path) -> dict[str, str]:
    """Give the variables that a process of a shell has after it has evaluated a script."""
    done = subprocess.run(
        [*command, str(script)], capture_output=True, env={"PATH": "/usr/bin:/bin", "GONE": "x"}, check=True, timeout=30
    )
    assert done.stderr == b""
    return dict(one.split("=", 1) for one in done.stdout.decode().split("\0") if one)


@pytest.mark.parametrize("name", SHELLS)
def test_env(tmp_path: Path, name: str) -> None:
    """A POSIX shell that evaluates it has every value as it is, and none that was to go."""
    script = tmp_path / "script"
    script.write_text(env(AWKWARD, ["GONE", "NEVER_THERE"]) + "env -0\n")
    found = evaluated([shell(name)], script)
    assert {key: found.get(key) for key in AWKWARD} == AWKWARD
    assert "GONE" not in found


def test_fish(tmp_path: Path) -> None:
    """So has fish."""
    script = tmp_path / "script"
    script.write_text(fish(AWKWARD, ["GONE", "NEVER_THERE"]) + "env -0\n")
    found = evaluated([shell("fish"), "--no-config"], script)
    assert {key: found.get(key) for key in AWKWARD} == AWKWARD
    assert "GONE" not in found


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=30))
def test_dotenv_is_read_back(value: str) -> None:
    """What a .env file's quotes hold is the value, by the rules that its readers share."""
    line = dotenv({"A": value}, []).removeprefix("A=").removesuffix("\n")
    if line.startswith("'"):
        read = line[1:-1]
        assert "'" not in read
    elif line.startswith('"'):
        read = re.sub(r"\\(.)", r"\1", line[1:-1])
        assert re.search(r'(?<!\\)(\\\\)*["$`]', line[1:-1]) is None
    else:
        read = line
        assert re.search(r"[\s'\"#$`\\]", line) is None
    assert read == value


def test_dotenv_is_plain_where_it_can_be() -> None:
    """Keys, secrets, tokens, regions and endpoints need no quotes, which `docker run --env-file` would keep."""
    values = {"A": "wJalr/+K7=", "B": "https://[::1]:4580/x?y=1", "C": "http://127.0.0.1:4580", "D": "/etc/ca.pem"}
    assert dotenv(values, []) == (
        "A=wJalr/+K7=\nB='https://[::1]:4580/x?y=1'\nC=http://127.0.0.1:4580\nD=/etc/ca.pem\n"
    )


def test_dotenv_is_sourced(tmp_path: Path) -> None:
    """A shell that sources it has the values too."""
    file = tmp_path / "values.env"
    file.write_text(dotenv(AWKWARD, []))
    script = tmp_path / "script"
    script.write_text(f"set -a\n. {file}\nenv -0\n")
    found = evaluated([shell("sh")], script)
    assert {key: found.get(key) for key in AWKWARD} == AWKWARD


def test_powershell() -> None:
    """PowerShell's single quotes, typographic ones too, are doubled; what was to go is removed without complaint."""
    assert powershell({"A": "it's ‘x’ $y"}, ["GONE", "B"]) == (
        "Remove-Item -ErrorAction SilentlyContinue Env:GONE, Env:B\n$Env:A = 'it''s ‘‘x’’ $y'\n"
    )


def test_powershell_is_read_back() -> None:
    """PowerShell itself has every value as it is."""
    script = powershell(AWKWARD, []) + "".join(f"[Console]::Out.Write($Env:{name} + [char]0)\n" for name in AWKWARD)
    done = subprocess.run([shell("pwsh"), "-NoProfile", "-Command", script], capture_output=True, check=True)
    assert done.stdout.decode().split("\0")[:-1] == list(AWKWARD.values())


def test_json() -> None:
    """The JSON is one object of the variables."""
    assert json.loads(FORMS["json"](AWKWARD, [])) == AWKWARD


def test_gitlab() -> None:
    """`glab variable import` gets a list; secrets are masked, and nothing in a value is expanded."""
    found = json.loads(gitlab({"AWS_ACCESS_KEY_ID": "AKIA", "AWS_SECRET_ACCESS_KEY": "$x", "AWS_REGION": "r"}, []))
    assert [(one["key"], one["value"], one["masked"], one["raw"]) for one in found] == [
        ("AWS_ACCESS_KEY_ID", "AKIA", False, True),
        ("AWS_SECRET_ACCESS_KEY", "$x", True, True),
        ("AWS_REGION", "r", False, True),
    ]
    assert set(found[0]) == {
        *("key", "value", "variable_type", "protected", "masked", "hidden", "raw", "environment_scope", "description")
    }


def test_github() -> None:
    """A mask is a workflow command with its escapes; the file of GITHUB_ENV has a variable a line, unquoted."""
    assert add_mask("100%\r\n") == "::add-mask::100%25%0D%0A\n"
    assert github_env({"A": "x y", "B": "'z'"}) == "A=x y\nB='z'\n"
