"""wrk, which makes the load."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from .contestants import DidNotRun
from .signed_request import SignedRequest

_MARK: Final = "RESULT "
_TELL: Final = """
function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '\\nRESULT {"requests":%d,"microseconds":%d,"refused":%d,"broken":%d,"p50":%d,"p99":%d}\\n',
    summary.requests, summary.duration, errors.status,
    errors.connect + errors.read + errors.write + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
"""


@dataclass(frozen=True, slots=True)
class Load:
    """What wrk saw."""

    requests: int
    seconds: float
    broken: int
    """Connections that failed or timed out."""
    p50_milliseconds: float
    p99_milliseconds: float


class Wrk:
    """Sends one signed request over and over, from one thread."""

    def __init__(self, request: SignedRequest, folder: Path) -> None:
        """
        Write the script.

        Raises: DidNotRun: wrk is not installed.
        """
        if shutil.which("wrk") is None:
            raise DidNotRun(
                "wrk makes the load, and is not installed: apt-get install wrk (Debian, Ubuntu), then again"
            )
        self._script: Final = folder / "request.lua"
        self._script.write_text(request.lua() + _TELL)

    def run(self, port: int, *, connections: int, seconds: int) -> Load:
        """
        Load a server on this machine.

        Raises: DidNotRun: an answer was not a success.
        """
        done = subprocess.run(
            ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", str(self._script), f"http://127.0.0.1:{port}/"],
            capture_output=True,
            text=True,
            check=False,
            timeout=seconds + 60,
        )
        line = next((line for line in done.stdout.splitlines() if line.startswith(_MARK)), None)
        if line is None:
            raise DidNotRun(f"wrk ended with {done.returncode}: {done.stderr.strip() or done.stdout.strip()}")
        told = json.loads(line.removeprefix(_MARK))
        if told["refused"] or not told["requests"]:
            raise DidNotRun(f"{told['refused']} of {told['requests']} answers were refusals")
        return Load(
            told["requests"], told["microseconds"] / 1e6, told["broken"], told["p50"] / 1000, told["p99"] / 1000
        )
