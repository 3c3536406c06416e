"""Whether a user's other key may go to make room: only where it is unused for all that can be seen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final

from keywright.client.identity import LastUse
from keywright.client.issuing import ExistingKey
from keywright.client.places.machine import Machine
from keywright.client.rotation.errors import RotationError
from keywright.client.rotation.keys import ACTIVE

UNUSED: Final = timedelta(days=90)
"""A key that was used since is not unused."""
_SETTLED: Final = timedelta(days=1)
"""An active key that was made since may be on its way to somebody."""


def removable(keys: Mapping[str, ExistingKey], stays: str, removed: str, machine: Machine) -> ExistingKey:
    """
    Give the key that is to be removed, if it is unused.

    Raises: RotationError; PlaceError; KeystoreError; OSError.
    """
    key = keys.get(removed)
    if key is None:
        raise RotationError(f"{removed} of --remove-unused is not among the user's keys: {', '.join(keys)}")
    if removed == stays:
        raise RotationError(f"{removed} of --remove-unused is the key that is to be rotated")
    places = machine.find(removed)
    if places:
        raise RotationError(f"{removed} is not removed: {places[0].where} holds it")
    if key.status == ACTIVE:
        _refuse_used(key, datetime.now(UTC))
    return key


def _refuse_used(key: ExistingKey, now: datetime) -> None:
    name = key.access_key_id
    if not isinstance(key.used, LastUse):
        raise RotationError(f"{name} is active, and when it was last used cannot be seen: {key.used.why}")
    if key.used.at is not None and now - key.used.at < UNUSED:
        raise RotationError(
            f"{name} is not unused: {key.used.service} at {key.used.at:%Y-%m-%d}. Who is sure deactivates it first"
        )
    if now - key.created_at < _SETTLED:
        raise RotationError(f"{name} was made within the last day, and may be on its way to somebody")
