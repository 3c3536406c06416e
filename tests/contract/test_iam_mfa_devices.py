"""MFA devices by boto3: a seed that works, codes that are good once, and whose devices they are."""

from __future__ import annotations

import base64
import struct
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from sqlalchemy import insert, update

from keywright.identity.mfa import Bearer, verify_mfa
from keywright.store.tables import mfa_devices, users
from tests.contract.expect import allow, pages, refused
from tests.contract.in_process import Account, Server, SteppingClock
from tests.contract.totp_device import Device, enable_device, make_device

INVALID = "Authentication code for device is not valid."


@pytest.fixture
def alice(iam: Any) -> str:
    """A user."""
    iam.create_user(UserName="alice")
    return "alice"


def serials(iam: Any, **parameters: Any) -> list[str]:
    """List the serial numbers of the virtual devices."""
    return [one["SerialNumber"] for one in iam.list_virtual_mfa_devices(**parameters)["VirtualMFADevices"]]


def test_a_virtual_device_has_a_seed_and_its_picture(account: Account) -> None:
    """CreateVirtualMFADevice answers the ARN, 64 characters of base32, a PNG, and the tags."""
    made = account.iam.create_virtual_mfa_device(
        Path="/phones/", VirtualMFADeviceName="mine", Tags=[{"Key": "a", "Value": "b"}]
    )["VirtualMFADevice"]
    assert made["SerialNumber"] == f"arn:aws:iam::{account.account_id}:mfa/phones/mine"
    assert len(made["Base32StringSeed"]) == 64
    assert len(base64.b32decode(made["Base32StringSeed"])) == 40
    assert made["QRCodePNG"].startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", made["QRCodePNG"][16:24])
    assert width == height > 100
    assert made["Tags"] == [{"Key": "a", "Value": "b"}]


def test_the_seed_is_in_no_event_and_not_at_rest(account: Account, server: Server) -> None:
    """Neither the trail nor the database shows a device's seed."""
    made = account.iam.create_virtual_mfa_device(VirtualMFADeviceName="mine")["VirtualMFADevice"]
    events = account.client("cloudtrail").lookup_events()["Events"]
    event = next(one for one in events if one["EventName"] == "CreateVirtualMFADevice")
    assert made["Base32StringSeed"].decode() not in event["CloudTrailEvent"]
    assert '"serialNumber"' in event["CloudTrailEvent"]
    seed = base64.b32decode(made["Base32StringSeed"])
    sealed = server.read(
        lambda connection: connection.execute(
            mfa_devices.select().where(mfa_devices.c.serial_number == made["SerialNumber"])
        ).one()
    ).sealed_seed
    assert seed not in sealed


def test_a_name_is_taken_once_on_its_path(iam: Any) -> None:
    """A second device of the same path and name, in whatever case, is EntityAlreadyExists."""
    iam.create_virtual_mfa_device(VirtualMFADeviceName="mine")
    with refused("EntityAlreadyExists", 409, "MFADevice entity at the same path and name already exists."):
        iam.create_virtual_mfa_device(VirtualMFADeviceName="Mine")
    iam.create_virtual_mfa_device(VirtualMFADeviceName="mine", Path="/p/")


def test_two_codes_in_a_row_enable(iam: Any, alice: str, clock: SteppingClock) -> None:
    """EnableMFADevice takes two consecutive codes, and the device is the user's from then on."""
    device = make_device(iam, clock)
    iam.enable_mfa_device(UserName=alice, SerialNumber=device.serial_number, **device.pair)
    listed = iam.list_mfa_devices(UserName=alice)["MFADevices"]
    assert [(one["UserName"], one["SerialNumber"]) for one in listed] == [(alice, device.serial_number)]
    assert listed[0]["EnableDate"] <= clock.now
    [assigned] = iam.list_virtual_mfa_devices(AssignmentStatus="Assigned")["VirtualMFADevices"]
    assert assigned["User"]["UserName"] == alice
    assert "Base32StringSeed" not in assigned
    assert serials(iam, AssignmentStatus="Unassigned") == []


def test_codes_of_this_step_and_the_next_enable_too(iam: Any, alice: str, clock: SteppingClock) -> None:
    """A script may compute the code of now and the one to come, and need not wait for it."""
    device = make_device(iam, clock)
    iam.enable_mfa_device(
        UserName=alice,
        SerialNumber=device.serial_number,
        AuthenticationCode1=device.code(),
        AuthenticationCode2=device.code(1),
    )


