"""The event history by `aws cloudtrail lookup-events`: every attribute, times and pages."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.e2e.aws_cli import AwsCli
from tests.e2e.conftest import MakeCli
from tests.e2e.live_server import Account
from tests.e2e.signing import Key


@pytest.fixture(scope="module")
def key(new_key: Callable[[str], Key], aws: AwsCli, make_cli: MakeCli) -> Key:
    """Have some history: a user whose key is used, and changed."""
    key = new_key("hal")
    aws.json(
        "iam", "attach-user-policy", "--user-name", "hal", "--policy-arn", "arn:aws:iam::aws:policy/ReadOnlyAccess"
    )
    own = make_cli(key)
    own.json("sts", "get-caller-identity")
    own.json("iam", "get-user")
    own.text("s3", "ls")
    own.error("iam", "get-user", "--user-name", "nobody")
    aws.json(
        "iam", "update-access-key", "--user-name", "hal", "--access-key-id", key.access_key_id, "--status", "Inactive"
    )
    return key


def _find(aws: AwsCli, attribute: str, value: str, *flags: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = aws.json(
        "cloudtrail", "lookup-events", "--lookup-attributes", f"AttributeKey={attribute},AttributeValue={value}", *flags
    )["Events"]
    return found


def _names(events: list[dict[str, Any]]) -> list[str]:
    return [event["EventName"] for event in events]


def test_by_access_key(aws: AwsCli, key: Key, account: Account) -> None:
    """What a key did is found by it, newest first, with who, when, what and how it ended."""
    events = _find(aws, "AccessKeyId", key.access_key_id)
    assert _names(events) == ["GetUser", "ListBuckets", "GetUser", "GetCallerIdentity"]
    failed, _, got, identity = (json.loads(event["CloudTrailEvent"]) for event in events)
    assert (failed["errorCode"], failed["requestParameters"]) == ("NoSuchEntityException", {"userName": "nobody"})
    assert got["requestParameters"] is None
    assert identity["eventSource"] == "sts.amazonaws.com"
    assert identity["userIdentity"] == {
        "type": "IAMUser",
        "principalId": identity["userIdentity"]["principalId"],
        "arn": f"arn:aws:iam::{account.account_id}:user/hal",
        "accountId": account.account_id,
        "accessKeyId": key.access_key_id,
        "userName": "hal",
    }
    assert identity["userIdentity"]["principalId"].startswith("AIDA")
    assert identity["sourceIPAddress"] == "127.0.0.1"
    assert identity["userAgent"].startswith("aws-cli/")
    assert (identity["readOnly"], identity["managementEvent"], identity["eventType"]) == (True, True, "AwsApiCall")
    assert events[3]["Username"] == "hal"


def test_create_access_key_event(aws: AwsCli, key: Key) -> None:
    """CreateAccessKey's event names the key and its user, and has no secret."""
    (event,) = [
        event for event in _find(aws, "ResourceName", key.access_key_id) if event["EventName"] == "CreateAccessKey"
    ]
    resources = {(resource["ResourceType"], resource["ResourceName"]) for resource in event["Resources"]}
    assert resources == {("AWS::IAM::AccessKey", key.access_key_id), ("AWS::IAM::User", "hal")}
    record = json.loads(event["CloudTrailEvent"])
    assert record["requestParameters"] == {"userName": "hal"}
    made = record["responseElements"]["accessKey"]
    assert set(made) == {"accessKeyId", "createDate", "status", "userName"}
    assert (made["accessKeyId"], made["status"], made["userName"]) == (key.access_key_id, "Active", "hal")
    assert "resources" not in record
    assert (record["awsRegion"], record["readOnly"]) == ("us-east-1", False)


