"""
The measuring.

The servers take turns, so that whatever else the machine does meets all of them alike; what counts is the median of the
rounds, and a ratio is the median of each round's own ratio.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from .contestants import Contestant, DidNotRun
from .server_process import ServerProcess
from .wrk import Load, Wrk

BUSY: Final = 64
ALONE: Final = 1
CONNECTIONS: Final = (BUSY, ALONE)


@dataclass(frozen=True, slots=True)
class Sample:
    """One server in one round, under so many connections."""

    cpu_microseconds: float
    """CPU time of the server's process group, for each request."""
    system_microseconds: float
    """What of it the kernel spent: sockets and disk."""
    requests_a_second: float
    load: Load


@dataclass(slots=True)
class Measured:
    """All that was seen of one server."""

    start_milliseconds: list[float] = field(default_factory=list)
    """From its command to its first signed answer."""
    megabytes_at_start: float = 0.0
    megabytes_after_load: float = 0.0
    samples: dict[int, list[Sample]] = field(default_factory=lambda: {connections: [] for connections in CONNECTIONS})

    def cpu_microseconds(self, connections: int) -> list[float]:
        """Give each round's CPU time a request."""
        return [sample.cpu_microseconds for sample in self.samples[connections]]

    def requests_a_second(self, connections: int) -> list[float]:
        """Give each round's throughput."""
        return [sample.requests_a_second for sample in self.samples[connections]]


def median_ratio(above: Sequence[float], below: Sequence[float]) -> float:
    """Compare two servers round by round."""
    return statistics.median(one / other for one, other in zip(above, below, strict=True))


def measure_starts(contestants: Sequence[Contestant], request: bytes, folder: Path, *, times: int) -> list[Measured]:
    """
    Start each server a number of times, and stop it again; the first time only fills the disk's cache.

    Raises: DidNotRun.
    """
    measured = [Measured() for _ in contestants]
    for time in range(times + 1):
        for contestant, seen in zip(contestants, measured, strict=True):
            server = ServerProcess(contestant, request, folder)
            server.stop()
            if time:
                seen.start_milliseconds.append(server.start_milliseconds)
    return measured


def measure_load(
    servers: Sequence[ServerProcess],
    measured: Sequence[Measured],
    wrk: Wrk,
    *,
    rounds: int,
    seconds: int,
    say: Callable[[str], None],
) -> None:
    """
    Load the running servers in turn.

    Raises: DidNotRun.
    """
    for server, seen in zip(servers, measured, strict=True):
        seen.megabytes_at_start = server.resident_megabytes()
        _load(server, wrk, connections=BUSY, seconds=1)
    for number in range(1, rounds + 1):
        for connections in CONNECTIONS:
            for server, seen in zip(servers, measured, strict=True):
                seen.samples[connections].append(_load(server, wrk, connections=connections, seconds=seconds))
        shown = "  ".join(
            f"{server.name} {seen.cpu_microseconds(BUSY)[-1]:.0f}/{seen.cpu_microseconds(ALONE)[-1]:.0f}"
            for server, seen in zip(servers, measured, strict=True)
        )
        say(f"round {number} of {rounds}, CPU µs a request at {BUSY}/{ALONE} connections: {shown}")
    for server, seen in zip(servers, measured, strict=True):
        seen.megabytes_after_load = server.resident_megabytes()


def _load(server: ServerProcess, wrk: Wrk, *, connections: int, seconds: int) -> Sample:
    before = server.cpu_time()
    try:
        load = wrk.run(server.port, connections=connections, seconds=seconds)
    except DidNotRun as error:
        raise DidNotRun(f"{server.name} at {connections} connections: {error}") from error
    after = server.cpu_time()
    system_seconds = after.system_seconds - before.system_seconds
    cpu_seconds = after.user_seconds - before.user_seconds + system_seconds
    return Sample(
        cpu_seconds / load.requests * 1e6,
        system_seconds / load.requests * 1e6,
        load.requests / load.seconds,
        load,
    )
