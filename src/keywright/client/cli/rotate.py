"""`keywright rotate`: a key's successor, from the plan to the old key's end."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from keywright.client.cli.documents import as_json
from keywright.client.cli.progress import progress
from keywright.client.cli.rotate_asking import Codes, duration_of, waits_of, wishes_of
from keywright.client.cli.rotate_documents import Rotated, RotatedKey, code_of, lines_of, steps_of
from keywright.client.cli.terminal import Exit, columns, note, stop
from keywright.client.description import DescriptionError
from keywright.client.identity import LastUse, who_am_i
from keywright.client.places.machine import Machine
from keywright.client.places.overlooked import overlooked
from keywright.client.rotation.fleet import OldKey, old_keys, user_names
from keywright.client.rotation.plans import Elsewhere, Full, Plan, Planner, planner
from keywright.client.rotation.record import Records, Rotation, rotations_folder
from keywright.client.rotation.running import (
    TROUBLES,
    Job,
    Result,
    beginning,
    going_on,
    run,
    turning_back,
)
from keywright.client.rotation.signer import Signer
from keywright.client.rotation.unused import LITTLE
from keywright.client.rotation.work import Work
from keywright.client.session import SignInError, is_refusal, reason

_TICK: Final = timedelta(seconds=1)


def run_rotate(flags: Mapping[str, Any]) -> Exit:
    """Begin rotations, or take those that are not finished further, or back."""
    _refuse_contradictions(flags)
    unfinished = flags["resume"] or flags["rollback"]
    rows, code = _unfinished(flags) if unfinished else _begin(flags)
    if flags["json"]:
        print(as_json(Rotated(rows)))
    else:
        for line in lines_of(rows) if rows else ("There is nothing unfinished" if unfinished else "No key is older",):
            print(line)
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
    codes = Codes(flags["mfa_code"])
    records = Records(rotations_folder(os.environ))
    machine = Machine(os.environ, wishes.also)
    try:
        signer = Signer(flags, wishes.mfa_serial, codes)
        plans = planner(signer, machine, records, os.environ, wishes)
    except TROUBLES as error:
        stop(_said(error), _code(error, before=True))
    chosen, rows = _choose_all(flags, plans) if flags["all"] else ([_choose(flags, plans)], [])
    if flags["dry_run"]:
        return (*(_planned(plan, wishes.also) for plan in chosen), *rows), Exit.FINE
    jobs = [beginning(Work(signer, machine, records), plan) for plan in chosen]
    results, code = _run(jobs, records, flags, wait)
    seen = {one.rotation.old_access_key_id: one for one in chosen}
    done = (
        _row(result, overlooked(result.rotation.old_access_key_id, os.environ, wishes.also), records)
        for result in results
        if result.rotation.old_access_key_id in seen
    )
    return (*done, *rows), code


def _choose(flags: Mapping[str, Any], plans: Planner) -> Plan:
    user_name, removed = flags["user"], flags["remove_unused"]
    try:
        plan = plans.own(removed) if user_name is None else plans.of_user(user_name, removed)
        if flags["older_than"] is not None:
            older_than = duration_of(flags["older_than"], "--older-than")
            if plan.created_at > datetime.now(UTC) - older_than:
                stop(f"{plan.rotation.old_access_key_id} is of {plan.created_at:%Y-%m-%d}: not so old yet", Exit.FINE)
    except Full as full:
        rows = (
            (f"  {key.access_key_id}", key.status, f"{key.created_at:%Y-%m-%d}", _last_use(key.used))
            for key in full.keys
        )
        for line in columns([("  KEY", "STATUS", "CREATED", "LAST USED"), *rows]).splitlines():
            note(line)
        stop(str(full))
    except DescriptionError as error:
        stop(str(error), Exit.USAGE)
    except TROUBLES as error:
        stop(_said(error), _code(error, before=False))
    return plan


def _choose_all(flags: Mapping[str, Any], plans: Planner) -> tuple[list[Plan], list[RotatedKey]]:
    older_than = duration_of(flags["older_than"], "--older-than")
    try:
        names = list(user_names(plans.signer.iam))
        with ThreadPoolExecutor(flags["max_parallel"]) as executor, progress("Looking at keys", len(names)) as done:
            found = old_keys(plans.signer.iam, names, older_than, executor, done)
    except (ClientError, BotoCoreError) as error:
        stop(_said(error), _code(error, before=False))
    chosen, rows = [], []
    for key in found:
        try:
            chosen.append(plans.of_key(key.user_name, key.access_key_id))
        except DescriptionError as error:
            stop(str(error), Exit.USAGE)
        except TROUBLES as error:
            rows.append(_refused(key, "elsewhere" if isinstance(error, Elsewhere) else "refused", _said(error)))
    return chosen, rows


def _unfinished(flags: Mapping[str, Any]) -> tuple[tuple[RotatedKey, ...], Exit]:
    waits, wait = waits_of(flags), duration_of(flags["wait"], "--wait")
    codes = Codes(flags["mfa_code"])
    records = Records(rotations_folder(os.environ))
    found = [one for one in records.read() if flags["user"] in {None, one.user_name}]
    if flags["dry_run"]:
        return tuple(_shown(one, "unfinished", one.places) for one in found), Exit.FINE
    if flags["rollback"] and len(found) > 1:
        users = ", ".join(sorted({one.user_name for one in found}))
        stop(f"there is more than one unfinished rotation: name a user by --user ({users})", Exit.USAGE)
    jobs: list[Job] = []
    failed: list[RotatedKey] = []
    code = Exit.FINE
    for one in found:
        try:
            work = _work_of(one, flags, codes, records)
        except TROUBLES as error:
            failed.append(replace(_shown(one, "failed", one.places), why=_said(error)))
            code = _code(error, before=True)
            continue
        jobs.append((turning_back if flags["rollback"] else going_on)(work, one, waits))
    results, ran = _run(jobs, records, flags, wait)
    return (*(_row(result, [], records) for result in results), *failed), code if code is not Exit.FINE else ran


def _work_of(rotation: Rotation, flags: Mapping[str, Any], codes: Codes, records: Records) -> Work:
    """Sign in as the rotation began, or as the flags say."""
    given = {name: flags[name] for name in rotation.flags if flags[name] is not None}
    serial = flags["mfa_serial"] or rotation.mfa_serial
    if "profile" in given and flags["mfa_serial"] is None:
        serial = None
    signer = Signer(rotation.flags | given, serial, codes)
    caller = who_am_i(signer.signed_in)
    if caller.account_id != rotation.account_id:
        stop(
            f"the rotation of {rotation.old_access_key_id} belongs to the account {rotation.account_id}, and "
            f"{caller.arn} signs: name another profile by --profile"
        )
    also = [path for path in map(Path, rotation.also) if path.is_file()]
    return Work(signer, Machine(rotation.environment(os.environ), also), records)


def _run(jobs: list[Job], records: Records, flags: Mapping[str, Any], wait: timedelta) -> tuple[list[Result], Exit]:
    results = run(jobs, records, flags["max_parallel"], wait, _sleep)
    troubles = [result.trouble for result in results if result.trouble is not None]
    return results, _code(troubles[0], before=False) if troubles else Exit.FINE


def _sleep(nap: timedelta) -> None:
    """Wait, visibly."""
    deadline = time.monotonic() + nap.total_seconds()
    with progress("Waiting until the old key is unused", int(nap.total_seconds()) + 1) as tick:
        while (left := deadline - time.monotonic()) > 0:
            time.sleep(min(left, _TICK.total_seconds()))
            tick(1)


def _planned(plan: Plan, also: tuple[Path, ...]) -> RotatedKey:
    removed = None if plan.remove is None else plan.remove.access_key_id
    return replace(
        _shown(plan.rotation, "planned", plan.rotation.places),
        steps=steps_of(plan.rotation, removed),
        notes=tuple(overlooked(plan.rotation.old_access_key_id, os.environ, also)),
    )


def _row(result: Result, elsewhere: list[str], records: Records) -> RotatedKey:
    rotation = result.rotation
    done = "rolled back" if rotation.is_going_back or rotation.new_access_key_id is None else "rotated"
    outcome = "failed" if result.trouble is not None else "waiting" if result.pause is not None else done
    why = None if result.pause is None else result.pause.why
    if result.trouble is not None:
        begun = records.find(rotation.old_access_key_id) is not None
        left = "; `keywright rotate --resume` goes on, `--rollback` goes back" if begun else "; nothing was changed"
        why = f"{_said(result.trouble)}{left}"
    row = _shown(rotation, outcome, rotation.places)
    return replace(
        row,
        step=row.step if result.pause is not None or result.trouble is not None else None,
        ready_at=None if result.pause is None else result.pause.ready_at,
        why=why,
        notes=(*result.notes, *elsewhere),
    )


def _shown(rotation: Rotation, outcome: str, places: tuple[str, ...]) -> RotatedKey:
    return RotatedKey(
        user_name=rotation.user_name,
        old_access_key_id=rotation.old_access_key_id,
        new_access_key_id=rotation.new_access_key_id,
        outcome=outcome,
        step=str(rotation.step),
        places=places,
        steps=(),
        ready_at=None,
        why=None,
        notes=(),
    )


def _refused(key: OldKey, outcome: str, why: str) -> RotatedKey:
    return RotatedKey(key.user_name, key.access_key_id, None, outcome, None, (), (), None, why, ())


def _last_use(used: object) -> str:
    if not isinstance(used, LastUse):
        return "unknown"
    return "never" if used.at is None else f"{used.at:%Y-%m-%d}, {used.service}"


def _said(error: Exception) -> str:
    return reason(error) if isinstance(error, ClientError | BotoCoreError) else str(error)


def _code(error: Exception, *, before: bool) -> Exit:
    """Say whether one was refused, or did not get in; `before` anything was asked a refusal is the latter."""
    if isinstance(error, SignInError | BotoCoreError) or (before and is_refusal(error)):
        return Exit.UNREACHABLE
    return Exit.NEGATIVE
