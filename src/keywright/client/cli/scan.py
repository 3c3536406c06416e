"""`keywright scan`: keys in files and in git's history; whose they are; and an end to them."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from keywright.client.cli.documents import as_json
from keywright.client.cli.failures import Failure, failure
from keywright.client.cli.progress import progress
from keywright.client.cli.scan_documents import Scan, as_sarif, summary_of, table_of
from keywright.client.cli.terminal import Exit, is_interactive, note, paint, stop
from keywright.client.scan.baseline import BaselineError, read_baseline, write_baseline
from keywright.client.scan.findings import Finding
from keywright.client.scan.git import GitError, Repository, find_repository
from keywright.client.scan.hooks import HookError, install_hook
from keywright.client.scan.objects import all_objects, objects_named
from keywright.client.scan.owners import Owner, owners_offline
from keywright.client.scan.pushed import revisions_pushed
from keywright.client.scan.scanning import Live, Scanned, scan_files, scan_index, scan_objects


def run_scan(flags: Mapping[str, Any]) -> Exit:
    """Look, say what was found and whose it is, and do what was asked."""
    _refuse_usage(flags)
    try:
        if flags["install_hook"] is not None:
            return _install(flags)
        known = frozenset() if flags["write_baseline"] else _known(flags["baseline"])
        notes: list[str] = []
        alone = None if flags["offline"] else _IdsAlone(flags, notes)
        scanned = _look(flags, notes, alone)
    except (GitError, HookError) as error:
        stop(str(error), Exit.USAGE)
    if flags["write_baseline"]:
        write_baseline(Path(flags["baseline"]), scanned.findings)
    findings = tuple(one for one in scanned.findings if one.fingerprint not in known)
    keys, reached = _owners(flags, findings, notes)
    reached = reached and (alone is None or alone.reached)
    document = Scan(
        scanned=scanned.looked_at,
        findings=findings,
        baselined=len(scanned.findings) - len(findings),
        keys=keys,
        unread=scanned.unread,
        notes=tuple(notes),
    )
    _tell(document, flags, None if reached else failure(notes[-1], Exit.UNREACHABLE))
    if not reached:
        return Exit.UNREACHABLE
    return Exit.FINE if flags["write_baseline"] or not findings else Exit.NEGATIVE


def _refuse_usage(flags: Mapping[str, Any]) -> None:
    if flags["write_baseline"] and flags["baseline"] is None:
        stop("--write-baseline writes the file of --baseline FILE: name one", Exit.USAGE)
    if flags["write_baseline"] and flags["deactivate"]:
        stop("--write-baseline lets pass what --deactivate is to end: one of them", Exit.USAGE)
    if flags["json"] and flags["format"] not in {None, "json"}:
        stop(f"--json and --format {flags['format']} are two forms: one of them", Exit.USAGE)
    if flags["yes"] and not flags["deactivate"]:
        stop("--yes goes with --deactivate", Exit.USAGE)
    if flags["chain"] and flags["install_hook"] is None:
        stop("--chain goes with --install-hook", Exit.USAGE)
    if flags["deactivate"] and not flags["yes"] and not is_interactive():
        stop("--deactivate asks for each key; where nobody can be asked it takes --yes", Exit.USAGE)
    if len(flags["path"]) > 1 and (flags["history"] or flags["staged"] or flags["pushed"] or flags["install_hook"]):
        stop("of a repository name one folder, or none", Exit.USAGE)
    for path in flags["path"]:
        if not Path(path).exists():
            stop(f"there is no {path}", Exit.USAGE)


def _known(file: str | None) -> frozenset[str]:
    if file is None:
        return frozenset()
    try:
        return read_baseline(Path(file))
    except FileNotFoundError:
        stop(f"there is no baseline {file}: --write-baseline makes one", Exit.USAGE)
    except (BaselineError, OSError) as error:
        stop(str(error), Exit.USAGE)


def _repository(flags: Mapping[str, Any]) -> Repository:
    path = flags["path"][0] if flags["path"] else "."
    return find_repository(path if Path(path).is_dir() else str(Path(path).parent))


class _IdsAlone:
    """Asks which of the ids that stand without a secret are those of active keys."""

    def __init__(self, flags: Mapping[str, Any], notes: list[str]) -> None:
        self._flags = flags
        self._notes = notes
        self.reached = True
        """False: it was demanded, and nobody answered."""

    def __call__(self, ids: frozenset[str]) -> frozenset[str]:
        # Imported here: who finds nothing needs no SDK.
        from keywright.client.cli.scan_asking import ask

        owners, self.reached = ask(self._flags, owners_offline(ids, os.environ), self._notes, ending=False)
        return frozenset(one.access_key_id for one in owners if one.status == "Active")


def _look(flags: Mapping[str, Any], notes: list[str], live: Live | None) -> Scanned:
    if not (flags["history"] or flags["staged"] or flags["pushed"]):
        with progress("Looking through the files") as told:
            return scan_files(flags["path"] or ["."], told, live)
    repository = _repository(flags)
    with progress("Looking through the repository") as told:
        if flags["staged"]:
            return scan_index(repository, told, live)
        if repository.is_shallow:
            notes.append("the repository is a shallow clone: what is older than it was not looked at")
        if flags["pushed"]:
            revisions = revisions_pushed(repository, sys.stdin)
            objects = objects_named(repository, *revisions) if revisions else iter(())
        else:
            objects = all_objects(repository)
        return scan_objects(repository, objects, told, live)


def _owners(
    flags: Mapping[str, Any], findings: tuple[Finding, ...], notes: list[str]
) -> tuple[tuple[Owner, ...], bool]:
    """Say whose the keys are; False where that was demanded and could not be asked."""
    ids = [one.access_key_id for one in findings if one.access_key_id is not None]
    if not ids:
        return (), True
    owners = owners_offline(ids, os.environ)
    if flags["offline"] or flags["write_baseline"]:
        return tuple(owners), True
    # Imported here: who finds nothing needs no SDK.
    from keywright.client.cli.scan_asking import ask

    return ask(flags, owners, notes)


def _tell(document: Scan, flags: Mapping[str, Any], unreached: Failure | None) -> None:
    if flags["json"] or flags["format"] == "json":
        print(as_json(document, unreached))
        return
    for text in (*document.unread, *document.notes):
        note(f"keywright: {text}")
    if flags["format"] == "sarif":
        print(as_sarif(document))
        return
    for line in table_of(document):
        print(line)
    summary = summary_of(document)
    if flags["write_baseline"]:
        print(f"{flags['baseline']} names {len(document.findings)} findings from now on")
    else:
        print(paint(summary, "red" if document.findings else "green"))


def _install(flags: Mapping[str, Any]) -> Exit:
    beside = Path(sys.executable).with_name("keywright")
    program = beside if beside.exists() else Path(sys.argv[0]).absolute()
    repository = _repository(flags)
    baseline = flags["baseline"]
    if baseline is not None:
        _known(baseline)
        baseline = os.path.relpath(os.path.realpath(baseline), os.path.realpath(repository.top or repository.folder))
    installed = install_hook(repository, flags["install_hook"], str(program), chain=flags["chain"], baseline=baseline)
    if flags["json"]:
        print(as_json(replace(_NOTHING, notes=(f"installed {installed.path}",))))
        return Exit.FINE
    print(f"{paint('Installed', 'green')} {installed.path}; it runs {program}")
    if installed.earlier is not None:
        print(f"  the hook that was there goes first: {installed.earlier}")
    if installed.is_shared:
        print("  core.hooksPath leads out of this repository: every repository that it is set for has the hook now")
    return Exit.FINE


_NOTHING = Scan(0, (), 0, (), (), ())