@pytest.mark.parametrize("steps", [(0, 0), (0, -1), (-2, 0), (-1, 1)])
def test_codes_that_are_not_in_a_row_do_not_enable(
    iam: Any, alice: str, clock: SteppingClock, steps: tuple[int, int]
) -> None:
    """The same code twice, the wrong order and a gap are InvalidAuthenticationCode, 403."""
    device = make_device(iam, clock)
    first, second = (device.code(step) for step in steps)
    with refused("InvalidAuthenticationCode", 403, INVALID):
        iam.enable_mfa_device(
            UserName=alice,
            SerialNumber=device.serial_number,
            AuthenticationCode1=first,
            AuthenticationCode2=second,
        )
    assert iam.list_mfa_devices(UserName=alice)["MFADevices"] == []


@pytest.mark.parametrize("code", ["12345", "1234567", "12345a"])
def test_a_code_is_six_digits(iam: Any, alice: str, clock: SteppingClock, code: str) -> None:
    """What is no code is a ValidationError."""
    device = make_device(iam, clock)
    with refused("ValidationError", 400):
        iam.enable_mfa_device(
            UserName=alice, SerialNumber=device.serial_number, AuthenticationCode1=code, AuthenticationCode2="000000"
        )


def test_enabling_names_what_is_there(account: Account, other: Account, alice: str, clock: SteppingClock) -> None:
    """A user, a device, or a device of another account that is not there is NoSuchEntity."""
    iam, device = account.iam, make_device(account.iam, clock)
    with refused("NoSuchEntity", 404, "The user with name nobody cannot be found."):
        iam.enable_mfa_device(UserName="nobody", SerialNumber=device.serial_number, **device.pair)
    missing = f"arn:aws:iam::{account.account_id}:mfa/missing"
    with refused("NoSuchEntity", 404, f"VirtualMFADevice with serial number {missing} doesn't exist."):
        iam.enable_mfa_device(UserName=alice, SerialNumber=missing, **device.pair)
    foreign = make_device(other.iam, clock)
    with refused("NoSuchEntity", 404):
        iam.enable_mfa_device(UserName=alice, SerialNumber=foreign.serial_number, **foreign.pair)


def test_a_device_is_one_users(iam: Any, alice: str, clock: SteppingClock) -> None:
    """A device that is somebody's is not given to another."""
    device = enable_device(iam, clock, alice)
    iam.create_user(UserName="bob")
    clock.advance(minutes=2)
    with refused("EntityAlreadyExists", 409):
        iam.enable_mfa_device(UserName="bob", SerialNumber=device.serial_number, **device.pair)


def test_a_user_has_eight_devices_at_most(iam: Any, alice: str, clock: SteppingClock) -> None:
    """The ninth device is LimitExceeded; the pages list all eight."""
    for number in range(8):
        enable_device(iam, clock, alice, f"phone{number}")
    ninth = make_device(iam, clock, "ninth")
    with refused("LimitExceeded", 409, "Cannot exceed quota for MFADevicesPerUser: 8"):
        iam.enable_mfa_device(UserName=alice, SerialNumber=ninth.serial_number, **ninth.pair)
    assert [len(page) for page in pages(iam, "list_mfa_devices", "MFADevices", 3, UserName=alice)] == [3, 3, 2]
    assert [len(page) for page in pages(iam, "list_virtual_mfa_devices", "VirtualMFADevices", 5)] == [5, 4]
    assert serials(iam, AssignmentStatus="Unassigned") == [ninth.serial_number]


def verify(server: Server, account: Account, device: Device, code: str, user_name: str = "alice") -> bool:
    """Verify a code as sign-in and STS do."""

    def work(connection: Any) -> bool:
        user_id = connection.execute(
            users.select().where(users.c.account_id == account.account_id, users.c.user_name == user_name)
        ).one()[0]
        bearer = Bearer(account.account_id, user_id)
        return verify_mfa(connection, server.sealer, bearer, device.serial_number, code, device.clock.now)

    return server.write(work)


def test_a_code_is_good_once(server: Server, account: Account, alice: str, clock: SteppingClock) -> None:
    """A code is accepted once, never again, and no code of an earlier step after it."""
    device = enable_device(account.iam, clock, alice)
    clock.advance(minutes=1)
    code, earlier = device.code(), device.code(-1)
    assert verify(server, account, device, code)
    assert not verify(server, account, device, code)
    assert not verify(server, account, device, earlier)
    clock.advance(seconds=30)
    assert verify(server, account, device, device.code())


