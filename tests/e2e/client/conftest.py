"""A person's home, with the `keywright` and the `aws` command in it."""

from __future__ import annotations

import itertools
import json
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.aws_cli import AwsCli
from tests.e2e.live_server import KEYWRIGHT, bare_environment


class Person:
    """Somebody with AWS files of their own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.aws = AwsCli(home, {})
        self.config = home / ".aws" / "config"
        self.credentials = home / ".aws" / "credentials"

    def keywright(
        self, *arguments: str, typed: str = "", variables: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run our command; `typed` stands on its standard input."""
        done = subprocess.run(
            [str(KEYWRIGHT), *arguments],
            env=bare_environment(self.home, **(variables or {})),
            cwd=self.home,
            input=typed,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def json(self, *arguments: str, code: int = 0, variables: Mapping[str, str] | None = None) -> Any:
        """Run our command with --json; give what it printed."""
        done = self.keywright(*arguments, "--json", variables=variables)
        assert done.returncode == code, done
        return json.loads(done.stdout)


NewPerson = Callable[[], Person]


@pytest.fixture(scope="module")
def new_person(tmp_path_factory: pytest.TempPathFactory, aws_command: None) -> NewPerson:
    """Give people with empty homes."""
    numbers = itertools.count()
    return lambda: Person(tmp_path_factory.mktemp(f"person-{next(numbers)}"))


@pytest.fixture
def person(new_person: NewPerson) -> Person:
    """Have one person with an empty home."""
    return new_person()
