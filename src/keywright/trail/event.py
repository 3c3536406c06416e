"""
One call's record, as CloudTrail writes it (facts §12).

An event is opened when its request arrives and closed when the answer is known; what is between them is told once.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime
from typing import Any, Final, NamedTuple

import orjson

from keywright.aws.errors import AwsError
from keywright.aws.identifiers import new_ordered_uuid, new_uuid
from keywright.store.tables import to_milliseconds
from keywright.store.transaction import EventRow, ResourceRow
from keywright.trail.resources import resources_of

VERSION: Final = "1.11"
_BITS_BELOW_TIME: Final = 80
_TO_THE_SECOND: Final = orjson.OPT_OMIT_MICROSECONDS | orjson.OPT_UTC_Z


class OpenEvent(NamedTuple):
    """What is known of a request when it arrives."""

    at: datetime
    request_id: str
    source_address: str
    user_agent: str | None


class Described(NamedTuple):
    """What an event says of the operation."""

    source: str
    """`iam.amazonaws.com`."""
    name: str
    read_only: bool
    exception_name: Callable[[str], str]
    """CloudTrail names an error by its exception, e.g. `NoSuchEntityException`, and not by its code on the wire."""


class Who(NamedTuple):
    """The caller, as far as the trail goes."""

    account_id: str
    user_name: str | None
    """By which the event is looked up; `root` for the root user, None for somebody of another account."""
    access_key_id: str | None
    """None where nothing was signed."""
    user_identity: orjson.Fragment
    """CloudTrail's `userIdentity`, written."""
    from_console: bool = False
    """Whether the credentials are those of somebody who is signed in to the console."""


class Outcome(NamedTuple):
    """How a call ended: its parameters and its answer as the trail may show them, or its error."""

    parameters: dict[str, Any] | None
    elements: dict[str, Any] | None
    error: AwsError | None
    shared_id: str | None = None
    """What joins the events of one call that more than one account has."""


def open_event(at: datetime, source_address: str, user_agent: str | None) -> OpenEvent:
    """Open the event of a request that has arrived."""
    return OpenEvent(at, new_uuid(), source_address, user_agent)


def close_event(
    event: OpenEvent,
    described: Described,
    who: Who,
    region: str,
    outcome: Outcome,
) -> tuple[EventRow, list[ResourceRow]]:
    """Write the record of a call that an authenticated caller made."""
    event_id = new_event_id(event.at)
    record: dict[str, Any] = {
        "eventVersion": VERSION,
        "userIdentity": who.user_identity,
        "eventTime": event.at,
        "eventSource": described.source,
        "eventName": described.name,
        "awsRegion": region,
        "sourceIPAddress": event.source_address,
        "userAgent": event.user_agent,
    }
    error = outcome.error
    if error is not None:
        record["errorCode"] = described.exception_name(error.code)
        record["errorMessage"] = error.message
    record |= {
        "requestParameters": outcome.parameters,
        "responseElements": outcome.elements,
        "requestID": event.request_id,
        "eventID": event_id,
        "readOnly": described.read_only,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": who.account_id,
        "eventCategory": "Management",
    }
    if outcome.shared_id is not None:
        record["sharedEventID"] = outcome.shared_id
    if who.from_console:
        record["sessionCredentialFromConsole"] = "true"
    account_id = who.account_id
    row = (
        account_id,
        region,
        event_id,
        described.source,
        described.name,
        who.user_name,
        who.access_key_id,
        described.read_only,
        write_record(record),
    )
    if described.read_only or error is not None:
        return row, []
    about = resources_of(outcome.parameters, outcome.elements)
    return row, [(account_id, region, name, event_id, kind) for kind, name in about]


def new_event_id(at: datetime) -> str:
    """Make the id of an event at a moment; the order of ids is that of their moments."""
    return new_ordered_uuid(_milliseconds(at))


def write_record(record: dict[str, Any]) -> bytes:
    """Write a record as JSON, its moments to the second."""
    return orjson.dumps(record, option=_TO_THE_SECOND)


def first_event_id(at: datetime) -> str:
    """Give the least id that an event at a moment or after it can have."""
    return str(uuid.UUID(int=_milliseconds(at) << _BITS_BELOW_TIME))


def last_event_id(second: datetime) -> str:
    """Give the greatest id that an event in a second can have."""
    end = _milliseconds(second.replace(microsecond=0)) + 1000
    return str(uuid.UUID(int=(end << _BITS_BELOW_TIME) - 1))


def event_time(event_id: str) -> int:
    """Read an event's time (milliseconds since 1970) off its id."""
    return uuid.UUID(event_id).int >> _BITS_BELOW_TIME


def _milliseconds(at: datetime) -> int:
    """Count from 1970; what was before then has no event."""
    return max(0, to_milliseconds(at))
