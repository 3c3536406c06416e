"""A timeline: the tools behind user agents, what is new, the sum, the pace of asking."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError
from botocore.session import Session

from keywright.client.session import SignedIn
from keywright.client.timeline import Event, History, attribute_of, read_event
from keywright.client.timeline_marks import Marker, grouped, marked
from keywright.client.timeline_tools import family_of, tool_of

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("user_agent", "tool"),
    [
        ("aws-cli/2.36.7 md/awscrt#0.27 ua/2.1 os/linux lang/python#3.13 md/command#iam.list-users", "AWS CLI 2.36.7"),
        ("[aws-cli/1.44.5 Python/3.11]", "AWS CLI 1.44.5"),
        ("Boto3/1.44.5 md/Botocore#1.44.5 ua/2.1 os/linux", "Boto3 1.44.5"),
        ("Botocore/1.44.5 ua/2.1 os/linux", "Botocore 1.44.5"),
        ("Botocore/1.44.5 ua/2.1 os/linux keywright", "keywright"),
        (
            "APN/1.0 HashiCorp/1.0 Terraform/1.9.5 (+https://www.terraform.io) aws-sdk-go-v2/1.3",
            "Terraform 1.9.5",
        ),
        ("aws-sdk-go-v2/1.30.3 os/linux lang/go#1.22", "AWS SDK for go 1.30.3"),
        ("aws-sdk-java/2.25.1 Linux/5", "AWS SDK for java 2.25.1"),
        ("aws-sdk-js/3.600.0 ua/2.0", "AWS SDK for js 3.600.0"),
        ("aws-sdk-nodejs/2.1500.0 linux/v18", "AWS SDK for nodejs 2.1500.0"),
        ("aws-sdk-dotnet-coreclr/3.7.1", "AWS SDK for dotnet 3.7.1"),
        ("aws-sdk-ruby3/3.191.0", "AWS SDK for ruby 3.191.0"),
        ("aws-sdk-c++/1.11.2", "AWS SDK for c++ 1.11.2"),
        ("console.amazonaws.com", "AWS console"),
        ("signin.amazonaws.com", "AWS console"),
        ("Mozilla/5.0 (X11; Linux x86_64) Firefox/130", "browser"),
        ("cloudformation.amazonaws.com", "AWS (cloudformation)"),
        ("AWS Internal", "AWS (internal)"),
        ("curl/8.5.0", "curl 8.5.0"),
        ("", "unknown"),
    ],
)
def test_tools(user_agent: str, tool: str) -> None:
    """Each tool is told by the user agent that it gives."""
    assert tool_of(user_agent) == tool


def test_an_update_is_no_new_tool() -> None:
    """A tool of another major version is another; of another minor version it is not."""
    assert family_of("AWS CLI 2.36.7") == family_of("AWS CLI 2.9.19") != family_of("AWS CLI 1.44.5")
    assert family_of("browser") == "browser"


def event(number: int, **members: Any) -> Event:
    """Give an event, an hour after the one before."""
    given: dict[str, Any] = {"address": "192.0.2.1", "region": "us-east-1", "tool": "AWS CLI 2.1", "error_code": None}
    given |= members
    at = NOON + timedelta(hours=number)
    return Event(
        f"e{number}",
        at,
        "iam:ListUsers",
        user_agent="",
        user="u",
        access_key_id=None,
        read_only=True,
        resources=(),
        **given,
    )


def test_what_is_new() -> None:
    """The first is what the others are compared with; what was seen once is new no more; each event counts once."""
    events = [
        event(3, region="eu-west-1", address="192.0.2.9"),
        event(1),
        event(2, tool="Boto3 1.44"),
        event(2, tool="Boto3 1.44"),
        event(4, region="eu-west-1", tool="Boto3 1.45"),
    ]
    found = marked(events, Marker())
    assert [(one.event_id, one.new) for one in found] == [
        ("e1", ()),
        ("e2", ("tool",)),
        ("e3", ("address", "region")),
        ("e4", ()),
    ]


def test_the_sum() -> None:
    """Calls are summed up by day, tool, address and region, with refusals counted and named."""
    events = marked(
        [event(1), event(2, error_code="AccessDenied"), event(14), event(15, address="192.0.2.2")], Marker()
    )
    groups = grouped(events)
    assert [(one.day, one.address, one.calls, one.refused, one.errors, one.new) for one in groups] == [
        ("2026-11-24", "192.0.2.1", 2, 1, ("AccessDenied",), ()),
        ("2026-11-25", "192.0.2.1", 1, 0, (), ()),
        ("2026-11-25", "192.0.2.2", 1, 0, (), ("address",)),
    ]


def test_reading_a_record() -> None:
    """The record's own members count; a service's call and a record without a user agent are read too."""
    record = {
        "eventSource": "iam.amazonaws.com",
        "eventName": "CreateUser",
        "awsRegion": "us-east-1",
        "sourceIPAddress": "cloudformation.amazonaws.com",
        "readOnly": False,
        "errorCode": "AccessDenied",
        "userIdentity": {"arn": "arn:aws:sts::111122223333:assumed-role/r/s"},
    }
    found = {
        "EventId": "1",
        "EventTime": NOON,
        "AccessKeyId": "ASIAX",
        "CloudTrailEvent": json.dumps(record),
        "Resources": [{"ResourceName": "bob"}, {}],
    }
    read, _ = read_event(found)
    assert (read.action, read.address, read.tool, read.error_code) == (
        "iam:CreateUser",
        "cloudformation.amazonaws.com",
        "unknown",
        "AccessDenied",
    )
    assert (read.user, read.access_key_id, read.read_only, read.resources) == (
        "arn:aws:sts::111122223333:assumed-role/r/s",
        "ASIAX",
        False,
        ("bob",),
    )


def test_whom_a_name_names() -> None:
    """A key's id is looked up as a key, anything else as a user."""
    assert attribute_of("AKIAIOSFODNN7EXAMPLE") == ("AccessKeyId", "AKIAIOSFODNN7EXAMPLE")
    assert attribute_of("alice")[0] == attribute_of("AKIA")[0] == "Username"


