"""
The bench: what a signed, durably recorded GetCallerIdentity costs, against a bare server and the peers.

Run: make bench, or python -m tests.bench [--rounds N] [--seconds S]. It takes about seven minutes, writes
build/bench/result.json, and exits 0 whatever the figures are; 1 when a part did not run.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from . import contestants
from .contestants import Contestant, DidNotRun
from .grouping import measure_grouping
from .report import as_json, goal_lines, goals, table
from .rounds import BUSY, measure_load, measure_starts
from .server_process import ServerProcess
from .signed_request import sign_caller_identity
from .wrk import Wrk

ROOT: Final = Path(__file__).parents[2]
BUILD: Final = ROOT / "build" / "bench"
_MAX_SECONDS: Final = 80
"""Rounds times seconds: each server is loaded twice a round, and the request is good for a quarter of an hour."""
_STARTS: Final = 11
"""How many starts the median is of: one may take half as long again as the next."""
PARTS: Final = (
    *("sigv4_verify", "protocol_roundtrip", "policy_decisions", "growth"),
    *("scan_history", "leak_recall", "console_figures"),
)
"""Modules beside this one that measure one part each, by themselves."""


def main() -> int:
    """Measure, print and save; give the exit code."""
    options = _options()
    troubles: list[str] = []
    try:
        _measure_servers(options.rounds, options.seconds, troubles)
    except DidNotRun as error:
        troubles.append(str(error))
    _measure_parts(troubles)
    for trouble in troubles:
        print(f"DID NOT RUN: {trouble}", file=sys.stderr)
    return 1 if troubles else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure the server and its peers.")
    parser.add_argument("--rounds", type=int, choices=range(1, 21), default=5, metavar="N", help="1 to 20 [5]")
    parser.add_argument("--seconds", type=int, choices=range(1, 11), default=4, metavar="S", help="each load, 1-10 [4]")
    options = parser.parse_args()
    if options.rounds * options.seconds > _MAX_SECONDS:
        parser.error(f"rounds times seconds is over {_MAX_SECONDS}: the signature would not last")
    return options


def _measure_servers(rounds: int, seconds: int, troubles: list[str]) -> None:
    peers = _peers(troubles)
    folder = BUILD / "run"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    ours, account = contestants.keywright(folder / "data")
    request = sign_caller_identity(account["AccessKeyId"], account["SecretAccessKey"])
    wrk = Wrk(request, folder)
    wire = request.wire()
    bare = contestants.bare(_save_answer(ours, wire, folder))
    everyone = [ours, bare, *peers]
    machine = _machine()
    print(f"{machine}\nstarting each server, {_STARTS + 1} times ...", flush=True)
    measured = measure_starts(everyone, wire, folder, times=_STARTS)
    with ExitStack() as running:
        servers = []
        for contestant in everyone:
            servers.append(ServerProcess(contestant, wire, folder))
            running.callback(servers[-1].stop)
        measure_load(servers, measured, wrk, rounds=rounds, seconds=seconds, say=_say)
        database = folder / "data" / "keywright.db"
        grouping = measure_grouping(wrk, servers[0].port, database, connections=BUSY, seconds=2)
    measurements = {contestant.name: seen for contestant, seen in zip(everyone, measured, strict=True)}
    judged = goals(measurements)
    print(f"\nA signed GetCallerIdentity; medians of {rounds} rounds of {seconds} s, one thread of wrk\n")
    print(table(measurements))
    print(f"\nCommits at {BUSY} connections: {grouping.commits} for {grouping.events} events", end="")
    print(f", {grouping.events / max(grouping.commits, 1):.1f} to a commit")
    print(f"\nGoals (issue 2):\n{goal_lines(judged)}")
    _save({"machine": machine, "rounds": rounds, "seconds": seconds} | as_json(measurements, judged, grouping))


def _peers(troubles: list[str]) -> list[Contestant]:
    """Install the peers; one that cannot be had is a trouble, and no reason to stop."""
    found = []
    makers: list[tuple[Callable[[Path], Contestant], str]] = [
        (contestants.moto, "moto"),
        (contestants.ministack, "ministack"),
    ]
    for make, name in makers:
        try:
            found.append(make(BUILD / name))
        except DidNotRun as error:
            troubles.append(str(error))
    return found


def _save_answer(ours: Contestant, wire: bytes, folder: Path) -> Path:
    """Keep our own answer for the bare server to give, so that both send the same bytes."""
    server = ServerProcess(ours, wire, folder)
    server.stop()
    answer = server.first_answer
    file = folder / "answer.json"
    file.write_text(
        json.dumps({"status": answer.status, "headers": answer.headers, "body": answer.body.decode("utf-8")})
    )
    return file


def _machine() -> str:
    load = os.getloadavg()[0]
    busy = "; it is doing other work too: the figures are noisy" if load > 0.5 else ""
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.release()}, Python {platform.python_version()}, "
        f"uvicorn {version('uvicorn')}, {contestants.MOTO}, {contestants.MINISTACK}, load {load:.2f}{busy}"
    )


def _save(result: dict[str, Any]) -> None:
    file = BUILD / "result.json"
    file.write_text(json.dumps({"at": datetime.now(UTC).isoformat(timespec="seconds")} | result, indent=2) + "\n")
    print(f"\nAll of it is in {file.relative_to(ROOT)}", flush=True)


def _measure_parts(troubles: list[str]) -> None:
    for name in PARTS:
        print(f"\n{name}:", flush=True)
        done = subprocess.run([sys.executable, "-m", f"tests.bench.{name}"], cwd=ROOT, check=False)
        if done.returncode != 0:
            troubles.append(f"tests/bench/{name}.py ended with {done.returncode}")


def _say(text: str) -> None:
    print(text, flush=True)


if __name__ == "__main__":
    sys.exit(main())
