"""MFA devices as they are users': enabling, synchronising, deactivating, listing."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import Row, delete, func, select, update

from keywright.aws.quotas import MFA_DEVICES_PER_USER
from keywright.identity.mfa import Bearer, devices_of, synchronise
from keywright.services.iam.errors import (
    EntityAlreadyExists,
    InvalidAuthenticationCode,
    NoSuchEntity,
    quota_exceeded,
)
from keywright.services.iam.pages import PageRequest, read_page
from keywright.services.iam.users import User, existing_user, find_user, find_user_or_caller
from keywright.services.operation import Call, Inputs, Result, Target, operation
from keywright.store.tables import mfa_devices

Device = Row[Any]
"""A row of `mfa_devices`."""


def bearer_named(call: Call, inputs: Inputs) -> Target:
    """Name the user whose device it is, or the root user by the account's id."""
    if _means_root(call, inputs.get("user_name")):
        return Target(call.caller.arn)
    return existing_user(call, inputs)


def find_device(call: Call, serial_number: str) -> Device:
    """
    Find a device of the calling account, in whatever case.

    Raises: NoSuchEntity.
    """
    device = call.connection.execute(
        select(mfa_devices).where(
            mfa_devices.c.serial_number_key == serial_number.casefold(), mfa_devices.c.account_id == call.account_id
        )
    ).one_or_none()
    if device is None:
        raise NoSuchEntity(f"VirtualMFADevice with serial number {serial_number} doesn't exist.")
    return device


@operation(resource=bearer_named)
def enable_mfa_device(
    call: Call, *, user_name: str, serial_number: str, authentication_code1: str, authentication_code2: str
) -> Result:
    """
    Give a device to a user, who proves by two codes in a row to have it.

    Raises: NoSuchEntity; EntityAlreadyExists (somebody's already); LimitExceeded; InvalidAuthenticationCode.
    """
    user = _find_bearer(call, user_name)
    device = find_device(call, serial_number)
    if device.enabled_at is not None:
        raise EntityAlreadyExists("MFA Device is already in use.")
    count = call.connection.execute(
        select(func.count()).select_from(mfa_devices).where(devices_of(_bearer(call, user)))
    ).scalar_one()
    if count >= MFA_DEVICES_PER_USER:
        raise quota_exceeded("MFADevicesPerUser", MFA_DEVICES_PER_USER)
    _check_codes(call, device, authentication_code1, authentication_code2)
    call.connection.execute(
        update(mfa_devices)
        .where(mfa_devices.c.serial_number_key == device.serial_number_key)
        .values(user_id=None if user is None else user.user_id, enabled_at=call.now)
    )
    return None


@operation(resource=bearer_named)
def resync_mfa_device(
    call: Call, *, user_name: str, serial_number: str, authentication_code1: str, authentication_code2: str
) -> Result:
    """
    Set a device's clock by two codes in a row.

    Raises: NoSuchEntity; InvalidAuthenticationCode.
    """
    device = _find_borne(call, _find_bearer(call, user_name), serial_number)
    _check_codes(call, device, authentication_code1, authentication_code2)
    return None


@operation(resource=bearer_named)
def deactivate_mfa_device(call: Call, *, serial_number: str, user_name: str | None = None) -> Result:
    """
    Take a device from its user. A virtual one stays, to be given to somebody or deleted; of another nothing is left.

    Raises: NoSuchEntity.
    """
    device = _find_borne(call, _find_bearer(call, user_name), serial_number)
    this = mfa_devices.c.serial_number_key == device.serial_number_key
    if device.is_virtual:
        # Its last step stays: a code that was used is not accepted again, whoever has the device next.
        call.connection.execute(
            update(mfa_devices)
            .where(this)
            .values(user_id=None, enabled_at=None, clock_offset=0, failures=0, failed_at=None)
        )
    else:
        call.connection.execute(delete(mfa_devices).where(this))
    return None


@operation(resource=bearer_named)
def list_mfa_devices(
    call: Call, *, user_name: str | None = None, marker: str | None = None, max_items: int | None = None
) -> Result:
    """
    List a user's devices of every kind.

    Raises: NoSuchEntity.
    """
    user = _find_bearer(call, user_name)
    statement = select(mfa_devices.c.serial_number_key, mfa_devices).where(devices_of(_bearer(call, user)))
    rows, truncation = read_page(
        call.connection, statement, [mfa_devices.c.serial_number_key], PageRequest(marker, max_items)
    )
    devices = [
        {
            "UserName": None if user is None else user.user_name,
            "SerialNumber": row.serial_number,
            "EnableDate": row.enabled_at,
        }
        for row in rows
    ]
    return {"MFADevices": devices, **truncation}


@operation(resource=bearer_named)
def get_mfa_device(call: Call, *, serial_number: str, user_name: str | None = None) -> Result:
    """
    Describe a security key: AWS answers for no other kind of device.

    Raises: NoSuchEntity.
    """
    user = _find_bearer(call, user_name)
    device = _find_borne(call, user, serial_number)
    if device.is_virtual:
        raise _not_borne()
    return {
        "UserName": None if user is None else user.user_name,
        "SerialNumber": device.serial_number,
        "EnableDate": device.enabled_at,
        "Certifications": orjson.loads(device.certifications or "{}"),
    }


def _check_codes(call: Call, device: Device, first: str, second: str) -> None:
    if not synchronise(call.connection, call.sealer, device, (first, second), call.now):
        raise InvalidAuthenticationCode("Authentication code for device is not valid.")


def _means_root(call: Call, user_name: str | None) -> bool:
    """
    Tell whether the root user is meant: it calls and names nobody, or the account.

    DIVERGES: The root user's MFA devices. AWS's console enables one by a name that its API refuses to everyone else.
    """
    return call.caller.kind == "Root" and user_name in {None, call.account_id}


def _find_bearer(call: Call, user_name: str | None) -> User | None:
    if _means_root(call, user_name):
        return None
    return find_user_or_caller(call, user_name) if user_name is None else find_user(call, user_name)


def _bearer(call: Call, user: User | None) -> Bearer:
    return Bearer(call.account_id, None if user is None else user.user_id)


def _find_borne(call: Call, user: User | None, serial_number: str) -> Device:
    """Find a device that is this user's."""
    device = call.connection.execute(
        select(mfa_devices).where(
            devices_of(_bearer(call, user)), mfa_devices.c.serial_number_key == serial_number.casefold()
        )
    ).one_or_none()
    if device is None:
        find_device(call, serial_number)
        raise _not_borne()
    return device


def _not_borne() -> NoSuchEntity:
    return NoSuchEntity("MFA Device invalid for user.")
