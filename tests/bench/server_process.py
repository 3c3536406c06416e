"""A server as a process group: started, watched through /proc, and stopped."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Final, NamedTuple

from .contestants import Contestant, DidNotRun
from .signed_request import Answer, ask

_TICKS_A_SECOND: Final = os.sysconf("SC_CLK_TCK")
_START_SECONDS: Final = 60.0
_STOP_SECONDS: Final = 15.0
_LOOK_SECONDS: Final = 0.002


class _Stat(NamedTuple):
    """What /proc/PID/stat says, as far as it matters here (proc_pid_stat(5))."""

    group: int
    user_ticks: int
    system_ticks: int
    """Both with what the process's ended children spent."""


class CpuTime(NamedTuple):
    """CPU time, to a hundredth of a second."""

    user_seconds: float
    system_seconds: float


class ServerProcess:
    """A running server, the leader of a process group that everything it starts is in."""

    def __init__(self, contestant: Contestant, request: bytes, folder: Path) -> None:
        """
        Start it, and wait until it has answered the request with 200.

        Raises: DidNotRun.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.name: Final = contestant.name
        self.port: Final = free_port()
        self._log: Final = folder / f"{contestant.name.replace(' ', '-')}.log"
        started = time.perf_counter()
        with self._log.open("ab") as log:
            self._process: Final = subprocess.Popen(
                contestant.command_at(self.port),
                env=contestant.environment_at(self.port, folder),
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        try:
            self.first_answer: Final = self._first_answer(request, started + _START_SECONDS)
        except DidNotRun:
            self.stop()
            raise
        self.start_milliseconds: Final = (time.perf_counter() - started) * 1000

    def _first_answer(self, request: bytes, deadline: float) -> Answer:
        last = "it never listened"
        while time.perf_counter() < deadline:
            if self._process.poll() is not None:
                raise DidNotRun(f"{self.name} ended with {self._process.returncode}; its log is {self._log}")
            try:
                answer = ask(self.port, request, seconds=_START_SECONDS)
            except (OSError, http.client.HTTPException) as error:
                last = str(error)
            else:
                if answer.status == 200:
                    return answer
                last = f"it answered {answer.status}: {answer.body[:300]!r}"
            time.sleep(_LOOK_SECONDS)
        raise DidNotRun(f"{self.name} did not answer within {_START_SECONDS:.0f} s: {last}; its log is {self._log}")

    def cpu_time(self) -> CpuTime:
        """Give the CPU time that the group has used so far."""
        stats = [stat for _, stat in self._members()]
        return CpuTime(
            sum(stat.user_ticks for stat in stats) / _TICKS_A_SECOND,
            sum(stat.system_ticks for stat in stats) / _TICKS_A_SECOND,
        )

    def resident_megabytes(self) -> float:
        """Give the group's memory in RAM now (VmRSS, a million bytes each)."""
        return sum(_resident_kibibytes(process) for process, _ in self._members()) * 1024 / 1e6

    def stop(self) -> None:
        """End the group, by force where it does not go by itself."""
        for how in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(self._process.pid, how)
                self._process.wait(_STOP_SECONDS)
            except ProcessLookupError:
                break
            except subprocess.TimeoutExpired:
                continue

    def _members(self) -> list[tuple[Path, _Stat]]:
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                stat = _read_stat(process)
            except (FileNotFoundError, ProcessLookupError):
                continue
            if stat.group == self._process.pid:
                found.append((process, stat))
        return found


def _read_stat(process: Path) -> _Stat:
    # The command's name may hold anything; what follows its last parenthesis is numbers.
    fields = (process / "stat").read_text().rpartition(")")[2].split()
    group, user, system, children_user, children_system = (int(fields[index]) for index in (2, 11, 12, 13, 14))
    return _Stat(group, user + children_user, system + children_system)


def _resident_kibibytes(process: Path) -> int:
    for line in (process / "status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


def free_port() -> int:
    """Find a port that nobody listens on; the peers cannot be told to choose one."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
