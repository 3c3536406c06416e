"""Take rotations as far as they go, several at a time: begin them, go on with them, or turn them back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from keywright.client.errors import AwsFileError
from keywright.client.journal import only_one
from keywright.client.journal_form import JournalError
from keywright.client.keystore import KeystoreError
from keywright.client.places.place import PlaceError
from keywright.client.rotation.backward import BACKWARD, turn_back
from keywright.client.rotation.errors import RotationError
from keywright.client.rotation.forward import FORWARD, current_pair, remove_description
from keywright.client.rotation.plans import Plan
from keywright.client.rotation.record import Records, Rotation
from keywright.client.rotation.work import Pause, Work, take
from keywright.client.session import SignInError

STEPS: Final = {**FORWARD, **BACKWARD}
TROUBLES: Final = (
    RotationError,
    PlaceError,
    JournalError,
    AwsFileError,
    KeystoreError,
    SignInError,
    ClientError,
    BotoCoreError,
    OSError,
)


class Waits(NamedTuple):
    """How long to wait from now on; None: as before."""

    deactivate_after: timedelta | None
    delete_after: timedelta | None

    def set(self, rotation: Rotation) -> Rotation:
        """Have a rotation wait so."""
        if self.deactivate_after is not None:
            rotation = replace(rotation, deactivate_after_seconds=int(self.deactivate_after.total_seconds()))
        if self.delete_after is not None:
            rotation = replace(rotation, delete_after_seconds=int(self.delete_after.total_seconds()))
        return rotation


@dataclass(frozen=True, slots=True)
class Job:
    """One rotation that is to be taken further."""

    work: Work
    rotation: Rotation
    begin: Callable[[], Rotation | None]
    """Does what comes before the first step; None where nothing is left to do."""


@dataclass(frozen=True, slots=True)
class Result:
    """How far a rotation has come."""

    rotation: Rotation
    """As it was last written down."""
    is_done: bool
    pause: Pause | None
    trouble: Exception | None
    notes: tuple[str, ...]


def refuse_before(work: Work, plan: Plan) -> None:
    """
    Find what stands in a rotation's way before anything is changed.

    Raises: one of TROUBLES.
    """
    work.machine.refuse_unwritable(current_pair(work, plan.rotation.old_access_key_id))


def beginning(work: Work, plan: Plan) -> Job:
    """Begin a rotation."""

    def begin() -> Rotation:
        if work.records.find(plan.rotation.old_access_key_id) is not None:
            raise RotationError(f"the rotation of {plan.rotation.old_access_key_id} has just been begun by another")
        refuse_before(work, plan)
        rotation = plan.rotation
        if plan.remove is not None:
            removed = plan.remove.access_key_id
            work.signer.iam.delete_access_key(UserName=rotation.user_name, AccessKeyId=removed)
            work.notes.append(f"deleted {removed}, which was unused")
            remove_description(work, rotation.user_name, removed)
            rotation = replace(rotation, keys_before=tuple(one for one in rotation.keys_before if one != removed))
        return work.records.write(rotation)

    return Job(work, plan.rotation, begin)


def going_on(work: Work, rotation: Rotation, waits: Waits) -> Job:
    """Go on with a rotation, in the direction in which it goes; it may wait otherwise than it was begun."""
    return Job(work, rotation, lambda: _as_written(work, rotation, waits))


def turning_back(work: Work, rotation: Rotation, waits: Waits) -> Job:
    """Go back with a rotation."""

    def begin() -> Rotation | None:
        written = _as_written(work, rotation, waits)
        return written and turn_back(work, written)

    return Job(work, rotation, begin)


def _as_written(work: Work, rotation: Rotation, waits: Waits) -> Rotation | None:
    """Read a rotation again, now that nobody else changes it."""
    written = work.records.find(rotation.old_access_key_id)
    return written and work.records.write(waits.set(written))


def run(
    jobs: Sequence[Job], records: Records, max_parallel: int, wait: timedelta, sleep: Callable[[timedelta], None]
) -> list[Result]:
    """
    Take rotations as far as they go within a time, during which others may work too.

    Raises: AwsFileError; OSError.
    """
    results: dict[str, Result] = {}
    left = {job.rotation.old_access_key_id: job for job in jobs}
    begun: set[str] = set()
    with only_one(records.folder):
        for job in jobs:
            job.work.machine.remove_half_written()
    while True:
        with only_one(records.folder), ThreadPoolExecutor(max_parallel) as executor:
            # Whose key signs for all comes last: it must not end under the others.
            own = [job for job in left.values() if job.work.signer.access_key_id == job.rotation.old_access_key_id]
            rest = [job for job in left.values() if job not in own]
            for batch in (rest, own):
                for job, result in zip(batch, executor.map(lambda job: _advance(job, begun), batch), strict=True):
                    results[job.rotation.old_access_key_id] = result
        pauses = {
            name: result.pause.left
            for name in left
            if (result := results[name]).pause is not None and result.pause.left is not None
        }
        if not pauses or min(pauses.values()) > wait:
            break
        nap = min(pauses.values()) + timedelta(seconds=0.1)
        sleep(nap)
        wait -= nap
        left = {name: left[name] for name in pauses}
    return [results[job.rotation.old_access_key_id] for job in jobs]


def _advance(job: Job, begun: set[str]) -> Result:
    work, name = job.work, job.rotation.old_access_key_id
    rotation: Rotation | None = job.rotation
    pause, trouble = None, None
    try:
        # After a wait another process may have gone on, or back.
        rotation = work.records.find(name) if name in begun else job.begin()
        begun.add(name)
        if rotation is not None:
            rotation, pause = take(STEPS, work, rotation)
    except TROUBLES as error:
        trouble = error
        rotation = work.records.find(name)
    is_done = pause is None and trouble is None
    return Result(rotation or job.rotation, is_done, pause, trouble, tuple(dict.fromkeys(work.notes)))
