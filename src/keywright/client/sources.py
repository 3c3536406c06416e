"""Say where the credentials in use come from: the variable, or the file and its line."""

from __future__ import annotations

import os
from typing import Final

from keywright.client.file_names import Kind
from keywright.client.known_options import KEY_ID
from keywright.client.profiles import read_profiles

_OPTIONS: Final = {
    "shared-credentials-file": (KEY_ID, Kind.CREDENTIALS),
    "config-file": (KEY_ID, Kind.CONFIG),
    "custom-process": ("credential_process", None),
    "login": ("login_session", None),
    "assume-role": ("role_arn", None),
    "assume-role-with-web-identity": ("role_arn", None),
    "sso": ("sso_session", None),
}
"""The option that leads to each of botocore's providers, and the file that it must stand in."""


def place_of(method: str, profile: str) -> str | None:
    """Give `path:line`, or the variable, that credentials of a provider come from; None where there is neither."""
    if method == "env":
        return "AWS_ACCESS_KEY_ID"
    option, only = _OPTIONS.get(method, (None, None))
    found = next((one for one in read_profiles(os.environ)[0] if one.name == profile), None)
    for setting in found.settings if found is not None else ():
        if setting.name == option and not setting.hidden and only in {None, setting.kind}:
            return f"{setting.path}:{setting.line}"
    return None
