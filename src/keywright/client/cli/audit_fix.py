"""`keywright audit --fix` and `--undo`: show the plan, ask, take the steps."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import Any, Final, NoReturn

from botocore.exceptions import BotoCoreError

from keywright.client.audit.asking import patient
from keywright.client.audit.findings import Audit, judge
from keywright.client.audit.repair_journal import Repair, last_repair, new_repair, repair_folder, to_undo
from keywright.client.audit.repairing import carry_out, take_back
from keywright.client.audit.repairs import Kind, State, Step, mended, plan
from keywright.client.cli.audit_documents import Undone, document_of, shown_steps
from keywright.client.cli.audit_table import count
from keywright.client.cli.documents import as_json
from keywright.client.cli.terminal import Exit, columns, confirm, is_interactive, paint, printable, stop
from keywright.client.identity import who_am_i
from keywright.client.journal import only_one
from keywright.client.session import SignedIn, reason

_DOES: Final = {Kind.DEACTIVATE: "make inactive", Kind.UNTAG: "remove the tag"}
_UNDOES: Final = {Kind.DEACTIVATE: "make active again", Kind.UNTAG: "put the tag back"}
_COLOURS: Final = {State.DONE: "green", State.UNDONE: "green", State.FAILED: "red", State.LEFT: "yellow"}


def run_fix(signed_in: SignedIn, audit: Audit, flags: Mapping[str, Any]) -> Exit:
    """Mend what can be mended and taken back; what is left over is a finding still."""
    steps = plan(audit)
    planned = [step for step in steps if step.state is State.PLANNED]
    if not flags["json"]:
        _tell_plan(steps, _DOES)
    if planned and not flags["dry_run"]:
        _ask(f"Take {count(len(planned), 'step')}?", flags)
        with only_one(repair_folder(os.environ)):
            steps = _carry_out(signed_in, audit, steps, flags)
    if flags["json"]:
        print(as_json(document_of(audit, steps)))
    left = _left(audit, [step for step in steps if step.state in {State.DONE, State.PLANNED}])
    if not flags["json"]:
        _tell_end(steps, left)
    found = any(audit.findings()) if flags["dry_run"] else left
    return Exit.NEGATIVE if found else Exit.FINE


def run_undo(signed_in: SignedIn, flags: Mapping[str, Any]) -> Exit:
    """
    Take back the last fix.

    Raises: BotoCoreError; ClientError.
    """
    account_id = who_am_i(signed_in).account_id
    iam = signed_in.client("iam", patient(1))
    with only_one(repair_folder(os.environ)):
        repair = last_repair(repair_folder(os.environ), account_id, iam.meta.endpoint_url)
        if repair is None:
            stop(f"there is no fix of account {account_id} to take back")
        steps = tuple(step for step in repair.steps if to_undo(step))
        if not flags["json"]:
            _tell_plan(steps, _UNDOES)
        if not flags["dry_run"]:
            _ask(f"Take back {count(len(steps), 'step')}?", flags)
            steps = _take_back(iam, repair, flags)
    if flags["json"]:
        print(as_json(Undone(shown_steps(steps))))
    is_whole = flags["dry_run"] or all(step.state is State.UNDONE for step in steps)
    return Exit.FINE if is_whole else Exit.NEGATIVE


def _left(audit: Audit, steps: Sequence[Step]) -> int:
    """Count the findings that are left once steps have been taken."""
    checks = tuple(result.check for result in audit.results)
    after = judge(mended(audit.facts, steps), audit.thresholds, checks)
    return sum(1 for _ in after.findings())


def _carry_out(
    signed_in: SignedIn, audit: Audit, steps: tuple[Step, ...], flags: Mapping[str, Any]
) -> tuple[Step, ...]:
    iam = signed_in.client("iam", patient(1))
    repair = new_repair(repair_folder(os.environ), audit.facts.caller.account_id, iam.meta.endpoint_url, steps)
    ended: list[Step] = []
    try:
        for step in carry_out(iam, repair):
            ended.append(step)
            _tell_step(step, _DOES, flags)
    except BotoCoreError as error:
        _cut_short(error, len(ended), len(steps))
    return tuple(ended)


def _take_back(iam: Any, repair: Repair, flags: Mapping[str, Any]) -> tuple[Step, ...]:
    ended: list[Step] = []
    try:
        for step in take_back(iam, repair):
            ended.append(step)
            _tell_step(step, _UNDOES, flags)
    except BotoCoreError as error:
        _cut_short(error, len(ended), sum(to_undo(step) for step in repair.steps))
    return tuple(ended)


def _cut_short(error: BotoCoreError, ended: int, steps: int) -> NoReturn:
    stop(
        f"after {ended} of {count(steps, 'step')}: {reason(error)}; `keywright audit --undo` takes back what was done",
        Exit.UNREACHABLE,
    )


def _ask(question: str, flags: Mapping[str, Any]) -> None:
    if flags["yes"]:
        return
    if not is_interactive():
        stop("to do so takes --yes; --dry-run only says what would be done", Exit.USAGE)
    if not confirm(question):
        stop("nothing was changed")


def _tell_plan(steps: Sequence[Step], words: Mapping[Kind, str]) -> None:
    if not steps:
        print("There is nothing that can be mended and taken back")
        return
    rows = [
        (f"  {words[one.kind]}", one.user_name, one.access_key_id, one.why)
        for one in steps
        if one.state is not State.LEFT
    ]
    if rows:
        print("The plan:")
        print(columns(rows))
    for one in steps:
        if one.state is State.LEFT:
            print(f"  {paint('left', 'yellow')}: {printable(f'{one.access_key_id} of {one.user_name}: {one.note}')}")


def _tell_step(step: Step, words: Mapping[Kind, str], flags: Mapping[str, Any]) -> None:
    if not flags["json"]:
        state = paint(str(step.state), _COLOURS.get(step.state, "dim"))
        note = f": {step.note}" if step.note else ""
        print(f"{state}: {printable(f'{words[step.kind]} {step.access_key_id} of {step.user_name}{note}')}")


def _tell_end(steps: Sequence[Step], left: int) -> None:
    """Say what comes next."""
    if any(step.state is State.DONE for step in steps):
        print("`keywright audit --undo` takes it back")
    if left:
        print(f"That leaves {count(left, 'finding')} for a person: `keywright audit` shows them")
