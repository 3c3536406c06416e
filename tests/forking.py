"""
Have the tests' commands forked from a process that has imported what they import (tests/fork_server.py).

A start of `keywright` takes a quarter of a second, one of `aws` two fifths, nearly all of it imports. A forked command
is one process like any other, with its arguments, environment, folder, streams and signals; it can be killed. What acts
on Python's start itself is started by it, and so is the first command of each verb in a process of the tests, lest
something is only there because it was imported before. `TESTS_FORK=0` has every command started.
"""

from __future__ import annotations

import atexit
import inspect
import json
import os
import re
import select
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from tests.fork_server import LENGTH, NUMBER

_ROOT: Final = Path(__file__).parents[1]
KEYWRIGHT: Final = str(Path(sys.executable).with_name("keywright"))
AWS: Final = str(_ROOT / "build" / "awscli" / "bin" / "aws")
_SERVER: Final = Path(__file__).with_name("fork_server.py")
_START: Final = subprocess.Popen
_OUR_MODULES: Final[tuple[str, ...]] = ("keywright.*", "boto3", "uvloop")
_AWS_MODULES: Final[tuple[str, ...]] = ("awscli.clidriver", "awscli.handlers", "s3transfer.manager")
_ACTS_ON_THE_START: Final = re.compile(r"PYTHON|LC_|LD_|LANG|MALLOC_|GLIBC_|OPENSSL_CONF|AWS_DATA_PATH")
_GROUPS: Final = frozenset({"account", "audit", "profiles", "store"})
"""Whose second word is a verb, too."""
_SIGNATURE: Final = inspect.signature(_START._execute_child)  # type: ignore[attr-defined]
_ORDINARY: Final[dict[str, tuple[Any, ...]]] = {
    "executable": (None,),
    "preexec_fn": (None,),
    "pass_fds": ((),),
    "close_fds": (True,),
    "shell": (False,),
    "restore_signals": (True,),
    "gid": (None,),
    "gids": (None,),
    "uid": (None,),
    "umask": (-1,),
    "process_group": (None, -1),
}
"""What a child can be asked to be, and is; anything else is a matter of a true start."""


