"""Record it: the last door, in the same transaction as the change."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

import orjson

from keywright.aws.clock import iso8601
from keywright.aws.errors import AwsError
from keywright.identity.directory import Credential
from keywright.identity.principals import Caller
from keywright.server.stages import Authenticated
from keywright.store.tables import to_milliseconds
from keywright.store.transaction import EventRow, KeyUseRow, ResourceRow
from keywright.trail.event import OpenEvent, Outcome, Who, close_event

_USE_MILLISECONDS: Final = 15 * 60 * 1000
"""AWS: only the first use in 15 minutes is recorded (User Guide, "Get credential reports")."""
_MAX_DESCRIBED: Final = 10_000


class Closed(NamedTuple):
    """What a call adds to the store beside its change."""

    event: EventRow
    resources: list[ResourceRow]
    key_use: KeyUseRow | None


class Recorder:
    """Closes events."""

    def __init__(self) -> None:
        self._described: dict[int, tuple[Caller, Who]] = {}

    def close(
        self,
        event: OpenEvent,
        authenticated: Authenticated,
        inputs: Mapping[str, Any] | None,
        result: Mapping[str, Any] | None,
        error: AwsError | None,
    ) -> Closed:
        """Close the event of an authenticated call."""
        entry = authenticated.entry
        caller = authenticated.credential.caller
        outcome = Outcome(
            entry.show_parameters(inputs) or None if inputs else None,
            entry.show_elements(result) or None if result and not entry.reads else None,
            error,
        )
        region = entry.home_region or authenticated.region
        row, resources = close_event(event, entry.described, self._describe(caller), region, outcome)
        key_use = _key_use(authenticated.credential, entry.signing_name, entry.last_used_region or region, event.at)
        return Closed(row, resources, key_use)

    def _describe(self, caller: Caller) -> Who:
        """Describe a caller, once for as long as it is the same."""
        known = self._described.get(id(caller))
        # INVARIANT: the caller is held here, so that no other can have its id.
        if known is None or known[0] is not caller:
            if len(self._described) >= _MAX_DESCRIBED:
                self._described.clear()
            known = self._described[id(caller)] = (caller, describe_caller(caller))
        return known[1]


def _key_use(credential: Credential, service: str, region: str, at: datetime) -> KeyUseRow | None:
    """Note the use of a long-term key, unless one was noted in the last quarter of an hour."""
    if credential.caller.session is not None:
        return None
    now = to_milliseconds(at)
    last = credential.last_used_milliseconds
    if last is not None and now - last < _USE_MILLISECONDS:
        return None
    credential.last_used_milliseconds = now
    return now, service, region, credential.caller.access_key_id


def describe_caller(caller: Caller) -> Who:
    """Write a caller as CloudTrail's userIdentity, the same for all of its calls."""
    identity: dict[str, Any] = {
        "type": caller.kind,
        "principalId": caller.principal_id,
        "arn": caller.arn,
        "accountId": caller.account_id,
        "accessKeyId": caller.access_key_id,
    }
    if caller.user_name is not None:
        identity["userName"] = caller.user_name
    if caller.session is not None:
        identity["sessionContext"] = {
            "attributes": {
                "creationDate": iso8601(caller.session.issued_at),
                "mfaAuthenticated": "true" if caller.session.mfa_authenticated else "false",
            }
        }
    written = orjson.Fragment(orjson.dumps(identity))
    return Who(caller.account_id, caller.user_name or "root", caller.access_key_id, written)
