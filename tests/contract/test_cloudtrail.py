"""LookupEvents by boto3: what the trail says of each call, and how it is found."""

from __future__ import annotations

import json
import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.contract.expect import allow, refused
from tests.contract.in_process import CLIENT_ADDRESS, Account, Key, SteppingClock

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


def look_up(account: Account, region: str = "us-east-1", **parameters: Any) -> list[dict[str, Any]]:
    """Look up all events, newest first, but those of looking up."""
    paginator = account.client("cloudtrail", region=region).get_paginator("lookup_events")
    found = [event for page in paginator.paginate(**parameters) for event in page["Events"]]
    return [event for event in found if event["EventName"] != "LookupEvents"]


def by(key: str, value: str) -> dict[str, Any]:
    """Write a lookup attribute."""
    return {"LookupAttributes": [{"AttributeKey": key, "AttributeValue": value}]}


def record_of(account: Account, name: str, region: str = "us-east-1") -> dict[str, Any]:
    """Give the newest record of an operation."""
    record: dict[str, Any] = json.loads(look_up(account, region, **by("EventName", name))[0]["CloudTrailEvent"])
    return record


def resources(event: dict[str, Any]) -> list[tuple[str, str]]:
    """Give an event's resources in order."""
    return sorted((one["ResourceType"], one["ResourceName"]) for one in event["Resources"])


def test_create_access_key_is_recorded_as_aws_does(account: Account, clock: SteppingClock) -> None:
    """The record holds who, when, what and the new key's id, and not the secret (facts §12)."""
    account.iam.create_user(UserName="alice")
    answer = account.iam.create_access_key(UserName="alice")
    key = answer["AccessKey"]
    event = look_up(account, **by("EventName", "CreateAccessKey"))[0]
    record = json.loads(event["CloudTrailEvent"])
    admin = account.iam.get_user()["User"]
    at = datetime.fromisoformat(record.pop("eventTime"))
    assert abs((clock.now - at).total_seconds()) < 5
    assert UUID.fullmatch(record["eventID"])
    created = key["CreateDate"]
    hour = created.hour % 12 or 12
    date = f"{created:%b} {created.day}, {created.year}, {hour}:{created:%M:%S %p}"
    assert record.pop("userAgent").startswith("Boto3/")
    assert record == {
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "IAMUser",
            "principalId": admin["UserId"],
            "arn": admin["Arn"],
            "accountId": account.account_id,
            "accessKeyId": account.admin.access_key_id,
            "userName": "admin",
        },
        "eventSource": "iam.amazonaws.com",
        "eventName": "CreateAccessKey",
        "awsRegion": "us-east-1",
        "sourceIPAddress": CLIENT_ADDRESS,
        "requestParameters": {"userName": "alice"},
        "responseElements": {
            "accessKey": {
                "accessKeyId": key["AccessKeyId"],
                "createDate": date,
                "status": "Active",
                "userName": "alice",
            }
        },
        "requestID": answer["ResponseMetadata"]["RequestId"],
        "eventID": event["EventId"],
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": account.account_id,
        "eventCategory": "Management",
    }
    assert resources(event) == [("AWS::IAM::AccessKey", key["AccessKeyId"]), ("AWS::IAM::User", "alice")]
    assert (event["ReadOnly"], event["Username"], event["EventSource"]) == ("false", "admin", "iam.amazonaws.com")
    assert event["AccessKeyId"] == account.admin.access_key_id


def test_a_key_for_oneself_has_no_parameters(account: Account) -> None:
    """Where the user name is implied, requestParameters is null."""
    account.iam.create_access_key()
    assert record_of(account, "CreateAccessKey")["requestParameters"] is None


@pytest.mark.parametrize(
    ("operation", "more"), [("update_access_key", {"Status": "Inactive"}), ("delete_access_key", {})]
)
def test_changes_without_an_answer(account: Account, operation: str, more: dict[str, str]) -> None:
    """UpdateAccessKey and DeleteAccessKey have null responseElements and the same resource types."""
    key = account.user("alice")
    getattr(account.iam, operation)(UserName="alice", AccessKeyId=key.access_key_id, **more)
    name = operation.title().replace("_", "")
    event = look_up(account, **by("EventName", name))[0]
    record = json.loads(event["CloudTrailEvent"])
    assert record["responseElements"] is None
    expected = {"userName": "alice", "accessKeyId": key.access_key_id} | {k.lower(): v for k, v in more.items()}
    assert record["requestParameters"] == expected
    assert resources(event) == [("AWS::IAM::AccessKey", key.access_key_id), ("AWS::IAM::User", "alice")]


