"""
Read what a user or a key did from CloudTrail's event history (facts §12).

AWS: 90 days, management events, each region by itself (what is global is in us-east-1), two requests a second, and an
event is there up to 15 minutes after the call.
"""

from __future__ import annotations

import dataclasses
import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

from botocore.exceptions import ClientError

from keywright.client.session import SignedIn
from keywright.client.timeline_tools import tool_of

RETENTION: Final = timedelta(days=90)
_KEY_ID: Final = re.compile(r"A[KS]IA[A-Z0-9]{12,124}")
_GAP_SECONDS: Final = 0.5
"""AWS lets two requests a second through; whoever has not said so is asked as fast as it answers."""
_THROTTLED: Final = frozenset({"ThrottlingException", "Throttling", "TooManyRequestsException", "RequestLimitExceeded"})
_BACKOFFS_SECONDS: Final = (1, 2, 4, 8, 16)


@dataclass(frozen=True, slots=True)
class Event:
    """A call."""

    event_id: Annotated[str, "the event's id"]
    at: Annotated[datetime, "when"]
    action: Annotated[str, "what: service:Operation"]
    region: Annotated[str, "in which region"]
    address: Annotated[str, "from where: an IP address, or the AWS service that called"]
    tool: Annotated[str, "with which tool, by its user agent"]
    user_agent: Annotated[str, "the user agent as it was given"]
    user: Annotated[str | None, "by whom"]
    access_key_id: Annotated[str | None, "with which key"]
    read_only: Annotated[bool, "whether it only read"]
    error_code: Annotated[str | None, "why it was refused, or failed; null where it was done"]
    resources: Annotated[tuple[str, ...], "what it was about"]
    new: Annotated[tuple[str, ...], "what was not seen before in this window: address, region, tool"] = ()


@dataclass(slots=True)
class History:
    """The event history of some regions; one that throttles is asked no faster than AWS's limit from then on."""

    signed_in: SignedIn
    _throttles: set[str] = field(default_factory=set)

    def events(self, region: str, attribute: tuple[str, str], since: datetime, until: datetime) -> Iterator[Event]:
        """
        Give the events of a region, the newest first.

        Raises: BotoCoreError; ClientError; SignInError.
        """
        for event, _ in self.records(region, attribute, since, until):
            yield event

    def records(
        self, region: str, attribute: tuple[str, str], since: datetime, until: datetime
    ) -> Iterator[tuple[Event, Mapping[str, Any]]]:
        """
        Give each event with its whole record.

        Raises: BotoCoreError; ClientError; SignInError.
        """
        cloudtrail = self._client(region)
        asked: dict[str, Any] = {
            "LookupAttributes": [{"AttributeKey": attribute[0], "AttributeValue": attribute[1]}],
            "StartTime": since,
            "EndTime": until,
        }
        while True:
            answer = self._ask(cloudtrail, region, asked)
            for found in answer.get("Events", []):
                yield read_event(found)
            if not answer.get("NextToken"):
                return
            asked["NextToken"] = answer["NextToken"]

    def _client(self, region: str) -> Any:
        return dataclasses.replace(self.signed_in, region=region).client("cloudtrail")

    def _ask(self, cloudtrail: Any, region: str, asked: Mapping[str, Any]) -> Any:
        for backoff in (*_BACKOFFS_SECONDS, None):
            try:
                if region in self._throttles:
                    time.sleep(_GAP_SECONDS)
                return cloudtrail.lookup_events(**asked)
            except ClientError as error:
                if error.response["Error"]["Code"] not in _THROTTLED or backoff is None:
                    raise
            self._throttles.add(region)
            time.sleep(backoff)
        raise AssertionError


def attribute_of(name: str) -> tuple[str, str]:
    """Tell by what is looked up: a key's id, or a user's name."""
    return ("AccessKeyId", name) if _KEY_ID.fullmatch(name) else ("Username", name)


def read_event(found: Mapping[str, Any]) -> tuple[Event, Mapping[str, Any]]:
    """Read an event of the answer, and the record in it."""
    record: Mapping[str, Any] = json.loads(found.get("CloudTrailEvent") or "{}")
    identity = record.get("userIdentity") or {}
    source = str(record.get("eventSource") or found.get("EventSource") or "")
    user_agent = str(record.get("userAgent") or "")
    read_only = record.get("readOnly", found.get("ReadOnly"))
    event = Event(
        event_id=str(found["EventId"]),
        at=found["EventTime"].astimezone(UTC),
        action=f"{source.removesuffix('.amazonaws.com')}:{record.get('eventName') or found.get('EventName')}",
        region=str(record.get("awsRegion") or ""),
        address=str(record.get("sourceIPAddress") or ""),
        tool=tool_of(user_agent),
        user_agent=user_agent,
        user=identity.get("userName") or identity.get("arn") or found.get("Username"),
        access_key_id=identity.get("accessKeyId") or found.get("AccessKeyId"),
        read_only=read_only is True or read_only == "true",
        error_code=record.get("errorCode"),
        resources=tuple(one["ResourceName"] for one in found.get("Resources", []) if one.get("ResourceName")),
    )
    return event, record
