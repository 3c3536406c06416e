"""The steps back: the old key comes to life and into the places again, and the new one is deleted once it is unused."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from keywright.client.rotation.errors import RotationError
from keywright.client.rotation.forward import current_pair, remove_description
from keywright.client.rotation.keys import ACTIVE, keys_by_id, lost_key
from keywright.client.rotation.record import Rotation, Step
from keywright.client.rotation.seals import seal_with
from keywright.client.rotation.unused import pause_until_unused
from keywright.client.rotation.work import Next, Steps, Work, both_pairs, prove


def turn_back(work: Work, rotation: Rotation) -> Rotation | None:
    """
    Turn a rotation round, before any step back is taken; None where nothing had been made, and all is done.

    Raises: RotationError; PlaceError; KeystoreError; BotoCoreError; ClientError; OSError.
    """
    if rotation.is_going_back:
        return rotation
    keys = keys_by_id(work.signer.iam, rotation.user_name)
    if rotation.new_access_key_id is None:
        lost = lost_key(keys, rotation.keys_before, rotation.started_at)
        if lost is not None:
            work.signer.iam.delete_access_key(UserName=rotation.user_name, AccessKeyId=lost.access_key_id)
        work.records.forget(rotation)
        return None
    if rotation.old_access_key_id not in keys:
        raise RotationError(
            f"{rotation.old_access_key_id} is deleted, and cannot come back: `keywright rotate --resume` does the rest"
        )
    if not work.machine.find(rotation.new_access_key_id):
        # The places have the old key: never another, or somebody has put it back.
        return work.records.write(replace(rotation, step=Step.RESTORING, deactivated_at=None))
    old, new = both_pairs(work, rotation)
    return work.records.write(
        replace(
            rotation,
            step=Step.RESTORING,
            # The places will hold the old secret alone, and it may have to open the way forward again.
            new_sealed=seal_with(old.secret, new),
            stored_at=rotation.stored_at or work.signer.service_time(),
            deactivated_at=None,
        )
    )


def _restore(work: Work, rotation: Rotation) -> Next:
    old_id = rotation.old_access_key_id
    keys = keys_by_id(work.signer.iam, rotation.user_name)
    if old_id not in keys:
        work.notes.append(f"somebody has deleted {old_id}, which therefore cannot come back")
        return work.records.write(replace(rotation, step=Step.WATCHING, stored_at=work.signer.service_time()))
    if keys[old_id].status != ACTIVE:
        work.signer.iam.update_access_key(UserName=rotation.user_name, AccessKeyId=old_id, Status=ACTIVE)
    if work.machine.find(rotation.new_access_key_id or ""):
        old, new = both_pairs(work, rotation)
        prove(work, rotation, old)
        work.machine.replace(new, old)
    else:
        prove(work, rotation, current_pair(work, old_id))
    stored_at = rotation.stored_at and work.signer.service_time()
    return work.records.write(replace(rotation, step=Step.RESTORED, stored_at=stored_at))


def _remove(work: Work, rotation: Rotation) -> Next:
    new_id = rotation.new_access_key_id
    assert new_id is not None  # INVARIANT: `turn_back` has seen to it
    keys = keys_by_id(work.signer.iam, rotation.user_name)
    old = keys.get(rotation.old_access_key_id)
    if old is None or old.status != ACTIVE:
        # INVARIANT: the new key does not end before the old one can serve.
        return work.records.write(replace(rotation, step=Step.RESTORING))
    if work.machine.find(new_id):
        return work.records.write(replace(rotation, step=Step.RESTORING))
    if new_id in keys:
        if rotation.stored_at is not None:
            since, seconds = rotation.stored_at, rotation.deactivate_after_seconds
            pause = pause_until_unused(work.signer.iam, new_id, since, seconds)
            if pause is not None:
                return pause
        work.signer.stop_signing_with(new_id)
        work.signer.iam.delete_access_key(UserName=rotation.user_name, AccessKeyId=new_id)
    remove_description(work, rotation.user_name, new_id)
    work.records.forget(rotation)
    return None


BACKWARD: Final[Steps] = {Step.RESTORING: _restore, Step.RESTORED: _remove}
