"""Look through files, the index, what is about to be pushed, or a whole history."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import Final, NamedTuple

from keywright.client.scan.detector import Hit
from keywright.client.scan.files import files_of, open_file
from keywright.client.scan.findings import Finding, finding_of
from keywright.client.scan.git import Repository
from keywright.client.scan.index import staged_files
from keywright.client.scan.objects import GitObject, blobs
from keywright.client.scan.origins import find_origins
from keywright.client.scan.stream import Looking, hits_in, pieces_of

Told = Callable[[int], None]
"""Is told how many more are done."""
Live = Callable[[frozenset[str]], AbstractSet[str]]
"""Asks which of the ids that stand without a secret are those of active keys."""
_PLACES: Final = {"blob": "file", "commit": "commit message", "tag": "tag message"}
_A_STEP: Final = 256


class Scanned(NamedTuple):
    """What came of looking."""

    looked_at: int
    """How many files, or git's objects, were looked at."""
    findings: tuple[Finding, ...]
    unread: tuple[str, ...] = ()
    """What could not be read, and why."""


class _Seen(NamedTuple):
    id: str
    kind: str
    hit: Hit


def scan_files(paths: Iterable[str], told: Told, live: Live | None = None) -> Scanned:
    """
    Look through files and folders; with `live` for the ids of active keys too.

    Raises: GitError; OSError, where a path that was named cannot be read.
    """
    findings: list[Finding] = []
    unread: list[str] = []
    met: set[str] = set()
    looked_at = 0
    for path in paths:
        for file in files_of(path):
            if file.path in met:
                continue
            met.add(file.path)
            told(1)
            try:
                content = open_file(file.path)
                if content is None:
                    continue
                looked_at += 1
                looking = _looking(file.shown, unread, live)
                with content:
                    findings += [finding_of(hit, path=file.shown) for hit in hits_in(pieces_of(content), looking)]
            except OSError as error:
                unread.append(f"{file.shown}: {error.strerror}")
    return Scanned(looked_at, _gathered(_without_dead_ids(findings, live)), tuple(unread))


def scan_index(repository: Repository, told: Told, live: Live | None = None) -> Scanned:
    """
    Look through what is staged, as it is staged.

    Raises: GitError.
    """
    files = staged_files(repository)
    findings: list[Finding] = []
    unread: list[str] = []
    for path, found in zip(files, blobs(repository, list(files.values())), strict=True):
        told(1)
        looking = _looking(path, unread, live)
        findings += [finding_of(hit, path=path, object_id=found.id) for hit in hits_in(found.pieces, looking)]
    return Scanned(len(files), _gathered(_without_dead_ids(findings, live)), tuple(unread))


def scan_objects(repository: Repository, objects: Iterator[GitObject], told: Told, live: Live | None = None) -> Scanned:
    """
    Look through git's objects; then find which commits have brought in what was found.

    Raises: GitError.
    """
    seen: list[_Seen] = []
    unread: list[str] = []
    count = 0
    for one in objects:
        looking = _looking(f"object {one.id}", unread, live)
        seen += [_Seen(one.id, one.kind, hit) for hit in hits_in(one.pieces, looking)]
        count += 1
        if not count % _A_STEP:
            told(_A_STEP)
    dead = _dead_ids((one.hit for one in seen), live)
    seen = [one for one in seen if one.hit.rule_id != "live-key-id" or one.hit.access_key_id not in dead]
    return Scanned(count, tuple(_with_origins(repository, seen)) if seen else (), tuple(unread))


def _looking(name: str, unread: list[str], live: Live | None) -> Looking:
    return Looking(ids_alone=live is not None, refuse=lambda why: unread.append(f"{name}: {why}"))


def _dead_ids(found: Iterable[Hit | Finding], live: Live | None) -> AbstractSet[str | None]:
    """Ask which of the ids that stand without a secret are no active keys'."""
    alone = frozenset(one.access_key_id for one in found if _rule(one) == "live-key-id" and one.access_key_id)
    return alone - live(alone) if alone and live is not None else alone


def _rule(one: Hit | Finding) -> str:
    return one.rule_id if isinstance(one, Hit) else one.rule


def _without_dead_ids(findings: list[Finding], live: Live | None) -> list[Finding]:
    dead = _dead_ids(findings, live)
    return [one for one in findings if one.rule != "live-key-id" or one.access_key_id not in dead]


def _with_origins(repository: Repository, seen: list[_Seen]) -> Iterator[Finding]:
    origins = find_origins(repository, {one.id for one in seen})
    found: list[tuple[int, Finding]] = []
    for one in seen:
        if one.kind != "blob":
            place, commit = _PLACES[one.kind], origins.commits.get(one.id)
            found.append((0, finding_of(one.hit, path=None, place=place, object_id=one.id, commit=commit)))
            continue
        paths = origins.paths.get(one.id)
        if paths is None:
            # Staged once, or of a commit that nothing leads to any more.
            found.append((0, finding_of(one.hit, path=None, object_id=one.id)))
            continue
        for path, (age, origin) in paths.items():
            found.append((age, finding_of(one.hit, path=path, object_id=one.id, commit=origin)))
    found.sort(key=lambda pair: -pair[0])
    return iter(_gathered([finding for _, finding in found]))


def _gathered(findings: list[Finding]) -> tuple[Finding, ...]:
    """Make one of those that are the same; the first says where."""
    first: dict[str, Finding] = {}
    times: dict[str, int] = {}
    for one in findings:
        first.setdefault(one.fingerprint, one)
        times[one.fingerprint] = times.get(one.fingerprint, 0) + 1
    return tuple(
        dataclasses.replace(one, occurrences=times[one.fingerprint])
        for one in sorted(first.values(), key=lambda one: (one.path or "", one.line))
    )