def test_by_the_other_attributes(aws: AwsCli, key: Key, account: Account) -> None:
    """Events are found by id, name, source, user, resource type and name, and by whether they only read."""
    newest = _find(aws, "AccessKeyId", key.access_key_id)[0]
    assert _find(aws, "EventId", newest["EventId"]) == [newest]
    assert set(_names(_find(aws, "EventName", "UpdateAccessKey"))) == {"UpdateAccessKey"}
    by_source = _find(aws, "EventSource", "sts.amazonaws.com")
    assert {event["EventSource"] for event in by_source} == {"sts.amazonaws.com"}
    assert {event["AccessKeyId"] for event in _find(aws, "Username", "hal")} == {key.access_key_id}
    by_type = _find(aws, "ResourceType", "AWS::IAM::AccessKey")
    assert _names(by_type) == ["UpdateAccessKey", "CreateAccessKey"]
    by_name = _find(aws, "ResourceName", "hal")
    assert _names(by_name) == ["UpdateAccessKey", "AttachUserPolicy", "CreateAccessKey", "CreateUser"]
    assert "CreateUser" not in _names(_find(aws, "ReadOnly", "true"))
    assert set(_names(_find(aws, "ReadOnly", "false"))) == set(_names(by_name))
    assert _find(aws, "EventName", "NoSuchEvent") == []
    assert account.account_id in newest["CloudTrailEvent"]


def test_pages(aws: AwsCli, key: Key) -> None:
    """The CLI's pages of two come to the same events as one page, newest first."""
    whole = _find(aws, "Username", "hal")
    paged = _find(aws, "Username", "hal", "--page-size", "2")
    assert paged == whole
    assert len(whole) == 4
    first = aws.json("cloudtrail", "lookup-events", "--max-items", "3")
    assert len(first["Events"]) == 3
    times = [event["EventTime"] for event in aws.json("cloudtrail", "lookup-events")["Events"]]
    assert times == sorted(times, reverse=True)


def test_times(aws: AwsCli, key: Key) -> None:
    """A time range leaves out what lies beyond it."""
    now = datetime.now(UTC)
    later, earlier = (now + timedelta(hours=1)).isoformat(), (now - timedelta(hours=1)).isoformat()
    assert _find(aws, "Username", "hal", "--start-time", later) == []
    assert _find(aws, "Username", "hal", "--end-time", earlier) == []
    assert len(_find(aws, "Username", "hal", "--start-time", earlier, "--end-time", later)) == 4
    backwards = aws.error("cloudtrail", "lookup-events", "--start-time", later, "--end-time", earlier)
    assert backwards.code == "InvalidTimeRangeException"


def test_wrong_questions(aws: AwsCli) -> None:
    """More than one attribute, too large a page and a token that is none are refused by CloudTrail's exceptions."""
    two = ("AttributeKey=EventName,AttributeValue=a", "AttributeKey=Username,AttributeValue=b")
    assert aws.error("cloudtrail", "lookup-events", "--lookup-attributes", *two).code == (
        "InvalidLookupAttributesException"
    )
    assert aws.error("cloudtrail", "lookup-events", "--no-paginate", "--max-results", "51").code == (
        "InvalidMaxResultsException"
    )
    token = aws.error("cloudtrail", "lookup-events", "--no-paginate", "--next-token", "nonsense")
    assert token.code == "InvalidNextTokenException"


def test_regions(aws: AwsCli, make_cli: MakeCli, admin: Key) -> None:
    """Events are kept by region, as the calls were signed; IAM's are in us-east-1."""
    away = make_cli(admin, AWS_DEFAULT_REGION="ap-southeast-2")
    away.json("iam", "list-users")
    away.json("sts", "get-caller-identity")
    there = away.json("cloudtrail", "lookup-events")["Events"]
    assert _names(there) == ["GetCallerIdentity"]
    assert "ListUsers" in _names(_find(aws, "EventName", "ListUsers"))


def test_an_event_is_there_when_its_answer_is(aws: AwsCli) -> None:
    """A call's event can be looked up as soon as the call is answered."""
    name = f"quick-{time.time_ns()}"
    aws.json("iam", "create-user", "--user-name", name)
    assert _names(_find(aws, "ResourceName", name)) == ["CreateUser"]
