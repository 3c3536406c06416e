"""Ask STS who one is, and compare the clocks; whatever hangs, the answer is there within ten seconds."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import botocore.exceptions
from botocore.config import Config

from keywright.client.call_errors import Meaning, meaning_of, time_of_service
from keywright.client.errors import UnreachableError
from keywright.client.session import SignInError, sign_in
from keywright.client.source_process import ProcessError

PATIENCE_SECONDS: Final = 8
CALL_SECONDS: Final = 7
"""A little less than all: what hangs here is told by its name."""
_STEP_SECONDS: Final = 0.5
# One attempt: who hangs once is told so, and the deadline below holds for what these do not bound (names, roles).
_CONFIG: Final = Config(
    connect_timeout=CALL_SECONDS,
    read_timeout=CALL_SECONDS,
    retries={"mode": "standard", "total_max_attempts": 1},
    user_agent_extra="keywright",
)


class NoAnswerError(UnreachableError):
    """Nothing has answered in time; the message says what was waited for."""


@dataclass(frozen=True, slots=True)
class Reached:
    """What a call to STS gave."""

    arn: str | None = None
    endpoint_url: str | None = None
    skew_seconds: int | None = None
    """How far this machine's clock is ahead of the service's; None: the service was not reached."""
    error: Exception | None = None
    access_key_id: str | None = None
    """The key that signed."""
    method: str | None = None
    """botocore's name of where it comes from."""
    region: str | None = None
    at: datetime | None = None
    """This machine's time of the answer."""


def reach(flags: Mapping[str, Any], *, waiting: Callable[[float], None] = lambda _seconds: None) -> Reached:
    """
    Ask.

    `waiting` is told, again and again, how many more seconds have passed. Raises: OSError.
    """
    asked = _Asked(flags)
    # A daemon: what hangs in the resolver or in a role's call is left behind when the command ends.
    thread = threading.Thread(target=asked.run, daemon=True)
    thread.start()
    until = time.monotonic() + PATIENCE_SECONDS
    while thread.is_alive() and time.monotonic() < until:
        thread.join(_STEP_SECONDS)
        waiting(_STEP_SECONDS)
    if asked.unexpected is not None:
        raise asked.unexpected
    found = asked.found
    if found.error is None and found.arn is None:
        what = f"{found.endpoint_url} has not answered" if found.endpoint_url else "no credentials have come"
        return replace(found, error=NoAnswerError(f"{what} within {PATIENCE_SECONDS} seconds"))
    return found


class _Asked:
    """A call, and how far it has come."""

    def __init__(self, flags: Mapping[str, Any]) -> None:
        self._flags: Final = flags
        self.found = Reached()
        self.unexpected: Exception | None = None

    def run(self) -> None:
        try:
            self._ask()
        except SignInError as error:
            # What a process did has its own advice.
            cause = error.__cause__
            self.found = replace(self.found, error=cause if isinstance(cause, ProcessError) else error)
        except botocore.exceptions.BotoCoreError as error:
            self.found = replace(self.found, error=error)
        except botocore.exceptions.ClientError as error:
            self.found = replace(self._at(error.response), error=error)
        except Exception as error:  # noqa: BLE001 - it is raised again where it can be caught
            self.unexpected = error

    def _ask(self) -> None:
        signed_in = sign_in(self._flags, patience_seconds=CALL_SECONDS)
        credentials = signed_in.session.get_credentials()
        sts = signed_in.client("sts", _CONFIG)
        key_id = credentials.get_frozen_credentials().access_key
        self.found = Reached(
            endpoint_url=sts.meta.endpoint_url, access_key_id=key_id, method=credentials.method, region=signed_in.region
        )
        answer = sts.get_caller_identity()
        self.found = replace(self._at(answer), arn=answer["Arn"])

    def _at(self, response: Mapping[str, Any]) -> Reached:
        now = datetime.now(UTC)
        return replace(self.found, skew_seconds=_skew(response, now), at=now)


def _skew(response: Mapping[str, Any], now: datetime) -> int | None:
    date = response.get("ResponseMetadata", {}).get("HTTPHeaders", {}).get("date")
    try:
        stated = None if date is None else parsedate_to_datetime(date)
    except ValueError:
        stated = None
    if stated is None:
        error = botocore.exceptions.ClientError({"Error": response.get("Error", {})}, "GetCallerIdentity")
        stated = time_of_service(error) if meaning_of(error) is Meaning.CLOCK else None
    if stated is None:
        return None
    return round((now - (stated if stated.tzinfo else stated.replace(tzinfo=UTC))).total_seconds())
