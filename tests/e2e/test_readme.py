"""The README's commands, as they are written."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Final

import pytest

from keywright.commands.main import parse
from tests.e2e.aws_cli import AwsCli

_README: Final = (Path(__file__).parents[2] / "README.md").read_text()
_COMMANDS: Final = [shlex.split(line, comments=True) for line in re.findall(r"^\$ (.+)$", _README, re.MULTILINE)]


def _commands_of(program: str) -> list[list[str]]:
    return [words[1:] for words in _COMMANDS if words[0] == program]


def test_readme_opens_with_run_and_test() -> None:
    """The first commands of the README are the two that set up and start, and set up and test; CI runs both."""
    assert _COMMANDS[:2] == [["make", "run"], ["make", "test"]]


def test_aws_commands_work_in_their_order(aws: AwsCli) -> None:
    """Who pastes the README's `aws` commands gets no error."""
    commands = [words for words in _commands_of("aws") if words != ["configure"]]
    assert len(commands) >= 5
    for words in commands:
        aws.text(*words)


@pytest.mark.parametrize("words", _commands_of("keywright"), ids=" ".join)
def test_keywright_commands_are_understood(words: list[str]) -> None:
    """Each `keywright` command of the README is one that the command line takes."""
    assert parse(words)["command"] == words[0]
