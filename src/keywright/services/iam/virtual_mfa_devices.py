"""Virtual MFA devices: a seed that an authenticator app reads off a QR code."""

from __future__ import annotations

import base64
import io
import secrets
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from sqlalchemy import delete, insert, select
from sqlalchemy.exc import IntegrityError

from keywright.aws.arn import iam_arn, root_arn
from keywright.identity.mfa import seal_seed
from keywright.services.iam.errors import DeleteConflict, EntityAlreadyExists
from keywright.services.iam.mfa_devices import Device, find_device
from keywright.services.iam.pages import PageRequest, read_page
from keywright.services.iam.tags import Tag, add_tags, all_tags, list_tags, remove_tags, tagging
from keywright.services.iam.users import user_arn
from keywright.services.operation import Call, Inputs, Result, Target, operation
from keywright.store.tables import accounts, mfa_device_tags, mfa_devices, users

_SEED_BYTES: Final = 40
"""AWS's seeds are 64 characters of base32."""
_QUOTA: Final = "TagsPerVirtualMFADevice"


class _Seed(NamedTuple):
    seed: bytes
    base32: bytes
    qr_png: bytes


def new_device(call: Call, inputs: Inputs) -> Target:
    """Name the device that is to be made."""
    return Target(_serial_number(call, inputs.get("path") or "/", inputs["virtual_mfa_device_name"]))


def existing_device(call: Call, inputs: Inputs) -> Target:
    """Name the device that is acted upon: its serial number is its ARN."""
    del call
    return Target(inputs["serial_number"])


def every_device(call: Call, inputs: Inputs) -> Target:
    """Name the account's devices."""
    del inputs
    return Target(iam_arn(call.account_id, "mfa", "/", ""))


def draw_seed(call: Call, inputs: Inputs) -> _Seed:
    """Make a seed and its picture: Python takes its time to draw one."""
    # A twentieth of a second to load, and most servers never draw one.
    import segno

    seed = secrets.token_bytes(_SEED_BYTES)
    base32 = base64.b32encode(seed)
    label = quote(f"{inputs['virtual_mfa_device_name']}@{call.account_id}", safe="@")
    picture = io.BytesIO()
    segno.make_qr(f"otpauth://totp/{label}?secret={base32.decode('ascii')}").save(picture, kind="png", scale=4)
    return _Seed(seed, base32, picture.getvalue())


@operation(resource=new_device, prepare=draw_seed, also=tagging("iam:TagMFADevice", new_device))
def create_virtual_mfa_device(
    call: Call, *, virtual_mfa_device_name: str, path: str = "/", tags: list[Tag] | None = None
) -> Result:
    """
    Make a device that is nobody's yet. Its seed is in this answer and nowhere else.

    Raises: EntityAlreadyExists; InvalidInput, LimitExceeded (tags).
    """
    made: _Seed = call.prepared
    serial_number = _serial_number(call, path, virtual_mfa_device_name)
    key = serial_number.casefold()
    try:
        call.connection.execute(
            insert(mfa_devices).values(
                serial_number_key=key,
                serial_number=serial_number,
                account_id=call.account_id,
                is_virtual=True,
                sealed_seed=seal_seed(call.sealer, key, made.seed),
                created_at=call.now,
            )
        )
    except IntegrityError:
        raise EntityAlreadyExists("MFADevice entity at the same path and name already exists.") from None
    add_tags(call.connection, mfa_device_tags, key, tags or [], _QUOTA)
    return {
        "VirtualMFADevice": {
            "SerialNumber": serial_number,
            "Base32StringSeed": made.base32,
            "QRCodePNG": made.qr_png,
            "Tags": all_tags(call.connection, mfa_device_tags, key) or None,
        }
    }


@operation(resource=every_device)
def list_virtual_mfa_devices(
    call: Call, *, assignment_status: str = "Any", marker: str | None = None, max_items: int | None = None
) -> Result:
    """List the account's virtual devices, all or those that are somebody's, or nobody's; without seeds and tags."""
    created_at = select(accounts.c.created_at).where(accounts.c.account_id == call.account_id).scalar_subquery()
    statement = (
        select(
            mfa_devices.c.serial_number_key,
            mfa_devices.c.serial_number,
            mfa_devices.c.enabled_at,
            users.c.user_id,
            users.c.user_name,
            users.c.path,
            users.c.created_at.label("user_created_at"),
            users.c.password_last_used,
            created_at.label("account_created_at"),
        )
        .outerjoin(users, users.c.user_id == mfa_devices.c.user_id)
        .where(mfa_devices.c.account_id == call.account_id, mfa_devices.c.is_virtual)
    )
    if assignment_status == "Assigned":
        statement = statement.where(mfa_devices.c.enabled_at.is_not(None))
    elif assignment_status == "Unassigned":
        statement = statement.where(mfa_devices.c.enabled_at.is_(None))
    rows, truncation = read_page(
        call.connection, statement, [mfa_devices.c.serial_number_key], PageRequest(marker, max_items)
    )
    devices = [
        {"SerialNumber": row.serial_number, "User": _describe_bearer(call, row), "EnableDate": row.enabled_at}
        for row in rows
    ]
    return {"VirtualMFADevices": devices, **truncation}


@operation(resource=existing_device)
def delete_virtual_mfa_device(call: Call, *, serial_number: str) -> Result:
    """
    Delete a device that is nobody's.

    Raises: NoSuchEntity; DeleteConflict.
    """
    device = find_device(call, serial_number)
    if device.enabled_at is not None:
        raise DeleteConflict("MFA VirtualDevice in use. Must deactivate first.")
    call.connection.execute(delete(mfa_devices).where(mfa_devices.c.serial_number_key == device.serial_number_key))
    return None


@operation(resource=existing_device)
def tag_mfa_device(call: Call, *, serial_number: str, tags: list[Tag]) -> Result:
    """
    Set tags on a device.

    Raises: NoSuchEntity; InvalidInput; LimitExceeded.
    """
    add_tags(call.connection, mfa_device_tags, find_device(call, serial_number).serial_number_key, tags, _QUOTA)
    return None


@operation(resource=existing_device)
def untag_mfa_device(call: Call, *, serial_number: str, tag_keys: list[str]) -> Result:
    """
    Remove tags from a device.

    Raises: NoSuchEntity.
    """
    remove_tags(call.connection, mfa_device_tags, find_device(call, serial_number).serial_number_key, tag_keys)
    return None


@operation(resource=existing_device)
def list_mfa_device_tags(
    call: Call, *, serial_number: str, marker: str | None = None, max_items: int | None = None
) -> Result:
    """
    List a device's tags by key.

    Raises: NoSuchEntity.
    """
    key = find_device(call, serial_number).serial_number_key
    return list_tags(call.connection, mfa_device_tags, key, PageRequest(marker, max_items))


def _serial_number(call: Call, path: str, name: str) -> str:
    return iam_arn(call.account_id, "mfa", path, name)


def _describe_bearer(call: Call, row: Device) -> dict[str, Any] | None:
    if row.enabled_at is None:
        return None
    if row.user_id is None:
        return {"UserId": call.account_id, "Arn": root_arn(call.account_id), "CreateDate": row.account_created_at}
    return {
        "Path": row.path,
        "UserName": row.user_name,
        "UserId": row.user_id,
        "Arn": user_arn(call.account_id, row),
        "CreateDate": row.user_created_at,
        "PasswordLastUsed": row.password_last_used,
    }
