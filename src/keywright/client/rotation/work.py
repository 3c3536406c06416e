"""What the steps of a rotation need, and what comes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from keywright.aws.secret import Secret
from keywright.client.identity import owner_of_new_key
from keywright.client.places.key_pair import KeyPair
from keywright.client.places.machine import Machine
from keywright.client.rotation.errors import RotationError
from keywright.client.rotation.record import Records, Rotation
from keywright.client.rotation.seals import open_with
from keywright.client.rotation.signer import Signer
from keywright.client.session import sign_in_with


@dataclass(frozen=True, slots=True)
class Pause:
    """A step whose time has not come."""

    why: str
    ready_at: datetime | None
    """By the service's clock; None where no time brings it."""
    left: timedelta | None = None


@dataclass(slots=True)
class Work:
    """One rotation's surroundings."""

    signer: Signer
    machine: Machine
    records: Records
    notes: list[str] = field(default_factory=list)
    """What could not be done besides."""


Next = Rotation | Pause | None
"""What a step gives: the rotation before its next step, a pause, or None when all is done."""
Take = Callable[[Work, Rotation], Next]
Steps = Mapping[str, Take]
_MOST_STEPS: Final = 20


def both_pairs(work: Work, rotation: Rotation) -> tuple[KeyPair, KeyPair]:
    """
    Give the old key and the new one, as far as the places tell: one from a place, the other unsealed with it.

    Raises: RotationError; PlaceError; KeystoreError; OSError.
    """
    assert rotation.new_access_key_id is not None  # INVARIANT: no step before STORING asks
    old_id, new_id = rotation.old_access_key_id, rotation.new_access_key_id
    candidates = list(work.machine.secrets(new_id, old_id))
    for sealed, sealed_id, opener_id in (
        (rotation.old_sealed, old_id, new_id),
        (rotation.new_sealed, new_id, old_id),
    ):
        found = None if sealed is None else open_with(candidates, sealed, sealed_id)
        if found is not None:
            pairs = {opener_id: KeyPair(opener_id, found[0]), sealed_id: KeyPair(sealed_id, found[1])}
            return pairs[old_id], pairs[new_id]
    raise RotationError(
        f"the secrets of {old_id} and {new_id} cannot be read from the places any more, as they have been changed: "
        f"`keywright rotate --rollback` serves where they hold {old_id} again; else put either back into one of them"
    )


def prove(work: Work, rotation: Rotation, pair: KeyPair) -> None:
    """
    See that a key signs, and for the user whose it is to be.

    Raises: RotationError; BotoCoreError; ClientError.
    """
    signed_in = work.signer.signed_in
    arn = owner_of(pair.access_key_id, pair.secret, signed_in.region, work.signer.sts_url)
    _, _, _, _, account_id, resource = arn.split(":", 5)
    if (account_id, resource.rpartition("/")[2]) != (rotation.account_id, rotation.user_name):
        raise RotationError(f"{pair.access_key_id} is not {rotation.user_name}'s, but signs as {arn}")


def owner_of(access_key_id: str, secret: Secret, region: str, sts_url: str) -> str:
    """
    Ask whose a key is; gives the ARN.

    Raises: BotoCoreError; ClientError.
    """
    return owner_of_new_key(sign_in_with(access_key_id, secret, region, sts_url).client("sts"))


def take(steps: Steps, work: Work, rotation: Rotation) -> tuple[Rotation, Pause | None]:
    """
    Take steps until one has to wait, or all is done; gives the rotation as it was last.

    Raises: RotationError; PlaceError; AwsFileError; KeystoreError; SignInError; BotoCoreError; ClientError; OSError.
    """
    for _ in range(_MOST_STEPS):
        following = steps[rotation.step](work, rotation)
        if not isinstance(following, Rotation):
            return rotation, following
        rotation = following
    raise RotationError(f"the rotation of {rotation.old_access_key_id} goes round in circles at {rotation.step}")
