"""An authenticator app: what a person has beside the seed."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from keywright.identity.totp import time_step, totp
from tests.contract.in_process import SteppingClock


class Device(NamedTuple):
    """A virtual device as it was made, with a clock of its own."""

    serial_number: str
    seed: bytes
    clock: SteppingClock
    ahead: timedelta = timedelta()

    def code(self, later: int = 0) -> str:
        """Show the code of now, or of so many steps later."""
        moment: datetime = self.clock.now + self.ahead
        return totp(self.seed, time_step(moment) + later)

    @property
    def pair(self) -> dict[str, str]:
        """Show two codes in a row, the last one of now."""
        return {"AuthenticationCode1": self.code(-1), "AuthenticationCode2": self.code()}


def make_device(iam: Any, clock: SteppingClock, name: str = "phone", **more: Any) -> Device:
    """Make a virtual device and keep what its QR code would tell the app."""
    made = iam.create_virtual_mfa_device(VirtualMFADeviceName=name, **more)["VirtualMFADevice"]
    return Device(made["SerialNumber"], base64.b32decode(made["Base32StringSeed"]), clock)


def enable_device(iam: Any, clock: SteppingClock, user_name: str, name: str = "phone") -> Device:
    """Make a device, give it to a user, and wait until it shows a code that is not used yet."""
    device = make_device(iam, clock, name)
    iam.enable_mfa_device(UserName=user_name, SerialNumber=device.serial_number, **device.pair)
    clock.advance(seconds=30)
    return device
