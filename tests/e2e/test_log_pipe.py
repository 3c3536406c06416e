"""A log that goes to a pipe which nobody reads: the server answers all the same, and says what is missing."""

from __future__ import annotations

import http.client
import os
import re
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.e2e.conftest import CopyStore
from tests.e2e.live_server import KEYWRIGHT, bare_environment

_REQUESTS = 6000


@pytest.mark.usefixtures("true_starts")
def test_a_log_that_nobody_reads(tmp_path: Path, copy_store: CopyStore) -> None:
    """Six thousand lines do not fit a pipe: none waits, the missing ones are counted, and SIGTERM has an end."""
    copy_store(tmp_path / "data")
    process = subprocess.Popen(
        [str(KEYWRIGHT), "serve", "--data", str(tmp_path / "data"), "--port", "0", "--log-format", "json"],
        env=bare_environment(tmp_path),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    connection: http.client.HTTPConnection | None = None
    try:
        announced = re.search(r"127\.0\.0\.1:(\d+)", process.stdout.readline())
        assert announced is not None
        connection = http.client.HTTPConnection("127.0.0.1", int(announced[1]), timeout=10)
        _ask(connection)
        os.set_blocking(process.stderr.fileno(), False)
        read = ""
        deadline = time.monotonic() + 20
        while "lines are missing here" not in read and time.monotonic() < deadline:
            read += process.stderr.read() or ""
            time.sleep(0.01)
        said = re.search(r"in time: (\d+) lines are missing here", read)
        assert said is not None
        assert read.count('"status":') + int(said[1]) == _REQUESTS
        # Nobody reads now either, and the end comes.
        _ask(connection)
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
        assert time.monotonic() - began < 15
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()
        if connection is not None:
            connection.close()


def _ask(connection: http.client.HTTPConnection) -> None:
    for _ in range(_REQUESTS):
        connection.request("GET", "/nothing-is-here")
        connection.getresponse().read()
