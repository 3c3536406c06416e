"""`keywright completion SHELL`: what a shell needs to complete a command line, made from the subcommands by shtab."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from typing import Any, Final

import shtab

from keywright.client.cli.terminal import Exit

_NAMES: Final = """\
sed -nE 's/^[[:space:]]*\\[(profile[[:space:]]+)?"?([^]"]+)"?\\].*/\\2/p' "$config" "$credentials" 2>/dev/null \\
  | grep -vE '^(sso-session|services|plugins|preview)( |$)' | sort -u"""
"""The profiles' names, without starting Python at each press of a key."""

_BASH: Final = f"""\
_keywright_profile_names() {{
  local config="${{AWS_CONFIG_FILE:-$HOME/.aws/config}}"
  local credentials="${{AWS_SHARED_CREDENTIALS_FILE:-$HOME/.aws/credentials}}"
  {_NAMES}
}}
"""
_PREAMBLE: Final = {
    "bash": _BASH
    + """\
_keywright_profiles() {
  local IFS=$'\\n'
  compgen -W "$(_keywright_profile_names)" -- "$1"
}
""",
    "zsh": _BASH
    + """\
_keywright_profiles() {
  local -a names
  names=(${(f)"$(_keywright_profile_names)"})
  compadd -a names
}
""",
    "fish": f"""\
function _keywright_profiles
  set -l config "$HOME/.aws/config"
  set -l credentials "$HOME/.aws/credentials"
  test -n "$AWS_CONFIG_FILE"; and set config "$AWS_CONFIG_FILE"
  test -n "$AWS_SHARED_CREDENTIALS_FILE"; and set credentials "$AWS_SHARED_CREDENTIALS_FILE"
  {_NAMES}
end
""",
}
_PROFILE: Final = {"bash": "_keywright_profiles", "zsh": "_keywright_profiles", "fish": "(_keywright_profiles)"}


def run_completion(flags: Mapping[str, Any]) -> Exit:
    """Print the script."""
    parser = flags["parser"]
    for action in _actions(parser):
        complete = _complete(action)
        if complete is not None:
            action.complete = complete  # type: ignore[attr-defined]
    shell = flags["shell"]
    print(shtab.complete(parser, shell, preamble=_PREAMBLE[shell]))
    return Exit.FINE


def _actions(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in parser._actions:  # noqa: SLF001 - argparse has no public list
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001 - nor a public name for these
            for inner in action.choices.values():
                yield from _actions(inner)
        else:
            yield action


def _complete(action: argparse.Action) -> Mapping[str, Any] | None:
    """Say what an argument is completed with, by what the help calls it."""
    metavar = str(action.metavar)
    if metavar == "PROFILE" or "--profile" in action.option_strings:
        return _PROFILE
    if metavar.startswith("FILE") or metavar == "PATH":
        return shtab.FILE
    return shtab.DIRECTORY if metavar == "DIR" else None
