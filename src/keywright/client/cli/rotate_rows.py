"""Turn what came of rotations into the rows that `keywright rotate` prints, and into an exit code."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from keywright.client.cli.rotate_documents import RotatedKey, steps_of
from keywright.client.cli.terminal import Exit
from keywright.client.places.overlooked import overlooked
from keywright.client.rotation.fleet import OldKey
from keywright.client.rotation.plans import Plan
from keywright.client.rotation.record import Records, Rotation
from keywright.client.rotation.running import TROUBLES, Result, refuse_before
from keywright.client.rotation.work import Work
from keywright.client.session import SignInError, is_refusal, reason


def planned(work: Work, plan: Plan, also: tuple[Path, ...]) -> RotatedKey:
    """Say what a rotation would do, or what would stand in its way."""
    row = replace(shown(plan.rotation, "planned", plan.rotation.places), step=None)
    try:
        refuse_before(work, plan)
    except TROUBLES as error:
        return replace(row, outcome="refused", why=said(error))
    return replace(
        row,
        steps=steps_of(plan.rotation, None if plan.remove is None else plan.remove.access_key_id),
        notes=tuple(overlooked(plan.rotation.old_access_key_id, os.environ, also)),
    )


def row_of(result: Result, elsewhere: list[str], records: Records) -> RotatedKey:
    """Say how far a rotation has come."""
    rotation = result.rotation
    done = "rolled back" if rotation.is_going_back or rotation.new_access_key_id is None else "rotated"
    outcome = "failed" if result.trouble is not None else "waiting" if result.pause is not None else done
    why = None if result.pause is None else result.pause.why
    if result.trouble is not None:
        begun = records.find(rotation.old_access_key_id) is not None
        left = "; `keywright rotate --resume` goes on, `--rollback` goes back" if begun else "; no key was made"
        why = f"{said(result.trouble)}{left}"
    row = shown(rotation, outcome, rotation.places)
    return replace(
        row,
        step=row.step if result.pause is not None or result.trouble is not None else None,
        ready_at=None if result.pause is None else result.pause.ready_at,
        why=why,
        notes=(*result.notes, *elsewhere),
    )


def shown(rotation: Rotation, outcome: str, places: tuple[str, ...]) -> RotatedKey:
    """Show a rotation as it is written down."""
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


def refused(key: OldKey, outcome: str, why: str) -> RotatedKey:
    """Say why a key is not rotated."""
    return RotatedKey(key.user_name, key.access_key_id, None, outcome, None, (), (), None, why, ())


def said(error: Exception) -> str:
    """Put a trouble into words."""
    return reason(error) if isinstance(error, ClientError | BotoCoreError) else str(error)


def code_for(error: Exception, *, before: bool) -> Exit:
    """Say whether one was refused, or did not get in; `before` anything was asked a refusal is the latter."""
    if isinstance(error, SignInError | BotoCoreError | ClientError) and (before or not is_refusal(error)):
        return Exit.UNREACHABLE
    return Exit.NEGATIVE
