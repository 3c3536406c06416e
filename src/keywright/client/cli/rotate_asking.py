"""What `keywright rotate` is told: lengths of time, files, and a code of an MFA device."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from keywright.client.cli.spans import duration_of
from keywright.client.cli.terminal import Exit, is_interactive, printable, stop
from keywright.client.identity import mfa_devices, who_am_i
from keywright.client.rotation.errors import RotationError
from keywright.client.rotation.plans import Wishes
from keywright.client.rotation.running import Waits
from keywright.client.session import SignInError, sign_in

_CODE: Final = re.compile(r"\d{6}")
_DEACTIVATE_AFTER: Final = "1h"
_DELETE_AFTER: Final = "7d"


def wishes_of(flags: Mapping[str, Any]) -> Wishes:
    """Read what every key's rotation is to be like."""
    return Wishes(
        profile=flags["profile"],
        region=flags["region"],
        endpoint_url=flags["endpoint_url"],
        mfa_serial=serial_of(flags),
        also=files_of(flags),
        deactivate_after=duration_of(flags["deactivate_after"] or _DEACTIVATE_AFTER, "--deactivate-after"),
        delete_after=duration_of(flags["delete_after"] or _DELETE_AFTER, "--delete-after"),
        expires=flags["expires"],
    )


def waits_of(flags: Mapping[str, Any]) -> Waits:
    """Read which of a rotation's waits are to change."""
    return Waits(
        *(
            None if flags[name] is None else duration_of(flags[name], flag)
            for name, flag in (("deactivate_after", "--deactivate-after"), ("delete_after", "--delete-after"))
        )
    )


def files_of(flags: Mapping[str, Any]) -> tuple[Path, ...]:
    """Find the files of --also."""
    paths = tuple(dict.fromkeys(Path(name).expanduser().absolute() for name in flags["also"]))
    for path in paths:
        if not path.is_file():
            stop(f"--also {path}: there is no such file", Exit.USAGE)
    return paths


def serial_of(flags: Mapping[str, Any]) -> str | None:
    """
    Say which MFA device is to open the session: the one that is named, the profile's, or the only one.

    A profile's `mfa_serial` without --mfa-code or --mfa-serial is for its role, and does not count.
    """
    if flags["mfa_serial"] is not None or flags["mfa_code"] is None:
        return None if flags["mfa_serial"] is None else str(flags["mfa_serial"])
    try:
        signed_in = sign_in(flags)
        stated = signed_in.session.get_scoped_config().get("mfa_serial")
        if stated:
            return str(stated)
        devices = mfa_devices(signed_in.client("iam"), who_am_i(signed_in).user_name)
    except (SignInError, ClientError, BotoCoreError):
        devices = ()
    if len(devices) != 1:
        stop("which MFA device the code is of cannot be seen: name its serial number by --mfa-serial", Exit.USAGE)
    return devices[0]


class Codes:
    """The codes of an MFA device: that of --mfa-code first, which serves once, then what is typed."""

    def __init__(self, given: str | None) -> None:
        if given is not None and _CODE.fullmatch(given) is None:
            stop("--mfa-code takes the six digits that the device shows", Exit.USAGE)
        self._given = given

    def __call__(self, serial: str) -> str:
        """
        Give a code.

        Raises: RotationError.
        """
        given, self._given = self._given, None
        if given is not None:
            return given
        if not is_interactive():
            raise RotationError(f"the next step takes a code of the MFA device {serial}: --resume --mfa-code CODE")
        print(f"MFA code of {printable(serial)}: ", end="", file=sys.stderr, flush=True)
        typed = sys.stdin.readline().strip()
        if _CODE.fullmatch(typed) is None:
            raise RotationError("an MFA code has six digits: go on by `keywright rotate --resume`")
        return typed
