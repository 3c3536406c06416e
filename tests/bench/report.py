"""The figures as a table, beside the goals that issue #2 set, and as a file."""

from __future__ import annotations

import statistics
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any, Final, NamedTuple

from .grouping import Grouping
from .rounds import ALONE, BUSY, Measured, median_ratio

OURS: Final = "Keywright"
BARE: Final = "bare uvicorn"
MOTO: Final = "moto_server"
MINISTACK: Final = "ministack"

Measurements = Mapping[str, Measured]
_HEADINGS: Final = (
    "",
    f"CPU µs c={BUSY}",
    "min-max",
    "kernel",
    "x bare",
    f"req/s c={BUSY}",
    "p99 ms",
    f"CPU µs c={ALONE}",
    "kernel",
    "x bare",
    f"req/s c={ALONE}",
    "start ms",
    "MB start",
    "MB after",
)


class Goal(NamedTuple):
    """What was asked for, what came out, and whether that is enough; None where a peer is not there to compare."""

    text: str
    reached: str
    met: bool | None


def table(measurements: Measurements) -> str:
    """Write one line a server, in columns."""
    lines = [_HEADINGS, *(_cells(name, seen, measurements) for name, seen in measurements.items())]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if first else cell.rjust(width)
            for first, cell, width in zip((True, *[False] * (len(widths) - 1)), line, widths, strict=True)
        ).rstrip()
        for line in lines
    )


def _cells(name: str, seen: Measured, measurements: Measurements) -> tuple[str, ...]:
    busy = seen.cpu_microseconds(BUSY)
    return (
        name,
        f"{statistics.median(busy):.0f}",
        f"{min(busy):.0f}-{max(busy):.0f}",
        _kernel(seen, BUSY),
        _times_bare(seen, measurements, BUSY),
        f"{statistics.median(seen.requests_a_second(BUSY)):.0f}",
        f"{statistics.median(sample.load.p99_milliseconds for sample in seen.samples[BUSY]):.1f}",
        f"{statistics.median(seen.cpu_microseconds(ALONE)):.0f}",
        _kernel(seen, ALONE),
        _times_bare(seen, measurements, ALONE),
        f"{statistics.median(seen.requests_a_second(ALONE)):.0f}",
        f"{statistics.median(seen.start_milliseconds):.0f}",
        f"{seen.megabytes_at_start:.0f}",
        f"{seen.megabytes_after_load:.0f}",
    )


def _kernel(seen: Measured, connections: int) -> str:
    return f"{statistics.median(sample.system_microseconds for sample in seen.samples[connections]):.0f}"


def _times_bare(seen: Measured, measurements: Measurements, connections: int) -> str:
    bare = measurements[BARE].cpu_microseconds(connections)
    return f"{median_ratio(seen.cpu_microseconds(connections), bare):.2f}"


def goals(measurements: Measurements) -> list[Goal]:
    """Judge; CPU at many connections, memory after the load."""
    ours = measurements[OURS]
    cost = median_ratio(ours.cpu_microseconds(BUSY), measurements[BARE].cpu_microseconds(BUSY))
    memory = max(ours.megabytes_at_start, ours.megabytes_after_load)
    return [
        Goal("CPU a request within 2.2 times the bare server's", f"{cost:.2f} times", cost <= 2.2),
        _less_than_peer(measurements, MOTO, 30),
        _less_than_peer(measurements, MINISTACK, 8),
        _start(measurements),
        Goal("resident memory at most 80 MB", f"{memory:.1f} MB", memory <= 80),
    ]


def _less_than_peer(measurements: Measurements, peer: str, wanted: float) -> Goal:
    text = f"CPU a request {wanted:.0f} times less than {peer}'s"
    if peer not in measurements:
        return Goal(text, f"{peer} did not run", None)
    ratio = median_ratio(measurements[peer].cpu_microseconds(BUSY), measurements[OURS].cpu_microseconds(BUSY))
    return Goal(text, f"{ratio:.1f} times less", ratio >= wanted)


def _start(measurements: Measurements) -> Goal:
    text = f"start to first signed answer no slower than {MOTO}'s"
    ours = statistics.median(measurements[OURS].start_milliseconds)
    if MOTO not in measurements:
        return Goal(text, f"{ours:.0f} ms; {MOTO} did not run", None)
    theirs = statistics.median(measurements[MOTO].start_milliseconds)
    return Goal(text, f"{ours:.0f} ms to {theirs:.0f} ms", ours <= theirs)


def goal_lines(judged: list[Goal]) -> str:
    """Write one line a goal."""
    verdicts = {True: "met", False: "NOT MET", None: "not judged"}
    return "\n".join(f"  {verdicts[goal.met]:10}  {goal.text}: {goal.reached}" for goal in judged)


def as_json(measurements: Measurements, judged: list[Goal], grouping: Grouping | None) -> dict[str, Any]:
    """Give everything that was measured, round by round."""
    return {
        "servers": {name: asdict(seen) for name, seen in measurements.items()},
        "goals": [goal._asdict() for goal in judged],
        "grouping": grouping and grouping._asdict(),
    }