def test_reads_answer_nothing_in_the_trail(account: Account) -> None:
    """A read has its parameters, no responseElements and no resources."""
    account.iam.get_user(UserName="admin")
    event = look_up(account, **by("EventName", "GetUser"))[0]
    record = json.loads(event["CloudTrailEvent"])
    assert (record["requestParameters"], record["responseElements"]) == ({"userName": "admin"}, None)
    assert (record["readOnly"], event["ReadOnly"], event["Resources"]) == (True, "true", [])


@pytest.mark.parametrize(
    ("operation", "parameters", "error"),
    [
        ("get_user", {"UserName": "nobody"}, "NoSuchEntityException"),
        ("delete_user", {"UserName": "nobody"}, "NoSuchEntityException"),
        ("create_user", {"UserName": "Admin"}, "EntityAlreadyExistsException"),
        ("delete_user", {"UserName": "admin"}, "DeleteConflictException"),
        ("tag_user", {"UserName": "admin", "Tags": [{"Key": "aws:a", "Value": "b"}]}, "InvalidInputException"),
        (
            "put_user_policy",
            {"UserName": "admin", "PolicyName": "p", "PolicyDocument": "{}"},
            "MalformedPolicyDocumentException",
        ),
    ],
)
def test_a_failure_is_recorded_by_its_exception(
    account: Account, operation: str, parameters: dict[str, Any], error: str
) -> None:
    """ErrorCode is the exception's name and not the code on the wire; nothing was answered, nothing was about."""
    with refused(error.removesuffix("Exception"), {"N": 404, "E": 409, "D": 409}.get(error[0], 400)) as answer:
        getattr(account.iam, operation)(**parameters)
    event = look_up(account, **by("EventName", operation.title().replace("_", "")))[0]
    record = json.loads(event["CloudTrailEvent"])
    assert (record["errorCode"], record["errorMessage"]) == (error, answer["Error"]["Message"])
    assert (record["responseElements"], event["Resources"]) == (None, [])
    assert record["requestParameters"]["userName"] == parameters["UserName"]
    assert record["requestID"] == answer["ResponseMetadata"]["RequestId"]


def test_a_refusal_is_recorded(account: Account) -> None:
    """What a caller was not allowed to is in the trail as AccessDenied, under the caller's name."""
    key = account.user("alice")
    with refused("AccessDenied", 403) as answer:
        account.client("iam", key).create_user(UserName="x")
    event = look_up(account, **by("Username", "alice"))[0]
    record = json.loads(event["CloudTrailEvent"])
    assert (record["errorCode"], record["errorMessage"]) == ("AccessDenied", answer["Error"]["Message"])
    assert record["userIdentity"]["userName"] == "alice"


def test_bad_parameters_are_recorded(account: Account) -> None:
    """A request whose parameters are refused is an event too: its caller is known."""
    with refused("ValidationError", 400):
        account.iam.create_user(UserName="a b")
    assert record_of(account, "CreateUser")["errorMessage"].startswith("The specified value for userName is invalid.")


def test_what_is_not_performed_is_recorded(account: Account) -> None:
    """An operation that Keywright does not perform is an event all the same."""
    with refused("NotImplemented", 501):
        account.client("s3").get_bucket_website(Bucket="some-bucket")
    assert record_of(account, "GetBucketWebsite")["errorCode"] == "NotImplemented"


def test_failed_authentication_is_not_recorded(account: Account) -> None:
    """Calls with a wrong secret or an inactive key are in no trail."""
    key = account.user("alice", allow("*"))
    account.iam.update_access_key(UserName="alice", AccessKeyId=key.access_key_id, Status="Inactive")
    before = len(look_up(account))
    with refused("SignatureDoesNotMatch", 403):
        account.client("iam", account.admin._replace(secret="x" * 40)).get_user()
    with refused("InvalidClientTokenId", 403):
        account.client("iam", key).get_user()
    assert len(look_up(account)) == before


def test_the_root_user_is_recorded_as_root(account: Account) -> None:
    """The root user's events have type Root and no user name, and are found under root."""
    account.client("iam", account.root).create_user(UserName="u")
    record = json.loads(look_up(account, **by("Username", "root"))[0]["CloudTrailEvent"])
    assert record["userIdentity"] == {
        "type": "Root",
        "principalId": account.account_id,
        "arn": f"arn:aws:iam::{account.account_id}:root",
        "accountId": account.account_id,
        "accessKeyId": account.root.access_key_id,
    }


def test_a_session_is_recorded_with_its_context(account: Account, clock: SteppingClock) -> None:
    """A session's event has its own key, when it was issued and that there was no MFA; and never its token."""
    made = account.client("sts").get_session_token()["Credentials"]
    session = Key(made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])
    issued = clock.now
    account.client("sts", session).get_caller_identity()
    identity = record_of(account, "GetCallerIdentity")["userIdentity"]
    assert (identity["type"], identity["accessKeyId"]) == ("IAMUser", session.access_key_id)
    attributes = identity["sessionContext"]["attributes"]
    assert attributes["mfaAuthenticated"] == "false"
    created = datetime.fromisoformat(attributes["creationDate"])
    assert abs((issued - created).total_seconds()) < 5