class ForkServer:
    """A process that forks commands; it ends with this one."""

    def __init__(self, python: str, modules: Sequence[str]) -> None:
        self._folder: Final = tempfile.TemporaryDirectory(prefix="keywright-fork-")
        self._address: Final = f"{self._folder.name}/socket"
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(self._address)
            listener.listen(64)
            self._process: Final = _START(
                [python, str(_SERVER), str(listener.fileno()), *modules],
                env={"PATH": os.environ["PATH"], "LANG": "C.UTF-8"},
                stdin=subprocess.PIPE,
                pass_fds=(listener.fileno(),),
            )
        atexit.register(self._stop)

    def ask(self, request: Mapping[str, Any], streams: Sequence[int]) -> tuple[int, socket.socket]:
        """Have a child; give its number, and what tells of its end."""
        content = json.dumps(request).encode()
        link = socket.socket(socket.AF_UNIX)
        link.connect(self._address)
        socket.send_fds(link, [LENGTH.pack(len(content))], streams)
        link.sendall(content)
        number = link.recv(NUMBER.size)
        if not number:
            link.close()
            raise RuntimeError(f"the fork server ended with {self._process.wait()}")
        return NUMBER.unpack(number)[0], link

    def _stop(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()
        self._folder.cleanup()


class Forked(subprocess.Popen[Any]):
    """A process that is forked where that is the same as to start it."""

    _link: socket.socket | None = None

    def _execute_child(self, *given: Any) -> None:
        asked = _SIGNATURE.bind(self, *given).arguments
        server = _server_for(asked)
        if server is None:
            super()._execute_child(*given)  # type: ignore[misc]
            return
        streams = (asked["p2cread"], asked["c2pwrite"], asked["errwrite"])
        request = {
            "arguments": _program(asked["args"]),
            "environment": dict(os.environ if asked["env"] is None else asked["env"]),
            "folder": str(asked["cwd"] or Path.cwd()),
            "umask": _umask(),
            "session": bool(asked["start_new_session"]),
        }
        pipes = [asked[name] for name in ("p2cread", "p2cwrite", "c2pread", "c2pwrite", "errread", "errwrite")]
        try:
            self.pid, self._link = server.ask(
                request, [number if stream == -1 else stream for number, stream in enumerate(streams)]
            )
            self._child_created = True
        finally:
            self._close_pipe_fds(*pipes)  # type: ignore[attr-defined]

    def _internal_poll(self, *given: Any, **named: Any) -> int | None:
        if self._link is None:
            return super()._internal_poll(*given, **named)  # type: ignore[misc, no-any-return]
        return self._end(0)

    def _wait(self, timeout: float | None) -> int | None:
        if self._link is None:
            return super()._wait(timeout)  # type: ignore[misc, no-any-return]
        code = self._end(timeout)
        if code is None:
            assert timeout is not None  # INVARIANT: without one it has ended
            raise subprocess.TimeoutExpired(self.args, timeout)
        return code

    def _end(self, timeout: float | None) -> int | None:
        """Give the exit code; None where it has not ended in time."""
        with self._waitpid_lock:  # type: ignore[attr-defined]
            assert self._link is not None  # INVARIANT: it was forked
            if self.returncode is None and select.select([self._link], [], [], timeout)[0]:
                told = self._link.recv(NUMBER.size)
                self._link.close()
                if not told:
                    raise RuntimeError("the fork server has ended before its child")
                self.returncode = NUMBER.unpack(told)[0]
            return self.returncode


_servers: dict[str, ForkServer] = {}
_begun: set[tuple[str, ...]] = set()
_asked_to_start: list[bool] = []


def install() -> None:
    """Let `subprocess` fork what can be forked, in this process."""
    if os.environ.get("TESTS_FORK") != "0" and hasattr(os, "pidfd_open"):
        subprocess.Popen = Forked  # type: ignore[misc]


@contextmanager
def true_starts() -> Iterator[None]:
    """Start every command for a while."""
    _asked_to_start.append(True)
    try:
        yield
    finally:
        _asked_to_start.pop()


def _server_for(asked: Mapping[str, Any]) -> ForkServer | None:
    """Give the server that is to fork a command; None where it is to be started."""
    if _asked_to_start or isinstance(asked["args"], str | bytes | os.PathLike):
        return None
    if any(asked.get(name, allowed[0]) not in allowed for name, allowed in _ORDINARY.items()):
        return None
    if any(
        value != "C.UTF-8" for name, value in (asked["env"] or os.environ).items() if _ACTS_ON_THE_START.match(name)
    ):
        return None
    command, *arguments = map(os.fspath, asked["args"])
    python, modules = sys.executable, _OUR_MODULES
    if command == AWS:
        python, modules = str(Path(AWS).with_name("python")), _AWS_MODULES
    elif command != KEYWRIGHT and not (command == sys.executable and arguments[:1] == ["-c"]):
        return None
    if command != sys.executable and _is_first(command, arguments):
        return None
    if python not in _servers:
        _servers[python] = ForkServer(python, modules)
    return _servers[python]


def _is_first(command: str, arguments: Sequence[str]) -> bool:
    """Tell whether it is the first command of its verb."""
    verb = tuple(arguments[: 2 if arguments[:1] and arguments[0] in _GROUPS else 1]) if command == KEYWRIGHT else ()
    seen = (command, *verb) in _begun
    _begun.add((command, *verb))
    return not seen


def _program(command: Sequence[str]) -> list[str]:
    """Give the script with its arguments."""
    given = [os.fspath(one) for one in command]
    return given[1:] if given[0] == sys.executable else given


def _umask() -> int:
    (line,) = (line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("Umask:"))
    return int(line.split()[1], 8)
