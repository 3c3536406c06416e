"""A server as a person runs it: the `keywright` command in a process of its own, on a port of its own."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

KEYWRIGHT: Final = Path(sys.executable).with_name("keywright")
_START_SECONDS: Final = 30
_STOP_SECONDS: Final = 40
ENDED_BY_SIGTERM: Final = frozenset({0, -signal.SIGTERM})
"""Exit codes of a good end: of its own, or by the signal, once all is done. systemd takes either for success."""
_ANNOUNCED: Final = re.compile(r"^Keywright serves at (\S+) ", re.MULTILINE)


class Account(NamedTuple):
    """A new account, as `--json` shows it."""

    account_id: str
    alias: str | None
    root_email: str
    root_password: str
    user_name: str
    password: str
    access_key_id: str
    secret_access_key: str

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read what `init --json` printed; its members are exactly these, in this order."""
        members = json.loads(text)
        assert list(members) == [
            "AccountId",
            "AccountAlias",
            "RootEmail",
            "RootPassword",
            "UserName",
            "Password",
            "AccessKeyId",
            "SecretAccessKey",
        ]
        return cls(*members.values())

    @property
    def secrets(self) -> tuple[str, str, str]:
        """Give what nobody may find anywhere but in the answer that showed it."""
        return self.root_password, self.password, self.secret_access_key


def bare_environment(home: Path, **variables: str) -> dict[str, str]:
    """Give the environment of somebody with nothing configured, and these variables."""
    bare = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", "AWS_EC2_METADATA_DISABLED": "true"}
    return bare | variables


def run_keywright(
    *arguments: str, home: Path, variables: Mapping[str, str] | None = None, seconds: float = _START_SECONDS
) -> subprocess.CompletedProcess[str]:
    """Run the `keywright` command to its end."""
    return subprocess.run(
        [str(KEYWRIGHT), *arguments],
        env=bare_environment(home, **(variables or {})),
        cwd=home,
        capture_output=True,
        text=True,
        timeout=seconds,
        check=False,
    )


def make_account(data: Path, *flags: str, home: Path, command: Sequence[str] = ("init",)) -> Account:
    """Make an account by `init`, or by another command."""
    done = run_keywright(*command, "--data", str(data), "--json", *flags, home=home)
    assert (done.returncode, done.stderr) == (0, "")
    return Account.from_json(done.stdout)


class LiveServer:
    """A running `keywright serve`; its standard output and its log are files, to be read at any time."""

    def __init__(
        self,
        folder: Path,
        *flags: str,
        data: Path | None = None,
        variables: Mapping[str, str] | None = None,
        name: str = "server",
    ) -> None:
        self.data: Final = data or folder / "data"
        self._output: Final = folder / f"{name}.out"
        self._log: Final = folder / f"{name}.log"
        arguments = flags if variables is not None else ("--data", str(self.data), "--port", "0", *flags)
        if "--log-format" not in arguments and "KEYWRIGHT_LOG_FORMAT" not in (variables or {}):
            arguments = (*arguments, "--log-format", "json")
        with self._output.open("wb") as output, self._log.open("wb") as log:
            self.process: Final = subprocess.Popen(
                [str(KEYWRIGHT), "serve", *arguments],
                env=bare_environment(folder, **(variables or {})),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=log,
            )
        self.url: Final = self._wait_for_announcement()
        self.port: Final = int(self.url.rpartition(":")[2])

    def _wait_for_announcement(self) -> str:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            announced = _ANNOUNCED.search(self.output)
            if announced:
                return announced[1]
            if self.process.poll() is not None:
                raise AssertionError(f"serve ended with {self.process.returncode}: {self.log}")
            time.sleep(0.02)
        self.process.kill()
        raise AssertionError(f"serve announced nothing in {_START_SECONDS} s: {self.output}{self.log}")

    @property
    def output(self) -> str:
        """Read what it has printed."""
        return self._output.read_text()

    @property
    def log(self) -> str:
        """Read what it has logged."""
        return self._log.read_text()

    def log_lines(self) -> list[dict[str, Any]]:
        """Read the log; each line of it is one JSON object."""
        return [json.loads(line) for line in self.log.splitlines()]

    def line_of(self, request_id: str) -> dict[str, Any]:
        """Wait for the log line of a request, which is written once the answer has left."""
        self.wait_for_log(f'"request_id":"{request_id}"')
        (found,) = [line for line in self.log_lines() if line.get("request_id") == request_id]
        return found

    def wait_for_log(self, text: str) -> str:
        """Wait until a text stands in the log; give the log."""
        deadline = time.monotonic() + 5
        while text not in (log := self.log):
            assert time.monotonic() < deadline, log
            time.sleep(0.02)
        return log

    def begin_stop(self) -> None:
        """Ask it to stop, as systemd and docker do."""
        self.process.send_signal(signal.SIGTERM)

    def stop(self) -> int:
        """Stop it; give its exit code."""
        if self.process.poll() is None:
            self.begin_stop()
        try:
            return self.process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.stop()