def test_no_secret_is_in_the_trail_nor_in_the_log(account: Account) -> None:
    """Neither secrets nor session tokens nor signatures are anywhere in events or log."""
    key = account.user("alice", allow("*"))
    made = account.client("sts", key).get_session_token()["Credentials"]
    session = Key(made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])
    account.client("sts", session).get_caller_identity()
    with refused("ValidationError", 400):
        account.client("sts", key).get_session_token(SerialNumber="!" * 20, TokenCode="314159")
    everything = json.dumps(look_up(account), default=str) + account.server.log.getvalue()
    assert session.token is not None
    for secret in (key.secret, session.secret, session.token, session.token[:40], account.admin.secret, "314159"):
        assert secret not in everything
        assert json.dumps(secret)[1:-1] not in everything
    assert "Signature=" not in everything
    assert key.access_key_id in everything


def test_events_stay_in_their_region(account: Account) -> None:
    """IAM's events are in us-east-1; another service's where it was called."""
    account.client("sts", region="eu-west-1").get_caller_identity()
    account.iam.create_user(UserName="u")
    assert {event["EventName"] for event in look_up(account, "eu-west-1")} == {"GetCallerIdentity"}
    here = {event["EventName"] for event in look_up(account)}
    assert "CreateUser" in here
    assert "GetCallerIdentity" not in here
    assert record_of(account, "GetCallerIdentity", "eu-west-1")["awsRegion"] == "eu-west-1"


def test_s3_events_name_the_bucket(account: Account) -> None:
    """CreateBucket's record has bucketName, and the bucket is its resource."""
    name = f"b-{secrets.token_hex(12)}"
    account.client("s3").create_bucket(Bucket=name)
    event = look_up(account, **by("ResourceName", name))[0]
    record = json.loads(event["CloudTrailEvent"])
    assert (record["eventSource"], record["requestParameters"]["bucketName"]) == ("s3.amazonaws.com", name)
    assert resources(event) == [("AWS::S3::Bucket", name)]


def test_looking_up_is_an_event_too(account: Account) -> None:
    """LookupEvents leaves its own event, for the next look."""
    client = account.client("cloudtrail")
    client.lookup_events()
    names = [event["EventName"] for event in client.lookup_events()["Events"]]
    assert names == ["LookupEvents"]


@pytest.fixture
def told(account: Account) -> Account:
    """An account in which a few things happened."""
    key = account.user("alice", allow("*"))
    account.client("iam", key).get_user()
    account.client("sts", key).get_caller_identity()
    account.iam.create_policy(PolicyName="p", PolicyDocument=allow("s3:*"))
    return account


@pytest.mark.parametrize(
    ("key", "value", "names"),
    [
        ("EventName", "CreateUser", ["CreateUser"]),
        ("EventName", "createuser", []),
        ("EventSource", "sts.amazonaws.com", ["GetCallerIdentity"]),
        ("Username", "alice", ["GetCallerIdentity", "GetUser"]),
        ("ReadOnly", "true", ["GetCallerIdentity", "GetUser"]),
        ("ReadOnly", "false", ["CreatePolicy", "CreateAccessKey", "PutUserPolicy", "CreateUser"]),
        ("ResourceType", "AWS::IAM::AccessKey", ["CreateAccessKey"]),
        ("ResourceType", "AWS::IAM::Policy", ["CreatePolicy", "PutUserPolicy"]),
        ("ResourceName", "alice", ["CreateAccessKey", "PutUserPolicy", "CreateUser"]),
        ("EventId", "00000000-0000-0000-0000-000000000000", []),
    ],
)
def test_events_are_found_by_each_attribute(told: Account, key: str, value: str, names: list[str]) -> None:
    """Each lookup attribute selects its events, newest first."""
    assert [event["EventName"] for event in look_up(told, **by(key, value))] == names


def test_events_are_found_by_key_and_by_id(told: Account) -> None:
    """AccessKeyId finds what a key did, EventId the one event."""
    used = next(event for event in look_up(told) if event["EventName"] == "GetCallerIdentity")
    mine = look_up(told, **by("AccessKeyId", used["AccessKeyId"]))
    assert [event["EventName"] for event in mine] == ["GetCallerIdentity", "GetUser"]
    assert look_up(told, **by("EventId", used["EventId"])) == [used]


