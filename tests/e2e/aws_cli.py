"""The `aws` command of PyPI, run as a person runs it: in a home of its own, against one endpoint."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.e2e.live_server import bare_environment

AWS: Final = Path(__file__).parents[2] / "build" / "awscli" / "bin" / "aws"
_SECONDS: Final = 60
_ERROR: Final = re.compile(
    r"An error occurred \((\w+)\) when calling the (\w+) operation(?: \([^)]*\))?: (.*)", re.DOTALL
)


class CliError(NamedTuple):
    """What the CLI says of an error that the service answered."""

    code: str
    operation: str
    message: str


class AwsCli:
    """The CLI of one person: a home folder, the environment that they have set, and what they always type."""

    def __init__(self, home: Path, variables: Mapping[str, str], command: Path = AWS, *always: str) -> None:
        home.mkdir(exist_ok=True)
        self.home: Final = home
        self._command: Final = (str(command), *always)
        self._environment: Final = bare_environment(home, **variables)

    def run(self, *arguments: str, answers: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command; `answers` are typed at its prompts."""
        return subprocess.run(
            [*self._command, *arguments],
            env=self._environment,
            cwd=self.home,
            input=answers or "",
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        )

    def text(self, *arguments: str, answers: str | None = None) -> str:
        """Run a command that succeeds; give what it printed."""
        done = self.run(*arguments, answers=answers)
        assert (done.returncode, done.stderr) == (0, ""), arguments
        return done.stdout

    def json(self, *arguments: str) -> Any:
        """Run a command that succeeds and prints JSON; give it, None where it printed nothing."""
        printed = self.text(*arguments, "--output", "json")
        return json.loads(printed) if printed else None

    def error(self, *arguments: str) -> CliError:
        """Run a command that the service refuses; give the refusal."""
        done = self.run(*arguments)
        found = _ERROR.search(done.stderr)
        assert found, f"{arguments}: exit {done.returncode}, {done.stdout!r}, {done.stderr!r}"
        assert (done.returncode, done.stdout) == (254, "") or done.returncode == 255, done
        return CliError(found[1], found[2], found[3].strip())
