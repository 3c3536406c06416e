"""Another implementation of AWS's APIs, moto_server: a command that passes there uses no private API of ours."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

_BUILD: Final = Path(__file__).parents[3] / "build"
_INSTALLED: Final = (_BUILD / "moto" / "bin" / "moto_server", _BUILD / "bench" / "moto" / "bin" / "moto_server")
_START_SECONDS: Final = 60


def moto_command() -> Path | None:
    """Find the command where `make e2e`, or `make bench`, installs it."""
    return next((path for path in _INSTALLED if path.exists()), None)


@contextmanager
def running_moto(command: Path, folder: Path) -> Iterator[str]:
    """Run a moto_server with nothing in it; gives its URL."""
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "KEYWRIGHT_"))}
    log = folder / "moto.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(command), "-H", "127.0.0.1", "-p", str(port)], env=environment, stdout=output, stderr=output
        )
    try:
        _wait_for(port, process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        else:
            return