def test_lookup_events_pages_to_the_end(told: Account) -> None:
    """Pages of one hold each event once, newest first, and end."""
    whole = look_up(told)
    paginator = told.client("cloudtrail").get_paginator("lookup_events")
    found = [page["Events"] for page in paginator.paginate(PaginationConfig={"PageSize": 1}, **by("ReadOnly", "false"))]
    assert all(len(page) == 1 for page in found)
    assert [page[0] for page in found] == [event for event in whole if event["ReadOnly"] == "false"]
    times = [event["EventTime"] for event in whole]
    assert times == sorted(times, reverse=True)


def test_a_page_has_50_events_unless_asked_otherwise(account: Account) -> None:
    """Fifty is the most, and the default."""
    sts = account.client("sts")
    for _ in range(52):
        sts.get_caller_identity()
    client = account.client("cloudtrail")
    first = client.lookup_events()
    assert len(first["Events"]) == 50
    assert len(client.lookup_events(MaxResults=3)["Events"]) == 3
    assert len(client.lookup_events(NextToken=first["NextToken"])["Events"]) >= 2


def test_events_are_found_by_time(account: Account, clock: SteppingClock) -> None:
    """StartTime and EndTime are inclusive, to the second."""
    account.iam.create_user(UserName="a")
    clock.advance(minutes=5)
    middle = clock.now
    account.iam.create_user(UserName="b")
    clock.advance(minutes=5)
    account.iam.create_user(UserName="c")
    second = timedelta(seconds=1)

    def names(**parameters: datetime) -> list[str]:
        found = look_up(account, **(by("EventName", "CreateUser") | parameters))
        return [json.loads(event["CloudTrailEvent"])["requestParameters"]["userName"] for event in found]

    start = middle.replace(microsecond=0)
    assert names(StartTime=start) == ["c", "b"]
    assert names(EndTime=start + second) == ["b", "a"]
    assert names(StartTime=start, EndTime=start + second) == ["b"]
    assert names(StartTime=start - timedelta(hours=1), EndTime=start - 10 * second) == ["a"]
    assert names(EndTime=datetime(1960, 1, 1, tzinfo=UTC)) == []
    assert names(StartTime=datetime(1960, 1, 1, tzinfo=UTC)) == ["c", "b", "a"]
    assert names(EndTime=datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)) == ["c", "b", "a"]


def test_the_history_is_90_days_long(account: Account, clock: SteppingClock) -> None:
    """An event is found for 90 days, and then no more."""
    account.iam.create_user(UserName="a")
    clock.advance(days=89)
    assert look_up(account, **by("EventName", "CreateUser"))
    clock.advance(days=2)
    assert look_up(account, **by("EventName", "CreateUser")) == []


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"MaxResults": 0}, "InvalidMaxResultsException"),
        ({"MaxResults": 51}, "InvalidMaxResultsException"),
        (
            {"LookupAttributes": [{"AttributeKey": key, "AttributeValue": "a"} for key in ("EventName", "Username")]},
            "InvalidLookupAttributesException",
        ),
        (by("Color", "red"), "InvalidLookupAttributesException"),
        (by("EventName", ""), "InvalidLookupAttributesException"),
        (by("EventName", "x" * 2001), "InvalidLookupAttributesException"),
        (
            {"StartTime": datetime(2026, 2, 1, tzinfo=UTC), "EndTime": datetime(2026, 1, 1, tzinfo=UTC)},
            "InvalidTimeRangeException",
        ),
        ({"NextToken": "never given"}, "InvalidNextTokenException"),
        ({"EventCategory": "data"}, "InvalidEventCategoryException"),
    ],
)
def test_lookup_events_refuses(account: Account, parameters: dict[str, Any], code: str) -> None:
    """Sizes, attributes, times, tokens and categories out of range are CloudTrail's own exceptions, 400."""
    with refused(code, 400):
        account.client("cloudtrail").lookup_events(**parameters)


def test_a_token_belongs_to_its_question(told: Account, other: Account) -> None:
    """A token of another question is refused; one of another account shows nothing of it."""
    client = told.client("cloudtrail")
    token = client.lookup_events(MaxResults=1)["NextToken"]
    with refused("InvalidNextTokenException", 400):
        client.lookup_events(MaxResults=1, NextToken=token, **by("EventName", "CreateUser"))
    assert other.client("cloudtrail").lookup_events(NextToken=token)["Events"] == []


def test_insights_are_none(told: Account) -> None:
    """Nobody has switched on insights, so that there are none."""
    assert told.client("cloudtrail").lookup_events(EventCategory="insight")["Events"] == []


def test_lookup_events_needs_permission(account: Account) -> None:
    """The refusal names no resource, and is AccessDeniedException with 400 as the JSON services have it."""
    message = (
        f"User: arn:aws:iam::{account.account_id}:user/alice is not authorized to perform: cloudtrail:LookupEvents "
        "because no identity-based policy allows the cloudtrail:LookupEvents action"
    )
    with refused("AccessDeniedException", 400, message):
        account.client("cloudtrail", account.user("alice")).lookup_events()
