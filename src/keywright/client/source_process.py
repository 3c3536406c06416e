"""
Run a profile's `credential_process` as botocore does, and say in a sentence why it gives no credentials.

botocore by itself waits for ever, and ends with `[Errno 2]`, `Expecting value` or nothing after a colon. What the
process prints may hold a secret: none of it is repeated, of its standard error only the last line.
"""

from __future__ import annotations

import json
import shlex
import signal
import subprocess
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partialmethod
from typing import Any, Final

from botocore.credentials import ProcessProvider
from botocore.exceptions import CredentialRetrievalError

from keywright.client.known_options import without_long_secrets
from keywright.client.process_program import Fault, program_fault
from keywright.client.sources import place_of

PATIENCE_SECONDS: Final = 90
"""Ours waits a minute for a keyring that asks on the desktop."""
_MOST_CHARACTERS: Final = 200


class ProcessError(CredentialRetrievalError):  # type: ignore[misc] # botocore has no types
    """The process gave no credentials; the message says why and what to do."""

    fmt = "{error_msg}"

    def __init__(self, fault: Fault) -> None:
        super().__init__(provider="custom-process", error_msg=f"{fault.what}: run `{fault.next}`")
        self.fault: Final = fault


def explain_processes(seconds: float = PATIENCE_SECONDS) -> None:
    """Have botocore's own provider, wherever a session uses one, run processes by `_credentials`."""
    ProcessProvider._retrieve_credentials_using = partialmethod(_credentials, seconds=seconds)  # noqa: SLF001


def _credentials(provider: Any, process: str, *, seconds: float) -> dict[str, str | None]:
    profile = provider._profile_name  # noqa: SLF001 - botocore keeps it to itself
    place = place_of("custom-process", profile)
    subject = f"the credential_process of the profile {profile}" + (f" ({place})" if place else "")
    by_hand = f'sh -c "$(aws configure get credential_process --profile {shlex.quote(profile)}) > /dev/null"'

    def fail(what: str, then: str = by_hand) -> ProcessError:
        return ProcessError(Fault(f"{subject} {what}", then))

    fault = program_fault(process, profile)
    if fault is not None and fault.is_fatal:
        raise fail(fault.what, fault.next)
    printed = _run(provider._popen, shlex.split(process), seconds, fail)  # noqa: SLF001
    values = _values(printed, fail)
    _refuse_ended(values.get("Expiration"), fail)
    return {
        "access_key": values["AccessKeyId"],
        "secret_key": values["SecretAccessKey"],
        "token": values.get("SessionToken"),
        "expiry_time": values.get("Expiration"),
        "account_id": values.get("AccountId") or provider.profile_config.get("aws_account_id"),
    }


def _run(
    popen: Callable[..., subprocess.Popen[bytes]],
    words: Sequence[str],
    seconds: float,
    fail: Callable[..., ProcessError],
) -> bytes:
    """Run it to its end; return its standard output."""
    try:
        process = popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    except OSError as error:
        raise fail(f"cannot be run ({error.strerror})") from None
    try:
        printed, complaint = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        raise fail(
            f"has not ended within {seconds:g} seconds; it may wait for an answer to a question that AWS tools hide"
        ) from None
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()
    if process.returncode:
        raise fail(f"ended with {_ending(process.returncode)}{_last_line(complaint)}")
    return printed


def _ending(code: int) -> str:
    return f"exit code {code}" if code > 0 else f"the signal {signal.Signals(-code).name}"


def _last_line(complaint: bytes) -> str:
    lines = complaint.decode(errors="replace").strip().splitlines()
    if not lines:
        return " and said nothing"
    return f" and said: {without_long_secrets(lines[-1].strip())[:_MOST_CHARACTERS]}"


def _values(printed: bytes, fail: Callable[..., ProcessError]) -> dict[str, Any]:
    if not printed.strip():
        raise fail("printed nothing")
    try:
        values = json.loads(printed)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        raise fail("printed something else than one JSON object")
    if values.get("Version") != 1:
        stated = "no Version" if "Version" not in values else "another Version"
        raise fail(f'printed {stated}, where tools want "Version": 1')
    for name in ("AccessKeyId", "SecretAccessKey"):
        if not isinstance(values.get(name), str) or not values[name]:
            raise fail(f"printed no {name}")
    return values


def _refuse_ended(expiration: Any, fail: Callable[..., ProcessError]) -> None:
    if expiration is None:
        return
    try:
        ends_at = datetime.fromisoformat(expiration)
    except (ValueError, TypeError):
        raise fail("printed an Expiration that is no time in the form of ISO 8601") from None
    if ends_at.tzinfo is None:
        raise fail("printed an Expiration without a time zone, such as Z")
    if ends_at <= datetime.now(UTC):
        raise fail(f"printed credentials that ended at {ends_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC")
