"""Take rotations further on behalf of `keywright rotate`: those just begun, and those that were not finished."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from keywright.client.cli.progress import progress
from keywright.client.cli.rotate_asking import Codes, waits_of
from keywright.client.cli.rotate_documents import RotatedKey
from keywright.client.cli.rotate_rows import code_for, row_of, said, shown
from keywright.client.cli.spans import duration_of
from keywright.client.cli.terminal import Exit, stop
from keywright.client.identity import who_am_i
from keywright.client.places.machine import Machine
from keywright.client.rotation.mfa_sessions import MfaSessions
from keywright.client.rotation.record import Records, Rotation, rotations_folder
from keywright.client.rotation.running import TROUBLES, Job, Result, going_on, run, turning_back
from keywright.client.rotation.signer import Signer
from keywright.client.rotation.work import Work

_TICK: Final = timedelta(seconds=1)


def unfinished_rows(flags: Mapping[str, Any], unread: list[str]) -> tuple[tuple[RotatedKey, ...], Exit]:
    """Go on with what is not finished, or go back; or only show it; `unread` gets why a file cannot be read."""
    waits, wait = waits_of(flags), duration_of(flags["wait"], "--wait")
    sessions = MfaSessions(Codes(flags["mfa_code"]), wait)
    records = Records(rotations_folder(os.environ))
    found = [
        one for one in records.read(lambda error: unread.append(str(error))) if flags["user"] in {None, one.user_name}
    ]
    if flags["dry_run"]:
        return tuple(shown(one, "unfinished", one.places) for one in found), Exit.FINE
    if flags["rollback"] and len(found) > 1:
        users = ", ".join(sorted({one.user_name for one in found}))
        stop(f"there is more than one unfinished rotation: name a user by --user ({users})", Exit.USAGE)
    jobs: list[Job] = []
    failed: list[RotatedKey] = []
    code = Exit.FINE
    for one in found:
        try:
            work = _work_of(one, flags, sessions, records)
        except TROUBLES as error:
            failed.append(replace(shown(one, "failed", one.places), why=said(error)))
            code = code_for(error, before=True)
            continue
        jobs.append((turning_back if flags["rollback"] else going_on)(work, one, waits))
    results, ran = take_further(jobs, records, flags, wait)
    return (*(row_of(result, [], records) for result in results), *failed), code if code is not Exit.FINE else ran


def take_further(
    jobs: list[Job], records: Records, flags: Mapping[str, Any], wait: timedelta
) -> tuple[list[Result], Exit]:
    """Take rotations as far as they go."""
    results = run(jobs, records, flags["max_parallel"], wait, _sleep)
    troubles = [result.trouble for result in results if result.trouble is not None]
    return results, code_for(troubles[0], before=False) if troubles else Exit.FINE


def _work_of(rotation: Rotation, flags: Mapping[str, Any], sessions: MfaSessions, records: Records) -> Work:
    """Sign in as the rotation began, or as the flags say."""
    given = {name: flags[name] for name in rotation.flags if flags[name] is not None}
    serial = flags["mfa_serial"] or rotation.mfa_serial
    if "profile" in given and flags["mfa_serial"] is None:
        serial = None
    signer = Signer(rotation.flags | given, serial, sessions)
    caller = who_am_i(signer.signed_in)
    if caller.account_id != rotation.account_id:
        stop(
            f"the rotation of {rotation.old_access_key_id} belongs to the account {rotation.account_id}, and "
            f"{caller.arn} signs: name another profile by --profile"
        )
    also = [path for path in map(Path, rotation.also) if path.is_file()]
    return Work(signer, Machine(rotation.environment(os.environ), also), records)


def _sleep(nap: timedelta) -> None:
    """Wait, visibly."""
    deadline = time.monotonic() + nap.total_seconds()
    with progress("Waiting until the old key is unused", int(nap.total_seconds()) + 1) as tick:
        while (left := deadline - time.monotonic()) > 0:
            time.sleep(min(left, _TICK.total_seconds()))
            tick(1)
