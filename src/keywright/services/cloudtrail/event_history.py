"""The event history: who did what in the last 90 days."""

from __future__ import annotations

import base64
import binascii
import hashlib
from datetime import datetime
from typing import Any, Final

import orjson

from keywright.aws.errors import AwsError
from keywright.services.operation import Call, Result, operation, unnamed
from keywright.store.tables import from_milliseconds
from keywright.trail.event import event_time
from keywright.trail.lookup import RETENTION, FoundEvent, Lookup, look_up

_MAX_RESULTS: Final = 50


class InvalidLookupAttributesException(AwsError):
    """More than one attribute, or one that cannot be looked up."""


class InvalidMaxResultsException(AwsError):
    """A page size out of range."""


class InvalidNextTokenException(AwsError):
    """A token that is none, or another question's."""


class InvalidTimeRangeException(AwsError):
    """A time range that ends before it begins."""


@operation(resource=unnamed, takes_time=True)
def lookup_events(
    call: Call,
    *,
    lookup_attributes: list[dict[str, str]] | None = None,
    start_time: datetime | None = None,
    end_time: datetime | None = None,
    event_category: str | None = None,
    max_results: int = _MAX_RESULTS,
    next_token: str | None = None,
) -> Result:
    """
    Look up the management events of this region, newest first.

    Raises: InvalidLookupAttributesException; InvalidTimeRangeException; InvalidMaxResultsException;
    InvalidNextTokenException.
    """
    if not 1 <= max_results <= _MAX_RESULTS:
        raise InvalidMaxResultsException(f"The max results value must be between 1 and {_MAX_RESULTS}.")
    if lookup_attributes is not None and len(lookup_attributes) > 1:
        raise InvalidLookupAttributesException("You can only specify one lookup attribute.")
    if start_time is not None and end_time is not None and start_time > end_time:
        raise InvalidTimeRangeException("The start time must be before the end time.")
    if event_category is not None:
        # There is only `insight`: events that CloudTrail's analysis writes, and nobody has asked for that analysis.
        return {"Events": []}
    attribute = None
    if lookup_attributes:
        attribute = (lookup_attributes[0]["AttributeKey"], lookup_attributes[0]["AttributeValue"])
    question = hashlib.sha256(repr((attribute, start_time, end_time)).encode()).hexdigest()[:16]
    before_id = None if next_token is None else _read_token(next_token, question)
    since = max(start_time or call.now - RETENTION, call.now - RETENTION)
    lookup = Lookup(call.account_id, call.region, since, end_time or call.now, attribute)
    found = look_up(call.connection, lookup, before_id, max_results + 1)
    answer: dict[str, Any] = {"Events": [_describe(event) for event in found[:max_results]]}
    if len(found) > max_results:
        answer["NextToken"] = _write_token(found[max_results - 1].row.event_id, question)
    return answer


def _describe(event: FoundEvent) -> dict[str, Any]:
    row = event.row
    return {
        "EventId": row.event_id,
        "EventName": row.event_name,
        "ReadOnly": "true" if row.read_only else "false",
        "AccessKeyId": row.access_key_id,
        "EventTime": from_milliseconds(event_time(row.event_id)).replace(microsecond=0),
        "EventSource": row.event_source,
        "Username": row.user_name,
        "Resources": [{"ResourceType": kind, "ResourceName": name} for kind, name in event.resources],
        "CloudTrailEvent": row.record.decode(),
    }


def _write_token(last_id: str, question: str) -> str:
    return base64.b64encode(orjson.dumps((last_id, question))).decode("ascii")


def _read_token(token: str, question: str) -> str:
    try:
        values = orjson.loads(base64.b64decode(token, validate=True))
    except (binascii.Error, ValueError):
        values = None
    if not isinstance(values, list) or len(values) != 2 or values[1] != question or not isinstance(values[0], str):
        raise InvalidNextTokenException("The specified next token is not valid for this request.")
    return values[0]
