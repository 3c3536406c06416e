"""
Check the codes that MFA devices show.

A code is good once: the step whose code was accepted is kept, and no code of it or of an earlier one is accepted after.
Wrong codes are counted, and make the device refuse for a while: six digits are soon guessed by one who may try at will.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, and_, select, update

from keywright.aws.errors import AccessDenied
from keywright.identity.totp import STEP_SECONDS, find_step, time_step
from keywright.store.sealing import Sealer
from keywright.store.tables import mfa_devices

_TOLERANCE: Final = 1
"""Steps that a code may be early or late (RFC 6238, section 5.2, recommends one)."""
_REACH: Final = 12 * 60 * 60 // STEP_SECONDS
"""How far off, in steps, a device's clock may be and still be found by two codes in a row: half a day."""
_FREE_FAILURES: Final = 5
_LONGEST_WAIT: Final = timedelta(minutes=5)


class Bearer(NamedTuple):
    """Whose device it is: a user's, or without one the account's root user's."""

    account_id: str
    user_id: str | None


class MfaFailed(AccessDenied):
    """A code that was not accepted. The attempt is counted although it is refused."""

    code = "AccessDenied"
    keeps_changes = True


def devices_of(bearer: Bearer) -> ColumnElement[bool]:
    """Select the devices that are enabled for a bearer."""
    if bearer.user_id is not None:
        return and_(mfa_devices.c.user_id == bearer.user_id)
    return and_(
        mfa_devices.c.account_id == bearer.account_id,
        mfa_devices.c.user_id.is_(None),
        mfa_devices.c.enabled_at.is_not(None),
    )


def has_mfa(connection: Connection, bearer: Bearer) -> bool:
    """Tell whether a bearer has any device enabled."""
    return connection.execute(select(1).select_from(mfa_devices).where(devices_of(bearer)).limit(1)).first() is not None


def verify_mfa(
    connection: Connection, sealer: Sealer, bearer: Bearer, serial_number: str, code: str, now: datetime
) -> bool:
    """
    Check a code of a bearer's device, and burn it.

    Writes either way, so that it belongs in a transaction that commits; a refusal that should keep the count of wrong
    codes is raised as `MfaFailed`. False for a device that is not the bearer's or shows no codes, too.
    """
    device = connection.execute(
        select(mfa_devices).where(devices_of(bearer), mfa_devices.c.serial_number_key == serial_number.casefold())
    ).one_or_none()
    if device is None or device.sealed_seed is None or _must_wait(device, now):
        return False
    step = find_step(_seed(sealer, device), (code,), time_step(now) + device.clock_offset, _TOLERANCE)
    if step is None or step <= device.last_step:
        _note_failure(connection, device, now)
        return False
    _accept(connection, device, step, device.clock_offset)
    return True


def verify_any_mfa(connection: Connection, sealer: Sealer, bearer: Bearer, code: str, now: datetime) -> str | None:
    """
    Check a code that any of a bearer's devices may show, and burn it; give that device's serial number.

    None for a code that none of them shows: a failure of each. Writes either way, as `verify_mfa`.
    """
    shown = select(mfa_devices).where(devices_of(bearer), mfa_devices.c.sealed_seed.is_not(None))
    devices = [device for device in connection.execute(shown) if not _must_wait(device, now)]
    for device in devices:
        step = find_step(_seed(sealer, device), (code,), time_step(now) + device.clock_offset, _TOLERANCE)
        if step is not None and step > device.last_step:
            _accept(connection, device, step, device.clock_offset)
            serial_number: str = device.serial_number
            return serial_number
    for device in devices:
        _note_failure(connection, device, now)
    return None


def synchronise(
    connection: Connection, sealer: Sealer, device: Row[Any], codes: tuple[str, str], now: datetime
) -> bool:
    """
    Check two codes that a device shows one after the other, burn both, and set the device's clock by them.

    The clock may be half a day off. `device` is a row of `mfa_devices`; False for one that shows no codes.
    """
    if device.sealed_seed is None or _must_wait(device, now):
        return False
    current = time_step(now)
    first = find_step(_seed(sealer, device), codes, current, _REACH)
    if first is None or first <= device.last_step:
        _note_failure(connection, device, now)
        return False
    last = first + 1
    # A pair that the present step could show says nothing against the device's clock.
    is_right = last >= current - _TOLERANCE and first <= current + _TOLERANCE
    _accept(connection, device, last, 0 if is_right else last - current)
    return True


def seal_seed(sealer: Sealer, serial_number_key: str, seed: bytes) -> bytes:
    """Seal a device's seed for its row."""
    return sealer.seal(seed, f"mfa_devices/{serial_number_key}")


def _seed(sealer: Sealer, device: Row[Any]) -> bytes:
    return sealer.unseal(device.sealed_seed, f"mfa_devices/{device.serial_number_key}")


def _must_wait(device: Row[Any], now: datetime) -> bool:
    """Tell whether so many codes were wrong that none is looked at yet: twice as long after each one more."""
    excess = device.failures - _FREE_FAILURES
    if excess < 0 or device.failed_at is None:
        return False
    wait = min(timedelta(seconds=STEP_SECONDS) * 2 ** min(excess, 8), _LONGEST_WAIT)
    return bool(now < device.failed_at + wait)


def _note_failure(connection: Connection, device: Row[Any], now: datetime) -> None:
    _update(connection, device, failures=device.failures + 1, failed_at=now)


def _accept(connection: Connection, device: Row[Any], step: int, clock_offset: int) -> None:
    _update(connection, device, last_step=step, clock_offset=clock_offset, failures=0, failed_at=None)


def _update(connection: Connection, device: Row[Any], **values: Any) -> None:
    connection.execute(
        update(mfa_devices).where(mfa_devices.c.serial_number_key == device.serial_number_key).values(**values)
    )
