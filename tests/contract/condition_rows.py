"""
The policy language's table: a condition, a call, and whether alice may make it.

In process `test_authorisation_live` runs it, by boto3 against a running server `tests/e2e/test_authorisation_live`.
"""

from __future__ import annotations

import json
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

READ_ONLY = "arn:aws:iam::aws:policy/IAMReadOnlyAccess"
ALICE = {"Team": "blue", "Level": "7"}
"""Alice's tags."""
BOB_TAGS = {"team": "blue"}
BOB, TAGGED = {"UserName": "bob"}, {"UserName": "new", "Tags": [{"Key": "Team", "Value": "blue"}]}


def tags(values: dict[str, str]) -> list[dict[str, str]]:
    """Write tags as the API takes them."""
    return [{"Key": key, "Value": value} for key, value in values.items()]


class Row(NamedTuple):
    """A statement's line, a call, and whether alice may make it."""

    theme: str
    action: str
    condition: dict[str, Any]
    operation: str
    parameters: dict[str, Any]
    allowed: bool


def row(
    theme: str, condition: dict[str, Any], call: tuple[str, dict[str, Any]], *, allowed: bool, action: str = "iam:*"
) -> Row:
    return Row(theme, action, condition, *call, allowed)


LIST: tuple[str, dict[str, Any]] = ("list_users", {})
GET_BOB = ("get_user", BOB)
CREATE = ("create_user", {"UserName": "new"})
CREATE_TAGGED = ("create_user", TAGGED)
UNTAG_BOB = ("untag_user", BOB | {"TagKeys": ["team", "other"]})
ATTACH = ("attach_user_policy", BOB | {"PolicyArn": READ_ONLY})
MY_TEAM = "${aws:PrincipalTag/Team}"
BUCKETS: tuple[str, dict[str, Any]] = ("list_buckets", {})

