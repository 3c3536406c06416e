"""
The steps of a rotation, in AWS's own order: create, store, watch, deactivate, wait, delete.

Each step can be taken again; before the next is taken, it is written down. One thing is done earlier than AWS says: a
new key is proved before it is put into a place, because it takes some seconds until every region knows it.
"""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta
from typing import Final

from botocore.exceptions import BotoCoreError, ClientError

from keywright.aws.secret import Secret
from keywright.client.durations import write_duration
from keywright.client.identity import moment_of
from keywright.client.places.key_pair import KeyPair
from keywright.client.rotation.errors import RotationError
from keywright.client.rotation.keys import ACTIVE, describe_key, keys_by_id, lost_key
from keywright.client.rotation.record import Rotation, Step
from keywright.client.rotation.seals import seal_with
from keywright.client.rotation.unused import pause_until_unused
from keywright.client.rotation.work import Next, Pause, Steps, Work, both_pairs, owner_of, prove
from keywright.client.session import reason

_GUESSES: Final = 5
"""How many texts that look like a key's secret are tried."""


def current_pair(work: Work, access_key_id: str) -> KeyPair:
    """
    Give a key with the secret that its places have.

    Raises: RotationError; PlaceError; KeystoreError; BotoCoreError; ClientError; OSError.
    """
    signed_in = work.signer.signed_in
    candidates = list(itertools.islice(work.machine.secrets(access_key_id), _GUESSES))
    if len(candidates) == 1:
        # It is not tried: that would be a use of the key, behind which others of the next 15 minutes would hide.
        return KeyPair(access_key_id, candidates[0])
    for secret in candidates:
        try:
            owner_of(access_key_id, secret, signed_in.region, work.signer.sts_url)
        except ClientError as error:
            if error.response["Error"]["Code"] != "SignatureDoesNotMatch":
                raise
        else:
            return KeyPair(access_key_id, secret)
    raise RotationError(f"no place that holds {access_key_id} has its secret beside it")


def _create(work: Work, rotation: Rotation) -> Next:
    iam = work.signer.iam
    keys = keys_by_id(iam, rotation.user_name)
    lost = lost_key(keys, rotation.keys_before, rotation.started_at)
    if lost is not None:
        iam.delete_access_key(UserName=rotation.user_name, AccessKeyId=lost.access_key_id)
        del keys[lost.access_key_id]
    old = current_pair(work, rotation.old_access_key_id)
    work.machine.refuse_unwritable(old)
    rotation = work.records.write(replace(rotation, started_at=work.signer.service_time(), keys_before=tuple(keys)))
    try:
        made = work.signer.iam_once.create_access_key(UserName=rotation.user_name)["AccessKey"]
    except ClientError as error:
        if error.response["ResponseMetadata"]["HTTPStatusCode"] < 500:
            # Refused: there is no key, and nothing to go on with.
            work.records.forget(rotation)
        raise
    new = KeyPair(made["AccessKeyId"], Secret(made["SecretAccessKey"]))
    return work.records.write(
        replace(
            rotation,
            step=Step.STORING,
            new_access_key_id=new.access_key_id,
            new_sealed=seal_with(old.secret, new),
            old_sealed=seal_with(new.secret, old),
        )
    )


def _store(work: Work, rotation: Rotation) -> Next:
    old, new = both_pairs(work, rotation)
    prove(work, rotation, new)
    work.machine.replace(old, new)
    _describe(work, rotation)
    return work.records.write(
        replace(rotation, step=Step.WATCHING, new_sealed=None, stored_at=work.signer.service_time())
    )


def _describe(work: Work, rotation: Rotation) -> None:
    """Tag the user; as in the console, a key serves even where one may not."""
    if rotation.new_description is None or rotation.new_access_key_id is None:
        return
    try:
        describe_key(work.signer.iam, rotation.user_name, rotation.new_access_key_id, rotation.new_description)
    except (ClientError, BotoCoreError) as error:
        work.notes.append(f"the new key has no description: {reason(error)}")


