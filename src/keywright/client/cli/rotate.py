"""`keywright rotate`: a key's successor, from the plan to the old key's end."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from keywright.client.cli.documents import as_json
from keywright.client.cli.failures import failure
from keywright.client.cli.rotate_asking import Codes, wishes_of
from keywright.client.cli.rotate_choosing import choose, choose_all
from keywright.client.cli.rotate_documents import Rotated, RotatedKey, code_of, lines_of
from keywright.client.cli.rotate_further import take_further, unfinished_rows
from keywright.client.cli.rotate_rows import code_for, planned, row_of, said
from keywright.client.cli.spans import duration_of
from keywright.client.cli.terminal import Exit, Stop, note, stop
from keywright.client.places.machine import Machine
from keywright.client.places.overlooked import overlooked
from keywright.client.rotation.mfa_sessions import MfaSessions
from keywright.client.rotation.plans import planner
from keywright.client.rotation.record import Records, rotations_folder
from keywright.client.rotation.running import TROUBLES, beginning
from keywright.client.rotation.signer import Signer
from keywright.client.rotation.unused import LITTLE
from keywright.client.rotation.work import Work


def run_rotate(flags: Mapping[str, Any]) -> Exit:
    """Begin rotations, or take those that are not finished further, or back."""
    _refuse_contradictions(flags)
    unfinished = flags["resume"] or flags["rollback"]
    unread: list[str] = []
    rows, code = unfinished_rows(flags, unread) if unfinished else _begin(flags)
    for text in unread:
        note(f"keywright: {text}")
        code = max(code, Exit.NEGATIVE)
    if flags["json"]:
        why = next((row.why for row in rows if row.why is not None), None) if code is Exit.UNREACHABLE else None
        why = unread[0] if unread else why
        print(as_json(Rotated(rows), None if why is None else failure(why, code)))
    elif rows:
        print("\n".join(lines_of(rows)))
    elif not unread:
        print("There is nothing unfinished" if unfinished else "No key is older")
    return code if code is not Exit.FINE else code_of(rows)


def _refuse_contradictions(flags: Mapping[str, Any]) -> None:
    if flags["all"] and flags["older_than"] is None:
        stop("--all takes --older-than 90d: how old a key must be to be rotated", Exit.USAGE)
    if flags["all"] and flags["remove_unused"] is not None:
        stop("--remove-unused names a key of one user: it does not go with --all", Exit.USAGE)
    if flags["max_parallel"] < 1:
        stop("--max-parallel takes 1 or more", Exit.USAGE)
    if flags["resume"] or flags["rollback"]:
        for name in ("all", "older_than", "also", "expires", "remove_unused"):
            if flags[name]:
                stop(f"--{name.replace('_', '-')} was settled when the rotation began", Exit.USAGE)
    after = flags["deactivate_after"]
    if after is not None and timedelta(0) < duration_of(after, "--deactivate-after") < LITTLE:
        note("IAM notes a key's use once in 15 minutes, and late: a use can be missed in less than 30m")


def _begin(flags: Mapping[str, Any]) -> tuple[tuple[RotatedKey, ...], Exit]:
    wishes, wait = wishes_of(flags), duration_of(flags["wait"], "--wait")
    sessions = MfaSessions(Codes(flags["mfa_code"]), wait)
    records = Records(rotations_folder(os.environ))
    machine = Machine(os.environ, wishes.also)
    try:
        signer = Signer(flags, wishes.mfa_serial, sessions)
        plans = planner(signer, machine, records, os.environ, wishes)
    except TROUBLES as error:
        stop(said(error), code_for(error, before=True))
    try:
        chosen, rows = choose_all(flags, plans) if flags["all"] else ([choose(flags, plans)], [])
    except Stop as stopped:
        if stopped.code is not Exit.FINE:
            raise
        note(f"keywright: {stopped}")
        return (), Exit.FINE
    if flags["dry_run"]:
        return (*(planned(Work(signer, machine, records), plan, wishes.also) for plan in chosen), *rows), Exit.FINE
    jobs = [beginning(Work(signer, machine, records), plan) for plan in chosen]
    results, code = take_further(jobs, records, flags, wait)
    done = (
        row_of(result, overlooked(result.rotation.old_access_key_id, os.environ, wishes.also), records)
        for result in results
    )
    return (*done, *rows), code
