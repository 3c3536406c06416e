"""The ids of events, and what an event was about."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from keywright.aws.errors import AwsError
from keywright.trail.event import (
    Described,
    OpenEvent,
    Outcome,
    Who,
    close_event,
    event_time,
    first_event_id,
    open_event,
)
from keywright.trail.resources import resources_of

NOW = datetime(2026, 11, 24, 9, 0, 0, 123_456, tzinfo=UTC)
WHO = Who("111122223333", "alice", "AKIA", orjson.Fragment(b'{"type":"IAMUser"}'))
DESCRIBED = Described(
    "iam.amazonaws.com", "CreateUser", False, lambda code: {"NoSuchEntity": "NoSuchEntityException"}.get(code, code)
)
READING = DESCRIBED._replace(name="GetUser", read_only=True)
milliseconds = st.integers(1_577_836_800_000, 4_102_444_800_000)
"""From 2020 to 2100."""


def id_at(at: datetime) -> str:
    """Make the id of an event at a moment."""
    row, _ = close_event(OpenEvent(at, "r", "a", None), DESCRIBED, WHO, "us-east-1", Outcome(None, None, None))
    return row[2]


def closed(outcome: Outcome, described: Described = DESCRIBED) -> tuple[dict[str, Any], Any, Any]:
    """Close an event; gives its record, row and resources."""
    event = OpenEvent(NOW, "request", "192.0.2.7", "agent")
    row, resources = close_event(event, described, WHO, "us-east-1", outcome)
    return json.loads(row[8]), row, resources


@settings(max_examples=60, deadline=None)
@given(milliseconds, milliseconds)
def test_ids_are_ordered_by_time(one: int, two: int) -> None:
    """Of two events the later has the greater id, and each id tells its time."""
    earlier, later = (datetime.fromtimestamp(count / 1000, UTC) for count in sorted((one, two)))
    first, second = id_at(earlier), id_at(later)
    if one != two:
        assert first < second
    assert event_time(second) == max(one, two)
    assert first_event_id(later) <= second < first_event_id(later + timedelta(milliseconds=1))


def test_ids_are_unique() -> None:
    """Twenty thousand events of one millisecond have as many ids."""
    assert len({id_at(NOW) for _ in range(20_000)}) == 20_000


def test_ids_are_uuids() -> None:
    """An id is a UUID of version 7, as its readers may check; a request id is one of version 4."""
    parsed = uuid.UUID(id_at(NOW))
    assert (parsed.version, parsed.variant, str(parsed)) == (7, uuid.RFC_4122, str(parsed))
    assert uuid.UUID(open_event(NOW, "", None).request_id).version == 4


def test_a_row_repeats_its_record() -> None:
    """What events are looked up by is what the record says; times are to the second."""
    record, row, _ = closed(Outcome({"userName": "bob"}, None, None))
    assert row[:8] == (
        record["recipientAccountId"],
        record["awsRegion"],
        record["eventID"],
        record["eventSource"],
        record["eventName"],
        "alice",
        "AKIA",
        record["readOnly"],
    )
    assert record["eventTime"] == "2026-11-24T09:00:00Z"
    assert record["userIdentity"] == {"type": "IAMUser"}
    assert (record["sourceIPAddress"], record["userAgent"], record["requestID"]) == ("192.0.2.7", "agent", "request")


def test_a_change_has_what_it_was_about() -> None:
    """A change's resources come from parameters and answer, each once."""
    _, _, resources = closed(
        Outcome({"userName": "bob"}, {"accessKey": {"userName": "bob", "accessKeyId": "AKIA1"}}, None)
    )
    assert sorted((kind, name) for _, _, name, _, kind in resources) == [
        ("AWS::IAM::AccessKey", "AKIA1"),
        ("AWS::IAM::User", "bob"),
    ]


class NoSuchEntity(AwsError):
    """An error that the model names."""


class Odd(AwsError):
    """An error that it does not."""


@pytest.mark.parametrize(("error", "code"), [(NoSuchEntity("gone"), "NoSuchEntityException"), (Odd("gone"), "Odd")])
def test_a_failure_is_about_nothing(error: AwsError, code: str) -> None:
    """A failure has its exception's name and its words, and no resources."""
    record, _, resources = closed(Outcome({"userName": "bob"}, None, error))
    assert (record["errorCode"], record["errorMessage"], resources) == (code, "gone", [])
    succeeded, _, _ = closed(Outcome(None, None, None))
    assert not {"errorCode", "errorMessage"} & succeeded.keys()


def test_a_read_is_about_nothing() -> None:
    """A read has no resources."""
    record, _, resources = closed(Outcome({"userName": "bob"}, None, None), READING)
    assert (record["readOnly"], resources) == (True, [])


def test_resources_are_found_at_every_depth() -> None:
    """Names are found in parts of parts, known members only, texts only."""
    part = {"a": {"b": {"userName": "x"}}, "policyArn": "arn", "bucketName": "b", "userId": "AIDA", "policyName": None}
    assert resources_of(part, None) == [
        ("AWS::IAM::Policy", "arn"),
        ("AWS::IAM::User", "x"),
        ("AWS::S3::Bucket", "b"),
    ]
    assert resources_of(None, {}) == []
