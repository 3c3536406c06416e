"""Take the steps of a fix, one by one, or take them back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from botocore.exceptions import ClientError

from keywright.client.audit.asking import is_missing
from keywright.client.audit.repair_journal import Repair, to_undo
from keywright.client.audit.repairs import Kind, State, Step
from keywright.client.identity import last_use
from keywright.client.session import reason


def carry_out(iam: Any, repair: Repair) -> Iterator[Step]:
    """
    Take each planned step; gives each as it ended.

    Raises: BotoCoreError (the step stays begun); OSError.
    """
    for at, step in enumerate(repair.steps):
        if step.state is not State.PLANNED:
            yield step
            continue
        used_since = _used_since(iam, step)
        if used_since:
            ended = replace(step, state=State.LEFT, note=used_since)
        else:
            repair = repair.with_step(at, replace(step, state=State.BEGUN))
            ended = _try(step, State.DONE, lambda step=step: _do(iam, step))  # type: ignore[misc]
        repair = repair.with_step(at, ended)
        yield ended


def take_back(iam: Any, repair: Repair) -> Iterator[Step]:
    """
    Undo each step that was taken, the last first; gives each as it ended.

    Raises: BotoCoreError; OSError.
    """
    for at, step in reversed(list(enumerate(repair.steps))):
        if to_undo(step):
            ended = _try(step, State.UNDONE, lambda step=step: _undo(iam, step))  # type: ignore[misc]
            if ended.state is not State.FAILED:
                # What was refused is still to be taken back, by somebody who may.
                repair = repair.with_step(at, ended)
            yield ended


def _used_since(iam: Any, step: Step) -> str:
    """Say when a key has been used since the audit looked; empty: not, or nobody knows."""
    if step.kind is not Kind.DEACTIVATE:
        return ""
    try:
        used_at = last_use(iam, step.access_key_id).at
    except ClientError:
        return ""
    is_newer = used_at is not None and (step.last_used_at is None or used_at > step.last_used_at)
    return f"it has just been used, {used_at:%Y-%m-%d %H:%M} UTC" if is_newer else ""


def _try(step: Step, then: State, change: Callable[[], None]) -> Step:
    try:
        change()
    except ClientError as error:
        if is_missing(error):
            return replace(step, state=State.LEFT, note="it is no more")
        return replace(step, state=State.FAILED, note=reason(error))
    return replace(step, state=then, note="")


def _do(iam: Any, step: Step) -> None:
    if step.kind is Kind.DEACTIVATE:
        iam.update_access_key(UserName=step.user_name, AccessKeyId=step.access_key_id, Status="Inactive")
    else:
        iam.untag_user(UserName=step.user_name, TagKeys=[step.tag_name])


def _undo(iam: Any, step: Step) -> None:
    if step.kind is Kind.DEACTIVATE:
        iam.update_access_key(UserName=step.user_name, AccessKeyId=step.access_key_id, Status="Active")
    else:
        iam.tag_user(UserName=step.user_name, Tags=[{"Key": step.tag_name, "Value": step.tag_value}])