ROWS = [
    row("principal", {"StringEquals": {"aws:username": "alice"}}, LIST, allowed=True),
    row("principal", {"StringEquals": {"aws:username": "bob"}}, LIST, allowed=False),
    row("principal", {"StringEquals": {"aws:PrincipalAccount": "{account}"}}, LIST, allowed=True),
    row("principal", {"StringEquals": {"aws:PrincipalType": "User"}}, LIST, allowed=True),
    row("principal", {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:user/a*"}}, LIST, allowed=True),
    row("principal", {"StringLike": {"aws:userid": "AIDA*"}}, LIST, allowed=True),
    row("principal", {"Bool": {"aws:PrincipalIsAWSService": "false"}}, LIST, allowed=True),
    row("principal", {"Bool": {"aws:ViaAWSService": "true"}}, LIST, allowed=False),
    row("network", {"IpAddress": {"aws:SourceIp": "{network}"}}, LIST, allowed=True),
    row("network", {"IpAddress": {"aws:SourceIp": "198.51.100.0/24"}}, LIST, allowed=False),
    row("network", {"NotIpAddress": {"aws:SourceIp": "{address}"}}, LIST, allowed=False),
    row("network", {"Bool": {"aws:SecureTransport": "false"}}, LIST, allowed=True),
    row("network", {"Bool": {"aws:SecureTransport": "true"}}, LIST, allowed=False),
    row("network", {"StringLike": {"aws:UserAgent": "*Botocore*"}}, LIST, allowed=True),
    row("request", {"StringEquals": {"aws:RequestedRegion": "us-east-1"}}, LIST, allowed=True),
    row("request", {"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}, LIST, allowed=False),
    row("time", {"DateGreaterThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}}, LIST, allowed=True),
    row("time", {"DateLessThan": {"aws:CurrentTime": "2026-01-01T00:00:00Z"}}, LIST, allowed=False),
    row("time", {"NumericGreaterThan": {"aws:EpochTime": "1700000000"}}, LIST, allowed=True),
    row("session", {"Null": {"aws:TokenIssueTime": "true"}}, LIST, allowed=True),
    row("session", {"Bool": {"aws:MultiFactorAuthPresent": "true"}}, LIST, allowed=False),
    row("session", {"BoolIfExists": {"aws:MultiFactorAuthPresent": "true"}}, LIST, allowed=True),
    row("principal tags", {"StringEquals": {"aws:PrincipalTag/team": "blue"}}, LIST, allowed=True),
    row("principal tags", {"StringEquals": {"aws:principaltag/TEAM": "blue"}}, LIST, allowed=True),
    row("principal tags", {"StringEquals": {"aws:PrincipalTag/team": "Blue"}}, LIST, allowed=False),
    row("principal tags", {"NumericLessThan": {"aws:PrincipalTag/level": "8"}}, LIST, allowed=True),
    row("principal tags", {"Null": {"aws:PrincipalTag/other": "false"}}, LIST, allowed=False),
    row("resource tags", {"StringEquals": {"aws:ResourceTag/Team": "blue"}}, GET_BOB, allowed=True),
    row("resource tags", {"StringEquals": {"iam:ResourceTag/team": "blue"}}, GET_BOB, allowed=True),
    row("resource tags", {"StringEquals": {"aws:ResourceTag/team": "red"}}, GET_BOB, allowed=False),
    row("resource tags", {"StringEquals": {"aws:ResourceTag/team": MY_TEAM}}, GET_BOB, allowed=True),
    row("resource tags", {"StringEquals": {"aws:ResourceTag/team": "blue"}}, LIST, allowed=False),
    row("resource", {"StringEquals": {"aws:ResourceAccount": "{account}"}}, GET_BOB, allowed=True),
    row("resource", {"StringEquals": {"aws:ResourceAccount": "111122223333"}}, GET_BOB, allowed=False),
    row("request tags", {"StringEquals": {"aws:RequestTag/team": "blue"}}, CREATE_TAGGED, allowed=True),
    row("request tags", {"StringEquals": {"aws:RequestTag/team": "red"}}, CREATE_TAGGED, allowed=False),
    row("request tags", {"StringEquals": {"aws:RequestTag/team": MY_TEAM}}, CREATE_TAGGED, allowed=True),
    row("request tags", {"StringNotEquals": {"aws:RequestTag/team": MY_TEAM}}, CREATE_TAGGED, allowed=False),
    row("request tags", {"StringEquals": {"aws:RequestTag/team": "blue"}}, CREATE, allowed=False),
    row("request tags", {"ForAllValues:StringEquals": {"aws:TagKeys": ["Team"]}}, CREATE_TAGGED, allowed=True),
    row("request tags", {"ForAllValues:StringEquals": {"aws:TagKeys": ["Owner"]}}, CREATE_TAGGED, allowed=False),
    row("request tags", {"ForAnyValue:StringEquals": {"aws:TagKeys": ["other"]}}, UNTAG_BOB, allowed=True),
    row("request tags", {"ForAllValues:StringEquals": {"aws:TagKeys": ["other"]}}, UNTAG_BOB, allowed=False),
    row("iam keys", {"ArnEquals": {"iam:PolicyARN": READ_ONLY}}, ATTACH, allowed=True),
    row("iam keys", {"ArnLike": {"iam:PolicyARN": "arn:aws:iam::aws:policy/A*"}}, ATTACH, allowed=False),
    row("iam keys", {"Null": {"iam:PolicyARN": "false"}}, ("get_policy", {"PolicyArn": READ_ONLY}), allowed=False),
    row("s3 keys", {"StringEquals": {"s3:authType": "REST-HEADER"}}, BUCKETS, allowed=True, action="s3:*"),
    row("s3 keys", {"StringEquals": {"s3:signatureversion": "AWS4-HMAC-SHA256"}}, BUCKETS, allowed=True, action="s3:*"),
    row("s3 keys", {"Null": {"s3:prefix": "true"}}, ("list_buckets", {"Prefix": "a"}), allowed=True, action="s3:*"),
    row(
        "s3 keys",
        {"StringEquals": {"s3:LocationConstraint": "eu-west-1"}},
        ("create_bucket", {"Bucket": "{bucket}", "CreateBucketConfiguration": {"LocationConstraint": "eu-west-1"}}),
        allowed=True,
        action="s3:*",
    ),
    row(
        "s3 keys",
        {"StringEquals": {"s3:LocationConstraint": "eu-west-1"}},
        ("create_bucket", {"Bucket": "{bucket}"}),
        allowed=False,
        action="s3:*",
    ),
    row(
        "sts keys",
        {"NumericLessThanEquals": {"sts:DurationSeconds": "900"}},
        ("get_access_key_info", {"AccessKeyId": "AKIAIOSFODNN7EXAMPLE"}),
        allowed=False,
        action="sts:*",
    ),
]


class World(NamedTuple):
    """Where the table is run: what its texts have in braces."""

    account: str
    bucket: str
    address: str
    """What the server sees alice call from."""
    network: str
    """That address's network of 256."""


def fill(value: Any, world: World) -> Any:
    """Put a world's own into a row's texts."""
    text = json.dumps(value)
    for name, own in world._asdict().items():
        text = text.replace(f"{{{name}}}", own)
    return json.loads(text)


def name_of(case: Row) -> str:
    """Name a row in a test's id."""
    return f"{case.theme}: {json.dumps(case.condition)} {case.operation}"


def is_let(client: Any, operation: str, parameters: dict[str, Any]) -> bool:
    """Make a call, and tell whether the policies let it."""
    try:
        getattr(client, operation)(**parameters)
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("AccessDenied", "AccessDeniedException"):
            raise
        return False
    return True