def _watch(work: Work, rotation: Rotation) -> Next:
    assert rotation.stored_at is not None  # INVARIANT: STORING has set it
    old_id, since = rotation.old_access_key_id, rotation.stored_at
    if work.machine.find(old_id):
        # Somebody has put it back, out of a copy perhaps.
        work.machine.replace(*both_pairs(work, rotation))
        since = work.signer.service_time()
        rotation = work.records.write(replace(rotation, stored_at=since))
    if not _old_may_end(work, rotation):
        return work.records.write(replace(rotation, step=Step.DELETING))
    pause = pause_until_unused(work.signer.iam, old_id, since, rotation.deactivate_after_seconds)
    return pause or work.records.write(replace(rotation, step=Step.DEACTIVATING))


def _deactivate(work: Work, rotation: Rotation) -> Next:
    if not _old_may_end(work, rotation):
        return work.records.write(replace(rotation, step=Step.DELETING))
    work.signer.stop_signing_with(rotation.old_access_key_id)
    answer = work.signer.iam.update_access_key(
        UserName=rotation.user_name, AccessKeyId=rotation.old_access_key_id, Status="Inactive"
    )
    return work.records.write(replace(rotation, step=Step.INACTIVE, deactivated_at=moment_of(answer)))


def _wait(work: Work, rotation: Rotation) -> Next:
    assert rotation.deactivated_at is not None  # INVARIANT: DEACTIVATING has set it
    old_id, service_time = rotation.old_access_key_id, work.signer.service_time()
    keys = keys_by_id(work.signer.iam, rotation.user_name)
    if old_id in keys and keys[old_id].status == ACTIVE:
        work.notes.append(f"somebody has made {old_id} active again: it is watched anew")
        return work.records.write(replace(rotation, step=Step.WATCHING, stored_at=service_time, deactivated_at=None))
    inactive = timedelta(seconds=rotation.delete_after_seconds)
    ready_at = rotation.deactivated_at + inactive
    if ready_at > service_time:
        why = f"{old_id} is inactive, and is deleted {write_duration(inactive)} after: until then it can come back"
        return Pause(why, ready_at, ready_at - service_time)
    return work.records.write(replace(rotation, step=Step.DELETING))


def _delete(work: Work, rotation: Rotation) -> Next:
    old_id = rotation.old_access_key_id
    if _old_may_end(work, rotation):
        work.signer.stop_signing_with(old_id)
        work.signer.iam.delete_access_key(UserName=rotation.user_name, AccessKeyId=old_id)
    remove_description(work, rotation.user_name, old_id)
    work.records.forget(rotation)
    return None


def remove_description(work: Work, user_name: str, access_key_id: str) -> None:
    """Take the tag of a key that is no more off its user."""
    try:
        work.signer.iam.untag_user(UserName=user_name, TagKeys=[access_key_id])
    except (ClientError, BotoCoreError) as error:
        work.notes.append(f"the description of {access_key_id} stays among {user_name}'s tags: {reason(error)}")


def _old_may_end(work: Work, rotation: Rotation) -> bool:
    """
    Tell whether the old key is still there; it must not end while the new one cannot serve.

    Raises: RotationError; PlaceError; KeystoreError; BotoCoreError; ClientError; OSError.
    """
    old_id, new_id = rotation.old_access_key_id, rotation.new_access_key_id or ""
    keys = keys_by_id(work.signer.iam, rotation.user_name)
    if old_id not in keys:
        return False
    if new_id not in keys:
        trouble = f"{new_id}, the new key of {rotation.user_name}, is no more"
    elif keys[new_id].status != ACTIVE:
        trouble = f"{new_id}, the new key of {rotation.user_name}, is inactive"
    elif not work.machine.find(new_id):
        trouble = f"no place holds {new_id} any more"
    else:
        return True
    raise RotationError(f"{trouble}, so {old_id} stays as it is: mend that, or `keywright rotate --rollback`")


FORWARD: Final[Steps] = {
    Step.CREATING: _create,
    Step.STORING: _store,
    Step.WATCHING: _watch,
    Step.DEACTIVATING: _deactivate,
    Step.INACTIVE: _wait,
    Step.DELETING: _delete,
}
