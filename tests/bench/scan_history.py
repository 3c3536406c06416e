"""
Measure `keywright scan --history` beside `git log -p --all` on the same repository, in turn, in the same run.

Run: python -m tests.bench.scan_history [--commits N] [--rounds N]. It makes two repositories in build/bench/scan by
`git fast-import`, one with a tenth of the commits, to see whether memory grows with the history.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

FOLDER: Final = Path(__file__).parents[2] / "build" / "bench" / "scan"
KEYWRIGHT: Final = Path(sys.executable).with_name("keywright")
_FILES: Final = 300
_LINES: Final = 150
_CHANGED_FILES: Final = 2
_CHANGED_LINES: Final = 12
_SECRET_LINES: Final = 0.01
"""A line in a hundred speaks of secrets, so that most files need a closer look."""
_LOOK_SECONDS: Final = 0.02
_MEMORY_GOAL: Final = 1.1
_WORDS: Final = ("value", "index", "result", "account", "request", "buffer", "total", "token", "signature")


class Cost(NamedTuple):
    """What a command took."""

    seconds: float
    cpu_seconds: float
    """Its children's too."""
    own_megabytes: float
    """The most that the command's own process had."""
    peak_megabytes: float
    """The most that one of its processes had, git's too."""


def main() -> int:
    """Measure, and say whether the goals are met; give 0 where it ran."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scan_history")
    parser.add_argument("--commits", type=int, default=10_000, metavar="N", help="in the larger repository [10000]")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="how often each is run, in turn [5]")
    options = parser.parse_args()
    large, small = (_repository(count) for count in (options.commits, options.commits // 10))
    ours = [str(KEYWRIGHT), "scan", "--history", "--offline"]
    theirs = ["git", "log", "-p", "--all"]
    rounds = [(_run(ours, large), _run(theirs, large)) for _ in range(options.rounds)]
    of_small = [_run(ours, small) for _ in range(3)]
    scans, logs = ([one[side] for one in rounds] for side in (0, 1))
    print(f"{options.commits:,} commits, {_megabytes(large):.0f} MB of .git, load {os.getloadavg()[0]:.1f}")
    for name, costs in (("keywright scan --history", scans), ("git log -p --all", logs)):
        seconds, cpu = (statistics.median(one[at] for one in costs) for at in (0, 1))
        own, peak = (max(one[at] for one in costs) for at in (2, 3))
        print(
            f"  {name:26}{seconds:7.2f} s {cpu:7.2f} s of CPU  peak {own:5.1f} MB, with its children's {peak:5.1f} MB"
        )
    ratio, cpu_ratio = (statistics.median(one[at] / other[at] for one, other in rounds) for at in (0, 1))
    growth = max(one.own_megabytes for one in scans) / max(one.own_megabytes for one in of_small)
    print(f"  time {ratio:.2f} times git's ({cpu_ratio:.2f} of CPU): {_verdict(ratio, 1)} (issue 6: no slower)")
    print(
        f"  our own peak {growth:.2f} times that for {options.commits // 10:,} commits:"
        f" {_verdict(growth, _MEMORY_GOAL)} (issue 6: flat); git's {max(one.peak_megabytes for one in of_small):.0f} MB"
        f" to {max(one.peak_megabytes for one in scans):.0f} MB, its caches are bounded"
    )
    return 0


def _verdict(ratio: float, goal: float) -> str:
    return "met" if ratio <= goal else "NOT MET"


def _repository(commits: int) -> Path:
    folder = FOLDER / f"{commits}"
    if (folder / "made").exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    importing = subprocess.Popen(["git", "fast-import", "--quiet"], cwd=folder, stdin=subprocess.PIPE)
    assert importing.stdin is not None
    with importing.stdin as stream:
        for part in _history(commits):
            stream.write(part)
    if importing.wait():
        raise SystemExit("git fast-import failed")
    subprocess.run(["git", "repack", "-adq"], cwd=folder, check=True)
    (folder / "made").touch()
    return folder


def _history(commits: int) -> Iterator[bytes]:
    """Give a stream for fast-import: each commit changes some lines of some files, as people do."""
    chance = random.Random(1)
    names = [f"src/part{number % 12}/sub{number % 5}/module{number}.py" for number in range(_FILES)]
    files = {name: [_line(chance) for _ in range(chance.randrange(10, 2 * _LINES))] for name in names}
    for number in range(commits):
        author = b"Ann <ann@example.com> %d +0000" % (1_600_000_000 + 60 * number)
        message = b"Change number %d\n" % number
        yield b"commit refs/heads/main\nauthor %s\ncommitter %s\n" % (author, author)
        yield b"data %d\n%s" % (len(message), message)
        # The first commit has all of them.
        for name in names if number == 0 else chance.sample(names, _CHANGED_FILES):
            lines = files[name]
            for _ in range(_CHANGED_LINES if number else 0):
                lines[chance.randrange(len(lines))] = _line(chance)
            content = b"".join(lines)
            yield b"M 100644 inline %s\ndata %d\n%s\n" % (name.encode(), len(content), content)


def _line(chance: random.Random) -> bytes:
    words = " ".join(chance.choices(_WORDS, k=chance.randrange(2, 9)))
    if chance.random() < _SECRET_LINES:
        words += " secret"
    return f"    {words} = {chance.randrange(10**6)}\n".encode()


def _run(command: Sequence[str], folder: Path) -> Cost:
    environment = {**os.environ, "GIT_PAGER": "cat", "GIT_CONFIG_GLOBAL": os.devnull}
    began = time.perf_counter()
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, env=environment) as process:
        own = 0.0
        while (ended := os.wait4(process.pid, os.WNOHANG))[0] == 0:
            own = max(own, _high_water(process.pid))
            time.sleep(_LOOK_SECONDS)
        _, status, used = ended
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} ended with {process.returncode}")
    # ru_maxrss, in KB, is the largest of the process and of those that it has waited for.
    return Cost(seconds, used.ru_utime + used.ru_stime, own, used.ru_maxrss / 1024)


def _high_water(pid: int) -> float:
    """Give the most memory that a process has had so far, in MB."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmHWM:")), 0)


def _megabytes(folder: Path) -> float:
    return sum(path.stat().st_size for path in (folder / ".git").rglob("*") if path.is_file()) / 1e6


if __name__ == "__main__":
    sys.exit(main())