def test_the_codes_that_enabled_are_used_up(server: Server, account: Account, alice: str, clock: SteppingClock) -> None:
    """Neither of the two codes that enabled a device is good for anything after."""
    device = make_device(account.iam, clock)
    pair = device.pair
    account.iam.enable_mfa_device(UserName=alice, SerialNumber=device.serial_number, **pair)
    assert not any(verify(server, account, device, code) for code in pair.values())


def test_a_code_may_be_a_step_early_or_late(server: Server, account: Account, alice: str, clock: SteppingClock) -> None:
    """The codes of the steps before and after now are accepted, those beyond are not."""
    device = enable_device(account.iam, clock, alice)
    clock.advance(minutes=5)
    assert not verify(server, account, device, device.code(-2))
    assert not verify(server, account, device, device.code(2))
    assert verify(server, account, device, device.code(-1))
    assert verify(server, account, device, device.code(1))


def test_a_device_is_good_for_its_user_alone(
    server: Server, account: Account, alice: str, clock: SteppingClock
) -> None:
    """A right code of somebody else's device is refused."""
    device = enable_device(account.iam, clock, alice)
    account.iam.create_user(UserName="bob")
    assert not verify(server, account, device, device.code(), "bob")
    assert verify(server, account, device, device.code())


def test_guessing_makes_the_device_wait(server: Server, account: Account, alice: str, clock: SteppingClock) -> None:
    """After five wrong codes even the right one is refused, for half a minute; then it is accepted, and all is well."""
    device = enable_device(account.iam, clock, alice)
    clock.advance(minutes=1)
    wrong = [f"{number:06}" for number in range(20) if f"{number:06}" not in {device.code(step) for step in (-1, 0, 1)}]
    for code in wrong[:5]:
        assert not verify(server, account, device, code)
    assert not verify(server, account, device, device.code())
    clock.advance(seconds=31)
    assert verify(server, account, device, device.code())
    clock.advance(seconds=30)
    assert verify(server, account, device, device.code())


def test_wrong_codes_are_counted_though_they_are_refused(iam: Any, alice: str, clock: SteppingClock) -> None:
    """What EnableMFADevice refuses is remembered: after five wrong pairs the right one has to wait."""
    device = make_device(iam, clock)
    request = {"UserName": alice, "SerialNumber": device.serial_number}
    for _ in range(5):
        with refused("InvalidAuthenticationCode", 403):
            iam.enable_mfa_device(**request, AuthenticationCode1=device.code(), AuthenticationCode2=device.code())
    with refused("InvalidAuthenticationCode", 403):
        iam.enable_mfa_device(**request, **device.pair)
    clock.advance(seconds=31)
    iam.enable_mfa_device(**request, **device.pair)


def test_resync_sets_a_devices_clock(server: Server, account: Account, alice: str, clock: SteppingClock) -> None:
    """A device whose clock has gone wrong is refused until ResyncMFADevice, and accepted by its own clock after."""
    device = enable_device(account.iam, clock, alice)._replace(ahead=timedelta(hours=1))
    assert not verify(server, account, device, device.code())
    request = {"UserName": alice, "SerialNumber": device.serial_number}
    with refused("InvalidAuthenticationCode", 403, INVALID):
        account.iam.resync_mfa_device(**request, AuthenticationCode1=device.code(), AuthenticationCode2=device.code())
    account.iam.resync_mfa_device(**request, **device.pair)
    clock.advance(seconds=30)
    assert verify(server, account, device, device.code())


def test_resync_is_for_ones_own_device(iam: Any, alice: str, clock: SteppingClock) -> None:
    """A device that is not the user's is not synchronised for him."""
    device = make_device(iam, clock)
    with refused("NoSuchEntity", 404, "MFA Device invalid for user."):
        iam.resync_mfa_device(UserName=alice, SerialNumber=device.serial_number, **device.pair)


def test_a_deactivated_device_stays_and_its_codes_stay_used(iam: Any, alice: str, clock: SteppingClock) -> None:
    """DeactivateMFADevice leaves the virtual device unassigned; the codes that enabled it do not enable it again."""
    device = make_device(iam, clock)
    request, pair = {"UserName": alice, "SerialNumber": device.serial_number}, device.pair
    iam.enable_mfa_device(**request, **pair)
    iam.deactivate_mfa_device(**request)
    assert iam.list_mfa_devices(UserName=alice)["MFADevices"] == []
    assert serials(iam, AssignmentStatus="Unassigned") == [device.serial_number]
    with refused("NoSuchEntity", 404, "MFA Device invalid for user."):
        iam.deactivate_mfa_device(**request)
    with refused("InvalidAuthenticationCode", 403):
        iam.enable_mfa_device(**request, **pair)
    clock.advance(minutes=1)
    iam.enable_mfa_device(**request, **device.pair)


