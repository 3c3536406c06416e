"""Start the agent, ask it, and end it: what the kernel keyring does, for machines that have none."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, NamedTuple

from keywright.client.errors import KeystoreError
from keywright.client.keystore import agent
from keywright.client.keystore.runtime_folders import is_private, own_folders

_PATIENCE_SECONDS: Final = 5
_MOST_BYTES: Final = 4096
_LONGEST_PATH: Final = 100
"""AF_UNIX allows 107 bytes, 103 on macOS."""


class Held(NamedTuple):
    """A secret that an agent holds."""

    secret: bytes
    process: int | None


def keep(name: str, secret: bytes, seconds: int, environment: Mapping[str, str]) -> None:
    """
    Have an agent hold a secret, in place of one that holds an earlier of this name.

    Raises: KeystoreError.
    """
    forget(name, environment)
    folder = _folder(environment)
    command = [sys.executable, "-I", "-S", agent.__file__, str(folder), _socket(name), str(seconds), str(len(secret))]
    try:
        subprocess.run(  # noqa: S603 - our own file, by our own interpreter
            command,
            input=secret,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            # Nothing of this session: neither its terminal, its folder nor its variables, which may hold secrets.
            start_new_session=True,
            cwd="/",
            env={},
            timeout=_PATIENCE_SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise KeystoreError(f"the agent that keeps the store unlocked does not start: {type(error).__name__}") from None
    if read(name, environment) is None:
        raise KeystoreError("the agent that keeps the store unlocked does not answer")


def read(name: str, environment: Mapping[str, str]) -> Held | None:
    """Ask for the secret of this name; None where no agent holds it."""
    return next((held for held in _answers(agent.GET, name, environment) if held.secret), None)


def forget(name: str, environment: Mapping[str, str]) -> bool:
    """End the agents that hold this name; return whether there was one."""
    return bool(list(_answers(agent.QUIT, name, environment)))


def _answers(question: bytes, name: str, environment: Mapping[str, str]) -> Iterator[Held]:
    """Ask each agent of this name; one that fails, or is another user's, is ignored."""
    for folder in own_folders(environment):
        if not is_private(folder) or not (folder / _socket(name)).exists():
            continue
        with contextlib.suppress(OSError), _address(folder, name) as address, socket.socket(socket.AF_UNIX) as one:
            one.settimeout(_PATIENCE_SECONDS)
            one.connect(address)
            user, process = agent.peer(one)
            if user == os.geteuid():
                one.sendall(question)
                yield Held(_all_of(one), process)


def _all_of(connection: socket.socket) -> bytes:
    """Read until the agent closes the connection."""
    answer = b""
    while part := connection.recv(_MOST_BYTES):
        answer += part
    return answer


@contextlib.contextmanager
def _address(folder: Path, name: str) -> Iterator[str]:
    path = folder / _socket(name)
    if len(os.fsencode(path)) <= _LONGEST_PATH:
        yield str(path)
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        yield f"/proc/self/fd/{descriptor}/{path.name}"
    finally:
        os.close(descriptor)


def _folder(environment: Mapping[str, str]) -> Path:
    """Choose the folder for the socket, and make it."""
    folder = next(own_folders(environment))
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise KeystoreError(f"the store cannot be kept unlocked: {error}") from error
    if not is_private(folder):
        raise KeystoreError(f"{folder} is another user's, or others can read it: remove it")
    return folder


def _socket(name: str) -> str:
    return f"agent-{name}"
