"""
Write variables as shells, CI services and their command lines read them, each quoted by its own rules.

github: for `gh secret set -f -`, which reads dotenv. github-env: what a step of GitHub Actions appends to the file that
GITHUB_ENV names. gitlab: for `glab variable import`, which reads the JSON that `glab variable export` writes.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Callable, Mapping, Sequence
from typing import Final

SECRET_VARIABLES: Final = ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
_PLAIN: Final = re.compile(r"[A-Za-z0-9_.,:/@%+=~-]+")
Form = Callable[[Mapping[str, str], Sequence[str]], str]
"""Writes variables, and takes back those that must not be there."""


def env(variables: Mapping[str, str], unset: Sequence[str]) -> str:
    """Write what a POSIX shell evaluates."""
    lines = [f"unset {' '.join(unset)}"] if unset else []
    return _lines([*lines, *(f"export {name}={shlex.quote(value)}" for name, value in variables.items())])


def fish(variables: Mapping[str, str], unset: Sequence[str]) -> str:
    """Write what fish evaluates: in its single quotes a backslash escapes itself and the quote."""

    def quoted(value: str) -> str:
        return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"

    lines = [f"set -e {' '.join(unset)}"] if unset else []
    return _lines([*lines, *(f"set -gx {name} {quoted(value)}" for name, value in variables.items())])


def powershell(variables: Mapping[str, str], unset: Sequence[str]) -> str:
    """Write what PowerShell evaluates: it takes typographic single quotes for quotes too, and a double one for one."""

    def quoted(value: str) -> str:
        return "'" + re.sub("(['‘’‚‛])", r"\1\1", value) + "'"

    lines = [f"Remove-Item -ErrorAction SilentlyContinue {', '.join(f'Env:{name}' for name in unset)}"] if unset else []
    return _lines([*lines, *(f"$Env:{name} = {quoted(value)}" for name, value in variables.items())])


def dotenv(variables: Mapping[str, str], _unset: Sequence[str]) -> str:
    """
    Write a .env file; plain where it can be, as `docker run --env-file` takes quotes for a part of the value.

    A value with a single quote goes into double ones, where what expands is escaped.
    """

    def quoted(value: str) -> str:
        if _PLAIN.fullmatch(value):
            return value
        if "'" not in value:
            return f"'{value}'"
        return '"' + re.sub(r'(["\\$`])', r"\\\1", value) + '"'

    return _lines([f"{name}={quoted(value)}" for name, value in variables.items()])


def as_json(variables: Mapping[str, str], _unset: Sequence[str]) -> str:
    """Write one JSON object."""
    return json.dumps(dict(variables), indent=2) + "\n"


def gitlab(variables: Mapping[str, str], _unset: Sequence[str]) -> str:
    """Write what `glab variable import` reads: secrets masked in logs, nothing expanded."""
    values = [
        {
            "key": name,
            "value": value,
            "variable_type": "env_var",
            "protected": False,
            "masked": name in SECRET_VARIABLES,
            "hidden": False,
            "raw": True,
            "environment_scope": "*",
            "description": "",
        }
        for name, value in variables.items()
    ]
    return json.dumps(values, indent=2) + "\n"


def add_mask(value: str) -> str:
    """Write the command by which GitHub Actions hides a value in the log, with its escapes."""
    escaped = value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return f"::add-mask::{escaped}\n"


def github_env(variables: Mapping[str, str]) -> str:
    """Write what goes into the file that GITHUB_ENV names; a value has no line end, so none needs a delimiter."""
    return _lines([f"{name}={value}" for name, value in variables.items()])


FORMS: Final[Mapping[str, Form]] = {
    "env": env,
    "dotenv": dotenv,
    "json": as_json,
    "github": dotenv,
    "gitlab": gitlab,
    "powershell": powershell,
    "fish": fish,
}


def _lines(lines: Sequence[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