def test_a_device_in_use_is_not_deleted(iam: Any, alice: str, clock: SteppingClock) -> None:
    """DeleteVirtualMFADevice asks to deactivate first, then deletes; one that is gone is NoSuchEntity."""
    device = enable_device(iam, clock, alice)
    with refused("DeleteConflict", 409, "MFA VirtualDevice in use. Must deactivate first."):
        iam.delete_virtual_mfa_device(SerialNumber=device.serial_number)
    iam.deactivate_mfa_device(UserName=alice, SerialNumber=device.serial_number)
    iam.delete_virtual_mfa_device(SerialNumber=device.serial_number)
    assert serials(iam) == []
    with refused("NoSuchEntity", 404, f"VirtualMFADevice with serial number {device.serial_number} doesn't exist."):
        iam.delete_virtual_mfa_device(SerialNumber=device.serial_number)


def test_a_user_with_a_device_is_not_deleted(iam: Any, alice: str, clock: SteppingClock) -> None:
    """DeleteUser says that the device must go first."""
    device = enable_device(iam, clock, alice)
    with refused("DeleteConflict", 409, "Cannot delete entity, must delete MFA device first."):
        iam.delete_user(UserName=alice)
    iam.deactivate_mfa_device(UserName=alice, SerialNumber=device.serial_number)
    iam.delete_user(UserName=alice)


def test_the_root_user_has_devices_of_its_own(account: Account, clock: SteppingClock) -> None:
    """The root user enables, lists and deactivates by the account's id or without a name, and the summary knows."""
    root = account.client("iam", account.root)
    device = make_device(root, clock, "root-account-mfa-device")
    root.enable_mfa_device(UserName=account.account_id, SerialNumber=device.serial_number, **device.pair)
    assert [one["SerialNumber"] for one in root.list_mfa_devices()["MFADevices"]] == [device.serial_number]
    [listed] = account.iam.list_virtual_mfa_devices()["VirtualMFADevices"]
    assert listed["User"]["Arn"] == f"arn:aws:iam::{account.account_id}:root"
    summary = account.iam.get_account_summary()["SummaryMap"]
    assert (summary["AccountMFAEnabled"], summary["MFADevices"], summary["MFADevicesInUse"]) == (1, 1, 1)
    assert account.iam.list_mfa_devices(UserName="admin")["MFADevices"] == []
    with refused("NoSuchEntity", 404):
        account.iam.deactivate_mfa_device(UserName="admin", SerialNumber=device.serial_number)
    root.deactivate_mfa_device(SerialNumber=device.serial_number)
    assert account.iam.get_account_summary()["SummaryMap"]["AccountMFAEnabled"] == 0


def test_users_manage_their_own_devices(account: Account, clock: SteppingClock) -> None:
    """With AWS's policy for it a user makes, enables and lists a device, without a word from an administrator."""
    arn = f"arn:aws:iam::{account.account_id}"
    document = allow(["iam:*MFADevice", "iam:ListMFADevices"], [f"{arn}:mfa/*", arn + ":user/${aws:username}"])
    me = account.client("iam", account.user("carol", document))
    device = make_device(me, clock, "carols")
    me.enable_mfa_device(UserName="carol", SerialNumber=device.serial_number, **device.pair)
    assert len(me.list_mfa_devices()["MFADevices"]) == 1
    with refused("AccessDenied", 403):
        me.list_mfa_devices(UserName="admin")


def test_security_keys_are_listed_and_described(server: Server, account: Account, alice: str) -> None:
    """A FIDO key stands among a user's devices; GetMFADevice tells its certifications, and of no virtual device."""
    serial = f"arn:aws:iam::{account.account_id}:u2f/user/{alice}/yubi-ABCDEFGHIJKLMNOP"

    def add(connection: Any) -> None:
        user_id = connection.execute(users.select().where(users.c.account_id == account.account_id)).all()
        owner = next(row.user_id for row in user_id if row.user_name == alice)
        connection.execute(
            insert(mfa_devices).values(
                serial_number_key=serial.casefold(),
                serial_number=serial,
                account_id=account.account_id,
                user_id=owner,
                is_virtual=False,
                created_at=account.server.clock.now,
                enabled_at=account.server.clock.now,
                certifications='{"FIDO": "L1"}',
            )
        )

    server.write(add)
    iam = account.iam
    assert [one["SerialNumber"] for one in iam.list_mfa_devices(UserName=alice)["MFADevices"]] == [serial]
    assert serials(iam) == []
    described = iam.get_mfa_device(SerialNumber=serial, UserName=alice)
    assert (described["UserName"], described["SerialNumber"], described["Certifications"]) == (
        alice,
        serial,
        {"FIDO": "L1"},
    )
    with refused("InvalidAuthenticationCode", 403):
        iam.resync_mfa_device(
            UserName=alice, SerialNumber=serial, AuthenticationCode1="000000", AuthenticationCode2="000000"
        )
    iam.deactivate_mfa_device(UserName=alice, SerialNumber=serial)
    with refused("NoSuchEntity", 404):
        iam.get_mfa_device(SerialNumber=serial, UserName=alice)


