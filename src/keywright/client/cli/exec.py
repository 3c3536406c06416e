"""`keywright exec PROFILE -- CMD`: a command with credentials in its environment, and nowhere else."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NoReturn

from keywright.client.cli.terminal import Exit, note, stop
from keywright.client.export_credentials import Credentials, CredentialsError, credentials_of, session_of
from keywright.client.export_settings import ENDPOINT, find_profile, settings_of
from keywright.client.keystore.passphrase import ask_at_terminal
from keywright.client.profiles import Profile

CONFLICTING: Final = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_ACCOUNT_ID",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_CREDENTIAL_FILE",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
)
"""What would have a tool take other credentials than those that it is given."""
_SHORTEST_SECONDS, _LONGEST_SECONDS = 900, 129_600
_NOT_FOUND, _NOT_EXECUTABLE = 127, 126
"""As shells say it."""


def run_exec(flags: Mapping[str, Any]) -> Exit:
    """Become the command; there is no way back."""
    name = flags["profile"]
    _refuse_duration(flags)
    profile = find_profile(name, os.environ)
    credentials = _credentials(name, profile, flags)
    settings = settings_of(profile, os.environ, region=flags["region"], endpoint_url=flags["endpoint_url"])
    environment = {name: value for name, value in os.environ.items() if name not in CONFLICTING}
    if flags["endpoint_url"] is not None:
        environment = {name: value for name, value in environment.items() if not name.startswith(f"{ENDPOINT}_")}
    command_line = flags["command_line"]
    _become(
        command_line[1:] if command_line[0] == "--" else command_line, environment | settings | credentials.variables()
    )


def _credentials(name: str, profile: Profile | None, flags: Mapping[str, Any]) -> Credentials:
    """Take the profile's credentials, or those of a session, as asked."""
    try:
        credentials = credentials_of(name, profile, flags)
        if credentials.session_token is not None:
            if flags["session"] or flags["duration"] is not None:
                stop(f"the credentials of {name} are temporary already: leave out --session and --duration", Exit.USAGE)
            return credentials
        serial = None if profile is None else profile.value("mfa_serial")
        wanted = flags["session"] or flags["duration"] is not None or serial is not None
        if flags["session"] is False or not wanted:
            return credentials
        if serial is None:
            note(
                f"The profile {name} has no mfa_serial: a session without MFA may not call IAM, "
                "and of STS only AssumeRole and GetCallerIdentity"
            )
        code = None if serial is None else _mfa_code(serial, flags["mfa_code_file"])
        return session_of(name, profile, credentials, flags, mfa_code=code)
    except CredentialsError as error:
        stop(str(error), Exit.UNREACHABLE)


def _mfa_code(serial: str, file: str | None) -> str:
    if file is not None:
        code = Path(file).read_text(encoding="utf-8", errors="replace").strip()
    else:
        asked = ask_at_terminal(f"MFA code of {serial}: ")
        code = "" if asked is None else asked.reveal().strip()
    if re.fullmatch(r"\d{6}", code) is None:
        stop(
            f"a session takes the six digits that {serial} shows: they are asked for at a terminal, "
            "or read from --mfa-code-file; --no-session gives the key itself",
            Exit.USAGE,
        )
    return code


def _refuse_duration(flags: Mapping[str, Any]) -> None:
    duration = flags["duration"]
    if duration is None:
        return
    if flags["session"] is False:
        stop("--duration is a session's: leave out --no-session", Exit.USAGE)
    if not _SHORTEST_SECONDS <= duration <= _LONGEST_SECONDS:
        stop("a session lasts from 15m to 36h", Exit.USAGE)


def _become(command: list[str], environment: Mapping[str, str]) -> NoReturn:
    sys.stdout.flush()
    sys.stderr.flush()
    for ignored in (signal.SIGPIPE, signal.SIGXFSZ):
        # Python ignores them, and the command would inherit that.
        signal.signal(ignored, signal.SIG_DFL)
    try:
        os.execvpe(command[0], command, environment)  # noqa: S606 - the person's own command, without a shell
    except FileNotFoundError:
        note(f"keywright: there is no command {command[0]}")
        sys.exit(_NOT_FOUND)
    except OSError as error:
        note(f"keywright: {command[0]} cannot be run: {error.strerror}")
        sys.exit(_NOT_EXECUTABLE)