class Trail:
    """A CloudTrail that is too busy at first, then gives pages of one event."""

    def __init__(self, busy: int, pages: int, code: str = "ThrottlingException") -> None:
        self.busy, self.pages, self.code = busy, pages, code
        self.asked: list[dict[str, Any]] = []

    def lookup_events(self, **asked: Any) -> dict[str, Any]:
        """Answer."""
        if self.busy:
            self.busy -= 1
            raise ClientError({"Error": {"Code": self.code, "Message": "slow down"}}, "LookupEvents")
        self.asked.append(asked)
        number = len(self.asked)
        token = {"NextToken": f"t{number}"} if number < self.pages else {}
        return {"Events": [{"EventId": str(number), "EventTime": NOON}], **token}


@pytest.fixture
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """Have a clock that goes on by sleeping alone, and note how long is slept."""
    noted: list[float] = []
    monkeypatch.setattr("keywright.client.timeline.time.sleep", noted.append)
    monkeypatch.setattr("keywright.client.timeline.time.monotonic", lambda: 100 + sum(noted))
    return noted


def history(trail: Trail) -> History:
    """Give a history that reads this trail."""

    class Here(History):
        def _client(self, _region: str) -> Any:
            return trail

    return Here(SignedIn(Session(), "us-east-1", None))


def test_a_history_that_does_not_throttle_is_not_waited_for(slept: list[float]) -> None:
    """Page follows page, and region region, without a pause."""
    trail = Trail(busy=0, pages=9)
    here = history(trail)
    for region in ("us-east-1", "eu-central-1"):
        list(here.events(region, ("Username", "u"), NOON, NOON))
    assert len(trail.asked) == 10
    assert slept == []


def test_a_history_that_throttles_is_asked_twice_a_second(slept: list[float]) -> None:
    """A throttled question is asked again, each time later; from then on there is half a second before each page."""
    trail = Trail(busy=2, pages=3)
    found = list(history(trail).events("us-east-1", ("Username", "u"), NOON, NOON))
    assert [one.event_id for one in found] == ["1", "2", "3"]
    assert [asked.get("NextToken") for asked in trail.asked] == [None, "t1", "t2"]
    assert slept == [1, 0.5, 2, 0.5, 0.5, 0.5]


def test_what_cannot_be_waited_for(slept: list[float]) -> None:
    """Other errors are not asked again, and throttling not for ever."""
    for trail in (Trail(busy=1, pages=1, code="AccessDenied"), Trail(busy=99, pages=1)):
        with pytest.raises(ClientError):
            list(history(trail).events("us-east-1", ("Username", "u"), NOON, NOON))
    assert [one for one in slept if one >= 1] == [1, 2, 4, 8, 16]