def test_get_mfa_device_is_for_security_keys(iam: Any, alice: str, clock: SteppingClock) -> None:
    """A virtual device is NoSuchEntity to GetMFADevice."""
    device = enable_device(iam, clock, alice)
    with refused("NoSuchEntity", 404):
        iam.get_mfa_device(SerialNumber=device.serial_number, UserName=alice)


def test_devices_have_tags(iam: Any, clock: SteppingClock) -> None:
    """Tags are set, listed by pages, and removed; a device that is not there has none."""
    device = make_device(iam, clock, Tags=[{"Key": "a", "Value": "1"}])
    serial = {"SerialNumber": device.serial_number}
    iam.tag_mfa_device(**serial, Tags=[{"Key": "B", "Value": "2"}, {"Key": "A", "Value": "3"}])
    assert pages(iam, "list_mfa_device_tags", "Tags", SerialNumber=device.serial_number) == [
        [{"Key": "A", "Value": "3"}],
        [{"Key": "B", "Value": "2"}],
    ]
    iam.untag_mfa_device(**serial, TagKeys=["a"])
    assert iam.list_mfa_device_tags(**serial)["Tags"] == [{"Key": "B", "Value": "2"}]
    with refused("InvalidInput", 400):
        iam.tag_mfa_device(**serial, Tags=[{"Key": "aws:x", "Value": ""}])
    for call in ("list_mfa_device_tags", "tag_mfa_device", "untag_mfa_device"):
        extra: dict[str, dict[str, Any]] = {"tag_mfa_device": {"Tags": []}, "untag_mfa_device": {"TagKeys": ["a"]}}
        more = extra.get(call, {})
        with refused("NoSuchEntity", 404):
            getattr(iam, call)(SerialNumber=f"{device.serial_number}-missing", **more)


def test_an_inactive_clock_is_not_a_way_round(
    server: Server, account: Account, alice: str, clock: SteppingClock
) -> None:
    """However its clock was set, a device accepts no step that it has accepted or passed."""
    device = enable_device(account.iam, clock, alice)
    used = device.code()
    assert verify(server, account, device, used)
    server.write(
        lambda connection: connection.execute(
            update(mfa_devices).where(mfa_devices.c.serial_number == device.serial_number).values(clock_offset=-1)
        )
    )
    clock.advance(seconds=30)
    assert not verify(server, account, device, used)


def test_of_many_at_once_one_burns_the_code(account: Account, alice: str, clock: SteppingClock) -> None:
    """Sixteen who present the same code at the same time get one session."""
    key = account.user("carol", allow("sts:*"))
    device = enable_device(account.iam, clock, "carol", "carols")
    code = device.code()

    def ask(_number: int) -> str:
        try:
            account.client("sts", key).get_session_token(SerialNumber=device.serial_number, TokenCode=code)
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return "issued"

    with ThreadPoolExecutor(16) as threads:
        assert Counter(threads.map(ask, range(16))) == {"issued": 1, "AccessDenied": 15}


def test_of_many_at_once_eight_are_enabled(account: Account, alice: str, clock: SteppingClock) -> None:
    """Sixteen devices that are enabled at the same time leave the user eight."""
    devices = [make_device(account.iam, clock, f"phone{number}") for number in range(16)]

    def enable(device: Device) -> str:
        try:
            account.iam.enable_mfa_device(UserName=alice, SerialNumber=device.serial_number, **device.pair)
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        return "enabled"

    with ThreadPoolExecutor(16) as threads:
        assert Counter(threads.map(enable, devices)) == {"enabled": 8, "LimitExceeded": 8}
    assert len(account.iam.list_mfa_devices(UserName=alice)["MFADevices"]) == 8
